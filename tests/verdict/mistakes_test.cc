#include "framework/verdict/mistakes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "framework/base/generator.h"
#include "framework/spec/spec.h"
#include "framework/verdict/initializer_mistakes.h"
#include "tests/plugins/builtins.h"

namespace nabla {
namespace {

std::vector<Mistake> MistakesOf(const std::string& yaml, size_t rows) {
  const Node tree = ParseYaml(yaml, "test");
  return MistakesIn(ResolvedConfig(ParseAnyExperiment(tree, Builtins())), rows);
}

std::vector<std::string> Names(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> names;
  for (const Mistake& mistake : mistakes) names.push_back(mistake.name);
  return names;
}

const Mistake& Named(const std::vector<Mistake>& mistakes, const std::string& name) {
  const auto found = std::find_if(mistakes.begin(), mistakes.end(),
                                  [&](const Mistake& mistake) { return mistake.name == name; });
  if (found == mistakes.end()) throw std::out_of_range(name);
  return *found;
}

constexpr const char* kNet = R"(name: net
dataset: {name: mnist}
model: [{name: linear, units: 9, weight: xavier_normal}, relu, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.3}
train: {batch_size: 30, epochs: 2}
)";

TEST(MistakesTest, AreThoseThatTheExperimentHasKeysFor) {
  const std::vector<Mistake> mistakes = MistakesOf(kNet, 100);
  EXPECT_EQ(Names(mistakes), (std::vector<std::string>{
                                 "rate / 2", "rate x 2", "units / 2", "units x 2", "no bias",
                                 "weights x 2", "weights of another distribution", "no shuffling",
                                 "batch / 2", "batch x 2", "inputs / 2", "loss summed"}));
  const auto lr = [&](const char* name) {
    return Named(mistakes, name).tree.Find("optimizer")->Find("lr")->text;
  };
  EXPECT_EQ(lr("rate / 2"), "0.15");
  EXPECT_EQ(lr("rate x 2"), "0.6");
  EXPECT_EQ(lr("no bias"), "0.3");  // one mistake at a time
  const auto model = [&](const char* name) {
    return PrintYaml(*Named(mistakes, name).tree.Find("model"));
  };
  EXPECT_NE(model("units / 2").find("units: 4,"), std::string::npos) << model("units / 2");
  EXPECT_NE(model("units x 2").find("units: 18,"), std::string::npos);
  EXPECT_NE(model("units x 2").find("units: 10,"), std::string::npos);  // the outputs stay
  EXPECT_EQ(model("no bias").find("bias: true"), std::string::npos);
  EXPECT_NE(model("weights x 2").find("gain: 2"), std::string::npos);
}

TEST(MistakesTest, HaveFoldersOfTheirOwnAndAreExperiments) {
  std::set<std::string> folders;
  for (const Mistake& mistake : MistakesOf(kNet, 100)) {
    EXPECT_TRUE(folders.insert(mistake.folder).second) << mistake.folder;
    EXPECT_NO_THROW(ParseAnyExperiment(mistake.tree, Builtins())) << mistake.name;
  }
}

TEST(MistakesTest, ABatchOfAllRowsHasNoOrderAndCannotGrow) {
  const std::vector<std::string> names = Names(MistakesOf(kNet, 30));
  EXPECT_EQ(std::count(names.begin(), names.end(), "no shuffling"), 0);
  EXPECT_EQ(std::count(names.begin(), names.end(), "batch x 2"), 0);
  EXPECT_EQ(std::count(names.begin(), names.end(), "batch / 2"), 1);
  // The batch is one of all rows, whatever the file says.
  const std::vector<Mistake> mistakes = MistakesOf(kNet, 10);
  EXPECT_EQ(Named(mistakes, "batch / 2").tree.Find("train")->Find("batch_size")->text, "5");
}

TEST(MistakesTest, OtherExperimentsAllowOthers) {
  const std::vector<std::string> names = Names(MistakesOf(R"(name: net
dataset: {name: inline, inputs: [[1, 3], [2, 0]], targets: [[1], [0]]}
standardise: true
model:
  - {name: residual, layers: [{name: linear, units: 2, bias: false, weight: he_normal}]}
  - {name: linear, units: 4, bias: false, weight: {name: explicit, values: [[1, 2, 3, 4], [1, 2, 3, 4]]}}
  - {name: linear, units: 1, bias: false}
loss: {name: mse, reduction: sum_classes}
optimizer: {name: sgd, lr: 0}
train: {batch_size: 1, epochs: 2, shuffle: false}
)",
                                                          2));
  EXPECT_EQ(names, (std::vector<std::string>{
                       "units of layer 1 / 2", "units of layer 1 x 2", "units of layer 2 / 2",
                       "units of layer 2 x 2", "with biases", "weights / 2",
                       "weights of another distribution", "with shuffling", "batch x 2",
                       "inputs not standardised", "loss averaged over classes"}));
}

