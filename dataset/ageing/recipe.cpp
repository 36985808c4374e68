#include "dataset/ageing/recipe.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "common/error.h"
#include "common/installation.h"

namespace dataset::ageing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> recipe_folders() {
  std::vector<fs::path> configs;
  const char* named = std::getenv("RESTORE_CONFIGS");
  if (named != nullptr && *named != '\0') configs.emplace_back(named);
  for (const fs::path& folder : common::data_folders()) configs.push_back(folder / "configs");
  for (fs::path& folder : configs) folder /= "recipes";
  return configs;
}

/// Their names in order, with commas between.
std::string recipes_in(const std::vector<fs::path>& folders) {
  std::set<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(folder, absent)) {
      if (entry.path().extension() == ".yaml") names.insert(entry.path().stem().string());
    }
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

fs::path find_recipe(const std::string& name_or_path) {
  const bool is_path =
      name_or_path.find('/') != std::string::npos || fs::path(name_or_path).extension() == ".yaml";
  if (is_path) return name_or_path;
  const std::vector<fs::path> folders = recipe_folders();
  for (const fs::path& folder : folders) {
    const fs::path file = folder / (name_or_path + ".yaml");
    if (fs::exists(file)) return file;
  }
  throw common::config_error(
      fmt::format("no recipe '{}'; known: {} (a file's name must end in .yaml or hold a slash)",
                  name_or_path, recipes_in(folders)));
}

}  // namespace

Recipe load_recipe(const std::string& name_or_path, const std::vector<std::string>& overrides) {
  const fs::path file = find_recipe(name_or_path);
  Recipe recipe;
  recipe.name = file.stem().string();
  common::read_config(file, overrides, recipe);
  return recipe;
}

std::string recipe_yaml(const Recipe& recipe) { return common::config_yaml(recipe); }

}  // namespace dataset::ageing
