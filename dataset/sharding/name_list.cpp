#include "dataset/sharding/name_list.h"

#include <sstream>

#include "common/files.h"

namespace dataset {

std::set<std::string> read_name_list(const std::filesystem::path& path) {
  std::istringstream text(common::read_file(path));
  std::set<std::string> names;
  for (std::string line; std::getline(text, line);) {
    const size_t last = line.find_last_not_of(" \t\r");
    line.erase(last == std::string::npos ? 0 : last + 1);
    if (!line.empty() && line.front() != '#') names.insert(line);
  }
  return names;
}

}  // namespace dataset
