// A checkpoint whose checksums are right but whose state or tensors are not those of this run: each
// is refused with an error or taken as what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "comm/group.h"
#include "common/error.h"
#include "device/torch.h"
#include "tests/worker/tiny_store.h"
#include "worker/run_checkpoint.h"

namespace {

using nlohmann::json;

class MalformedState : public testing::Test {
 protected:
  MalformedState() {
    checkpoints::RunState state = fresh_;
    worker::observe(state, config_.validation, {3, 20.5, 19.5, 0.5});
    whole_ = worker::make_checkpoint(state, trainer_);
  }

  /// A checkpoint whose state.json holds this.
  std::string refusal_of(const json& state) {
    return refusal([&] {
      return checkpoints::Checkpoint{checkpoints::parse_run_state(state), whole_.tensors};
    });
  }
  std::string refusal(const checkpoints::Checkpoint& checkpoint) {
    return refusal([&] { return checkpoint; });
  }
  std::string refusal(const std::function<checkpoints::Checkpoint()>& load) {
    try {
      const checkpoints::Checkpoint checkpoint = load();
      worker::take_checkpoint(checkpoint, fresh_, trainer_);
    } catch (const common::Error& error) {
      EXPECT_THAT(error.kind(),
                  testing::AnyOf(common::ErrorKind::corrupt, common::ErrorKind::config))
          << error.what();
      return error.what();
    }
    return "accepted";
  }

  static checkpoints::RunState fresh() {
    checkpoints::RunState state;
    state.store_fingerprint = "store";
    state.network = {{"widths", {4, 8}}};
    return state;
  }

  const worker::TrainConfig config_ = tiny_config("nowhere", "malformed");
  comm::SingleGroup group_;
  worker::TrainerState trainer_{group_, config_};
  const checkpoints::RunState fresh_ = fresh();
  checkpoints::Checkpoint whole_;
};

TEST_F(MalformedState, EveryKeyMayHoldAnythingOrNothing) {
  ASSERT_EQ(refusal(whole_), "accepted");
  int refused = 0;
  const json whole = checkpoints::run_state_json(whole_.state), flat = whole.flatten();
  for (const auto& [path, value] : flat.items()) {
    const json::json_pointer pointer(path);
    for (const json& other : {json(), json(-1), json(1e300), json(UINT64_MAX), json("text"),
                              json::array(), json::object(), json(true)}) {
      json changed = whole;
      changed[pointer] = other;
      refused += refusal_of(changed) == "accepted" ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 50);
  for (const auto& [key, value] : whole.items()) {
    json changed = whole;
    changed.erase(key);
    refusal_of(changed);
  }
}

TEST_F(MalformedState, EveryTensorMustBeThereAsTheNetworkHasIt) {
  for (size_t i = 0; i < whole_.tensors.size(); ++i) {
    const std::string& name = whole_.tensors[i].name;
    auto changed = whole_;
    changed.tensors[i].tensor = at::zeros({1, 2, 3});
    EXPECT_THAT(refusal(changed), testing::HasSubstr("lacks the tensor '" + name + "'"));
    changed.tensors[i].tensor = whole_.tensors[i].tensor.to(at::kDouble);
    EXPECT_THAT(refusal(changed), testing::HasSubstr("shape and element type"));
    changed.tensors.erase(changed.tensors.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(refusal(changed), testing::HasSubstr("lacks the tensor '" + name + "'"));
  }
}

}  // namespace
