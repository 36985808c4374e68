#include "dataset/sharding/photo_samples.h"

#include <vector>

#include "imaging/photo_reader.h"
#include "dataset/sharding/patch_grid.h"

namespace dataset {

WorkTimes write_photo_samples(const CatalogPhoto& photo, const StoreParameters& parameters,
                              const ageing::Recipe& recipe, const ageing::DirtPictures& dirt,
                              ShardWriter& writer, int64_t first_sample) {
  Stopwatch watch;
  WorkTimes times;
  const imaging::Photo picture = imaging::read_photo(photo.file.path, static_cast<int>(parameters.short_side));
  times.decode_s = watch.lap_s();
  const auto patch = static_cast<int>(parameters.patch);
  const auto number = static_cast<uint64_t>(photo.record.number);
  const auto places = patch_grid(picture.width, picture.height, patch);
  const auto plane = static_cast<size_t>(patch) * static_cast<size_t>(patch);
  std::vector<uint8_t> clean(3 * plane), aged(plane), damage(plane);
  for (int64_t variant = 0; variant < parameters.variants; ++variant) {
    const ageing::AgedPhoto old = ageing::age_photo(
        picture, recipe, dirt, {parameters.seed, number, static_cast<uint64_t>(variant)});
    times.ageing_s += watch.lap_s();
    for (const PatchPlace& place : places) {
      const auto cut = [&](const std::vector<uint8_t>& from, int planes, std::vector<uint8_t>& to) {
        cut_patch(from.data(), planes, picture.width, picture.height, place, patch, to.data());
      };
      cut(picture.rgb, 3, clean);
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
