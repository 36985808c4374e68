#include "imaging/file_kind.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "imaging/vips.h"

namespace imaging {
namespace {

constexpr int kColourFilterArray = 32803, kLinearRaw = 34892;  // photometric
constexpr int kNikonCompressed = 34713, kSonyCompressed = 32767, kPentaxCompressed = 65535;

struct Magic {
  size_t at;
  std::string_view bytes;
  const char* kind;
};

std::string kind_by(const std::string& head, std::initializer_list<Magic> magics) {
  for (const Magic& magic : magics) {
    if (head.size() >= magic.at && head.compare(magic.at, magic.bytes.size(), magic.bytes) == 0) {
      return magic.kind;
    }
  }
  return "";
}

bool is_sensor_data(const TiffPicture& picture) {
  return picture.photometric == kColourFilterArray || picture.photometric == kLinearRaw ||
         picture.compression == kNikonCompressed || picture.compression == kSonyCompressed ||
         picture.compression == kPentaxCompressed;
}

/// How the maker of a camera calls its raw files.
std::string kind_of_maker(std::string make) {
  std::transform(make.begin(), make.end(), make.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  const std::pair<const char*, const char*> kinds[] = {
      {"NIKON", "NEF"},      {"SONY", "ARW"},   {"CANON", "CR2"},   {"PENTAX", "PEF"},
      {"OLYMPUS", "ORF"},    {"FUJI", "RAF"},   {"SAMSUNG", "SRW"}, {"PANASONIC", "RW2"},
      {"HASSELBLAD", "3FR"}, {"KODAK", "DCR"},  {"EPSON", "ERF"},   {"PHASE ONE", "IIQ"},
      {"LEAF", "MOS"},       {"MAMIYA", "MEF"}, {"RICOH", "PEF"},   {"LEICA", "RWL"}};
  for (const auto& [maker, kind] : kinds) {
    if (make.find(maker) != std::string::npos) return kind;
  }
  return "TIFF with a sensor's data";
}

bool has_same_shape(const TiffPicture& a, const TiffPicture& b) {
  const auto aspect = [](const TiffPicture& picture) {
    return static_cast<double>(picture.width) / static_cast<double>(picture.height);
  };
  const double ratio = aspect(a) / aspect(b);
  return std::abs(ratio - 1) < 0.05 || std::abs(ratio * aspect(b) * aspect(b) - 1) < 0.05;
}

/// A preview that does not say so: the same picture at less than half its size.
bool is_preview_of(const TiffPicture& small, const TiffPicture& large) {
  constexpr int64_t kLargestPreview = 1024;
  return std::max(small.width, small.height) <= kLargestPreview &&
         4 * small.pixels() < large.pixels() && has_same_shape(small, large);
}

bool is_infrared_of(const TiffPicture& page, const TiffPicture& photograph) {
  return page.page != photograph.page && page.subifd < 0 && page.width == photograph.width &&
         page.height == photograph.height && page.samples == 1 && photograph.samples >= 3 &&
         (page.bits == 8 || page.bits == 16) && !page.is_reduced;
}

}  // namespace

std::string raw_kind(const std::string& head, const std::vector<TiffPicture>& pictures) {
  const std::string kind = kind_by(head, {{8, {"CR\2", 3}, "CR2"},
                                          {4, "ftypcrx ", "CR3"},
                                          {0, "FUJIFILMCCD-RAW", "RAF"},
                                          {0, "IIRO", "ORF"},
                                          {0, "IIRS", "ORF"},
                                          {0, "MMOR", "ORF"},
                                          {0, {"IIU\0", 4}, "RW2"},
                                          {0, "FOVb", "X3F"},
                                          {0, {"\0MRM", 4}, "MRW"},
                                          {6, "HEAPCCDR", "CRW"}});
  if (!kind.empty() || pictures.empty()) return kind;
  for (const TiffPicture& picture : pictures) {
    if (picture.has_dng_version) return "DNG";
  }
  if (std::none_of(pictures.begin(), pictures.end(), is_sensor_data)) return "";
  return kind_of_maker(pictures.front().make);
}

std::string foreign_kind(const std::string& head) {
  return kind_by(head, {{0, "BM", "BMP"},
                        {0, "GIF8", "GIF"},
                        {0, "8BPS", "Photoshop"},
                        {0, "%PDF", "PDF"},
                        {0, {"\0\0\0\x0CjP  ", 8}, "JPEG 2000"},
                        {0, {"\xFF\x4F\xFF\x51", 4}, "JPEG 2000"},
                        {4, "ftypheic", "HEIC"},
                        {4, "ftypheix", "HEIC"},
                        {4, "ftypmif1", "HEIC"},
                        {4, "ftypavif", "AVIF"},
                        {0, {"\xFF\x0A", 2}, "JPEG XL"},
                        {0, {"\0\0\0\x0CJXL ", 8}, "JPEG XL"},
                        {0, "gimp xcf", "GIMP"},
                        {0, "AT&TFORM", "DjVu"},
                        {0, {"\0\0\1\0", 4}, "icon"},

                        {0, "v/1\1", "OpenEXR"},
                        {0, "#?RADIANCE", "Radiance"}});
}

bool has_module(const std::string& kind) {
  const bool is_heif = kind == "HEIC" || kind == "HEIF" || kind == "AVIF";
  if (!is_heif && kind != "JXL" && kind != "JPEG XL") return false;
  vips::start();
  return vips_type_find("VipsForeignLoad", is_heif ? "heifload" : "jxlload") != 0;
}

std::optional<TiffChoice> choose_picture(const std::vector<TiffPicture>& pictures) {
  if (pictures.empty()) return std::nullopt;
  const auto is_whole = [](const TiffPicture& picture) {
    return !picture.is_reduced && !picture.is_mask && picture.pixels() > 0;
  };
  const auto first = std::find_if(pictures.begin(), pictures.end(), is_whole);
  TiffChoice choice{first == pictures.end() ? pictures.front() : *first, {}, 0};
  for (const TiffPicture& picture : pictures) {
    if (!is_whole(picture)) continue;
    // Sub-pictures are one picture at several sizes.
    const bool is_larger = picture.subifd >= 0 && picture.page == choice.picture.page &&
                           picture.pixels() > choice.picture.pixels() &&
                           has_same_shape(picture, choice.picture);
    if (is_larger || is_preview_of(choice.picture, picture)) choice.picture = picture;
  }
  for (const TiffPicture& picture : pictures) {
    if (!choice.infrared && is_infrared_of(picture, choice.picture)) {
      choice.infrared = picture;
    } else if (is_whole(picture) && picture.subifd < 0 && !is_preview_of(picture, choice.picture)) {
      ++choice.num_full_size;
    }
  }
  return choice;
}

}  // namespace imaging
