#include "restore/plan_jobs.h"

#include <spdlog/spdlog.h>

#include <map>
#include <set>
#include <unordered_set>

#include "common/command_line.h"
#include "common/error.h"
#include "imaging/photo_files.h"

namespace restore {
namespace {

namespace fs = std::filesystem;

constexpr char kMaskSuffix[] = ".mask";

/// Where a file lies, spelt alike however it was named: of a file that is not there yet, too. Links
/// of folders are looked up once each.
class Places {
 public:
  fs::path of(const fs::path& file) {
    fs::path folder = file.parent_path();
    auto& place = places_[folder.string()];
    std::error_code error;  // such as a name that is too long: found when the file is used
    if (place.empty()) place = fs::weakly_canonical(folder.empty() ? "." : folder, error);
    return place / file.filename();
  }

  fs::path of_photo(const fs::path& photo) {
    std::error_code error;
    if (!fs::is_symlink(photo, error)) return of(photo);
    const fs::path target = fs::canonical(photo, error);
    return error ? of(photo) : target;
  }

 private:
  std::map<std::string, fs::path> places_;
};

/// Photographs, and for each its path below the folder that it was found in.
struct FoundPhotos {
  std::vector<fs::path> photos, relative;
  std::unordered_set<std::string> known;  // a file that is named twice is restored once
  std::vector<RestoreJob> faults;
  Places places;

