#include "restore/evaluation.h"

#include <ATen/ops/from_blob.h>

#include <string>

#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "common/progress.h"
#include "common/random.h"
#include "dataset/ageing/age_photo.h"
#include "dataset/photos/dirt_reader.h"
#include "dataset/photos/photo_reader.h"
#include "model/quality.h"
#include "restore/output_names.h"
#include "restore/picture_file.h"

namespace restore {
namespace {

Plane luma_plane(const dataset::Photo& photo) {
  Plane luma(photo.height, photo.width);
  const size_t num_pixels = luma.values.size();
  const uint8_t* red = photo.rgb.data();
  const uint8_t* green = red + num_pixels;
  const uint8_t* blue = green + num_pixels;
  for (size_t i = 0; i < num_pixels; ++i) {
    luma.values[i] = luma_of(red[i], green[i], blue[i]) / 255;
  }
  return luma;
}

Plane gray_plane(const std::vector<uint8_t>& gray, int64_t height, int64_t width) {
  Plane plane(height, width);
  for (size_t i = 0; i < gray.size(); ++i) plane.values[i] = static_cast<float>(gray[i]) / 255;
  return plane;
}

Quality quality(const Plane& picture, const Plane& clean) {
  const auto tensor = [](const Plane& plane) {  // only read from
    return at::from_blob(const_cast<float*>(plane.values.data()), {1, plane.height, plane.width});
  };
  return {model::psnr(tensor(picture), tensor(clean)), model::ssim(tensor(picture), tensor(clean))};
}

/// The three pictures of one ageing.
struct Pictures {
  Plane original, aged, restored;
};

Pictures age_and_restore(const dataset::PhotoFile& photo, int64_t variant, const Restorer& restorer,
                         const dataset::ageing::Recipe& recipe,
                         const dataset::ageing::DirtPictures& dirt,
                         const EvaluationOptions& options) {
  const auto clean = dataset::read_photo(photo.path, static_cast<int>(options.short_side));
  const dataset::ageing::AgeingKey key{options.seed, common::xxh3(photo.name),
                                       static_cast<uint64_t>(variant)};
  const auto aged = dataset::ageing::age_photo(clean, recipe, dirt, key);
  Pictures pictures{luma_plane(clean), gray_plane(aged.aged, aged.height, aged.width), {}};
  std::vector<float>& pixels = pictures.aged.values;
  dataset::ageing::add_awgn(recipe.awgn.sigma,
                            common::random_key("awgn", {key.seed, key.photo, key.variant}),
                            pixels.data(), pixels.size());
  pictures.restored = restorer.restore(pictures.aged).luma;
  return pictures;
}

nlohmann::json write_pictures(const Pictures& pictures, const std::filesystem::path& folder,
                              const std::string& name) {
  common::make_directories((folder / name).parent_path());
  nlohmann::json files;
  const auto write = [&](const char* kind, const Plane& plane) {
    const std::string file = name + "." + kind + ".png";
    write_gray(folder / file, plane, {});
    files[kind] = file;
  };
  write("aged", pictures.aged);
  write("restored", pictures.restored);
  write("original", pictures.original);
  return files;
}

std::vector<std::string> file_names(const std::vector<dataset::PhotoFile>& photos) {
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : photos) paths.emplace_back(photo.name);
  return distinct_names(paths);
}

}  // namespace

std::vector<Score> evaluate(const std::vector<dataset::PhotoFile>& photos, const Restorer& restorer,
                            const dataset::ageing::Recipe& recipe,
                            const EvaluationOptions& options) {
  const auto dirt = dataset::ageing::load_dirt(recipe.textures, dataset::read_dirt_pictures);
  const auto names = file_names(photos);
  const auto num_photos = static_cast<int64_t>(photos.size());
  std::vector<Score> scores;
  common::Progress progress("evaluating", "pictures", num_photos * options.variants);
  for (size_t i = 0; i < photos.size(); ++i) {
    for (int64_t variant = 0; variant < options.variants; ++variant) {
      const std::string number = std::to_string(variant + 1);
      const auto pictures = age_and_restore(photos[i], variant, restorer, recipe, dirt, options);
      Score score{photos[i].name + (options.variants > 1 ? "#" + number : ""),
                  quality(pictures.aged, pictures.original),
                  quality(pictures.restored, pictures.original),
                  {}};
      if (!options.output.empty()) {
        score.files = write_pictures(pictures, options.output,
                                     names[i] + (options.variants > 1 ? "-" + number : ""));
      }
      scores.push_back(std::move(score));
      progress.update(static_cast<int64_t>(scores.size()), photos[i].name);
    }
  }
  return scores;
}

}  // namespace restore
