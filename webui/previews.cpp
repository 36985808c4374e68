#include "webui/previews.h"

#include <fcntl.h>

#include "common/files.h"
#include "webui/picture_preview.h"

namespace webui {
namespace {

constexpr int kPreviewSide = 2400, kThumbSide = 240;

void write(const std::filesystem::path& path, const std::string& bytes) {
  const auto file = common::open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  common::write_all(file, bytes.data(), bytes.size(), path);
}

/// The small one from the preview: a photograph of 100 megapixels is decoded once.
void write_previews(const std::filesystem::path& picture, const std::filesystem::path& preview,
                    const std::filesystem::path& thumb) {
  write(preview, jpeg_preview(picture, kPreviewSide));
  write(thumb, jpeg_preview(preview, kThumbSide));
}

}  // namespace

void write_photo_previews(const PhotoFolder& files) {
  write_previews(files.photo(), files.before(), files.thumb(0));
}

void write_result_previews(const restore::RestoredPhoto& photo, const PhotoFolder& files, int version) {
  write_previews(photo.job.restored, files.after(version), files.thumb(version));
  if (!photo.damage.levels.empty()) write(files.damage(version), damage_overlay(photo.damage));
}

}  // namespace webui
