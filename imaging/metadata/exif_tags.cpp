#include "imaging/metadata/exif_tags.h"

#include <algorithm>
#include <array>

namespace imaging::exif_tags {

bool lays_out_pixels(uint16_t tag) {
  constexpr std::array<uint16_t, 58> kStructure = {
      254, 255, 258, 259, 262,   263,   264,   265,   266,   273,   277,   278,   279,  280, 281,
      284, 288, 289, 290, 291,   292,   293,   317,   320,   321,   322,   323,   324,  325, 330,
      332, 333, 334, 336, 338,   339,   340,   341,   347,   400,   512,   513,   514,  515, 517,
      518, 519, 520, 521, 32995, 32996, 32997, 32998, 33421, 33422, 34675, 37724, 65024};
  static_assert(std::is_sorted(kStructure.begin(), kStructure.end()));
  return std::binary_search(kStructure.begin(), kStructure.end(), tag);
}

bool points_to_directory(uint16_t tag) {
  constexpr uint16_t kKodak = 33424, kLeaf = 34954;
  return tag == kExif || tag == kGps || tag == kInterop || tag == kKodak || tag == kLeaf;
}

bool describes_samples(uint16_t tag) {
  constexpr uint16_t kTransferFunction = 301, kYCbCr = 529, kReferenceBlackWhite = 532;
  return tag == kWidth || tag == kHeight || tag == kTransferFunction ||
         (tag >= kYCbCr && tag <= kReferenceBlackWhite);
}

bool says_resolution(uint16_t tag) {
  return tag == kXResolution || tag == kYResolution || tag == kResolutionUnit;
}

}  // namespace imaging::exif_tags
