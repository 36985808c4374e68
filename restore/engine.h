// restore/: the one engine that restores pictures, and the program `restore`.
// May include model/, checkpoints/, device/, imaging/, common/; LibTorch and libvips.
// Start here: Engine::restore is the life of a photograph: source.h (rows in), analysis.h,
// photo_in_border.h, overview.h, strengths.h, tiled_inference.h with tile_restorer.h,
// restored_rows.h (rows out). batch.h restores many.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "imaging/plane.h"
#include "restore/restored_photo.h"

namespace common {
class CommandLine;
}
namespace imaging {
class ExifTool;
}
namespace model {
class Network;
}

namespace restore {

class Source;
struct Analysis;
struct Overview;
struct RestorePlan;
struct TileGrid;
struct TileLayers;
struct Tiling;

struct EngineOptions {
  std::string model = {};                   ///< file; empty: see find_model
  std::string device = "auto";              ///< see device::choose_device
  int64_t threads = 0;                      ///< of the processor; 0: as many as it has cores
  int64_t memory_bytes = int64_t{2} << 30;  ///< that the process may use
  int64_t tile = 0;  ///< pixels of a tile's side at most; 0: what fits into the memory
  std::optional<int64_t> overlap = {};  ///< pixels that tiles share; none: see shared_pixels
  std::string model_sha256 = {};        ///< of the model file, as load_engine found it

  /// Throws Error(usage).
  void validate() const;

  /// `overlap`, or 128, but half of a smaller tile.
  int64_t shared_pixels() const;
};

/// Bytes of "900M", "2G" or "1.5G". Throws Error(usage).
int64_t parse_memory(const std::string& text);

void add_options(common::CommandLine& line, EngineOptions& options);

/// Cb and Cr of BT.601 about 0 (model/chroma.h).
struct Chroma {
  imaging::Plane blue, red;
};

/// A picture that was restored in memory.
struct RestoredPlane {
  imaging::Plane luma;    ///< not clipped
  imaging::Plane damage;  ///< 0 to 1: the network's probability, or the damage that was known
  std::optional<Chroma> chroma;  ///< none: the network gives none, or was not asked
};

/// Restores pictures with one network, each in the memory that it is allowed. Threads may share it.
class Engine {
 public:
  /// Throws Error(usage) for wrong options.
  Engine(std::shared_ptr<model::Network> network, const EngineOptions& options);

  /// See RestorePhoto. Throws Error(usage) if the memory is not enough for any tile, Error(config)
  /// if there is no exiftool.
  std::optional<RestoredPhoto> restore(const RestoreJob& job, const RestoreOptions& options,
                                       const PhotoProgress& progress = {},
                                       const std::stop_token& stop = {}) const;

  /// The same for luma in memory, as restore-eval measures it: nothing is clipped or rounded.
  /// `known_damage` is its opacity, negative where nothing is known; null: nothing is known.
  /// Throws Error(usage) if its size is another.
  RestoredPlane restore(const imaging::Plane& luma, const RestoreOptions& options,
                        const imaging::Plane* known_damage = nullptr) const;

  /// See FindDamage.
  GrayPreview find_damage(const std::filesystem::path& photo,
                          const std::stop_token& stop = {}) const;

  /// The first of these, for whom the engine is one function. It keeps the network alive, and one
  /// exiftool for all photographs. Throws Error(config) if there is none.
  RestorePhoto as_function() const;

 private:
  std::optional<RestoredPhoto> restore_file(const RestoreJob& job, const RestoreOptions& options,
                                            const PhotoProgress& progress,
                                            const std::stop_token& stop,
                                            imaging::ExifTool& exiftool) const;
  RestorePlan make_plan(Source& source, const Analysis& seen, const RestoreOptions& options,
                        int64_t encoder_bytes) const;
  Tiling tiling(const Source& source, const TileLayers& layers, int64_t encoder_bytes) const;
  Overview look(Source& source, const Analysis& seen, const TileGrid& grid,
                const RestoreOptions& options) const;

  std::shared_ptr<model::Network> network_;
  EngineOptions options_;
};

/// An engine with the model that the options name, for `num_jobs` photographs at a time, which
/// share memory and cores. Call it before anything else computes. `colourise`: it will be asked for
/// colours. Throws as find_model and load_network do, and Error(usage) for wrong options.
Engine load_engine(EngineOptions options, int64_t num_jobs, bool colourise);

}  // namespace restore
