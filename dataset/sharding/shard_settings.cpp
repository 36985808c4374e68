#include "dataset/sharding/shard_settings.h"

#include "common/error.h"

namespace dataset {
namespace {

void check_between(const char* option, int64_t value, int64_t low, int64_t high) {
  if (value >= low && value <= high) return;
  throw common::usage_error(std::string(option) + " is " + std::to_string(value) + "; " +
                            std::to_string(low) + " to " + std::to_string(high) + " was expected");
}

void add_source_options(common::CommandLine& line, SourceSettings& source) {
  line.add("--photos", source.folders, "folder of photographs; may be given several times")
      .placeholder("DIR")
      .repeatable();
  line.add("--include-from", source.include_from, "use only the photographs named in this file")
      .placeholder("FILE");
  line.add("--exclude-from", source.exclude_from, "leave out those named in this file")
      .placeholder("FILE");
  auto fraction =
      line.add("--valid-fraction", source.valid_fraction,
               "share of the photographs that are for validation; default: 0.1, and DIV2K's own "
               "division of DIV2K");
  fraction.placeholder("0..1");
  line.add("--valid-from", source.valid_from, "those named in this file are for validation")
      .placeholder("FILE")
      .excludes(fraction);
}

void add_ageing_options(common::CommandLine& line, AgeingSettings& ageing) {
  line.add("--recipe", ageing.recipe, "how they age: a recipe's name or its file")
      .placeholder("NAME")
      .show_default();
  line.add("--set", ageing.overrides, "override one value of the recipe")
      .placeholder("section.key=value")
      .repeatable();
  line.add("--seed", ageing.seed, "another seed ages them differently").show_default();
  line.add("--variants", ageing.variants, "how often each photograph is aged").show_default();
  line.add("--short-side", ageing.short_side,
           "shrink photographs to this many pixels on the shorter side; 0: do not shrink")
      .show_default();
  line.add("--patch", ageing.patch, "side of a sample in pixels").show_default();
}

void add_mode_options(common::CommandLine& line, ShardModes& modes) {
  line.add("--info", modes.info, "describe a store");
  line.add("--verify", modes.verify, "read a store and compare every checksum");
  line.add("--print-recipe", modes.print_recipe,
           "print the recipe, every value with a comment, and stop");
  line.add("--dry-run", modes.dry_run, "say what would be made, write nothing");
  line.add("--preview", modes.preview_rows,
           "write no store but a picture of N rows: photograph, aged, damage")
      .placeholder("N");
  line.add("--preview-file", modes.preview_file, "the picture of --preview")
      .placeholder("FILE")
      .show_default();
}

}  // namespace

void add_options(common::CommandLine& line, ShardSettings& settings) {
  line.footer(
      "Lists hold names relative to the folder of photographs, one a line; lines that begin "
      "with # are comments.\nThe same command again makes what is missing: nothing, if the "
      "store is whole.\nmpirun -np N restore-shard ... (or srun --mpi=pmix) shares the shards "
      "among N processes.");
  add_source_options(line, settings.source);
  line.add("--store", settings.store, "folder of the store").placeholder("DIR");
  add_ageing_options(line, settings.ageing);
  line.add("--threads", settings.threads, "threads of each process; 0: one for each of its cores")
      .show_default();
  line.add("--strict", settings.strict, "end at a photograph that cannot be decoded");
  line.add("--overwrite", settings.overwrite, "remove a store of other content first");
  add_mode_options(line, settings.modes);
}

void complete(ShardSettings& settings, int own_cores) {
  const ShardModes& modes = settings.modes;
  const bool reads_store = modes.info || modes.verify;
  if (modes.info + modes.verify + modes.dry_run + modes.print_recipe + (modes.preview_rows != 0) >
      1) {
    throw common::usage_error(
        "only one of --info, --verify, --dry-run, --print-recipe and --preview can be done at a "
        "time");
  }
  if (modes.print_recipe) return;  // needs neither photographs nor a store
  if (!reads_store && settings.source.folders.empty()) {
    throw common::usage_error("--photos DIR is missing: the folder of photographs");
  }
  if (modes.preview_rows == 0 && settings.store.empty()) {
    throw common::usage_error("--store DIR is missing: the folder of the store");
  }
  check_between("--variants", settings.ageing.variants, 1, 10'000);
  check_between("--short-side", settings.ageing.short_side, 0, 100'000);
  check_between("--patch", settings.ageing.patch, 8, 4096);
  check_between("--preview", modes.preview_rows, 0, 100);
  check_between("--threads", settings.threads, 0, 1024);
  const double fraction = settings.source.valid_fraction.value_or(0);
  if (!(fraction >= 0 && fraction < 1)) {
    throw common::usage_error("--valid-fraction is " + std::to_string(fraction) +
                              "; 0 to less than 1 was expected");
  }
  if (settings.threads == 0) settings.threads = own_cores;
}

}  // namespace dataset