TEST(MistakesTest, InlineInputsAreHalved) {
  std::string yaml = kNet;
  yaml.replace(yaml.find("{name: mnist}"), 13, "{name: inline, inputs: [[1, 3]], labels: [9]}");
  const std::vector<Mistake> mistakes = MistakesOf(yaml, 1);
  const Node* inputs = Named(mistakes, "inputs / 2").tree.Find("dataset")->Find("inputs");
  EXPECT_EQ(inputs->items[0].items[1].text, "1.5");
}

struct Moments {
  double mean = 0;
  double std = 0;
};

// Of many weights of a layer of 300 inputs and 200 outputs.
Moments MomentsOf(const Node& initializer) {
  Problems problems;
  Plug<Initializer<double>> plug;
  const auto maker = Builtins().Maker<double>();
  FieldType<Plug<Initializer<double>>>::Parse(initializer, {}, {problems, maker.get()}, &plug);
  problems.ThrowIfAny();
  constexpr size_t kIn = 300;
  constexpr size_t kOut = 200;
  std::vector<double> w(kIn * kOut);
  const auto generator = MakeGenerator(RngKind::kNabla, 1);
  plug->Fill({w.data(), kIn, kOut, kOut}, {kIn, kOut}, *generator);
  Moments moments;
  for (const double v : w) moments.mean += v / static_cast<double>(w.size());
  for (const double v : w) {
    moments.std += (v - moments.mean) * (v - moments.mean) / static_cast<double>(w.size());
  }
  moments.std = std::sqrt(moments.std);
  return moments;
}

TEST(MistakesTest, OtherWeightsHaveTheMomentsThatTheyShould) {
  for (const std::string text :
       {"randn", "{name: scaled_randn, scale: 0.02}", "{name: normal, mean: 0.5, std: 0.1}",
        "{name: uniform, low: -0.3, high: 0.5}", "xavier_normal", "{name: xavier_uniform, gain: 3}",
        "he_normal", "he_uniform", "lecun_normal", "torch_linear", "kaiming_normal",
        "orthogonal"}) {
    const Node initializer = ParseYamlValue(text, "test");
    const Moments before = MomentsOf(initializer);
    for (const double factor : {2.0, 0.5}) {
      const auto scaled = Rescaled(initializer, factor);
      // Kaiming's variances are at most 2 / I.
      const bool most =
          text.starts_with("he_") || text == "lecun_normal" || text == "kaiming_normal";
      ASSERT_EQ(scaled.has_value(), !most || factor < 1) << text;
      if (!scaled) continue;
      EXPECT_NEAR(MomentsOf(*scaled).std / before.std, factor, 0.02) << text;
    }
    if (const auto other = OtherwiseDistributed(initializer)) {
      const Moments after = MomentsOf(*other);
      EXPECT_NEAR(after.std / before.std, 1, 0.01) << text;
      EXPECT_NEAR(after.mean, before.mean, 0.02 * before.std) << text;
    } else {
      EXPECT_EQ(text, "orthogonal");
    }
  }
  EXPECT_FALSE(Rescaled(ParseYamlValue("zeros", "test"), 2));
  EXPECT_FALSE(OtherwiseDistributed(ParseYamlValue("{name: constant, value: 1}", "test")));
}

// In a net of ReLUs a first layer times 2 and a second one times 1 / 2 would be no mistake at all.
TEST(MistakesTest, WeightsOfAllLayersChangeAlike) {
  const auto weights = [&](const char* first, const char* second) {
    return MistakesOf(
        "name: net\ndataset: {name: mnist}\nmodel: [{name: linear, units: 8, weight: " +
            std::string(first) +
            "}, relu, {name: linear, units: 10, weight: " + std::string(second) +
            "}]\nloss: cross_entropy\n"
            "optimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 1}\n",
        60000);
  };
  for (const auto& [first, second] :
       {std::pair("xavier_normal", "he_normal"), std::pair("he_normal", "xavier_normal")}) {
    const std::vector<Mistake> mistakes = weights(first, second);
    const Node& tree = Named(mistakes, "weights / 2").tree;
    for (const size_t layer : {size_t{0}, size_t{2}}) {
      const Node initializer = *tree.Find("model")->items[layer].Find("weight");
      const char* own = layer == 0 ? first : second;
      EXPECT_NEAR(MomentsOf(initializer).std, MomentsOf(Node::Scalar(own)).std / 2, 1e-4) << own;
    }
  }
  EXPECT_NO_THROW(Named(weights("xavier_normal", "randn"), "weights x 2"));
}

}  // namespace
}  // namespace nabla
