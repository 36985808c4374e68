#include "restore/photo_restorer.h"

#include <algorithm>
#include <chrono>

#include "common/error.h"
#include "common/files.h"
#include "restore/memory_plan.h"
#include "imaging/copy_metadata.h"
#include "restore/analysis.h"
#include "restore/restored_rows.h"

namespace restore {
namespace {

// The small picture of the whole: for wide holes few pixels do, for colours it is all there is.
constexpr int64_t kSmallForHoles = 250'000, kSmallForColours = 1'000'000;

[[noreturn]] void refuse(const std::string& message) {
  throw common::Error(common::ErrorKind::usage, message);
}

imaging::Format result_format(const RestoreJob& job, imaging::Format photo) {
  if (job.format) return *job.format;
  return job.restored.has_extension() ? imaging::format_of_name(job.restored) : photo;
}

/// What the result can hold of the photograph.
imaging::PixelFormat result_form(const imaging::PixelFormat& photo, imaging::Format format, bool in_colours,
                       std::vector<std::string>& notes) {
  imaging::PixelFormat form = photo;
  if (in_colours) form.colours = 3;
  if (photo.bits == 16 && (format == imaging::Format::jpeg || format == imaging::Format::webp)) {
    form.bits = 8;
    notes.push_back(std::string(to_string(format)) + " has 8 bit a sample: 16 were rounded to 8");
  }
  if (photo.has_alpha && format == imaging::Format::jpeg) {
    form.has_alpha = false;
    notes.push_back("JPEG has no transparency: it was laid on white");
  }
  return form;
}

/// As scanners write TIFF: the result is not compressed either, which takes the longest of all that
/// is done beside the network.
bool is_compressed(const imaging::ImageFile& scan) {
  const auto bytes = static_cast<int64_t>(std::filesystem::file_size(scan.path()));
  return scan.format() != imaging::Format::tiff || bytes < scan.form().row_bytes() * scan.form().height;
}

/// The mask made as small as the survey.
imaging::Plane small_mask(MaskFile& mask, float unmarked, const imaging::PixelFormat& form, int64_t scale) {
  imaging::BoxDownsample small(form.height, form.width, scale);
  std::vector<float> row(static_cast<size_t>(form.width));
  mask.rewind();
  for (int64_t y = 0; y < form.height; ++y) {
    mask.next_row(unmarked, row.data());
    small.add(y, row.data());
  }
  mask.rewind();
  return small.finish();
}

/// The life of one photograph.
class Work {
 public:
  Work(model::Network& network, const RestorerOptions& options, const RestoreJob& job,
       const RestoreOptions& treatment)
      : network_(network), options_(options), scan_(job.photo), header_(scan_.open_pixels()) {
    treatment.validate();
    done_.job = job;
    done_.treatment = treatment;
    done_.width = scan_.form().width;
    done_.height = scan_.form().height;
    done_.bits = scan_.form().bits;
    done_.format = result_format(job, scan_.format());
    imaging::require_fitting(scan_.path(), scan_.form(), done_.format);
    done_.notes = scan_.notes();
    curve_ = imaging::ToneCurve(header_.get(), scan_.form().colours, done_.notes);
    if (!treatment.mask.empty()) mask_.emplace(treatment.mask, scan_.form());
    unmarked_ = treatment.only_mask ? 0.0F : -1.0F;
  }

  RestoredPhoto run(const PhotoProgress& progress) {
    look(progress);
    plan();
    write(progress);
    return std::move(done_);
  }

 private:
  void look(const PhotoProgress& progress) {
    const int64_t small = done_.treatment.tasks.colour ? kSmallForColours : kSmallForHoles;
    seen_ = survey(scan_, curve_, small, [&](double share) {
      if (progress) progress(kLookedAt * share);
    });
    done_.found = seen_.found;
    strengths_ = strengths_for(done_.treatment, done_.found);
  }

  Strengths decide(double damaged_share) {
    done_.found.damaged_share = damaged_share;
    strengths_ = strengths_for(done_.treatment, done_.found);
    return strengths_;
  }

  bool wants_colours() const {
    const bool keeps_own =
        done_.treatment.keep_colour && seen_.found.colour == Findings::Colour::coloured;
    return done_.treatment.tasks.colour && !keeps_own;
  }

  void plan() {
    layers_ = {.has_known_damage = mask_.has_value(),
               .has_chroma = seen_.found.colour == Findings::Colour::coloured && !wants_colours() &&
                             strengths_.fill > 0};
    const int64_t layers = static_cast<int64_t>(layers_.count() + 2 + (layers_.has_chroma ? 2 : 0));
    const BandNeeds needs{done_.height, done_.width,
                          layers * 4 + scan_.form().channels() * scan_.form().sample_bytes(),
                          scan_.held_bytes() + written_bytes()};
    tiling_ = {.tile = options_.tile,
               .overlap = options_.overlap,
               .whole_pixels = options_.tile * options_.tile};
    if (options_.tile == 0) tiling_ = fitting_tiling(needs);
    grid_ = tile_grid(done_.height, done_.width, tiling_, network_.multiple());
    look_at_whole();
  }

