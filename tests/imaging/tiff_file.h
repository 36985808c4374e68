#pragma once

#include <gtest/gtest.h>
#include <tiffio.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace tests {

/// One picture of a TIFF that a test writes, as no library for pictures would.
struct TiffPage {
  uint32_t width = 0, height = 0;
  uint16_t bits = 8, samples = 1, photometric = PHOTOMETRIC_MINISBLACK;
  std::vector<uint8_t> rows;  ///< all, packed as the file has them, native bytes first
  uint32_t subfile_type = 0;
  std::vector<uint16_t> extra_samples = {};
  uint16_t sample_format = SAMPLEFORMAT_UINT, compression = COMPRESSION_NONE, orientation = 1;
  std::vector<TiffPage> sub_pages = {};
  const char* make = nullptr;
};

inline void write_directory(TIFF* tiff, const TiffPage& page) {
  TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, page.subfile_type);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, page.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, page.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, page.samples);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, page.sample_format);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, page.compression);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, page.photometric);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, page.orientation);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
  if (page.make != nullptr) TIFFSetField(tiff, TIFFTAG_MAKE, page.make);
  if (!page.extra_samples.empty()) {
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<uint16_t>(page.extra_samples.size()),
                 page.extra_samples.data());
  }
  const std::vector<uint64_t> places(page.sub_pages.size());
  if (!places.empty()) {
    TIFFSetField(tiff, TIFFTAG_SUBIFD, static_cast<uint16_t>(places.size()), places.data());
  }
  const size_t row_bytes = page.rows.size() / page.height;
  for (uint32_t y = 0; y < page.height; ++y) {
    std::vector<uint8_t> row(page.rows.begin() + static_cast<int64_t>(y * row_bytes),
                             page.rows.begin() + static_cast<int64_t>((y + 1) * row_bytes));
    ASSERT_EQ(TIFFWriteScanline(tiff, row.data(), y, 0), 1);
  }
  ASSERT_EQ(TIFFWriteDirectory(tiff), 1);
  for (const TiffPage& below : page.sub_pages) write_directory(tiff, below);
}

inline void write_tiff(const std::filesystem::path& path, const std::vector<TiffPage>& pages) {
  const std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff(TIFFOpen(path.c_str(), "w"), &TIFFClose);
  ASSERT_NE(tiff, nullptr);
  for (const TiffPage& page : pages) write_directory(tiff.get(), page);
}

/// All samples alike.
inline TiffPage flat_page(uint32_t width, uint32_t height, uint16_t samples, uint8_t value) {
  return {
      .width = width,
      .height = height,
      .samples = samples,
      .photometric = static_cast<uint16_t>(samples < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB),
      .rows = std::vector<uint8_t>(size_t{width} * height * samples, value)};
}

}  // namespace tests
