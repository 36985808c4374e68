#include "checkpoints/run_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/common/expect_error.h"

namespace checkpoints {
namespace {

using nlohmann::json;

RunState full_state() {
  RunState state;
  state.step = 12;
  state.seconds = 0.1;
  state.gain_psnr = 27;
  state.best = {10, 27.125};
  state.metrics = {11, 26, 22, 0.3};
  state.network = {{"name", "restorer"}};
  state.frozen = {"stem.weight"};
  state.versions = {"0.1.0", "2.11.0"};
  return state;
}

/// The list of docs/checkpoint_format.md.
TEST(RunState, HasTheseKeys) {
  const json flat = run_state_json(full_state()).flatten();
  std::vector<std::string> keys;
  for (const auto& [path, value] : flat.items()) keys.push_back(path);
  EXPECT_THAT(keys, testing::UnorderedElementsAre(
                        "/best/psnr", "/best/step", "/bucket_plan", "/config", "/frozen/0",
                        "/gain_psnr", "/metrics/aged_psnr", "/metrics/damage_f1", "/metrics/psnr",
                        "/metrics/step", "/network/name", "/patience_left", "/recipe", "/samples",
                        "/samples_per_step", "/seconds", "/skipped", "/skipped_in_row", "/step",
                        "/store_fingerprint", "/updates", "/versions/restore", "/versions/torch"));
}

TEST(RunState, ComesBackFromItsJson) {
  const json full = run_state_json(full_state()), empty = run_state_json({});
  EXPECT_EQ(run_state_json(parse_run_state(json::parse(full.dump()))), full);
  EXPECT_EQ(run_state_json(parse_run_state(json::parse(empty.dump()))), empty);
  EXPECT_FALSE(parse_run_state(empty).best.has_value());
}

TEST(RunState, RefusesMissingAndIllTypedKeys) {
  const json full = run_state_json(full_state());
  const auto refusal = [&](const char* pointer, const json& value, const char* words) {
    json changed = full;
    changed[json::json_pointer(pointer)] = value;
    tests::expect_error(common::ErrorKind::corrupt, words, [&] { parse_run_state(changed); });
  };
  refusal("/step", 1.5, "'step': 1.5");
  refusal("/samples", UINT64_MAX, "'samples': 18446744073709551615");
  refusal("/best/psnr", "high", "type must be number");
  refusal("/network", 3, "'network': 3");
  refusal("/frozen", "all", "type must be array");
  refusal("/config", 7, "type must be string");
  json without = full;
  without.erase("updates");
  tests::expect_error(common::ErrorKind::corrupt, "key 'updates' not found",
                      [&] { parse_run_state(without); });
}

}  // namespace
}  // namespace checkpoints
