// restore/: an exported model applied to real photographs; `restore`, and in eval/ `restore-eval`.
// May include model/, device/, checkpoints/, dataset/ageing, dataset/photos, common/; LibTorch and
// libvips. Start here: PhotoRestorer::restore is the life of a photograph. Then pictures/ (files in
// and out), tiled_inference.h (how a picture of any size is gone through), tile_restorer.h (what is
// done to it).
#pragma once

#include <memory>

#include "model/network.h"
#include "imaging/image_writer.h"
#include "restore/restored_photo.h"
#include "restore/tile_restorer.h"
#include "restore/tiling.h"

namespace restore {

/// How photographs are restored, whichever they are.
struct RestorerOptions {
  int64_t memory_bytes = int64_t{2} << 30;  ///< that the process may use for one photograph
  int64_t tile = 0;       ///< pixels of a tile's side at most; 0: what fits into the memory
  int64_t overlap = 128;  ///< pixels that tiles share
  int quality = 95;       ///< of JPEG and WebP

  /// Throws Error(usage).
  void validate() const;
};

/// Restores photographs with a network, each in the memory that it is allowed. Threads may share
/// it.
class PhotoRestorer {
 public:
  PhotoRestorer(std::shared_ptr<model::Network> network, const RestorerOptions& options);

  /// See RestorePhoto. The result has the format that the name of `job.restored` ends with.
  /// Throws Error(usage) if the memory is not enough for any tile.
  RestoredPhoto restore(const RestoreJob& job, const RestoreOptions& treatment,
                        const PhotoProgress& progress) const;

 private:
  std::shared_ptr<model::Network> network_;
  RestorerOptions options_;
};

/// What a treatment comes to for a photograph in which this was found. With RestoreOptions::strength
/// none: grain is removed as far as there is any, tone changed as far as the photograph is faded,
/// and what may be damage is filled the more readily, the more damage there is.
Strengths strengths_for(const RestoreOptions& treatment, const Findings& found);

}  // namespace restore
