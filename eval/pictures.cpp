#include "eval/pictures.h"

#include "common/error.h"
#include "common/files.h"
#include "eval/figures.h"
#include "imaging/image_writer.h"
#include "imaging/vips.h"

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

/// FOLDER/`file`, whose folder is there.
fs::path place(const fs::path& folder, const std::string& file) {
  common::make_directories((folder / file).parent_path());
  return folder / file;
}

}  // namespace

std::string write_sample(const fs::path& folder, const EvalTask& task, const std::string& name,
                         const EvalSample& sample) {
  const std::string base = task.name + "/" + name;
  const auto original = place(folder, base + ".original.png");
  if (task.has_colours()) {
    imaging::write_photo(original, sample.photo);
  } else {
    imaging::write_gray(original, sample.clean);
  }
  if (sample.damage) imaging::write_gray(folder / (base + ".damage.png"), *sample.damage);
  const bool has_noise = task.recipe.awgn.sigma.high > 0;
  const std::string aged = base + (has_noise ? ".aged.tif" : ".aged.png");
  if (has_noise) {
    write_float_tiff(folder / aged, sample.aged);
  } else {
    imaging::write_gray(folder / aged, sample.aged);
  }
  return aged;
}

std::string write_answer(const fs::path& folder, const EvalTask& task, const std::string& name,
                         const EvalSample& sample, const Answer& answer) {
  const std::string file = task.name + "/" + name + "." + answer.method + ".png";
  if (task.kind == EvalTask::Kind::colourise) {
    imaging::write_photo(place(folder, file), coloured(luma_plane(sample.photo), *answer.chroma));
  } else if (answer.chroma) {
    imaging::write_photo(place(folder, file), coloured(answer.luma, *answer.chroma));
  } else {
    imaging::write_gray(place(folder, file), answer.luma);
  }
  return file;
}

}  // namespace eval
