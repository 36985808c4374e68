// A colour network: the prior of its classes, and a run that learns them.
#include <gtest/gtest.h>

#include <fstream>

#include "comm/group.h"
#include "common/error.h"
#include "common/files.h"
#include "device/torch.h"
#include "model/ab_bins.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/worker/tiny_store.h"
#include "worker/colour_prior.h"
#include "worker/validation.h"

namespace {

namespace fs = std::filesystem;
using common::ErrorKind;

class Colour : public testing::Test {
 protected:
  Colour() { write_tiny_store(folder_ / "store"); }
  worker::TrainConfig config(const std::string& name) const {
    auto config = tiny_config(folder_, name);
    config.network = {"colour", {2}, 1};
    config.loss.colour_prior = prior_.string();
    return config;
  }
  void write_prior() const {
    write_colour_prior(prior_, worker::count_colours(dataset::Store(folder_ / "store")));
  }
  void rewrite_prior(const char* key, const nlohmann::json& value) const {
    auto json = nlohmann::json::parse(common::read_file(prior_));
    json[key] = value;
    common::write_file_atomically(prior_, json.dump());
  }
  static void run(const worker::TrainConfig& config) {
    comm::SingleGroup group;
    EXPECT_EQ(run_tiny_job(group, config), common::kExitDone);
  }
  void expect_refusal(ErrorKind kind, const std::string& words) const {
    tests::expect_error(kind, words, [&] { run(config("refused")); });
  }
  const tests::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  const fs::path prior_ = folder_ / "prior.json";
};

TEST_F(Colour, CountsEveryTrainingPatchAtAQuarterOfItsSize) {
  const dataset::Store store(folder_ / "store");
  std::vector<int64_t> told;
  const auto prior = worker::count_colours(store, [&](int64_t done) { told.push_back(done); });
  EXPECT_EQ(prior.store_fingerprint, store.fingerprint());
  EXPECT_EQ(prior.samples, 24);
  ASSERT_EQ(told.size(), 24);
  EXPECT_EQ(told.back(), 24);
  // 24 patches of 4 x 4 cells, all gray.
  const at::Tensor bins = model::in_gamut_ab_bins();
  const int64_t gray = bins.square().sum(1).argmin().item<int64_t>();
  EXPECT_EQ(prior.counts[gray].item<int64_t>(), 24 * 4 * 4);
  EXPECT_EQ(prior.counts.sum().item<int64_t>(), 24 * 4 * 4);
}

TEST_F(Colour, PriorSurvivesItsFile) {
  const dataset::Store store(folder_ / "store");
  auto prior = worker::count_colours(store);
  prior.counts[5] = 17;
  write_colour_prior(prior_, prior);
  const auto read = worker::read_colour_prior(prior_, store);
  EXPECT_TRUE(at::equal(read.counts, prior.counts));
  EXPECT_EQ(read.samples, 24);
}

TEST_F(Colour, NetworkLearnsTheClasses) {
  write_prior();
  auto config = this->config("learns");
  config.schedule.steps = 40;
  config.validation.every_steps = 40;
  config.optimizer.learning_rate = 1e-2;
  run(config);
  std::vector<double> losses;
  std::ifstream metrics(config.run.path() / "metrics.jsonl");
  for (std::string line; std::getline(metrics, line);) {
    const auto row = nlohmann::json::parse(line);
    if (row["kind"] == "train") losses.push_back(row["loss"]);
  }
  EXPECT_LT(losses.back(), losses.front() / 2);
}

TEST_F(Colour, NetworkIsJudgedInColours) {
  const at::NoGradGuard no_grad;
  comm::SingleGroup group;
  const auto config = this->config("red");
  const auto network = model::make_network(config.network, 1);
  const at::Tensor head_bias = network->weights().back().tensor;
  ASSERT_EQ(head_bias.numel(), model::kNumAbBins);
  const auto result = [&](double a, double b) {
    const at::Tensor away = model::in_gamut_ab_bins() - at::tensor({a, b});
    head_bias.zero_();
    head_bias[away.square().sum(1).argmin().item<int64_t>()] = 50;
    return worker::validate(group, *network, dataset::Store(folder_ / "store"), config.validation);
  };
  const auto gray = result(0, 0), red = result(60, 40);  // of pictures that are gray
  EXPECT_NEAR(gray.psnr, gray.aged_psnr, 1e-3);
  EXPECT_LT(red.psnr, gray.psnr - 2);
  EXPECT_EQ(red.damage_f1, 0);
}

TEST_F(Colour, NetworkIsNotTrainedWithoutAPriorOrWithThatOfAnotherStore) {
  auto config = this->config("without");
  config.loss.colour_prior.clear();
  tests::expect_error(ErrorKind::config, "run 'restore-prior ", [&] { run(config); });
  expect_refusal(ErrorKind::io, "prior.json");
  write_prior();
  rewrite_prior("store_fingerprint", "0123456789abcdef");
  expect_refusal(ErrorKind::config, "with fingerprint 0123456789abcdef; data.store has ");
}

TEST_F(Colour, RefusesAFileThatIsNoPrior) {
  common::write_file_atomically(prior_, "{}");
  expect_refusal(ErrorKind::corrupt, "not a colour prior");
  common::write_file_atomically(prior_, "counts");
  expect_refusal(ErrorKind::corrupt, "prior.json");
  write_prior();
  rewrite_prior("counts", std::vector<int64_t>(312, 1));
  expect_refusal(ErrorKind::corrupt, "expected 313 counts of 0 or more, got 312 numbers");
  rewrite_prior("counts", std::vector<int64_t>(313, -1));
  expect_refusal(ErrorKind::corrupt, "expected 313 counts of 0 or more");
  rewrite_prior("counts", "many");
  expect_refusal(ErrorKind::corrupt, "make it again with restore-prior");
  rewrite_prior("format_version", 2);
  expect_refusal(ErrorKind::config, "of format version 2, this program reads 1");
}

}  // namespace
