#include "restore/plan_jobs.h"

#include <spdlog/spdlog.h>

#include <map>
#include <set>

#include "common/command_line.h"
#include "common/error.h"
#include "imaging/photo_files.h"

namespace restore {
namespace {

namespace fs = std::filesystem;

constexpr char kMaskSuffix[] = ".mask";

/// Photographs, and for each its path below the folder that it was found in.
struct FoundPhotos {
  std::vector<fs::path> photos, relative;
  std::set<fs::path> known;  // a file that is named twice is restored once

  void add(const fs::path& photo, const fs::path& below) {
    if (!known.insert(fs::weakly_canonical(photo)).second) return;
    photos.push_back(photo);
    relative.push_back(below);
  }
};

bool is_earlier_result(const fs::path& photo, const JobOptions& options) {
  const std::string stem = photo.stem().string();
  const std::string mask_suffix = options.suffix + kMaskSuffix;
  return (!options.suffix.empty() && stem.ends_with(options.suffix)) || stem.ends_with(mask_suffix);
}

void add_folder(const fs::path& folder, const JobOptions& options, FoundPhotos& found) {
  int64_t num_passed_over = 0;
  for (const auto& photo : imaging::list_photo_files({folder})) {
    if (is_earlier_result(photo.path, options)) {
      ++num_passed_over;
    } else {
      found.add(photo.path, photo.name);
    }
  }
  if (num_passed_over > 0) {
    spdlog::info("{}: passed over {} pictures that an earlier run left there", folder.string(),
                 num_passed_over);
  }
}

/// The photographs' own places; spelt alike if they are the same, so that results that fall
/// together are noticed.
std::vector<fs::path> own_places(const std::vector<fs::path>& photos) {
  std::vector<fs::path> places;
  for (const auto& photo : photos) {
    places.push_back(fs::weakly_canonical(fs::absolute(photo).parent_path()) / photo.filename());
  }
  return places;
}

/// The photograph's own ending; a file that is named otherwise becomes a PNG.
std::string ending(const fs::path& photo, const JobOptions& options) {
  if (options.format) return std::string(".") + extension(*options.format);
  return imaging::is_picture_name(photo) ? photo.extension().string() : ".png";
}

}  // namespace

void JobOptions::validate() const {
  if (suffix.find('/') != std::string::npos) {
    throw common::usage_error("--suffix " + suffix +
                              ": must not hold '/'; the folder is given with -o");
  }
  if (quality < 1 || quality > 100) {
    throw common::usage_error("--quality " + std::to_string(quality) + ": expected 1 to 100");
  }
}

void add_options(common::CommandLine& line, JobOptions& options) {
  line.add("PHOTO", options.photos, "JPEG, PNG, TIFF or WebP files, or folders of them");
  line.add("-o,--output", options.output,
           "folder for the results, made if need be [beside each photograph]")
      .placeholder("DIR");
  line.add_parsed(
      "--format", "", "jpeg, png, tiff or webp [as the photograph; 16 bit stay 16 in png and tiff]",
      [&options](const std::string& text) { options.format = imaging::parse_format(text); });
  line.add("--quality", options.quality, "of jpeg and webp, 1 to 100").show_default();
  line.add("--suffix", options.suffix, "stands before the results' extension").show_default();
  line.add("--save-mask", options.save_mask, "also write the damage, NAME.restored.mask.png");
}

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
    throw common::usage_error("two photographs are named " + names[i] +
                              " and would be written to one file: restore them in two runs, with a "
                              "folder (-o) each");
  }
  return names;
}

std::vector<RestoreJob> plan_jobs(const JobOptions& options) {
  options.validate();
  FoundPhotos found;
  for (const auto& photo : options.photos) {
    std::error_code error;
    if (fs::is_directory(photo, error)) {
      add_folder(photo, options, found);
    } else {
      found.add(photo, photo.filename());
    }
  }
  const bool is_beside = options.output.empty();
  const auto names = distinct_names(is_beside ? own_places(found.photos) : found.relative);
  std::vector<RestoreJob> jobs;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string base = (options.output / names[i]).string() + options.suffix;
    jobs.push_back({found.photos[i], base + ending(found.photos[i], options),
                    options.save_mask ? base + kMaskSuffix + ".png" : "", options.format,
                    options.quality});
    for (const auto& written : {jobs.back().restored, jobs.back().mask}) {
      std::error_code unusable;  // such as a name that is too long: found when it is written
      if (written.empty() || !found.known.contains(fs::weakly_canonical(written, unusable))) {
        continue;
      }
      throw common::usage_error(
          written.string() +
          " is one of the photographs and would be overwritten: choose another -o or --suffix");
    }
  }
  return jobs;
}

}  // namespace restore