  Tiling fitting_tiling(const BandNeeds& needs) const {
    try {
      return tiling_for(needs, options_.memory_bytes, options_.overlap, network_.multiple());
    } catch (const common::Error& error) {
      throw common::Error(error.kind(), scan_.path().string() + ": " + error.what());
    }
  }

  /// What the encoder holds of the whole result. Measured.
  int64_t written_bytes() const {
    return done_.format == imaging::Format::webp ? 18 * done_.height * done_.width : 0;
  }

  void look_at_whole() {
    const bool is_cut = grid_.num_tiles() > 1;
    const OverviewOptions wish{.holes = is_cut && strengths_.fill > 0,
                             .colours = wants_colours(),
                             .hole_pixels = 2 * tiling_.overlap};
    const bool is_measured = is_cut && !done_.treatment.strength;
    if (!wish.holes && !wish.colours && !is_measured) return;
    imaging::Plane known;
    if (mask_) known = small_mask(*mask_, unmarked_, scan_.form(), seen_.scale);
    view_ = make_overview(network_, seen_, mask_ ? &known : nullptr, wish);
    if (is_measured) decide(view_.damaged_share);
    if (wish.colours && !view_.colours) {
      done_.notes.push_back("the model does not colour: it stays as it was");
    }
  }

  void write(const PhotoProgress& progress) {
    const imaging::PixelFormat form =
        result_form(scan_.form(), done_.format, view_.colours.has_value(), done_.notes);
    if (form.colours != scan_.form().colours) {
      vips_image_remove(header_.get(), VIPS_META_ICC_NAME);  // of gray
    }
    TileRestorer treatment(network_, strengths_, layers_, &view_);
    if (grid_.num_tiles() == 1) {
      treatment.decide_by_first_tile([this](double share) { return decide(share); });
    }
    DamageRecord damage(form.height, form.width, done_.job.mask);
    RestoredRows rows(
        {.scan = scan_,
         .curve = curve_,
         .mask = mask_ ? &*mask_ : nullptr,
         .unmarked = unmarked_,
         .tone = seen_.found.colour == Findings::Colour::toned ? &seen_.tone : nullptr,
         .view = &view_,
         .treatment = treatment,
         .layers = layers_,
         .grid = grid_,
         .out = form},
        damage, [&](int64_t done, int64_t total) {
          const double share = static_cast<double>(done) / static_cast<double>(total);
          if (progress) progress(kLookedAt + (1 - kLookedAt) * share);
        });
    imaging::ImageWriter writer(
        done_.job.restored, form, header_.get(),
        {.format = done_.format, .quality = options_.quality, .compressed = is_compressed(scan_)});
    std::vector<uint8_t> samples(static_cast<size_t>(form.row_bytes()));
    for (int64_t y = 0; y < form.height; ++y) {
      rows.fill(y, samples.data());
      writer.write_row(samples.data());
    }
    writer.finish([&](const std::filesystem::path& file) {
      for (auto& note : imaging::copy_metadata(scan_.path(), file, done_.format)) {
        done_.notes.push_back(std::move(note));
      }
      damage.finish_mask();  // before the result has its name: what is there is complete
    });
    done_.damage = damage.preview();
    done_.found.damaged_share = damage.damaged_share();
    done_.network_seconds = view_.network_seconds + treatment.network_seconds();
    done_.grain_strength = strengths_.grain;
    done_.tone_strength = strengths_.tone;
    done_.fill_strength = strengths_.fill;
  }

  model::Network& network_;
  const RestorerOptions& options_;
  imaging::ImageFile scan_;
  imaging::vips::Image header_;
  imaging::ToneCurve curve_;
  std::optional<MaskFile> mask_;
  float unmarked_ = -1;
  Analysis seen_;
  Strengths strengths_;
  TileLayers layers_;
  Tiling tiling_;
  TileGrid grid_;
  Overview view_;
  RestoredPhoto done_;
};

/// A photograph that is not there is one that cannot be read: the others go on.
std::unique_ptr<Work> begin(model::Network& network, const RestorerOptions& options,
                            const RestoreJob& job, const RestoreOptions& treatment) {
  try {
    return std::make_unique<Work>(network, options, job, treatment);
  } catch (const common::Error& error) {
    if (error.kind() != common::ErrorKind::io) throw;
    throw common::Error(common::ErrorKind::corrupt, error.what());
  }
}

}  // namespace

void RestorerOptions::validate() const {
  if (quality < 1 || quality > 100) {
    refuse("--quality " + std::to_string(quality) + ": expected 1 to 100");
  }
  if (tile != 0) Tiling{tile, overlap, 0}.validate();
  if (overlap < 0) refuse("--overlap " + std::to_string(overlap) + ": expected 0 or more");
}

PhotoRestorer::PhotoRestorer(std::shared_ptr<model::Network> network,
                             const RestorerOptions& options)
    : network_(std::move(network)), options_(options) {
  options_.validate();
}

RestoredPhoto PhotoRestorer::restore(const RestoreJob& job, const RestoreOptions& treatment,
                                     const PhotoProgress& progress) const {
  const auto start = std::chrono::steady_clock::now();
  const std::unique_ptr<Work> work = begin(*network_, options_, job, treatment);
  RestoredPhoto done = work->run(progress);
  done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return done;
}

}  // namespace restore
