#pragma once

#include <vips/vips.h>

#include <filesystem>
#include <memory>
#include <string>

#include "common/files.h"

namespace imaging::vips {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

struct Free {
  void operator()(void* memory) const { g_free(memory); }
};
template <class T>
using Memory = std::unique_ptr<T, Free>;

/// Starts libvips once in the process: one thread a picture (callers work on several pictures at a
/// time), no cache, and no loaders but those of JPEG, PNG, TIFF, WebP and, where libvips has
/// them, HEIC and JPEG XL, whatever a file is named.
void start();

/// The name under which libvips can read an open file: it would take options from a name such as
/// "a[shrink=2]". Not as a VipsSource: vips_thumbnail_source of 8.14 takes truncated files for
/// whole.
std::string name_of(const common::FileDescriptor& file);

/// What libvips last complained about, in one line; forgets it.
std::string last_error();

/// Throws Error(corrupt): the picture `path` cannot be decoded, with what libvips says of it.
[[noreturn]] void refuse(const std::filesystem::path& path);

/// What an operation of libvips makes of the picture `path`, which it is given the place for.
template <class Operation>
Image result(const std::filesystem::path& path, Operation&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) refuse(path);
  return Image(out);
}

}  // namespace imaging::vips
