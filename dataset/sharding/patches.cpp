#include "dataset/sharding/patches.h"

#include <fmt/format.h>

#include <algorithm>

#include "imaging/photo_reader.h"

namespace dataset {
namespace {

std::vector<int> starts(int length, int patch) {
  const int count = (length + patch - 1) / patch;
  std::vector<int> positions;
  for (int i = 0; i < count; ++i) {
    const int64_t room = length - patch;
    positions.push_back(count == 1 ? 0 : static_cast<int>(room * i / (count - 1)));
  }
  return positions;
}

}  // namespace

std::vector<PatchPlace> patch_grid(int width, int height, int patch) {
  std::vector<PatchPlace> places;
  if (width < patch || height < patch) return places;
  for (const int y : starts(height, patch)) {
    for (const int x : starts(width, patch)) places.push_back({x, y});
  }
  return places;
}

void cut_patch(const uint8_t* planes, int num_planes, int width, int height, PatchPlace place,
               int patch, uint8_t* out) {
  for (int plane = 0; plane < num_planes; ++plane) {
    for (int y = 0; y < patch; ++y) {
      const uint8_t* row = planes + (int64_t{plane} * height + place.y + y) * width + place.x;
      out = std::copy_n(row, patch, out);
    }
  }
}

WorkTimes& WorkTimes::operator+=(const WorkTimes& other) {
  decode_s += other.decode_s;
  ageing_s += other.ageing_s;
  write_s += other.write_s;
  return *this;
}

std::string shares_text(const WorkTimes& times) {
  const double total = times.decode_s + times.ageing_s + times.write_s;
  const double percent = 100 / std::max(total, 1e-9);
  return fmt::format("decoding {:.0f}%, ageing {:.0f}%, writing {:.0f}% of {:.1f} s of threads",
                     times.decode_s * percent, times.ageing_s * percent, times.write_s * percent,
                     total);
}

double Stopwatch::lap_s() {
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> elapsed = now - last_;
  last_ = now;
  return elapsed.count();
}

WorkTimes write_photo_samples(const CatalogPhoto& photo, const StoreParameters& parameters,
                              const ageing::Recipe& recipe, const ageing::DirtPictures& dirt,
                              ShardWriter& writer, int64_t first_sample) {
  Stopwatch watch;
  WorkTimes times;
  const imaging::Photo picture =
      imaging::read_photo(photo.file.path, static_cast<int>(parameters.short_side));
  times.decode_s = watch.lap_s();
  const auto patch = static_cast<int>(parameters.patch);
  const auto number = static_cast<uint64_t>(photo.record.number);
  const auto places = patch_grid(picture.width, picture.height, patch);
  const auto plane = static_cast<size_t>(patch) * static_cast<size_t>(patch);
  std::vector<uint8_t> clean(3 * plane), aged(plane), damage(plane);
  for (int64_t variant = 0; variant < parameters.variants; ++variant) {
    const ageing::AgeingKey key{parameters.seed, number, static_cast<uint64_t>(variant)};
    const imaging::Photo print = ageing::make_print(picture, recipe, key);
    const ageing::AgedPhoto old = ageing::age_photo(print, recipe, dirt, key);
    times.ageing_s += watch.lap_s();
    for (const PatchPlace& place : places) {
      const auto cut = [&](const std::vector<uint8_t>& from, int planes, std::vector<uint8_t>& to) {
        cut_patch(from.data(), planes, picture.width, picture.height, place, patch, to.data());
      };
      cut(print.rgb, 3, clean);
      cut(old.aged, 1, aged);
      cut(old.damage, 1, damage);
      writer.write(first_sample++, {clean.data(),
                                    aged.data(),
                                    damage.data(),
                                    {static_cast<int32_t>(number), static_cast<int32_t>(variant),
                                     place.x, place.y}});
    }
    times.write_s += watch.lap_s();
  }
  return times;
}

}  // namespace dataset
