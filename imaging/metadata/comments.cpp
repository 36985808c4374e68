#include "imaging/metadata/comments.h"

#include <glib.h>

#include <algorithm>
#include <memory>

namespace imaging {
namespace {

constexpr uint16_t kUserComment = 37510;

uint16_t counterpart(const std::string& keyword) {
  if (keyword == "Description") return 270;
  if (keyword == "Software") return 305;
  if (keyword == "Author") return 315;
  if (keyword == "Copyright") return 33432;
  return 0;
}

/// The user's comment begins with the name of its characters, in eight bytes.
std::string user_comment(const std::string& text, ByteOrder order) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return std::string("ASCII\0\0\0", 8) + text;
  glong num_units = 0;
  const std::unique_ptr<gunichar2, decltype(&g_free)> units(
      g_utf8_to_utf16(text.data(), static_cast<glong>(text.size()), nullptr, &num_units, nullptr),
      &g_free);
  std::string comment("UNICODE\0", 8);
  for (glong i = 0; units && i < num_units; ++i) comment += bytes_of(units.get()[i], 2, order);
  return comment;
}

}  // namespace

void put_texts_into_exif(Metadata& metadata, Notes& notes) {
  ExifTree& exif = metadata.exif;
  std::string others;
  for (const Text& text : metadata.texts) {
    const uint16_t tag = counterpart(text.keyword);
    if (tag != 0 && !exif.image.contains(tag)) {
      exif.image[tag] = {tag, kAscii, text.text.size() + 1, text.text + '\0', 0};
    } else {
      if (!others.empty()) others += '\n';
      others += text.keyword == "Comment" ? text.text : text.keyword + ": " + text.text;
    }
  }
  if (others.empty()) return;
  if (exif.exif.contains(kUserComment)) {
    notes.push_back("its comments have no place in this format and were left out");
    return;
  }
  const std::string comment = user_comment(others, exif.order);
  exif.exif[kUserComment] = {kUserComment, kUndefined, comment.size(), comment, 0};
}

}  // namespace imaging
