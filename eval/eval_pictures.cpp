#include "eval/eval_pictures.h"

#include "common/error.h"
#include "common/files.h"
#include "imaging/photo_reader.h"
#include "imaging/vips.h"
#include "eval/eval_colour.h"
#include "imaging/write_gray.h"

namespace eval {
namespace {

namespace fs = std::filesystem;
namespace vips = imaging::vips;

/// 32-bit float: what lies below black and above white stays.
void write_float_tiff(const fs::path& path, const imaging::Plane& plane) {
  vips::start();
  const vips::Image picture(vips_image_new_from_memory(
      plane.values.data(), plane.values.size() * sizeof(float), static_cast<int>(plane.width),
      static_cast<int>(plane.height), 1, VIPS_FORMAT_FLOAT));
  void* bytes = nullptr;
  size_t num_bytes = 0;
  if (!picture || vips_tiffsave_buffer(picture.get(), &bytes, &num_bytes, nullptr) != 0) {
    throw common::Error(common::ErrorKind::io,
                        "cannot encode " + path.string() + ": " + vips::last_error());
  }
  const vips::Memory<void> owner(bytes);
  common::write_file_atomically(path, {static_cast<const char*>(bytes), num_bytes});
}

void write_colours(const fs::path& path, const imaging::Photo& photo) {
  imaging::write_png(path, photo.rgb.data(), photo.width, photo.height, 3);
}

fs::path file_of(const fs::path& folder, const EvalTask& task, const std::string& name,
                 const std::string& ending) {
  const fs::path file = folder / task.name / (name + ending);
  common::make_directories(file.parent_path());
  return file;
}

}  // namespace

void write_sample(const fs::path& folder, const EvalTask& task, const std::string& name,
                  const Sample& sample) {
  const auto file = [&](const char* ending) { return file_of(folder, task, name, ending); };
  if (task.kind == EvalTask::Kind::colour) {
    write_colours(file(".original.png"), sample.photo);
  } else {
    imaging::write_gray(file(".original.png"), sample.clean);
  }
  if (task.recipe.awgn.sigma.high > 0) {
    write_float_tiff(file(".aged.tif"), sample.aged);
  } else {
    imaging::write_gray(file(".aged.png"), sample.aged);
  }
  if (sample.damage) imaging::write_gray(file(".damage.png"), *sample.damage);
}

void write_answer(const fs::path& folder, const EvalTask& task, const std::string& name,
                  const Sample& sample, const Answer& answer) {
  const fs::path file = file_of(folder, task, name, "." + answer.method + ".png");
  if (task.kind == EvalTask::Kind::colour) {
    write_colours(file, coloured(luma_plane(sample.photo), *answer.chroma));
  } else if (answer.chroma && task.takes_two_stages()) {
    write_colours(file, coloured(answer.luma, *answer.chroma));
  } else {
    imaging::write_gray(file, answer.luma);
  }
}

}  // namespace eval
