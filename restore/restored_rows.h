#pragma once

#include <deque>

#include "restore/damage_record.h"
#include "restore/mask_file.h"
#include "imaging/tone_colours.h"
#include "imaging/tone_curve.h"
#include "restore/tiled_inference.h"
#include "restore/tile_restorer.h"

namespace restore {

/// What the rows of a restored photograph are made from; all of it outlives RestoredRows.
struct RowParts {
  const imaging::ImageFile& scan;
  const imaging::ToneCurve& curve;
  MaskFile* mask = nullptr;  ///< may be null
  float unmarked = -1;  ///< what is known where the mask marks nothing: -1 nothing, 0 no damage
  const imaging::ToneColours* tone = nullptr;  ///< of a toned photograph: its colours follow its luma
  const Overview* view = nullptr;    ///< may be null; its colours replace the photograph's
  TileRestorer& treatment;
  TileLayers layers;
  TileGrid grid;
  imaging::PixelFormat out;
};

/// The rows of a restored photograph from the first to the last: those of the file, to which the
/// network's change is added. Samples that nothing changes keep their very values.
class RestoredRows {
 public:
  using TileDone = std::function<void(int64_t done, int64_t total)>;
  RestoredRows(const RowParts& parts, DamageRecord& damage, TileDone tile_done);

  /// Row `y`, the one after the last that was asked for.
  void fill(int64_t y, void* samples);

 private:
  void read_row(int64_t y, const std::vector<float*>& layers);
  void add_change(int64_t y, const TiledInference::Band& band, imaging::RowBuffer& row);
  void take_colours(int64_t y, imaging::RowBuffer& row);

  RowParts parts_;
  DamageRecord& damage_;
  imaging::RowReader reader_;
  std::deque<std::vector<uint8_t>> waiting_;  // rows of the file that no finished band holds yet
  imaging::RowBuffer row_;
  std::vector<float> luma_, chroma_slope_, chroma_offset_;
  int64_t num_tiles_done_ = 0;
  TiledInference sweep_;
  TiledInference::Band band_;
};

}  // namespace restore
