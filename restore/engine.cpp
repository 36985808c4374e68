#include "restore/engine.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "common/clock.h"
#include "common/command_line.h"
#include "common/error.h"
#include "common/hardware.h"
#include "device/torch.h"
#include "imaging/metadata/exiftool.h"
#include "model/network.h"
#include "restore/analysis.h"
#include "restore/border.h"
#include "restore/load_network.h"
#include "restore/photo_in_border.h"
#include "restore/photo_writer.h"
#include "restore/provenance.h"
#include "restore/restored_rows.h"

namespace restore {
namespace {

// The small picture of the whole: for wide holes few pixels do, for colours it is all there is.
constexpr int64_t kSmallForHoles = 250'000, kSmallForColours = 1'000'000;
// Photographs of more pixels are large: damage is looked for in their small version, too. Of
// smaller ones a small version would show collars and bows as narrow as cracks.
constexpr int64_t kLarge = 1'600'000;
// Findings::sharpness: below, the scan shows less than its pixels could, and cracks are as wide in
// it as in a large one.
constexpr double kSoft = 0.25;

bool inpaints(const RestoreOptions& options) {
  return options.tasks.inpaint && options.strength.value_or(1) > 0;
}

/// Cracks may be wider in it than those that the network knows: a large photograph, or a scan
/// without fine detail, unless it is small itself.
bool is_coarse(const Source& source, const Findings& found) {
  const int64_t pixels = source.height() * source.width();
  return pixels > kLarge || (pixels > kSmallForHoles && found.sharpness < kSoft);
}

bool wants_colours(const RestoreOptions& options, const Findings& found) {
  const bool keeps_own = options.keep_colour && found.colour == Findings::Colour::coloured;
  return options.tasks.colourise && !keeps_own;
}

int64_t small_pixels(const RestoreOptions& options) {
  return options.tasks.colourise ? kSmallForColours : kSmallForHoles;
}

/// What is restored of a picture: all, or what its border surrounds.
struct Photograph {
  std::unique_ptr<PhotoInBorder> in_border;  ///< null: there is none
  Source& source;
  Analysis seen;

