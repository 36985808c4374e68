#include "model/network_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"

namespace model {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(NetworkConfig, SurvivesJson) {
  const NetworkConfig config{"red", {24}, 3};
  const NetworkConfig read = parse_network_json(nlohmann::json::parse(network_json(config).dump()));
  EXPECT_EQ(read.name, "red");
  EXPECT_EQ(read.widths, config.widths);
  EXPECT_EQ(read.blocks, 3);
}

TEST(NetworkConfig, OfARestorerKeepsThePartsAndNothingElse) {
  NetworkConfig config{
      .name = "restorer", .widths = {}, .blocks = 3, .find = {8}, .restore = {}, .denoise = {4}};
  const nlohmann::json json = network_json(config);
  EXPECT_FALSE(json.contains("widths"));
  const NetworkConfig read = parse_network_json(json);
  EXPECT_EQ(read.find, config.find);
  EXPECT_EQ(read.denoise, config.denoise);
  EXPECT_TRUE(read.restore.empty());
  EXPECT_EQ(read.colourise, config.colourise);
  config.find = config.denoise = config.colourise = {};
  EXPECT_THAT([&] { config.validate(); },
              ThrowsMessage<common::Error>(HasSubstr("at least one part")));
  EXPECT_FALSE(network_json({"red", {8}, 5}).contains("find"));
  for (const NetworkConfig& misplaced : {NetworkConfig{"restorer", {8}, 2}, {"red", {8}, 2, {}}}) {
    EXPECT_THAT(
        [&] { misplaced.validate(); },
        ThrowsMessage<common::Error>(HasSubstr("network.widths is for 'red' and 'colour'")));
  }
}

TEST(NetworkConfig, RefusesAnUnknownNetworkAndImpossibleSizes) {
  const auto refusal = [](NetworkConfig config, const char* message) {
    EXPECT_THAT([&] { config.validate(); }, ThrowsMessage<common::Error>(HasSubstr(message)));
  };
  refusal({"vit", {16}, 2}, "network.name is 'vit'");
  refusal({"unet", {16}, 2}, "an earlier version");
  refusal({"restorer", {16}, 2}, "network.widths is for 'red' and 'colour'");
  refusal({"restorer", {}, 2, {16, 0}}, "network.find holds 0");
  refusal({"restorer", {}, 2, {}, {int64_t{1} << 40}}, "a width is 1 to 2048");
  refusal({"red", {}, 2}, "network.widths has 0 levels");
  refusal({"red", {16}, 0}, "network.blocks is 0");
  refusal({"red", {64, 64}, 5}, "'red' has one, [64] in its paper");
  refusal({"colour", {64, 64}, 1}, "'colour' has one, [64] in its paper");
  refusal({"colour", {257}, 1}, "a width is 1 to 256");
  refusal({"colour", {64}, 2}, "set it to 1");
}

TEST(NetworkConfig, RefusesJsonThatItDoesNotKnowWholly) {
  const auto refusal = [](const char* text, const char* message) {
    const auto json = nlohmann::json::parse(text);
    EXPECT_THAT([&] { parse_network_json(json); },
                ThrowsMessage<common::Error>(HasSubstr(message)));
  };
  refusal(R"([1])", "JSON object");
  refusal(R"({"name":"red","widths":[8]})", "lacks 'blocks'");
  refusal(R"({"name":"red","widths":"8","blocks":1})", "'widths' has the wrong type");
  refusal(R"({"name":"red","widths":[8],"blocks":1,"attention":true})", "unknown keys");
}

TEST(NetworkConfig, OfAFileBeforeDenoiseHasNone) {
  const auto json = nlohmann::json::parse(
      R"({"name":"restorer","find":[8],"restore":[8],"colourise":[],"blocks":1})");
  EXPECT_TRUE(parse_network_json(json).denoise.empty());
}

}  // namespace
}  // namespace model
