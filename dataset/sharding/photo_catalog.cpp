#include "dataset/sharding/photo_catalog.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "common/random.h"
#include "dataset/sharding/patches.h"
#include "imaging/photo_reader.h"

namespace dataset {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

namespace {

std::set<std::string> names_in(const fs::path& list,
                               const std::vector<imaging::PhotoFile>& photos) {
  return list.empty() ? std::set<std::string>() : imaging::read_photo_list(list, photos);
}

/// store.json is UTF-8, and a later run finds a photo by its name.
void check_name(const std::string& name) {
  try {
    nlohmann::json(name).dump();
  } catch (const nlohmann::json::exception&) {
    throw common::usage_error("the name of '" + name + "' is not UTF-8; rename the file");
  }
}

/// A draw that depends on the seed and the names only: one more photo changes the split of few
/// others.
std::set<std::string> drawn_for_validation(const std::vector<CatalogPhoto>& photos, double fraction,
                                           uint64_t seed) {
  std::vector<std::pair<uint64_t, std::string>> ranked;
  for (const CatalogPhoto& photo : photos) {
    const std::string& name = photo.file.name;
    ranked.emplace_back(common::random_key("split", {seed, common::xxh3(name)}), name);
  }
  std::sort(ranked.begin(), ranked.end());
  auto count = static_cast<size_t>(std::lround(fraction * static_cast<double>(photos.size())));
  if (fraction > 0 && photos.size() > 1) count = std::clamp(count, size_t{1}, photos.size() - 1);
  std::set<std::string> names;
  for (size_t i = 0; i < count; ++i) names.insert(ranked[i].second);
  return names;
}

bool lies_in(const CatalogPhoto& photo, const char* folder) {
  const fs::path parent = fs::absolute(photo.file.path).parent_path();
  return std::find(parent.begin(), parent.end(), folder) != parent.end();
}

/// The photographs in DIV2K's folder for validation, if those in its other folder are there too.
std::set<std::string> validation_of_div2k(const std::vector<CatalogPhoto>& photos) {
  std::set<std::string> names;
  bool has_training = false;
  for (const CatalogPhoto& photo : photos) {
    has_training = has_training || lies_in(photo, "DIV2K_train_HR");
    if (lies_in(photo, "DIV2K_valid_HR")) names.insert(photo.file.name);
  }
  return has_training ? names : std::set<std::string>{};
}

std::set<std::string> chosen_for_validation(const std::vector<CatalogPhoto>& photos,
                                            std::optional<double> fraction, uint64_t seed) {
  constexpr double kUsualFraction = 0.1;
  if (fraction) return drawn_for_validation(photos, *fraction, seed);
  const std::set<std::string> official = validation_of_div2k(photos);
  return official.empty() ? drawn_for_validation(photos, kUsualFraction, seed) : official;
}

void stat_file(CatalogPhoto& photo) {
  struct stat status {};
  if (::stat(photo.file.path.c_str(), &status) != 0) {
    throw common::io_error("cannot look at", photo.file.path);
  }
  photo.record.bytes = status.st_size;
  photo.record.mtime_ns = int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

uint64_t checksum_of_file(const fs::path& path) {
  const common::FileDescriptor file = common::open_file(path, O_RDONLY);
  common::Xxh3Stream stream;
  std::vector<char> piece(1 << 20);
  for (;;) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw common::io_error("cannot read", path);
    if (got == 0) return stream.digest();
    stream.update(piece.data(), static_cast<size_t>(got));
  }
}

}  // namespace

std::vector<CatalogPhoto> catalog_photos(const SourceSettings& source, uint64_t seed) {
  const std::vector<imaging::PhotoFile> files = imaging::list_photo_files(source.folders);
  const std::set<std::string> included = names_in(source.include_from, files);
  const std::set<std::string> excluded = names_in(source.exclude_from, files);
  std::set<std::string> valid = names_in(source.valid_from, files);
  std::vector<CatalogPhoto> photos;
  for (size_t number = 0; number < files.size(); ++number) {
    const std::string& name = files[number].name;
    if (excluded.count(name) != 0) continue;
    if (!source.include_from.empty() && included.count(name) == 0) continue;
    check_name(name);
    photos.push_back({files[number], {}});
    photos.back().record.name = name;
    photos.back().record.number = static_cast<int64_t>(number);
    stat_file(photos.back());
  }
  if (photos.empty()) throw common::usage_error("the lists leave no photograph");
  if (source.valid_from.empty()) valid = chosen_for_validation(photos, source.valid_fraction, seed);
  for (CatalogPhoto& photo : photos) {
    photo.record.split = valid.count(photo.file.name) != 0 ? Split::valid : Split::train;
  }
  return photos;
}

void examine(CatalogPhoto& photo, const StoreParameters& parameters) {
  PhotoRecord& record = photo.record;
  record.xxh3 = checksum_of_file(photo.file.path);
  try {
    const imaging::PhotoSize size =
        imaging::photo_size(photo.file.path, static_cast<int>(parameters.short_side));
    const auto places = patch_grid(size.width, size.height, static_cast<int>(parameters.patch));
    record.num_samples = static_cast<int64_t>(places.size()) * parameters.variants;
    if (places.empty()) {
      record.use = PhotoUse::too_small;
      record.why = std::to_string(size.width) + " x " + std::to_string(size.height) +
                   " pixels are less than a patch of " + std::to_string(parameters.patch);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    record.use = PhotoUse::unreadable;
    record.why = error.what();
  }
}

bool is_same_file(const CatalogPhoto& photo, const PhotoRecord& record) {
  if (photo.record.bytes != record.bytes) return false;
  return photo.record.mtime_ns == record.mtime_ns ||
         checksum_of_file(photo.file.path) == record.xxh3;
}

}  // namespace dataset