  /// Of the whole picture.
  imaging::Span rows() const {
    return in_border ? in_border->rows() : imaging::Span{0, source.height()};
  }
  imaging::Span columns() const {
    return in_border ? in_border->columns() : imaging::Span{0, source.width()};
  }
};

/// Reads the picture once, with a border twice.
Photograph photograph_of(Source& whole, int64_t small_pixels,
                         const std::function<void(double)>& tell, const std::stop_token& stop) {
  Analysis seen = analyse(whole, small_pixels, tell, stop);
  std::optional<Border> border;
  if (!stop.stop_requested()) border = find_border(seen.luma, seen.scale);
  if (!border) return {nullptr, whole, std::move(seen)};
  auto photo = std::make_unique<PhotoInBorder>(whole, *std::move(border), seen.known, seen.scale);
  seen = analyse(*photo, small_pixels, {}, stop);
  Source& source = *photo;
  return {std::move(photo), source, std::move(seen)};
}

/// A photograph that is not there is one that cannot be read: the others of a batch go on.
std::unique_ptr<FileSource> open_source(const RestoreJob& job, const RestoreOptions& options) {
  try {
    return std::make_unique<FileSource>(job.photo, options);
  } catch (const common::Error& error) {
    if (error.kind() != common::ErrorKind::io) throw;
    throw common::corrupt_error(error.what());
  }
}

/// Levels of FindDamage of the whole picture: its border is intact.
GrayPreview with_border(const GrayPreview& levels, const Photograph& photo, const Source& whole) {
  if (!photo.in_border || levels.levels.empty()) return levels;
  const int64_t scale = photo.seen.scale;
  const auto small = [scale](int64_t length) {
    return static_cast<int>((length + scale - 1) / scale);
  };
  GrayPreview all{small(whole.width()), small(whole.height()), {}};
  all.levels.resize(static_cast<size_t>(all.width) * static_cast<size_t>(all.height));
  const int left =
      std::min(static_cast<int>(photo.columns().begin / scale), all.width - levels.width);
  const int top =
      std::min(static_cast<int>(photo.rows().begin / scale), all.height - levels.height);
  for (int y = 0; y < levels.height; ++y) {
    std::copy_n(levels.levels.begin() + y * levels.width, levels.width,
                all.levels.begin() + (top + y) * all.width + left);
  }
  return all;
}

/// Of a photograph in which so much was repaired, and none of it marked by a person, that it is
/// hardly damage; empty: it may well be.
std::string doubtful_damage(const RestoredPhoto& result) {
  const double share = result.found.damaged_share, sensitivity = result.options.sensitivity;
  if (share <= kMuchDamage || !result.options.mask.empty() || result.strengths.inpaint == 0) {
    return "";
  }
  const double lower = std::max(sensitivity - 1, -kMostSensitivity);
  return fmt::format(
      "warning: {:.0f}% of the picture was taken for damage and repaired. So much is seldom "
      "damage: it may be a page of text, a border or a halftone. Compare, and try no repair "
      "(--tasks denoise){}",
      100 * share,
      lower < sensitivity ? fmt::format(" or less of it (--sensitivity {})", lower) : "");
}

double time_of_day() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

void EngineOptions::validate() const {
  if (threads < 0 || threads > 1024) {
    throw common::usage_error("--threads " + std::to_string(threads) +
                              ": expected 1 to 1024, or 0 for all cores");
  }
  if (tile != 0) Tiling{tile, shared_pixels(), 0}.validate();
  if (shared_pixels() < 0) {
    throw common::usage_error("--overlap " + std::to_string(shared_pixels()) +
                              ": expected 0 or more");
  }
}

int64_t EngineOptions::shared_pixels() const {
  constexpr int64_t kOverlap = 128;
  return overlap.value_or(tile == 0 ? kOverlap : std::min(kOverlap, tile / 2));
}

int64_t parse_memory(const std::string& text) {
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  const std::string unit(end, text.data() + text.size());
  const int shift = unit == "M" ? 20 : unit == "G" ? 30 : -1;
  if (error != std::errc() || shift < 0 || !(amount > 0 && amount < 1e6)) {
    throw common::usage_error("--memory " + text +
                              ": expected a number of megabytes or gigabytes, such as 900M or 2G");
  }
  return static_cast<int64_t>(amount * static_cast<double>(int64_t{1} << shift));
}

void add_options(common::CommandLine& line, EngineOptions& options) {
  line.add("--model", options.model, "model file [RESTORE_MODEL, or the one that ships]")
      .placeholder("FILE");
  line.add("--device", options.device, "cpu, cuda, or auto: a GPU where there is one")
      .show_default();
  line.add_parsed(
      "--memory", "2G", "that may be used in all, such as 900M or 2G",
      [&options](const std::string& text) { options.memory_bytes = parse_memory(text); });
  line.add("--threads", options.threads, "cores to use [all]");
  line.add("--tile", options.tile,
           "cut every photograph into tiles of this many pixels a side [what fits]");
  line.add("--overlap", options.overlap,
           "pixels that tiles share [128, or half of a smaller tile]");
}

Engine load_engine(EngineOptions options, int64_t num_jobs, bool colourise) {
  options.validate();
  common::keep_freed_memory();
  const int64_t cores = options.threads == 0 ? common::usable_cores() : options.threads;
  at::set_num_threads(static_cast<int>(std::max<int64_t>(1, cores / num_jobs)));
  options.memory_bytes /= num_jobs;
  const std::filesystem::path model = find_model(options.model);
  const LoadedNetwork loaded = load_network(model, options.device);
  spdlog::info("model {} ({})", model.string(), loaded.description);
  options.model_sha256 = sha256_of_file(model);
  loaded.network->prepare_for_inference({.colour = colourise});
  return {loaded.network, options};
}

Engine::Engine(std::shared_ptr<model::Network> network, const EngineOptions& options)
    : network_(std::move(network)), options_(options) {
  options_.validate();
}

std::optional<RestoredPhoto> Engine::restore(const RestoreJob& job, const RestoreOptions& options,
                                             const PhotoProgress& progress,
                                             const std::stop_token& stop) const {
  return as_function()(job, options, progress, stop);
}

std::optional<RestoredPhoto> Engine::restore_file(const RestoreJob& job,
                                                  const RestoreOptions& options,
                                                  const PhotoProgress& progress,
                                                  const std::stop_token& stop,
                                                  imaging::ExifTool& exiftool) const {
  const double start_s = common::steady_now_s();
  options.validate();
  const auto source = open_source(job, options);
  RestoredPhoto result = begin_result(job, options, *source);
  // What the encoder holds of the whole result. Measured.
  const int64_t encoder_bytes =
      result.format == imaging::Format::webp ? 18 * result.height * result.width : 0;
  const auto tell = [&](double share) {
    if (progress) progress(kAnalysedShare * share);
  };
  const Photograph photo = photograph_of(*source, small_pixels(options), tell, stop);
  if (stop.stop_requested()) return std::nullopt;
  const bool is_cut_out = photo.in_border && photo.in_border->is_cut_out();
  if (is_cut_out) {
    result.notes.push_back("its border stays as it is, unless damage is marked in it (--mask)");
  }
  const RestorePlan plan = make_plan(photo.source, photo.seen, options, encoder_bytes);
  const bool in_colours = plan.overview.colours.has_value();
  if (!in_colours && wants_colours(options, plan.found)) {
    result.notes.push_back("the model does not colour: it stays as it was");
  }
  if (!network_->restores_luma() && (options.tasks.denoise || options.tasks.inpaint)) {
    result.notes.push_back(
        "warning: the model neither denoises nor inpaints: grain and damage stay");
  }
  result.coloured = in_colours;
  result.model_sha256 = options_.model_sha256;
  result.found = plan.found;
  result.strengths = plan.strengths;
  const auto tile_done = [&](int64_t done, int64_t total) {
    if (done == 1) result.first_tile_at = time_of_day();
    const double share = static_cast<double>(done) / static_cast<double>(total);
    if (progress) progress(kAnalysedShare + (1 - kAnalysedShare) * share);
  };
  PhotoWriter writer(*source, in_colours, result, exiftool);
  RestoredRows rows(photo.source, *network_, plan, tile_done, stop);
  RowsWithBorder all_rows(rows, *source, is_cut_out ? photo.in_border.get() : nullptr, in_colours);
  for (int64_t y = 0; y < result.height; ++y) {
    if (!all_rows.next()) return std::nullopt;
    writer.add(all_rows.row(), all_rows.damage());
  }
  result.changed_share = rows.changed_share() *
                         static_cast<double>(photo.source.height() * photo.source.width()) /
                         static_cast<double>(result.height * result.width);
  source->file().require_unchanged();
  if (!writer.finish(stop)) return std::nullopt;
  if (auto note = doubtful_damage(result); !note.empty()) result.notes.push_back(std::move(note));
  result.network_seconds = plan.overview.network_seconds + rows.network_seconds();
  result.seconds = common::steady_now_s() - start_s;
  return result;
}

RestoredPlane Engine::restore(const imaging::Plane& luma, const RestoreOptions& options,
                              const imaging::Plane* known_damage) const {
  options.validate();
  PlaneSource source(luma, known_damage);
  const Photograph photo = photograph_of(source, small_pixels(options), {}, {});
  const RestorePlan plan = make_plan(photo.source, photo.seen, options, 0);
  const imaging::Plane none(luma.height, luma.width);
  RestoredPlane restored{luma, none, {}};
  if (plan.overview.colours) restored.chroma = Chroma{none, none};
  RestoredRows rows(photo.source, *network_, plan);
  const auto [left, width] = photo.columns();
  for (int64_t y = photo.rows().begin; rows.next(); ++y) {
    imaging::luma_of_row(rows.row(), restored.luma.row(y) + left);
    std::copy_n(rows.damage(), width, restored.damage.row(y) + left);
    if (!restored.chroma) continue;
    imaging::chroma_of_row(rows.row(), restored.chroma->blue.row(y) + left,
                           restored.chroma->red.row(y) + left);
  }
  return restored;
}

GrayPreview Engine::find_damage(const std::filesystem::path& file,
                                const std::stop_token& stop) const {
  const auto source = open_source({file, {}}, {});
  const Tiling fitting = tiling(*source, {}, /*encoder_bytes=*/0);
  const int64_t pixels = std::clamp(fitting.tile * fitting.tile, kSmallForHoles, kLarge);
  const Photograph photo = photograph_of(*source, pixels, {}, stop);
  imaging::Plane small;
  if (is_coarse(photo.source, photo.seen.found)) {
    small = analyse(photo.source, kSmallForHoles, {}, stop).luma;
  }
  if (stop.stop_requested()) return {};
  const GrayPreview levels = damage_levels(*network_, photo.seen.luma, photo.seen.known, small,
                                           [found = photo.seen.found](double sure_share) mutable {
                                             found.sure_share = sure_share;
                                             return damage_rule_for(RestoreOptions(), found);
                                           });
  return with_border(levels, photo, *source);
}

RestorePhoto Engine::as_function() const {
  return [engine = *this, exiftool = std::make_shared<imaging::ExifTool>()](
             const auto& job, const auto& options, const auto& progress, const auto& stop) {
    return engine.restore_file(job, options, progress, stop, *exiftool);
  };
}

RestorePlan Engine::make_plan(Source& source, const Analysis& seen, const RestoreOptions& options,
                              int64_t encoder_bytes) const {
  RestorePlan plan;
  plan.found = seen.found;
  if (seen.found.colour == Findings::Colour::toned) plan.tone = seen.tone;
  plan.layers = {.has_known_damage = source.has_known_damage(),
                 .has_chroma = seen.found.colour == Findings::Colour::coloured &&
                               !wants_colours(options, seen.found) && inpaints(options)};
  plan.grid = tile_grid(source.height(), source.width(), tiling(source, plan.layers, encoder_bytes),
                        network_->multiple());
  plan.overview = look(source, seen, plan.grid, options);
  plan.found.sure_share = plan.overview.sure_share;
  plan.strengths = strengths_for(options, plan.found);
  return plan;
}

Tiling Engine::tiling(const Source& source, const TileLayers& layers, int64_t encoder_bytes) const {
  if (options_.tile != 0)
    return {options_.tile, options_.shared_pixels(), options_.tile * options_.tile};
  const auto num_layers = static_cast<int64_t>(layers.count() + 2 + (layers.has_chroma ? 2 : 0));
  const MemoryNeeds needs{source.name(), source.height(), source.width(),
                          num_layers * 4 + source.row_bytes() / source.width(),
                          source.held_bytes() + encoder_bytes};
  return tiling_for(needs, options_.memory_bytes, options_.shared_pixels(), network_->multiple());
}

/// A picture of one tile is its own overview, unless it is coarse. Of another one the network sees
/// a small version, if anything is asked of it.
Overview Engine::look(Source& source, const Analysis& seen, const TileGrid& grid,
                      const RestoreOptions& options) const {
  OverviewOptions wanted{.colours = wants_colours(options, seen.found),
                         .rule = damage_rule_for(options, seen.found)};
  // Seen again if so much damage is found that another rule is right for it.
  const auto view_of = [&](const imaging::Plane& luma, const imaging::Plane& known, int64_t scale) {
    Overview first = make_overview(*network_, luma, known, scale, wanted);
    Findings found = seen.found;
    found.sure_share = first.sure_share;
    const model::DamageRule rule = damage_rule_for(options, found);
    if (rule == wanted.rule) return first;
    wanted.rule = rule;
    Overview second = make_overview(*network_, luma, known, scale, wanted);
    second.sure_share = first.sure_share;  // which `rule` follows from
    second.network_seconds += first.network_seconds;
    return second;
  };
  const bool looks_for_damage = is_coarse(source, seen.found) && seen.scale > 1;
  if (grid.num_tiles() == 1 && !looks_for_damage) {
    wanted.keep_restoration = true;
    const WholePicture whole = read_whole(source);
    return view_of(whole.luma, whole.known, 1);
  }
  wanted.holes = inpaints(options);
  wanted.damage = wanted.holes && looks_for_damage;
  wanted.hole_pixels = 2 * grid.overlap;
  const bool is_measured = !options.strength;
  if (!wanted.holes && !wanted.colours && !is_measured) return {};
  return view_of(seen.luma, seen.known, seen.scale);
}

}  // namespace restore
