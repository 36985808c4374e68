// restore-export: the checkpoints of runs as one model file.
#include <spdlog/spdlog.h>

#include <cstdio>

#include "checkpoints/export_model.h"
#include "common/command_line.h"
#include "common/error.h"
#include "common/log.h"

int main(int argc, char** argv) {
  std::vector<std::string> runs;
  std::string which = "best", output = "model.safetensors";
  bool half = false;
  common::CommandLine line("restore-export",
                           "Turns a checkpoint of a run into one self-describing model file.");
  line.add("RUN", runs,
           "folder of a run, runs/NAME; several, which trained a restorer's parts, are joined")
      .required();
  line.add("-o,--output", output, "the model file").show_default();
  line.add("--checkpoint", which, "best, newest or a checkpoint's directory").show_default();
  line.add("--half", half, "16-bit weights: half the size");
  return line.run(argc, argv, [&] {
    common::start_log("");
    checkpoints::require_place_for_model(output);
    if (runs.size() > 1 && which != "best" && which != "newest") {
      throw common::usage_error("--checkpoint " + which +
                                " is of one run, and several are named: use best or newest");
    }
    std::vector<checkpoints::ModelFile> models;
    std::string steps;
    for (const std::string& run : runs) {
      const auto checkpoint = checkpoints::choose_checkpoint(run, which);
      const int64_t step = checkpoint.state.step;
      models.push_back(checkpoints::exported_model(checkpoint));
      steps += (steps.empty() ? "" : ", ") + std::to_string(step);
      if (const auto best = checkpoints::other_best_step(run, step)) {
        spdlog::warn("{}: validation called step {} the best; --checkpoint best exports that one",
                     run, *best);
      }
    }
    auto model = checkpoints::joined(std::move(models));
    if (half) checkpoints::round_to_half(model);
    checkpoints::write_model_file(output, model);
    std::printf("%s: %zu tensors of step %s\n", output.c_str(), model.weights.size(),
                steps.c_str());
    return common::kExitDone;
  });
}
