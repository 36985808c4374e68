#include "checkpoints/best_mark.h"

#include <unistd.h>

#include <cerrno>

#include "checkpoints/strict_json.h"
#include "common/error.h"
#include "common/files.h"

namespace checkpoints {

std::optional<int64_t> BestMark::step() const {
  if (!std::filesystem::exists(path_)) return {};
  try {
    return parse_json_object(common::read_file(path_), path_.string()).at("step").get<int64_t>();
  } catch (const nlohmann::json::exception& error) {
    throw common::Error(common::ErrorKind::corrupt,
                        path_.string() + " must hold {\"step\": N}: " + error.what());
  }
}

void BestMark::set(int64_t step) const {
  common::write_file_atomically(path_, nlohmann::json{{"step", step}}.dump() + "\n");
}

void BestMark::remove() const {
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
    throw common::io_error("cannot remove", path_);
  }
  common::sync_path(path_.parent_path());
}

}  // namespace checkpoints
