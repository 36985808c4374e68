#include "restore/output_names.h"

#include <map>
#include <set>

#include "common/error.h"

namespace restore {

std::vector<std::string> distinct_names(const std::vector<std::filesystem::path>& files) {
  std::map<std::string, int> num_files;
  std::vector<std::string> names;
  for (std::filesystem::path file : files) {
    names.push_back(file.replace_extension().generic_string());
    ++num_files[names.back()];
  }
  std::set<std::string> taken;
  for (size_t i = 0; i < files.size(); ++i) {
    if (num_files[names[i]] > 1) names[i] = files[i].generic_string();
    if (taken.insert(names[i]).second) continue;
    throw common::Error(common::ErrorKind::usage,
                        "two photographs are named " + names[i] +
                            " and would be written to one file: restore them in two runs, with a "
                            "folder (-o) each");
  }
  return names;
}

}  // namespace restore
