#include "worker/process.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "common/error.h"
#include "common/hardware.h"
#include "device/torch.h"
#include "health/process.h"
#include "model/precision.h"

namespace worker {

int64_t use_threads(int64_t threads, int local_workers) {
  if (threads == 0 && std::getenv("OMP_NUM_THREADS") != nullptr) return at::get_num_threads();
  if (threads == 0) threads = std::max(1, common::usable_cores() / std::max(1, local_workers));
  at::set_num_threads(static_cast<int>(threads));
  return threads;
}

device::ChosenDevice choose_device(const TrainConfig& config, const comm::Group& group) {
  auto chosen = device::choose_device(config.run.device, group.local_rank());
  if (chosen.device.is_cpu()) return chosen;
  const bool tree = config.comm.order_of_sums() == comm::Reduction::tree;
  device::set_gpu_numerics(
      {.tf32 = config.run.precision == "tf32", .deterministic = config.run.deterministic || tree});
  return chosen;
}

TrainConfig with_agreed_precision(TrainConfig config, comm::Group& group,
                                  const device::ChosenDevice& chosen) {
  if (config.run.precision != "auto") return config;
  const bool here =
      chosen.module ? chosen.module->gpu().multiplies_bf16() : model::processor_has_bf16();
  const std::vector<int64_t> all = group.all_gather(here ? 1 : 0);
  const bool everywhere = std::find(all.begin(), all.end(), 0) == all.end();
  config.run.precision = everywhere ? "bf16" : "fp32";
  if (group.rank() == 0) spdlog::info("run.precision: auto is {} here", config.run.precision);
  return config;
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
  } catch (const common::Error& error) {
    end_all(common::to_string(error.kind()), error.what(), common::exit_code(error.kind()));
  } catch (const c10::AcceleratorError& error) {
    end_all("GPU", error.what(), common::kExitRetryable);
  } catch (const std::exception& error) {
    end_all("internal", error.what(), common::kExitInternal);
  }
  return common::kExitInternal;
}

}  // namespace worker
