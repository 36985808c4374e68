#include "eval/baseline_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/error.h"
#include "imaging/photo_reader.h"
#include "eval/eval_methods.h"

namespace eval {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw common::Error(common::ErrorKind::usage, "--restored-by " + message);
}

Peer parse_peer(const std::string& word) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
    refuse(word + ": expected NAME=DIR, such as telea=out/telea");
  }
  return {word.substr(0, equals), word.substr(equals + 1)};
}

}  // namespace

bool Peer::does(const EvalTask& task) const {
  std::error_code absent;
  return std::filesystem::is_directory(folder / task.name, absent);
}

imaging::Photo Peer::read(const EvalTask& task, const std::string& file_name,
                          const Sample& sample) const {
  const std::filesystem::path file = folder / task.name / (file_name + ".png");
  if (!std::filesystem::exists(file)) {
    refuse(fmt::format(
        "{}={}: no picture {}; it must have one for each that --pictures writes to "
        "{}/, or not do this task at all (no folder {})",
        name, folder.string(), file.string(), task.name, (folder / task.name).string()));
  }
  imaging::Photo picture = imaging::read_photo(file, 0);
  if (picture.width == sample.clean.width && picture.height == sample.clean.height) return picture;
  refuse(
      fmt::format("{}={}: {} has {}x{} pixels, the photograph {}x{}; use the pictures that "
                  "--pictures writes with the same --short-side",
                  name, folder.string(), file.string(), picture.width, picture.height,
                  sample.clean.width, sample.clean.height));
}

std::vector<Peer> parse_peers(const std::vector<std::string>& words,
                              const std::vector<EvalTask>& tasks) {
  std::vector<Peer> peers;
  std::set<std::string> taken{kAgedMethod, kGrayMethod, kModelMethod, kModelWithMaskMethod,
                              kTwoStageMethod};
  for (const std::string& word : words) {
    peers.push_back(parse_peer(word));
    const Peer& peer = peers.back();
    if (!taken.insert(peer.name).second) refuse(word + ": the table has such a row; rename it");
    if (std::none_of(tasks.begin(), tasks.end(), [&](const EvalTask& t) { return peer.does(t); })) {
      refuse(word + ": " + peer.folder.string() +
             " holds a folder for none of the tasks; put pictures there as TASK/NAME.png");
    }
  }
  return peers;
}

}  // namespace eval
