#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <stop_token>

#include "imaging/tone_colours.h"
#include "restore/restored_photo.h"
#include "restore/source.h"
#include "restore/tile_restorer.h"
#include "restore/tiled_inference.h"

namespace restore {

/// What is decided about a picture before its tiles are restored.
struct RestorePlan {
  Findings found;
  TileGrid grid;
  TileLayers layers;
  Strengths strengths;
  Overview overview;  ///< its colours, if any, replace the picture's
  /// Of a toned picture, whose colours follow its luma; none: they stay.
  std::optional<imaging::ToneColours> tone;
};

/// The rows of a restored picture, from the first to the last: those of the source with the
/// network's change added. Samples that nothing changes keep their exact values.
class RestoredRows {
 public:
  using TileDone = std::function<void(int64_t done, int64_t total)>;
  /// Source, network and plan outlive this object. `tile_done` may be empty.
  RestoredRows(Source& source, model::Network& network, const RestorePlan& plan,
               TileDone tile_done = {}, std::stop_token stop = {});

  /// Makes the next row; false after a stop.
  bool next();
  imaging::RowBuffer& row() { return row_; }
  const float* damage() const { return damage_; }  ///< of this row, 0 to 1

  double network_seconds() const { return restorer_.network_seconds(); }
  /// Of the rows so far: pixels that half a level of 255 or more was added to; all if coloured.
  double changed_share() const;

 private:
  void read_row(const std::vector<float*>& layers);
  void add_change(int64_t row_of_band);
  void take_colours(int64_t y);

  Source& source_;
  const RestorePlan& plan_;
  TileRestorer restorer_;
  TiledInference tiles_;
  TiledInference::Band band_;
  std::deque<std::vector<uint8_t>> waiting_;  // samples of rows that no finished band holds yet
  int64_t next_row_ = 0, num_tiles_done_ = 0, num_changed_ = 0;
  imaging::RowBuffer row_;
  const float* damage_ = nullptr;
  std::vector<float> luma_, chroma_slope_, chroma_offset_;
};

}  // namespace restore
