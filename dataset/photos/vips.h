#pragma once

#include <vips/vips.h>

#include <filesystem>
#include <memory>
#include <string>

namespace dataset::vips {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using Image = std::unique_ptr<VipsImage, Unref>;
using Source = std::unique_ptr<VipsSource, Unref>;

struct Free {
  void operator()(void* memory) const { g_free(memory); }
};
template <class T>
using Memory = std::unique_ptr<T, Free>;

/// Starts libvips once in the process: one thread a picture (callers work on several pictures at a
/// time), no cache, and no loaders but those of JPEG, PNG, TIFF and WebP, whatever a file is named.
void start();

/// Opens a file for libvips. Throws Error(io).
Source open_source(const std::filesystem::path& path);

/// What libvips last complained about, in one line; forgets it.
std::string last_error();

}  // namespace dataset::vips
