#include "eval/evaluation.h"

#include "common/files.h"
#include "common/progress.h"
#include "eval/eval_figures.h"
#include "imaging/write_gray.h"

namespace eval {
namespace {

Quality quality(const Sample& sample, const imaging::Plane& picture) {
  const Figures figures = gray_figures(sample, picture);
  return {*figures.psnr, *figures.ssim};
}

nlohmann::json write_pictures(const Sample& sample, const imaging::Plane& restored,
                              const std::filesystem::path& folder, const std::string& name) {
  common::make_directories((folder / name).parent_path());
  nlohmann::json files;
  const auto write = [&](const char* kind, const imaging::Plane& plane) {
    const std::string file = name + "." + kind + ".png";
    imaging::write_gray(folder / file, plane);
    files[kind] = file;
  };
  write("aged", sample.aged);
  write("restored", restored);
  write("original", sample.clean);
  return files;
}

}  // namespace

std::vector<Score> evaluate(const EvalTask& task, const std::vector<imaging::PhotoFile>& photos,
                            const restore::Restorer& restorer, const EvaluationOptions& options) {
  const auto pictures = eval_pictures(photos, options);
  std::vector<Score> scores;
  common::Progress progress("evaluating", "pictures", static_cast<int64_t>(pictures.size()));
  for (const EvalPicture& picture : pictures) {
    const Sample sample = make_sample(task, read_clean(picture, options), picture.key);
    const imaging::Plane restored = restorer.restore(sample.aged).luma;
    Score score{picture.name, quality(sample, sample.aged), quality(sample, restored), {}};
    if (!options.output.empty()) {
      score.files = write_pictures(sample, restored, options.output, picture.file);
    }
    scores.push_back(std::move(score));
    progress.update(static_cast<int64_t>(scores.size()), picture.name);
  }
  return scores;
}

}  // namespace eval
