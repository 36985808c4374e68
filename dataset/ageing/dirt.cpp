#include "dataset/ageing/dirt.h"

#include <algorithm>
#include <numeric>

#include "common/hash.h"

namespace dataset::ageing {
namespace {

Cover transposed(const Cover& cover) {
  Cover result{cover.height, cover.width, std::vector<uint8_t>(cover.values.size())};
  uint8_t* to = result.values.data();
  for (int x = 0; x < cover.width; ++x) {
    for (int y = 0; y < cover.height; ++y) *to++ = cover.row(y)[x];
  }
  return result;
}

uint8_t inverse(uint8_t level) { return static_cast<uint8_t>(255 - level); }

bool has_light_ground(const std::vector<uint8_t>& gray) {
  std::vector<uint8_t> levels = gray;
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  return *middle > 127;
}

/// Whether what can be seen of the picture is lighter than middle gray.
bool is_light(const imaging::GrayPicture& picture) {
  const int64_t alphas = std::accumulate(picture.alpha.begin(), picture.alpha.end(), int64_t{0});
  const int64_t grays = std::inner_product(picture.gray.begin(), picture.gray.end(),
                                           picture.alpha.begin(), int64_t{0});
  return 2 * grays > 255 * alphas;
}

DirtTone tone_of(const imaging::GrayPicture& picture) {
  if (picture.alpha.empty()) return DirtTone::either;
  return is_light(picture) ? DirtTone::lightens : DirtTone::darkens;
}

}  // namespace

std::string DirtPictures::checksum() const {
  if (pictures_.empty()) return {};
  common::Xxh3Stream stream;
  for (const auto& [tone, upright, turned] : pictures_) {
    const int32_t header[]{static_cast<int32_t>(tone), upright.width, upright.height};
    stream.update(header, sizeof header);
    stream.update(upright.values.data(), upright.values.size());
  }
  return common::hex64(stream.digest());
}

DirtPicture to_dirt(const imaging::GrayPicture& picture) {
  const DirtTone tone = tone_of(picture);
  Cover cover{picture.width, picture.height, picture.gray};
  const bool inverts =
      tone == DirtTone::either ? has_light_ground(picture.gray) : tone == DirtTone::darkens;
  if (inverts)
    std::transform(cover.values.begin(), cover.values.end(), cover.values.begin(), inverse);
  for (size_t i = 0; i < picture.alpha.size(); ++i) {
    cover.values[i] = static_cast<uint8_t>((cover.values[i] * picture.alpha[i] + 127) / 255);
  }
  Cover turned = transposed(cover);
  return {tone, std::move(cover), std::move(turned)};
}

}  // namespace dataset::ageing
