// Reads anything as a photograph, as a mask and for its infrared, and copies what it says beside
// its pixels into a result, under libFuzzer. Whatever the bytes are, that ends in a picture or in
// an Error. README.md says how to run it.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "imaging/image_file.h"
#include "imaging/image_writer.h"
#include "imaging/infrared_dust.h"
#include "imaging/metadata/copy_metadata.h"
#include "imaging/photo_reader.h"
#include "imaging/row_reader.h"
#include "imaging/tone_curve.h"
#include "restore/mask_file.h"

namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostPixels = 300'000;  // larger ones take long and tell no more
constexpr uint64_t kMetadataEvery = 16;   // exiftool takes a hundred times as long as to read

/// Errors are what is expected; those of the program itself are findings.
template <class Read>
void expect_error_at_most(Read&& read) {
  try {
    read();
  } catch (const common::Error& error) {
    if (error.kind() == common::ErrorKind::corrupt || error.kind() == common::ErrorKind::usage) {
      return;
    }
    std::fprintf(stderr, "%s: %s\n", to_string(error.kind()), error.what());
    std::abort();
  }
}

void read_rows(const imaging::ImageFile& file) {
  imaging::RowReader reader(file);
  imaging::RowBuffer row;
  std::string packed(static_cast<size_t>(file.form().row_bytes()), '\0');
  for (int64_t y = 0; y < file.form().height; ++y) {
    imaging::unpack_row(reader.next(1).row(0), file.form(), row);
    imaging::pack_row(row, file.form(), packed.data());
  }
}

void read_as_photograph(const fs::path& path, bool partial) {
  const imaging::ImageFile file(path, {.partial = partial});
  if (file.form().width * file.form().height > kMostPixels) return;
  std::vector<std::string> notes = file.notes();
  const imaging::ToneCurve curve(file.open_pixels().get(), file.form().colours, notes);
  expect_error_at_most([&] { read_rows(file); });
  expect_error_at_most([&] { find_infrared_dust(file); });
  expect_error_at_most([&] { imaging::read_photo(path, 32); });
  expect_error_at_most([&] { restore::MaskFile(path, file.form()); });
}

/// Into a small picture of another size, which has to be whole afterwards.
void copy_metadata(const fs::path& path, imaging::Format format) {
  static imaging::ExifTool exiftool;
  static const fs::path result = fs::temp_directory_path() / ("fuzzed." + std::to_string(getpid()));
  constexpr imaging::PixelFormat kForm{.width = 8, .height = 8};
  const imaging::ImageFile from(path);
  if (from.form().width * from.form().height > kMostPixels) return;
  imaging::ImageWriter writer(result, kForm, from.open_pixels().get(), {.format = format});
  const std::string row(static_cast<size_t>(kForm.row_bytes()), '\x80');
  for (int64_t y = 0; y < kForm.height; ++y) writer.write_row(row.data());
  writer.finish([&](const fs::path& file) {
    imaging::copy_metadata(exiftool, from, file, {"-XMP-dc:Source=fuzzed"});
  });
  const imaging::ImageFile written(result);
  if (written.format() != format || written.form().width != kForm.width) std::abort();
  read_rows(written);
  fs::remove(result);
}

}  // namespace

// libFuzzer looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // A file in memory: the readers open it by its name, as any other.
  static const common::FileDescriptor file(memfd_create("photograph", MFD_CLOEXEC));
  static const fs::path path = "/proc/self/fd/" + std::to_string(file.get());
  if (ftruncate(file.get(), 0) != 0 ||
      pwrite(file.get(), data, size, 0) != static_cast<ssize_t>(size)) {
    std::abort();
  }
  for (const bool partial : {false, true}) {
    expect_error_at_most([&] { read_as_photograph(path, partial); });
  }
  // By the bytes, so that what was found can be repeated.
  if (const uint64_t hash = common::xxh3(data, size); hash % kMetadataEvery == 0) {
    constexpr imaging::Format kFormats[] = {imaging::Format::jpeg, imaging::Format::png,
                                            imaging::Format::tiff, imaging::Format::webp};
    expect_error_at_most([&] { copy_metadata(path, kFormats[hash / kMetadataEvery % 4]); });
  }
  vips_error_clear();
  return 0;
}
