#include <algorithm>
#include <set>
#include <sstream>

#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "imaging/photo_reader.h"
#include "eval/evaluation.h"
#include "restore/output_names.h"

namespace eval {
namespace {

[[noreturn]] void refuse_evaluation(const std::string& message) {
  throw common::Error(common::ErrorKind::usage, message);
}

/// The lines of a list without comments, empty lines and spaces at their ends.
std::set<std::string> listed_names(const std::filesystem::path& list) {
  std::set<std::string> names;
  std::istringstream text(common::read_file(list));
  for (std::string line; std::getline(text, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (!line.empty()) names.insert(line);
  }
  if (names.empty()) refuse_evaluation("--only-list " + list.string() + " names no photograph");
  return names;
}

void keep_listed(std::vector<imaging::PhotoFile>& photos, const EvaluationOptions& options) {
  std::set<std::string> missing = listed_names(options.only_list);
  const auto wanted = missing;
  std::erase_if(photos, [&](const imaging::PhotoFile& photo) {
    missing.erase(photo.name);
    return !wanted.contains(photo.name);
  });
  if (!missing.empty()) {
    refuse_evaluation("--only-list " + options.only_list.string() + ": no photograph '" + *missing.begin() +
           "' below " + options.photos.string());
  }
}

}  // namespace

void EvaluationOptions::validate() const {
  constexpr int64_t kLeastSide = 32, kMostSide = 20'000;
  if (short_side != 0 && (short_side < kLeastSide || short_side > kMostSide)) {
    refuse_evaluation("--short-side " + std::to_string(short_side) + ": expected 0 (as it is) or " +
           std::to_string(kLeastSide) + " to " + std::to_string(kMostSide));
  }
  if (variants < 1) refuse_evaluation("--variants " + std::to_string(variants) + ": expected at least 1");
  if (pictures && output.empty()) refuse_evaluation("--pictures needs a folder for them: add -o DIR");
  if (limit < 0) refuse_evaluation("--limit " + std::to_string(limit) + ": expected 0 (all) or more");
}

std::vector<imaging::PhotoFile> evaluation_photos(const EvaluationOptions& options) {
  options.validate();
  std::vector<imaging::PhotoFile> photos = imaging::list_photo_files({options.photos});
  if (!options.only_list.empty()) keep_listed(photos, options);
  if (options.limit > 0 && static_cast<size_t>(options.limit) < photos.size()) {
    photos.resize(static_cast<size_t>(options.limit));
  }
  return photos;
}

std::vector<EvalPicture> eval_pictures(const std::vector<imaging::PhotoFile>& photos,
                                       const EvaluationOptions& options) {
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : photos) paths.emplace_back(photo.name);
  const std::vector<std::string> files = restore::distinct_names(paths);
  std::vector<EvalPicture> pictures;
  for (size_t i = 0; i < photos.size(); ++i) {
    for (int64_t variant = 0; variant < options.variants; ++variant) {
      const std::string number = std::to_string(variant + 1);
      const bool is_one_of_many = options.variants > 1;
      pictures.push_back(
          {photos[i].path,
           photos[i].name + (is_one_of_many ? "#" + number : ""),
           files[i] + (is_one_of_many ? "-" + number : ""),
           {options.seed, common::xxh3(photos[i].name), static_cast<uint64_t>(variant)}});
    }
  }
  return pictures;
}

imaging::Photo read_clean(const EvalPicture& picture, const EvaluationOptions& options) {
  return imaging::read_photo(picture.photo, static_cast<int>(options.short_side));
}

}  // namespace eval
