#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace worker {

/// Where a run leaves its records and what it runs on.
struct RunConfig {
  std::string name = "train";
  std::string folder = "runs";
  int64_t seed = 1;
  std::string init;
  std::string device = "auto";
  std::string precision = "fp32";
  bool deterministic = false;
  bool cuda_graph = false;
  int64_t threads = 0;
  int64_t log_every_steps = 10;

  template <class F>
  void fields(F&& field) {
    field("name", name, "the run's folder is FOLDER/NAME");
    field("folder", folder, "where runs live");
    field("seed", seed, "of the first weights, the order of samples and their augmentation");
    field("init", init, "model file whose weights a new run begins with; empty: drawn at random");
    field("device", device, "auto (a GPU if there is one), cpu, cuda");
    field("precision", precision,
          "fp32; tf32 on GPUs; bf16 (autocast) on GPUs and processors that multiply it");
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

/// What the run learns from.
struct DataConfig {
  std::string store;

  template <class F>
  void fields(F&& field) {
    field("store", store, "folder of the shard store that restore-shard wrote");
  }
  void validate() const {}  // an empty name is refused when the store is opened
};

}  // namespace worker
