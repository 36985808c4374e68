// restore-prior: how common each colour class is in a store, for training a colour network.

#include <cstdio>

#include "common/command_line.h"
#include "common/error.h"
#include "common/hardware.h"
#include "common/log.h"
#include "common/progress.h"
#include "device/torch.h"
#include "worker/colour_prior.h"

int main(int argc, char** argv) {
  common::keep_freed_memory();
  std::string store_folder, output = "colour_prior.json";
  common::CommandLine line(
      "restore-prior",
      "Counts the colours of a store's clean training patches, for restore-worker with "
      "network.name: colour.");
  line.add("STORE", store_folder, "folder of the store that restore-shard wrote").required();
  line.add("-o,--output", output, "the file that loss.colour_prior names").show_default();
  return line.run(argc, argv, [&] {
    common::start_log("");
    at::set_num_threads(1);  // a patch is too little work to share: on busy cores threads wait
    const dataset::Store store(store_folder);
    common::Progress progress("counting", "patches", store.num_samples(dataset::Split::train));
    const auto prior = worker::count_colours(store, [&](int64_t done) { progress.update(done); });
    worker::write_colour_prior(output, prior);
    std::printf("%s: colours of %lld patches\n", output.c_str(),
                static_cast<long long>(prior.samples));
    return common::kExitDone;
  });
}
