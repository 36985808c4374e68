#include "worker/job.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <sstream>
#include <utility>

#include "comm/mpi_group.h"
#include "common/config.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hardware.h"
#include "common/hash.h"
#include "common/log.h"
#include "device/torch.h"
#include "health/heartbeat.h"
#include "health/process.h"
#include "health/run_lease.h"
#include "worker/colour_prior.h"
#include "worker/convolution_work.h"
#include "worker/process.h"
#include "worker/records/summary.h"
#include "worker/run_checkpoint.h"
#include "worker/training_loop.h"
#include "worker/weights.h"

namespace worker {
namespace {

using common::Error;

void require_same_job(comm::Group& group, const TrainConfig& config) {
  group.require_equal(common::xxh3(std::string(common::kVersion) + " " + TORCH_VERSION),
                      "the version of restore-worker or LibTorch", "install the same everywhere");
  group.require_equal(common::xxh3(common::config_yaml(config)), "the configuration",
                      "start all workers with the same --config and --set");
}

dataset::Store open_store(const DataConfig& data) {
  if (data.store.empty()) {
    throw common::config_error(
        "data.store is not set; make a store with restore-shard and name its folder");
  }
  return dataset::Store(data.store);
}

/// The network halves the sides of its input several times: they must be multiples of `multiple`.
void require_fitting_sizes(const TrainConfig& config, const dataset::Store& store,
                           int64_t multiple) {
  const auto check = [&](int64_t size, const char* what) {
    if (size % multiple == 0) return;
    throw common::config_error(
        fmt::format("{} is {}, this network takes multiples of {}", what, size, multiple));
  };
  check(config.sampling.crop, "sampling.crop");
  check(store.patch(), "the store's patch");
  if (config.sampling.crop > store.patch()) {
    throw common::config_error(fmt::format("sampling.crop is {}, the store's patches have {}",
                                           config.sampling.crop, store.patch()));
  }
  for (const auto split : {dataset::Split::train, dataset::Split::valid}) {
    if (store.num_samples(split) > 0) continue;
    throw common::config_error(
        fmt::format("the store {} has no {} samples", config.data.store,
                    split == dataset::Split::train ? "training" : "validation"));
  }
}

/// A run with `restore` never asks `denoise`, which would keep the values that it began with.
void require_part_in_use(const model::NetworkConfig& network, const TrainerState& trainer) {
  const bool learns = std::ranges::any_of(
      trainer.trained, [](const auto& weight) { return weight.name.starts_with("denoise."); });
  if (!learns || network.restore.empty()) return;
  throw common::config_error(
      "a run with network.restore does not train network.denoise: set network.denoise=[] and train "
      "it in a run of its own with network.restore=[] (restore-export joins both), or keep it as "
      "run.init has it (--freeze 'denoise.*')");
}

RecordsConfig records_config(const TrainConfig& config, double flops_per_sample) {
  return {.run_folder = config.run.path(),
          .host = health::host_name(),
          .log_every_steps = config.run.log_every_steps,
          .max_steps = config.schedule.steps,
          .max_minutes = config.schedule.max_minutes,
          .flops_per_sample = flops_per_sample};
}

/// Creates the run's folder, takes its lease on rank 0 and starts the logs and heartbeats in it.
void set_up_run_folder(comm::Group& group, const TrainConfig& config, health::Watchdog& watchdog,
                       std::optional<health::RunLease>& lease) {
  const std::filesystem::path folder = config.run.path();
  if (group.rank() == 0) {
    common::make_directories(folder);
    lease.emplace(folder);
    health::clear_heartbeats(folder);
    const std::string yaml = common::config_yaml(config);
    spdlog::info("configuration of {}:", folder.string());
    std::istringstream lines(yaml);
    for (std::string line; std::getline(lines, line);) spdlog::info("  {}", line);
    common::write_file_atomically(folder / "config.yaml", yaml);
  }
  group.barrier();  // rank 0 has the folder
  watchdog.join_run(folder, group.size());
  common::log_to_file(folder / fmt::format("worker-{}.log", group.rank()));
}

int dry_run(comm::Group& group, const TrainConfig& config, const dataset::Store& store,
            const TrainerState& trainer) {
  if (group.rank() != 0) return common::kExitDone;
  std::printf("%s", common::config_yaml(config).c_str());
  spdlog::info("{} training and {} validation patches of {} px, {} weights, {} workers: all fits",
               store.num_samples(dataset::Split::train), store.num_samples(dataset::Split::valid),
               store.patch(), num_elements(trainer.weights), group.size());
  return common::kExitDone;
}

/// Did an earlier start finish this run, summary included? Collective: rank 0 looks.
bool had_ended(comm::Group& group, const TrainConfig& config, const checkpoints::RunState& state) {
  const auto end = end_of_run(state, config);
  const bool validated = state.best && state.metrics && state.metrics->step == state.step;
  const bool ended =
      end && validated && std::filesystem::exists(config.run.path() / "summary.json");
  if (group.broadcast_from_rank_0(int64_t{ended}) == 0) return false;
  spdlog::info("{} had ended at step {} ({}), best validation PSNR {:.2f} dB: nothing to do",
               config.run.path().string(), state.step, to_string(*end), state.best->psnr);
  return true;
}

/// `part` of `whole`, on the worker where the share is largest.
double largest_share(comm::Group& group, double part, double whole) {
  constexpr double kParts = 1e9;  // Group::max compares whole numbers
  const double share = whole > 0 ? part / whole : 0;
  return static_cast<double>(group.max(std::llround(kParts * share))) / kParts;
}

/// Collective. Throws Error(comm) naming a worker whose weights differ from rank 0's.
Summary summarise(comm::Group& group, const TrainerState& trainer, const TimeTotals& times,
                  double flops_per_step, StopReason reason) {
  const uint64_t hash = weights_xxh3(trainer.weights);
  group.require_equal(hash, "the final weights",
                      "the workers have drifted apart: start again from a checkpoint",
                      common::ErrorKind::comm);
  const double step_s = times.steps > 0 ? times.step_s / static_cast<double>(times.steps) : 0;
  return {.stop_reason = to_string(reason),
          .step_s = step_s,
          .data_wait_share = largest_share(group, times.data_s, times.step_s),
          .communication_share = largest_share(group, times.reduce_s, times.step_s),
          .conv_gflops = step_s > 0 ? 1e-9 * flops_per_step / step_s : 0,
          .weights_xxh3 = common::hex64(hash),
          .num_weights = num_elements(trainer.weights),
          .num_workers = group.size(),
          .peak_rss_bytes = group.max(common::peak_memory_bytes()),
          .host = health::host_name()};
}

}  // namespace

void JobOptions::add_to(common::CommandLine& line) {
  line.add_config(config);
  line.add("--resume", resume,
           "auto: go on from the newest valid checkpoint of the run's folder; never: begin a new "
           "run; or the directory of a checkpoint")
      .placeholder("auto|never|PATH")
      .show_default();
  line.add("--init", init,
           "fine-tuning: a new run begins with this model file's weights; short for --set "
           "run.init=FILE")
      .placeholder("FILE");
  line.add("--freeze", freeze,
           "weights that are not trained, such as 'find.*' (repeatable); adds to "
           "optimizer.freeze")
      .placeholder("PATTERN")
      .repeatable();
  line.add("--dry-run", dry_run,
           "check configuration, store and network, print the configuration and stop");
  line.add("--print-config", print_config, "print the configuration with comments and stop");
  line.footer("SIGUSR1 or SIGTERM: finish the step, save and exit with 85.");
}

TrainConfig JobOptions::read_config() const {
  try {
    TrainConfig read;
    common::read_config(config.path, config.overrides, read);
    if (!init.empty()) read.run.init = init;
    read.optimizer.freeze.insert(read.optimizer.freeze.end(), freeze.begin(), freeze.end());
    return read;
  } catch (const Error&) {
    health::let_worker_0_speak_first(comm::rank_by_launcher());
    throw;
  }
}

int run_job(comm::Group& group, const TrainConfig& asked, const JobOptions& options,
            const device::ChosenDevice& chosen, std::stop_token stop, health::Watchdog& watchdog) {
  require_same_job(group, asked);
  const TrainConfig config = with_agreed_precision(asked, group, chosen);
  require_precision(config.run.precision, chosen.device);
  const MicroBatchPlan plan(config.schedule.micro_batches_per_step, group.rank(), group.size(),
                            config.comm.order_of_sums());
  const int64_t threads = use_threads(config.run.threads, group.local_size());
  const dataset::Store store = open_store(config.data);
  const auto classes = colour_classes(config.network, config.loss, store);
  TrainerState trainer(group, config, chosen.device);
  require_fitting_sizes(config, store, trainer.network->multiple());
  require_part_in_use(config.network, trainer);
  group.require_equal(trainer.gradients.plan_hash(), "the bucket plan",
                      "start all workers with the same program and configuration");
  if (options.dry_run) return dry_run(group, config, store, trainer);

  std::optional<health::RunLease> lease;
  set_up_run_folder(group, config, watchdog, lease);
  spdlog::info("worker {} of {}: {} threads, process {} on {}", group.rank(), group.size(), threads,
               getpid(), health::host_name());
  auto state =
      begin_or_resume(group, config, options.resume, fresh_state(config, store, trainer), trainer);
  if (had_ended(group, config, state)) return common::kExitDone;
  device::Gpu* const recorder =
      config.run.cuda_graph && chosen.module ? &chosen.module->gpu() : nullptr;
  ForwardBackward forward_backward(trainer, config, classes, recorder);
  const double flops_per_sample = convolution_flops(*trainer.network, config.sampling.crop);
  std::optional<RunRecords> records;
  std::optional<checkpoints::BackgroundSaver> checkpoints;
  if (group.rank() == 0) {
    records.emplace(records_config(config, flops_per_sample), state);
    checkpoints.emplace(checkpoints::CheckpointFolder(config.run.path() / "checkpoints",
                                                      config.checkpoint.keep_last));
  }
  TimeTotals times;
  const StopReason reason = train({.step = {group, plan, config, trainer, forward_backward},
                                   .store = store,
                                   .stop = std::move(stop),
                                   .progress = watchdog.progress(),
                                   .times = times,
                                   .records = records ? &*records : nullptr,
                                   .checkpoints = checkpoints ? &*checkpoints : nullptr},
                                  state);
  watchdog.progress().enter(health::JobPhase::end);
  if (records) records->finish(state, to_string(reason));
  const double flops_per_step = flops_per_sample * static_cast<double>(state.samples_per_step);
  const Summary summary = summarise(group, trainer, times, flops_per_step, reason);
  if (group.rank() == 0) write_summary(config.run.path(), state, summary);
  return reason == StopReason::signal ? common::kExitRequeue : common::kExitDone;
}

}  // namespace worker
