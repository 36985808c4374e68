#include "imaging/jpeg_loss.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <memory>
#include <vector>

// libjpeg's header wants size_t and FILE declared before it.
#include <jerror.h>
#include <jpeglib.h>

#include "imaging/vips.h"

namespace imaging {
namespace {

/// libjpeg's warnings, in place of its own words and its exit.
struct LossWatch {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  bool has_begun;               // the picture's size is known
  bool has_scans, lacks_scans;  // has several; some coefficients have not come to their last bit
  bool is_gray_from_there;      // libjpeg fills what is lost in the row
  double readable_of_row;
  bool has_ended;       // the file, before the picture
  int lost_scan;        // number of the first scan that lacks something; 0: none
  JDIMENSION lost_row;  // of blocks, in that scan
};

[[noreturn]] void leave(j_common_ptr jpeg) {
  std::longjmp(reinterpret_cast<LossWatch*>(jpeg->err)->back, 1);
}

void note_loss(j_common_ptr common, int level) {
  auto* watch = reinterpret_cast<LossWatch*>(common->err);
  if (level >= 0) return;
  const int code = common->err->msg_code;
  watch->has_ended = watch->has_ended || code == JWRN_JPEG_EOF;
  const bool is_loss =
      code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_MUST_RESYNC;
  if (!is_loss || watch->lost_scan != 0) return;
  const auto* jpeg = reinterpret_cast<jpeg_decompress_struct*>(common);
  watch->lost_scan = std::max(1, jpeg->input_scan_number);
  watch->lost_row = jpeg->input_iMCU_row;
  watch->is_gray_from_there = code == JWRN_HIT_MARKER;
}

/// Some coefficients of a progressive picture have not come to their last bit.
bool lacks_scans(const jpeg_decompress_struct& jpeg) {
  if (jpeg.progressive_mode == 0 || jpeg.coef_bits == nullptr) return false;
  for (int component = 0; component < jpeg.num_components; ++component) {
    const int* bits = jpeg.coef_bits[component];
    if (std::any_of(bits, bits + DCTSIZE2, [](int left) { return left != 0; })) return true;
  }
  return false;
}

/// Keeps no object with a destructor: longjmp would not run it.
void read_codes(jpeg_decompress_struct& jpeg, LossWatch& watch, std::FILE* file, JSAMPROW row) {
  if (setjmp(watch.back) != 0) return;
  jpeg_create_decompress(&jpeg);
  jpeg_stdio_src(&jpeg, file);
  jpeg_read_header(&jpeg, TRUE);
  jpeg.scale_num = 1, jpeg.scale_denom = 8;  // the mean of each block: hardly more than its codes
  jpeg.do_fancy_upsampling = FALSE;
  jpeg.do_block_smoothing = FALSE;
  jpeg_start_decompress(&jpeg);
  watch.has_begun = true;
  watch.has_scans = jpeg_has_multiple_scans(&jpeg) != 0;
  watch.lacks_scans = lacks_scans(jpeg);  // of those, all are read by now
  const size_t samples = size_t{jpeg.output_width} * static_cast<size_t>(jpeg.output_components);
  while (jpeg.output_scanline < jpeg.output_height) {
    const bool was_whole = watch.lost_scan == 0;
    jpeg_read_scanlines(&jpeg, &row, 1);
    if (!was_whole || watch.lost_scan == 0 || !watch.is_gray_from_there) continue;
    size_t gray = 0;
    while (gray < samples && row[samples - 1 - gray] == 128) ++gray;
    watch.readable_of_row = 1 - static_cast<double>(gray) / static_cast<double>(samples);
  }
  jpeg_finish_decompress(&jpeg);
}

/// Share of the file before the bytes at its end that repeat the two before them: what is left
/// where a copy stopped or a disk was read in part. A decoder finds codes in them. 1: there are
/// none.
double share_before_filler(std::FILE* file) {
  constexpr int64_t kBlock = 1 << 16, kLeastFiller = 64;
  std::vector<uint8_t> block(static_cast<size_t>(kBlock));
  std::fseek(file, 0, SEEK_END);
  const int64_t size = std::ftell(file);
  int last = -1, before = -1;
  int64_t filler = 0;
  bool goes_on = true;
  for (int64_t end = size; goes_on && end > 0; end -= kBlock) {
    const int64_t start = std::max<int64_t>(0, end - kBlock);
    goes_on = std::fseek(file, static_cast<long>(start), SEEK_SET) == 0;
    size_t left = std::fread(block.data(), 1, static_cast<size_t>(end - start), file);
    for (; goes_on && left > 0; ++filler) {
      const int byte = block[--left];
      goes_on = before < 0 || byte == before;
      before = last;
      last = byte;
    }
  }
  if (filler < kLeastFiller) return 1;
  return 1 - static_cast<double>(filler) / static_cast<double>(size);
}

}  // namespace

std::optional<JpegLoss> find_jpeg_loss(const common::FileDescriptor& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(
      std::fopen(vips::name_of(file).c_str(), "rb"), &std::fclose);
  if (!stream || std::fgetc(stream.get()) != 0xFF || std::fgetc(stream.get()) != 0xD8) return {};
  std::rewind(stream.get());
  jpeg_decompress_struct jpeg{};
  LossWatch watch{};
  jpeg.err = jpeg_std_error(&watch.manager);
  watch.manager.error_exit = &leave;
  watch.manager.emit_message = &note_loss;
  std::vector<JSAMPLE> row(size_t{MAX_COMPONENTS} * (JPEG_MAX_DIMENSION / 8 + 1));
  read_codes(jpeg, watch, stream.get(), row.data());
  const auto rows = static_cast<double>(std::max<JDIMENSION>(1, jpeg.total_iMCU_rows));
  jpeg_destroy_decompress(&jpeg);
  if (!watch.has_begun || (watch.lost_scan == 0 && !watch.has_ended)) return {};
  JpegLoss loss{.readable = 1};
  if (watch.lost_scan != 0 && !watch.has_scans) {
    loss.readable = (watch.lost_row + watch.readable_of_row) / rows;
  }
  if (watch.has_scans) {
    if (watch.lost_scan == 1) loss.readable = static_cast<double>(watch.lost_row) / rows;
    const bool is_cut = watch.lost_scan > 1 && watch.lost_row + 1 < rows;
    loss.is_detail = watch.lost_scan != 1 && (is_cut || (watch.has_ended && watch.lacks_scans));
  }
  if (const double whole = watch.has_ended ? share_before_filler(stream.get()) : 1; whole < 1) {
    loss.readable = std::min({loss.readable, whole, 1 - 2 * kMostEndLost});
  }
  loss.is_only_end = !loss.is_detail && 1 - loss.readable <= kMostEndLost;
  return loss;
}

}  // namespace imaging
