#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "comm/group.h"
#include "dataset/sampling/sample_view.h"
#include "health/watchdog.h"
#include "model/losses.h"
#include "model/network_config.h"
#include "worker/early_stopping.h"
#include "worker/optimizer.h"
#include "worker/records/step_trace.h"
#include "worker/schedule.h"

namespace worker {

/// Where a run leaves its files and what it runs on: section `run`.
struct RunConfig {
  std::string name = "train";
  std::string folder = "runs";
  int64_t seed = 1;
  std::string init;
  std::string device = "auto";
  std::string precision = "auto";
  bool deterministic = false;
  bool cuda_graph = false;
  int64_t threads = 0;
  int64_t log_every_steps = 10;

  template <class F>
  void fields(F&& field) {
    field("name", name, "the run's folder is FOLDER/NAME");
    field("folder", folder, "where runs live");
    field("seed", seed, "of the first weights, the order of samples and their augmentation");
    field("init", init,
          "model file whose weights a new run begins with; empty: draw them at random");
    field("device", device, "auto (a GPU if there is one), cpu, cuda");
    field("precision", precision,
          "bf16 (autocast; GPUs and processors that multiply it), fp32, tf32 on GPUs; auto: bf16 "
          "where every worker multiplies it, else fp32");
    field("deterministic", deterministic,
          "on GPUs: the same bits each time; comm.reduction: tree implies it");
    field("cuda_graph", cuda_graph, "on GPUs: record a micro-batch's work once and replay it");
    field("threads", threads,
          "threads of each worker; 0: OMP_NUM_THREADS, or cores / workers here");
    field("log_every_steps", log_every_steps, "steps between two rows of metrics.jsonl");
  }

  std::filesystem::path path() const { return std::filesystem::path(folder) / name; }

  /// Throws Error(config).
  void validate() const;
};

/// What the run learns from: section `data`.
struct DataConfig {
  std::string store;

  template <class F>
  void fields(F&& field) {
    field("store", store, "folder of the shard store that restore-shard wrote");
  }
  void validate() const {}  // an empty name is refused when the store is opened
};

/// When checkpoints are saved and how many are kept: section `checkpoint`.
struct CheckpointConfig {
  int64_t every_steps = 0;
  int64_t keep_last = 2;

  template <class F>
  void fields(F&& field) {
    field("every_steps", every_steps, "also save after so many steps; 0: at validations only");
    field("keep_last", keep_last, "checkpoints kept besides the best");
  }

  /// Throws Error(config).
  void validate() const;
};

/// The configuration of a training run: one section for each part (docs/configuration.md).
struct TrainConfig {
  RunConfig run;
  DataConfig data;
  dataset::SamplingConfig sampling;
  model::NetworkConfig network;
  model::LossConfig loss;
  OptimizerConfig optimizer;
  ScheduleConfig schedule;
  ValidationConfig validation;
  CheckpointConfig checkpoint;
  comm::CommConfig comm;
  ProfileConfig profile;
  health::WatchdogConfig watchdog;

  template <class S>
  void sections(S&& section) {
    section("run", run);
    section("data", data);
    section("sampling", sampling);
    section("network", network);
    section("loss", loss);
    section("optimizer", optimizer);
    section("schedule", schedule);
    section("validation", validation);
    section("checkpoint", checkpoint);
    section("comm", comm);
    section("profile", profile);
    section("watchdog", watchdog);
  }
};

}  // namespace worker
