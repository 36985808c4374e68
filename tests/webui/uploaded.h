#pragma once

#include <string>

#include "common/files.h"
#include "tests/common/temporary_folder.h"
#include "tests/webui/written_picture.h"
#include "webui/upload.h"

namespace webui {

/// The bytes of a small picture.
inline std::string small_png() {
  const tests::TemporaryFolder folder;
  write_picture(folder / "a.png", 60, 40);
  return common::read_file(folder / "a.png");
}

/// A small picture that has come as `name`; its number.
inline int64_t uploaded(PhotoQueue& queue, const std::string& name) {
  Upload upload(queue, {});
  const std::string png = small_png();
  upload.receive(png.data(), png.size());
  return upload.finish(name).id;
}

}  // namespace webui
