#include "worker/job.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <utility>

#include "common/command_line.h"
#include "common/config.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "common/log.h"
#include "device/torch.h"
#include "health/heartbeat.h"
#include "health/process.h"
#include "health/run_lease.h"
#include "worker/colour_prior.h"
#include "worker/convolution_work.h"
#include "worker/precision.h"
#include "worker/process.h"
#include "worker/resume.h"
#include "worker/summary.h"
#include "worker/training_loop.h"

namespace worker {
namespace {

using common::Error;
using common::ErrorKind;

void require_same_job(comm::Group& group, const TrainConfig& config) {
  group.require_equal(common::xxh3(std::string(common::kVersion) + " " + TORCH_VERSION),
                      "the version of restore-worker or LibTorch", "install the same everywhere");
  group.require_equal(common::xxh3(common::config_yaml(config)), "the configuration",
                      "start all workers with the same --config and --set");
}

dataset::Store open_store(const DataConfig& data) {
  if (data.store.empty()) {
    throw Error(ErrorKind::config,
                "data.store is not set; make a store with restore-shard and name its folder");
  }
  return dataset::Store(data.store);
}

/// The network halves its input's sides several times: what it is fed must divide evenly.
void require_fitting_sizes(const TrainConfig& config, const dataset::Store& store,
                           int64_t multiple) {
  const auto check = [&](int64_t size, const char* what) {
    if (size % multiple == 0) return;
    throw Error(ErrorKind::config,
                fmt::format("{} is {}, this network takes multiples of {}", what, size, multiple));
  };
  check(config.sampling.crop, "sampling.crop");
  check(store.patch(), "the store's patch");
  if (config.sampling.crop > store.patch()) {
    throw Error(ErrorKind::config, fmt::format("sampling.crop is {}, the store's patches have {}",
                                               config.sampling.crop, store.patch()));
  }
  for (const auto split : {dataset::Split::train, dataset::Split::valid}) {
    if (store.num_samples(split) > 0) continue;
    throw Error(ErrorKind::config,
                fmt::format("the store {} has no {} samples", config.data.store,
                            split == dataset::Split::train ? "training" : "validation"));
  }
}

/// What a network that classifies colours is taught; nothing for the others.
model::ColourClasses colour_classes(const TrainConfig& config, const dataset::Store& store) {
  if (config.network.name != "colour") return {};
  if (config.loss.colour_prior.empty()) {
    throw Error(ErrorKind::config,
                fmt::format("network.name is 'colour', which is trained with a prior of the "
                            "store's colours: run 'restore-prior {0} -o FILE' and set "
                            "loss.colour_prior to FILE",
                            config.data.store));
  }
  return model::colour_classes(read_colour_prior(config.loss.colour_prior, store).counts);
}

/// The run's folder with what says whose it is and what it is about.
void set_up_run_folder(comm::Group& group, const TrainConfig& config, health::Watchdog& watchdog,
                       std::optional<health::RunLease>& lease) {
  const std::filesystem::path folder = config.run.path();
  if (group.rank() == 0) {
    common::make_directories(folder);
    lease.emplace(folder);
    health::clear_heartbeats(folder);
    const std::string yaml = common::config_yaml(config);
    spdlog::info("configuration of {}:\n{}", folder.string(), yaml);
    common::write_file_atomically(folder / "config.yaml", yaml);
  }
  group.barrier();  // the folder is there, and ours
  watchdog.join_run(folder, group.size());
  common::log_to_file(folder / fmt::format("worker-{}.log", group.rank()));
}

int dry_run(comm::Group& group, const TrainConfig& config, const dataset::Store& store,
            const TrainerState& trainer) {
  if (group.rank() != 0) return common::kExitDone;
  std::printf("%s", common::config_yaml(config).c_str());
  spdlog::info("{} training and {} validation patches of {} px, {} weights, {} workers: all fits",
               store.num_samples(dataset::Split::train), store.num_samples(dataset::Split::valid),
               store.patch(), trainer.num_weights(), group.size());
  return common::kExitDone;
}

/// Trains to the end and writes the summary; a run that had ended already is only said to have.
int train_and_sum_up(const TrainingParts& parts, TrainState& state, double sample_flops) {
  const TrainConfig& config = parts.config;
  const auto ended = end_of_run(state, config.schedule, config.validation);
  if (ended && state.validated_step == state.step &&
      std::filesystem::exists(config.run.path() / "summary.json")) {
    spdlog::info("{} had ended at step {} ({}), best validation PSNR {:.2f} dB: nothing to do",
                 config.run.path().string(), state.step, to_string(*ended),
                 state.standing.best_psnr);
    return common::kExitDone;
  }
  const StopReason reason = train(parts, state);
  parts.progress.enter(health::JobPhase::end);
  if (parts.records != nullptr) parts.records->finish(state, reason);
  write_summary(parts.group, config, state, parts.trainer, {parts.times, sample_flops}, reason);
  return reason == StopReason::signal ? common::kExitRequeue : common::kExitDone;
}

}  // namespace

int run_job(comm::Group& group, const TrainConfig& config, const JobOptions& options,
            std::stop_token stop, health::Watchdog& watchdog) {
  require_same_job(group, config);
  require_precision(config.run.precision, options.device.device);
  const MicroBatchPlan plan(config.schedule.micro_batches_per_step, group.rank(), group.size(),
                            config.comm.order_of_sums());
  const int64_t threads = use_threads(config.run.threads, group.local_size());
  const dataset::Store store = open_store(config.data);
  TrainerState trainer(group, config, options.device, colour_classes(config, store));
  require_fitting_sizes(config, store, trainer.network->multiple());
  group.require_equal(trainer.gradients.plan_hash(), "the bucket plan",
                      "start all workers with the same program and configuration");
  if (options.dry_run) return dry_run(group, config, store, trainer);

  std::optional<health::RunLease> lease;
  set_up_run_folder(group, config, watchdog, lease);
  spdlog::info("worker {} of {}: {} threads, process {} on {}", group.rank(), group.size(), threads,
               getpid(), health::host_name());
  const RunFacts facts{common::config_yaml(config), store.fingerprint(), store.recipe_yaml(),
                       model::network_json(config.network)};
  TrainState state = begin_or_resume(group, config, options.resume, facts, trainer);
  const double sample_flops = convolution_flops(*trainer.network, config.sampling.crop);
  TimeTotals times;
  std::optional<RunRecords> records;
  std::optional<checkpoints::BackgroundSaver> checkpoints;
  if (group.rank() == 0) {
    records.emplace(config, state, sample_flops);
    checkpoints.emplace(checkpoints::CheckpointFolder(config.run.path() / "checkpoints",
                                                      config.checkpoint.keep_last));
  }
  const TrainingParts parts{config,
                            facts,
                            group,
                            store,
                            plan,
                            std::move(stop),
                            trainer,
                            watchdog.progress(),
                            times,
                            records ? &*records : nullptr,
                            checkpoints ? &*checkpoints : nullptr};
  return train_and_sum_up(parts, state, sample_flops);
}

health::NewestCollectives newest_collectives(const comm::FlightRecorder& recorder) {
  return [&recorder] {
    std::vector<health::Collective> collectives;
    for (const comm::CollectiveRecord& record : recorder.newest()) {
      collectives.push_back({record.sequence, record.kind, record.what, record.bytes,
                             record.entered_s, record.left_s});
    }
    return collectives;
  };
}

int end_all_on_error(comm::Group& group, const std::function<int()>& body) {
  const auto end_all = [&](const char* kind, const char* message, int code) {
    health::let_worker_0_speak_first(group.rank());
    spdlog::error("{} error in worker {}: {}", kind, group.rank(), message);
    group.abort(code);
  };
  try {
    return body();
  } catch (const Error& error) {
    end_all(common::to_string(error.kind()), error.what(), common::exit_code(error.kind()));
  } catch (const c10::AcceleratorError& error) {
    end_all("GPU", error.what(), common::kExitRetryable);
  } catch (const std::exception& error) {
    end_all("internal", error.what(), common::kExitInternal);
  }
  return common::kExitInternal;
}

}  // namespace worker
