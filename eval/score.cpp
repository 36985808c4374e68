#include "eval/score.h"

#include <fmt/format.h>

#include <algorithm>

#include "eval/eval_table.h"

namespace eval {
namespace {

constexpr size_t kMostNameColumns = 46;  // with the figures beside it: 100

/// A name that is too long keeps its end: there lies what tells files of one folder apart.
std::string fitting(const std::string& name) {
  if (name.size() <= kMostNameColumns) return name;
  return "..." + name.substr(name.size() - (kMostNameColumns - 3));
}

std::string table_line(const Score& score, size_t name_columns) {
  return fmt::format("{:<{}}  {:6.2f} -> {:5.2f}  {:+6.2f}   {:6.4f} -> {:6.4f}  {:+7.4f}\n",
                     fitting(score.name), name_columns, score.aged.psnr, score.restored.psnr,
                     score.restored.psnr - score.aged.psnr, score.aged.ssim, score.restored.ssim,
                     score.restored.ssim - score.aged.ssim);
}

nlohmann::json figures(const Score& score) {
  return {{"psnr_aged", score.aged.psnr},
          {"psnr_restored", score.restored.psnr},
          {"ssim_aged", score.aged.ssim},
          {"ssim_restored", score.restored.ssim}};
}

}  // namespace

Score mean_score(const std::vector<Score>& scores) {
  const auto count = static_cast<double>(scores.size());
  Score mean{"mean", {}, {}, {}};
  for (const Score& score : scores) {
    mean.aged.psnr += score.aged.psnr / count;
    mean.aged.ssim += score.aged.ssim / count;
    mean.restored.psnr += score.restored.psnr / count;
    mean.restored.ssim += score.restored.ssim / count;
  }
  return mean;
}

std::string score_table(const std::vector<Score>& scores) {
  size_t name_columns = 5;
  for (const Score& score : scores) {
    name_columns = std::max(name_columns, fitting(score.name).size());
  }
  std::string table = fmt::format("{:<{}}  {:^15}  {:>6}   {:^16}  {:>7}\n", "photo", name_columns,
                                  "PSNR dB, luma", "gain", "SSIM, luma", "gain");
  for (const Score& score : scores) table += table_line(score, name_columns);
  const std::string rule(table.find('\n'), '-');
  table += rule + "\n" + table_line(mean_score(scores), name_columns);
  const auto num_worse = std::count_if(scores.begin(), scores.end(), [](const Score& score) {
    return score.restored.psnr < score.aged.psnr;
  });
  return table + fmt::format("{} of {} below their aged input\n", num_worse, scores.size());
}

std::string scores_csv(const std::vector<Score>& scores) {
  std::string csv = "photo,psnr_aged,psnr_restored,ssim_aged,ssim_restored\n";
  for (const Score& score : scores) {
    csv += fmt::format("{},{},{},{},{}\n", csv_value(score.name), score.aged.psnr,
                       score.restored.psnr, score.aged.ssim, score.restored.ssim);
  }
  return csv;
}

nlohmann::json scores_json(const std::vector<Score>& scores) {
  nlohmann::json photos = nlohmann::json::array();
  for (const Score& score : scores) {
    nlohmann::json photo = figures(score);
    photo["name"] = score.name;
    photo["files"] = score.files;
    photos.push_back(std::move(photo));
  }
  return {{"photos", std::move(photos)}, {"mean", figures(mean_score(scores))}};
}

}  // namespace eval
