#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

#include "common/config.h"
#include "common/error.h"
#include "common/random.h"
#include "dataset/ageing/age_photo.h"
#include "dataset/sharding/photo_catalog.h"
#include "dataset/sharding/shard_commands.h"
#include "imaging/image_writer.h"
#include "imaging/photo_reader.h"

namespace dataset {
namespace {

namespace fs = std::filesystem;

constexpr int kGap = 8;          // pixels between pictures
constexpr uint8_t kPaper = 128;  // gray level of the background

struct Row {
  imaging::Photo photo;
  ageing::AgedPhoto old;
};

/// The aged picture as it is read for training, but rounded to 8 bit.
void show_awgn(const ageing::Recipe& recipe, uint64_t key, ageing::AgedPhoto& old) {
  ageing::Channel levels(old.width, old.height);
  std::transform(old.aged.begin(), old.aged.end(), levels.values.begin(),
                 [](uint8_t byte) { return static_cast<float>(byte) / 255.0F; });
  ageing::add_awgn(recipe.awgn, key, old.is_damaged(), levels.values.data(), levels.values.size());
  old.aged = ageing::to_bytes(levels);
}

Row make_row(const CatalogPhoto& photo, const ShardSettings& settings, const ageing::Recipe& recipe,
             const ageing::DirtPictures& dirt, uint64_t variant) {
  const ageing::AgeingKey key{settings.ageing.seed, static_cast<uint64_t>(photo.record.number),
                              variant};
  const auto side = static_cast<int>(settings.ageing.short_side);
  Row row{ageing::make_print(imaging::read_photo(photo.file.path, side), recipe, key), {}};
  row.old = ageing::age_photo(row.photo, recipe, dirt, key);
  show_awgn(recipe, common::random_key("awgn of preview", {key.seed, key.photo, key.variant}),
            row.old);
  return row;
}

/// `planes` has one plane, used for all three colours, or three.
void paste(const std::vector<uint8_t>& planes, int width, int height, int left, int top,
           imaging::Photo& sheet) {
  const size_t plane = static_cast<size_t>(width) * static_cast<size_t>(height);
  for (size_t channel = 0; channel < 3; ++channel) {
    const uint8_t* from = planes.data() + (planes.size() > plane ? channel * plane : 0);
    for (int y = 0; y < height; ++y, from += width) {
      const size_t row = channel * static_cast<size_t>(sheet.height) + static_cast<size_t>(top + y);
      std::copy_n(
          from, width,
          sheet.rgb.data() + row * static_cast<size_t>(sheet.width) + static_cast<size_t>(left));
    }
  }
}

imaging::Photo make_sheet(const std::vector<Row>& rows) {
  imaging::Photo sheet{0, kGap, {}};
  for (const Row& row : rows) {
    sheet.width = std::max(sheet.width, 3 * row.photo.width + 4 * kGap);
    sheet.height += row.photo.height + kGap;
  }
  sheet.rgb.assign(3 * static_cast<size_t>(sheet.width) * static_cast<size_t>(sheet.height),
                   kPaper);
  int top = kGap;
  for (const Row& row : rows) {
    const int width = row.photo.width;
    const int height = row.photo.height;
    paste(row.photo.rgb, width, height, kGap, top, sheet);
    paste(row.old.aged, width, height, 2 * kGap + width, top, sheet);
    paste(row.old.damage, width, height, 3 * kGap + 2 * width, top, sheet);
    top += height + kGap;
  }
  return sheet;
}

}  // namespace

std::string recipe_text(const AgeingSettings& ageing) {
  return common::config_yaml(ageing::load_recipe(ageing.recipe, ageing.overrides), true);
}

std::string write_contact_sheet(const ShardSettings& settings) {
  const ageing::Recipe recipe =
      ageing::load_recipe(settings.ageing.recipe, settings.ageing.overrides);
  const ageing::DirtPictures dirt = ageing::load_dirt(recipe.textures, imaging::read_dirt_pictures);
  const auto photos = catalog_photos(settings.source, settings.ageing.seed);
  for (const CatalogPhoto& photo : photos) {
    if (std::error_code absent;
        fs::equivalent(photo.file.path, settings.modes.preview_file, absent)) {
      throw common::usage_error(
          "--preview-file " + settings.modes.preview_file.string() +
          " is one of the photographs and would be overwritten: name another");
    }
  }
  const auto num_rows = static_cast<size_t>(settings.modes.preview_rows);
  std::vector<Row> rows;
  size_t unreadable = 0;
  for (size_t i = 0; rows.size() < num_rows && unreadable < photos.size(); ++i) {
    try {
      rows.push_back(
          make_row(photos[i % photos.size()], settings, recipe, dirt, i / photos.size()));
      unreadable = 0;
    } catch (const common::Error& error) {
      if (settings.strict || error.kind() != common::ErrorKind::corrupt) throw;
      spdlog::warn("skipped: {}", error.what());
      ++unreadable;
    }
  }
  if (rows.empty()) {
    throw common::corrupt_error("none of the photographs can be used");
  }
  const imaging::Photo sheet = make_sheet(rows);
  imaging::write_photo(settings.modes.preview_file, sheet);
  return fmt::format("{}: {} rows of photograph, aged, damage\n",
                     settings.modes.preview_file.string(), rows.size());
}

}  // namespace dataset