  void add(const fs::path& photo, const fs::path& below) {
    if (!known.insert(places.of_photo(photo).string()).second) return;
    photos.push_back(photo);
    relative.push_back(below);
  }
};

/// The stem of the photograph of which `file` may be a mask that an earlier run left; else empty.
std::string stem_of_masked(const fs::path& file, const JobOptions& options) {
  const std::string stem = file.stem().string(), suffix = options.suffix + kMaskSuffix;
  if (!stem.ends_with(suffix) || file.extension() != ".png") return "";
  return stem.substr(0, stem.size() - suffix.size());
}

/// What an earlier run left in a folder. Without a suffix only masks can be told from photographs,
/// by the picture beside them.
std::set<std::string> earlier_results(const std::vector<imaging::PhotoFile>& photos,
                                      const JobOptions& options) {
  std::set<std::string> stems, results;
  for (const auto& photo : photos) stems.insert(fs::path(photo.name).replace_extension().string());
  for (const auto& photo : photos) {
    const fs::path name = photo.name;
    const std::string stem = stem_of_masked(name, options);
    const bool is_mask = !stem.empty() && (!options.suffix.empty() ||
                                           stems.contains((name.parent_path() / stem).string()));
    const bool is_result =
        !options.suffix.empty() && name.stem().string().ends_with(options.suffix);
    if (is_mask || is_result) results.insert(photo.name);
  }
  return results;
}

void add_folder(const fs::path& folder, const JobOptions& options, FoundPhotos& found) {
  const imaging::FolderListing listing = imaging::list_folder(folder);
  if (listing.photos.empty() && listing.unreadable.empty()) imaging::refuse_empty(folder, listing);
  for (const auto& [unreadable, why] : listing.unreadable) {
    found.faults.push_back({.photo = unreadable, .restored = {}, .fault = why});
  }
  const std::set<std::string> earlier = earlier_results(listing.photos, options);
  for (const auto& photo : listing.photos) {
    if (!earlier.contains(photo.name)) found.add(photo.path, photo.name);
  }
  if (!earlier.empty()) {
    spdlog::info("{}: passed over {} pictures that an earlier run left there", folder.string(),
                 earlier.size());
  }
}

/// The photograph's own ending, if its bytes are what that says.
std::string ending(const fs::path& photo, const JobOptions& options) {
  if (options.format) return std::string(".") + extension(*options.format);
  const auto format = imaging::format_of_bytes(photo);
  if (imaging::is_picture_name(photo) && (!format || imaging::format_of_name(photo) == *format)) {
    return photo.extension().string();
  }
  return format ? std::string(".") + extension(*format) : ".png";
}

RestoreJob job_of(const fs::path& photo, const std::string& base, const JobOptions& options) {
  RestoreJob job{.photo = photo, .restored = base + ending(photo, options)};
  if (options.save_mask) job.mask = base + kMaskSuffix + ".png";
  if (options.sidecar) job.sidecar = base + ".json";
  job.format = options.format;
  job.quality = options.quality;
  job.keep_times = options.keep_times;
  job.provenance = !options.no_provenance;
  return job;
}

/// Throws if the job would write over a photograph, or over what another one writes.
void require_own_places(const RestoreJob& job, FoundPhotos& found,
                        std::unordered_set<std::string>& written) {
  for (const auto& file : {job.restored, job.mask, job.sidecar}) {
    if (file.empty()) continue;
    const std::string place = found.places.of(file).string();
    if (found.known.contains(place)) {
      throw common::usage_error(
          file.string() +
          " is one of the photographs and would be overwritten: choose another -o or --suffix");
    }
    if (written.insert(place).second) continue;
    throw common::usage_error(file.string() +
                              " would be written for two photographs: choose another --suffix, or "
                              "restore them in two runs with a folder (-o) each");
  }
}

}  // namespace

void JobOptions::validate() const {
  if (suffix.find('/') != std::string::npos) {
    throw common::usage_error("--suffix " + suffix +
                              ": must not hold '/'; the folder is given with -o");
  }
  for (fs::path folder = output; !folder.empty(); folder = folder.parent_path()) {
    std::error_code absent;
    if (fs::exists(folder, absent) && !fs::is_directory(folder, absent)) {
      throw common::usage_error("-o " + output.string() + ": " + folder.string() +
                                " is a file; name a folder");
    }
    if (folder == folder.parent_path()) break;
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
  line.add("--sidecar", options.sidecar, "also write how each was made, NAME.restored.json");
  line.add("--keep-times", options.keep_times, "results' files are as old as the photographs'");
  line.add("--no-provenance", options.no_provenance,
           "results do not say in XMP how they were made");
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
  // Beside the photographs, spelt alike: results that fall together are noticed.
  if (options.output.empty()) {
    for (size_t i = 0; i < found.photos.size(); ++i) {
      found.relative[i] = found.places.of(found.photos[i]);
    }
  }
  const auto names = distinct_names(found.relative);
  std::vector<RestoreJob> jobs = found.faults;
  std::unordered_set<std::string> written;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string base = (options.output / names[i]).string() + options.suffix;
    jobs.push_back(job_of(found.photos[i], base, options));
    require_own_places(jobs.back(), found, written);
  }
  return jobs;
}

void require_no_input_written(const std::vector<RestoreJob>& jobs, const NamedFiles& read,
                              const NamedFiles& written) {
  std::error_code absent;
  const auto is_one = [&](const fs::path& a, const fs::path& b) {
    return !a.empty() && !b.empty() && fs::equivalent(a, b, absent);
  };
  const auto refuse = [](const std::string& file, const std::string& what) {
    throw common::usage_error(file + " is " + what +
                              " and would be overwritten: name another file");
  };
  Places places;
  for (const auto& [option, file] : written) {
    if (file.empty()) continue;
    for (const RestoreJob& job : jobs) {
      for (const fs::path& result : {job.restored, job.mask, job.sidecar}) {
        if (!result.empty() && places.of(result) == places.of(file)) {
          refuse(option + " " + file.string(), "one of the results");
        }
      }
    }
    if (!fs::exists(file, absent)) continue;
    for (const RestoreJob& job : jobs) {
      if (is_one(file, job.photo)) refuse(option + " " + file.string(), "one of the photographs");
    }
    for (const auto& [input, name] : read) {
      if (is_one(file, name)) refuse(option + " " + file.string(), "the file of " + input);
    }
  }
  for (const auto& [input, name] : read) {
    if (name.empty()) continue;
    for (const RestoreJob& job : jobs) {
      for (const fs::path& result : {job.restored, job.mask, job.sidecar}) {
        if (is_one(result, name)) refuse(result.string(), "the file of " + input);
      }
    }
  }
}

}  // namespace restore
