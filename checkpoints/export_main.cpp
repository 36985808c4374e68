// restore-export: a run's checkpoint as one model file.
#include <spdlog/spdlog.h>

#include <cstdio>

#include "checkpoints/export_model.h"
#include "common/command_line.h"
#include "common/error.h"
#include "common/log.h"

int main(int argc, char** argv) {
  std::string run, which = "best", output = "model.safetensors";
  bool half = false;
  common::CommandLine line("restore-export",
                           "Turns a checkpoint of a run into one self-describing model file.");
  line.add("RUN", run, "folder of a run, runs/NAME").required();
  line.add("-o,--output", output, "the model file").show_default();
  line.add("--checkpoint", which, "best, newest or a checkpoint's directory").show_default();
  line.add("--half", half, "16-bit weights: half the size; restore still computes in 32 bits");
  return line.run(argc, argv, [&] {
    common::start_log("");
    const auto checkpoint = checkpoints::choose_checkpoint(run, which);
    auto model = checkpoints::exported_model(checkpoint);
    if (half) checkpoints::round_to_half(model);
    checkpoints::write_model_file(output, model);
    std::printf("%s: %zu tensors of step %lld\n", output.c_str(), model.weights.size(),
                static_cast<long long>(checkpoint.state.step));
    if (const auto best = checkpoints::other_best_step(run, checkpoint.state.step)) {
      spdlog::warn("validation called step {} the best; --checkpoint best exports that one", *best);
    }
    return common::kExitDone;
  });
}
