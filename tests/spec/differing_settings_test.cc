#include "framework/spec/differing_settings.h"

#include <gtest/gtest.h>

namespace nabla {
namespace {

using Keys = std::vector<std::string>;
using Values = std::vector<std::optional<std::string>>;

DifferingSettings Find(const std::vector<std::string>& texts) {
  std::vector<Node> configs;
  for (const std::string& text : texts) configs.push_back(ParseYaml(text, "config.yaml"));
  std::vector<const Node*> pointers;
  for (const Node& config : configs) pointers.push_back(&config);
  return FindDifferingSettings(pointers);
}

TEST(DifferingSettings, AreKeysWithSeveralValues) {
  const auto found =
      Find({"{seed: 1, name: a, train: {epochs: 3, shuffle: true}, augment: null}",
            "{seed: 2, name: a, train: {epochs: 3, shuffle: false}, augment: null}",
            "{seed: 2, name: a, train: {epochs: 3, shuffle: true}, augment: {x: 1}}"});
  EXPECT_EQ(found.keys, (Keys{"train.shuffle", "augment"}));
  EXPECT_EQ(found.values[0], (Values{"true", "null"}));
  EXPECT_EQ(found.values[1], (Values{"false", "null"}));
  EXPECT_EQ(found.values[2], (Values{"true", "{x: 1}"}));
  EXPECT_EQ(SettingsText(found.keys, found.values[1]), "train.shuffle=false, augment=null");
}

TEST(DifferingSettings, NothingDiffers) {
  EXPECT_TRUE(Find({}).keys.empty());
  EXPECT_TRUE(Find({"{seed: 1, description: x, split: {fold: 1}}"}).keys.empty());
  const auto found = Find({"{seed: 1, description: x, split: {fold: 1}, reference: []}",
                           "{seed: 2, description: y, split: {fold: 2}, reference: [{a: 1}]}"});
  EXPECT_TRUE(found.keys.empty());
  EXPECT_EQ(SettingsText(found.keys, found.values[0]), "");
}

// A plugin's name decides its other parameters.
TEST(DifferingSettings, OfPluginsOneKey) {
  const std::string sgd = "{optimizer: {name: sgd, lr: 0.01, momentum: 0}}";
  const std::string adam = "{optimizer: {name: adam, lr: 0.1, eps: 1}}";
  const auto found = Find({sgd, adam});
  EXPECT_EQ(found.keys, Keys{"optimizer"});
  EXPECT_EQ(found.values[1], Values{"adam"});
  // A few plugins with their parameters are values of one key.
  const auto more = Find({sgd, adam, "{optimizer: {name: adam, lr: 0.2, eps: 1}}"});
  EXPECT_EQ(more.keys, Keys{"optimizer"});
  EXPECT_EQ(more.values[0], Values{"sgd"});
  EXPECT_EQ(more.values[2], Values{"adam lr=0.2"});
  const auto moments = Find(
      {"{optimizer: {name: sgd, momentum: 0}}", adam, "{optimizer: {name: sgd, momentum: 0.9}}"});
  EXPECT_EQ(moments.keys, Keys{"optimizer"});
  EXPECT_EQ(moments.values[2], Values{"sgd momentum=0.9"});
}

// Each of two with the same values, or with many.
TEST(DifferingSettings, OfPluginsTwoKeys) {
  std::vector<std::string> texts;
  for (const char* name : {"sgd", "adam"}) {
    for (const char* rate : {"0.1", "0.2"}) {
      texts.push_back(std::string("{optimizer: {name: ") + name + ", lr: " + rate + "}}");
    }
  }
  const auto crossed = Find(texts);
  EXPECT_EQ(crossed.keys, (Keys{"optimizer", "optimizer.lr"}));
  EXPECT_EQ(crossed.values[1], (Values{"sgd", "0.2"}));
  EXPECT_EQ(SettingsText(crossed.keys, crossed.values[2]), "optimizer=adam, optimizer.lr=0.1");
  texts.clear();
  for (int k = 0; k < 12; ++k) {
    texts.push_back("{optimizer: {name: " + std::string(k % 3 == 0 ? "plain}}" : "adam, lr: ") +
                    (k % 3 == 0 ? "" : std::to_string(k) + "}}"));
  }
  const auto drawn = Find(texts);
  EXPECT_EQ(drawn.keys, (Keys{"optimizer", "optimizer.lr"}));
  EXPECT_EQ(drawn.values[0], (Values{"plain", std::nullopt}));
  EXPECT_EQ(drawn.values[1], (Values{"adam", "1"}));
  EXPECT_EQ(SettingsText(drawn.keys, drawn.values[0]), "optimizer=plain");
}

TEST(DifferingSettings, OfLayers) {
  const auto net = [](const std::string& layers) { return "{model: [" + layers + "]}"; };
  // A bare name is a plugin too; what changes together is one key.
  const auto found =
      Find({net("{name: linear, units: 8}, relu, {name: linear, units: 8}"),
            net("{name: linear, units: 16}, {name: leaky, slope: 1}, {name: linear, units: 16}")});
  EXPECT_EQ(found.keys, (Keys{"model.0.units", "model.1"}));
  EXPECT_EQ(found.values[1], (Values{"16", "leaky"}));
  // Lists that are not equally long are one value.
  const auto lists = Find({net("{name: linear, units: 8, bias: true}, relu, "
                               "{name: linear, units: 3, bias: true}"),
                           net("{name: linear, units: 3, bias: true}")});
  EXPECT_EQ(lists.keys, Keys{"model"});
  EXPECT_EQ(lists.values[0], Values{"[linear units=8, relu, linear units=3]"});
  EXPECT_EQ(lists.values[1], Values{"[linear units=3]"});
  // So are lists of scalars.
  const auto scalars =
      Find({"{schedule: {name: step, at: [1, 2]}}", "{schedule: {name: step, at: [2, 3]}}"});
  EXPECT_EQ(scalars.keys, Keys{"schedule.at"});
  EXPECT_EQ(scalars.values[1], Values{"[2, 3]"});
}

// Only keys of the same name count as one.
TEST(DifferingSettings, EqualValuesOfOtherKeysStay) {
  const auto found =
      Find({"{train: {batch_size: 64}, width: 64}", "{train: {batch_size: 8}, width: 8}"});
  EXPECT_EQ(found.keys, (Keys{"train.batch_size", "width"}));
}

TEST(DifferingSettings, OfSeveralExperiments) {
  const auto found = Find({"{name: a, dataset: {name: iris}, lr: 1}",
                           "{name: b, dataset: {name: wine, x: 1}, lr: 2}",
                           "{name: b, dataset: {name: wine, x: 1}, lr: 3}"});
  EXPECT_EQ(found.keys, (Keys{"name", "lr"}));
  EXPECT_EQ(SettingsText(found.keys, found.values[2]), "b, lr=3");
}

}  // namespace
}  // namespace nabla
