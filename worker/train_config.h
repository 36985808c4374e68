#pragma once

#include "comm/comm_config.h"
#include "dataset/sampling/sampling_config.h"
#include "health/watchdog_config.h"
#include "model/losses.h"
#include "model/network_config.h"
#include "worker/checkpoint_config.h"
#include "worker/early_stopping.h"
#include "worker/optimizer.h"
#include "worker/profile_config.h"
#include "worker/run_config.h"
#include "worker/schedule.h"

namespace worker {

/// The configuration of a training run: a section an owner (docs/configuration.md).
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
