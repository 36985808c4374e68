#pragma once

#include <cstdint>
#include <functional>

#include "comm/flight_recorder.h"
#include "comm/group.h"
#include "device/choose_device.h"
#include "health/worker_status.h"
#include "worker/train_config.h"

namespace worker {

/// Makes LibTorch use `threads` threads and returns the number. 0: as many as OMP_NUM_THREADS says,
/// which is set by what bound this process to its cores; without it, the cores that the process may
/// use divided by the workers of this machine (at least 1).
int64_t use_threads(int64_t threads, int local_workers);

/// The device for this worker. On a GPU also sets how it computes.
device::ChosenDevice choose_device(const TrainConfig& config, const comm::Group& group);

/// `config` with the precision that `auto` stands for: bf16 where the device of every worker
/// multiplies it, else fp32. Collective.
TrainConfig with_agreed_precision(TrainConfig config, comm::Group& group,
                                  const device::ChosenDevice& chosen);

/// The records of comm/, as dumps and heartbeats write them. `recorder` must outlive the result.
health::NewestCollectives newest_collectives(const comm::FlightRecorder& recorder);

/// Runs `body`. Logs any error with this worker's rank and ends all workers with its exit code, so
/// that none waits for a dead one. After the error of a GPU, which a restart may mend, that is 75.
int end_all_on_error(comm::Group& group, const std::function<int()>& body);

}  // namespace worker
