#include "eval/methods.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/error.h"
#include "imaging/photo_reader.h"
#include "imaging/row_buffer.h"

namespace eval {
namespace {

using Kind = EvalTask::Kind;

[[noreturn]] void refuse_baseline(const std::string& message) {
  throw common::usage_error("--baseline " + message);
}

Baseline parse_baseline(const std::string& word) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
    refuse_baseline(word + ": expected NAME=DIR, such as telea=out/telea");
  }
  return {word.substr(0, equals), word.substr(equals + 1)};
}

Answer untouched(const EvalTask& task, const EvalSample& sample) {
  if (task.kind != Kind::colourise) return {kAgedMethod, sample.aged};
  const imaging::Plane no_chroma(sample.aged.height, sample.aged.width);
  return {kGrayMethod, sample.aged, restore::Chroma{no_chroma, no_chroma}};
}

restore::RestoreOptions options_for(const EvalTask& task, std::optional<double> strength) {
  restore::RestoreOptions options;
  options.tasks.colourise = task.has_colours();
  if (task.kind == Kind::colourise) options.tasks = {false, false, true};
  options.strength = strength;
  return options;
}

Answer of_model(const char* method, restore::RestoredPlane restored) {
  return {method, std::move(restored.luma), std::move(restored.chroma), std::move(restored.damage),
          true};
}

Answer coloured_by(const restore::Engine& colouriser, const imaging::Plane& luma) {
  restore::RestoreOptions options;
  options.tasks = {false, false, true};
  auto coloured = colouriser.restore(luma, options);
  if (coloured.chroma) return {kTwoStageMethod, luma, std::move(coloured.chroma), {}, true};
  throw common::usage_error(
      "--colour-model: this network does not colour; name a model file that was "
      "trained with network.name: colour");
}

restore::Chroma chroma_of(const imaging::Photo& photo) {
  const imaging::Plane like(photo.height, photo.width);
  restore::Chroma chroma{like, like};
  const size_t num_pixels = like.values.size();
  imaging::RowBuffer pixels;  // all of them
  const auto channel = [&](size_t which, std::vector<float>& values) {
    const uint8_t* from = photo.rgb.data() + which * num_pixels;
    std::transform(from, from + num_pixels, std::back_inserter(values),
                   [](uint8_t level) { return static_cast<float>(level) / 255; });
  };
  channel(0, pixels.red), channel(1, pixels.green), channel(2, pixels.blue);
  imaging::chroma_of_row(pixels, chroma.blue.values.data(), chroma.red.values.data());
  return chroma;
}

Answer of_baseline(const Baseline& baseline, const EvalTask& task, const std::string& file_name,
                   const EvalSample& sample) {
  const imaging::Photo picture = baseline.read(task, file_name, sample);
  Answer answer{baseline.name, luma_plane(picture)};
  if (task.kind == Kind::colourise) answer.chroma = chroma_of(picture);
  return answer;
}

}  // namespace

bool Baseline::does(const EvalTask& task) const {
  std::error_code absent;
  return std::filesystem::is_directory(folder / task.name, absent);
}

imaging::Photo Baseline::read(const EvalTask& task, const std::string& file_name,
                              const EvalSample& sample) const {
  const std::filesystem::path file = folder / task.name / (file_name + ".png");
  if (!std::filesystem::exists(file)) {
    refuse_baseline(fmt::format(
        "{}={}: no picture {}; it must have one for each that --pictures writes to "
        "{}/, or not do this task at all (no folder {})",
        name, folder.string(), file.string(), task.name, (folder / task.name).string()));
  }
  imaging::Photo picture = imaging::read_photo(file, 0);
  if (picture.width == sample.clean.width && picture.height == sample.clean.height) return picture;
  refuse_baseline(
      fmt::format("{}={}: {} has {}x{} pixels, the photograph {}x{}; use the pictures that "
                  "--pictures writes with the same --short-side",
                  name, folder.string(), file.string(), picture.width, picture.height,
                  sample.clean.width, sample.clean.height));
}

std::vector<Baseline> parse_baselines(const std::vector<std::string>& words,
                                      const std::vector<EvalTask>& tasks) {
  std::vector<Baseline> baselines;
  std::set<std::string> taken{kAgedMethod, kGrayMethod, kModelMethod, kModelWithMaskMethod,
                              kTwoStageMethod};
  for (const std::string& word : words) {
    const Baseline& baseline = baselines.emplace_back(parse_baseline(word));
    if (!taken.insert(baseline.name).second) {
      refuse_baseline(word + ": the table has such a row; rename it");
    }
    if (std::none_of(tasks.begin(), tasks.end(),
                     [&](const EvalTask& task) { return baseline.does(task); })) {
      refuse_baseline(word + ": " + baseline.folder.string() +
                      " holds a folder for none of the tasks; put pictures there as TASK/NAME.png");
    }
  }
  return baselines;
}

std::vector<Answer> answers_to(const EvalTask& task, const EvalSample& sample,
                               const std::string& file_name, const EvalMethods& methods) {
  std::vector<Answer> answers{untouched(task, sample)};
  if (methods.model != nullptr) {
    const restore::RestoreOptions options = options_for(task, methods.strength);
    answers.push_back(of_model(kModelMethod, methods.model->restore(sample.aged, options)));
    if (methods.colouriser != nullptr && task.has_colours()) {
      answers.push_back(coloured_by(*methods.colouriser, answers.back().luma));
    }
    if (task.kind == Kind::inpainting) {
      answers.push_back(of_model(kModelWithMaskMethod,
                                 methods.model->restore(sample.aged, options, &*sample.damage)));
      answers.back().damage.reset();
    }
  }
  for (const Baseline& baseline : methods.baselines) {
    if (baseline.does(task)) answers.push_back(of_baseline(baseline, task, file_name, sample));
  }
  return answers;
}

}  // namespace eval
