#include "framework/embed/nabla.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "framework/plugin/datasets.h"
#include "plugins/builtin.h"
#include "tests/experiments/program.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kNet =
    "name: net\n"
    "dataset: {name: xor, points: 300, test_points: 50}\n"
    "standardise: true\n"
    "model: [{name: linear, units: 8}, tanh, {name: linear, units: 2}]\n"
    "loss: cross_entropy\n"
    "optimizer: {name: adam, lr: 0.05}\n"
    "train: {batch_size: 30, epochs: 3}\n";

const RawRows kRows{.count = 3, .numbers = {0.5, 0.5, -0.5, 0.25, 1, -1}, .labels = {0, 1, 1}};

class EmbedTest : public testing::Test {
 protected:
  EmbedTest() { RegisterBuiltins(registry_); }

  TrainedModel Train(const std::string& more = "", const TrainingOptions& options = {}) const {
    return TrainModel(ParseYaml(kNet + more, "net.yaml"), registry_, options);
  }

  static std::string HashOf(const AnyModel& model) {
    return std::visit([](const auto& m) { return m.network->Hash(); }, model);
  }

  std::string ErrorOf(const AnyModel& model, const RawRows& rows) const {
    try {
      Evaluate(model, registry_, rows);
    } catch (const InputError& e) {
      return e.problems().front().message;
    }
    return "";
  }

  Registry registry_;
  Program program_;
};

// What the command line trains, predicts and evaluates.
TEST_F(EmbedTest, GivesWhatTheProgramGives) {
  for (const std::string more : {"", "dtype: float64\n"}) {
    program_.Write("net.yaml", kNet + more);
    ASSERT_EQ(program_.Run({"net.yaml", "--out", "run" + more.substr(0, 5), "--quiet"}).code, 0);
    const std::string folder = "run" + more.substr(0, 5);
    const TrainedModel trained = Train(more, {.threads = 2});
    const Json summary = Json::parse(program_.Read(folder + "/summary.json"));
    EXPECT_EQ(HashOf(trained.model), summary["weights_hash"].get<std::string>());
    ASSERT_EQ(trained.history.size(), 3u);
    EXPECT_EQ(trained.history.back().train_loss, summary["train_loss"]);
    const AnyModel of_run = LoadModel(program_.Path(folder + "/checkpoint.safetensors"), registry_);
    EXPECT_EQ(Predict(of_run, kRows), Predict(trained.model, kRows));
    program_.Write("rows.csv", "0.5,0.5,0\n-0.5,0.25,1\n1,-1,1\n");
    const Json said =
        Json::parse(program_.Run({"evaluate", folder, "rows.csv", "--target", "2", "--json"}).out);
    EXPECT_EQ(said["loss"], Evaluate(trained.model, registry_, kRows).loss);
  }
}

TEST_F(EmbedTest, AModelIsSavedAndLoaded) {
  const TrainedModel trained = Train();
  const std::string file = program_.Path("net.safetensors");
  SaveModel(trained.model, file);
  const AnyModel loaded = LoadModel(file, registry_);
  EXPECT_EQ(HashOf(loaded), HashOf(trained.model));
  EXPECT_EQ(Predict(loaded, kRows, 2), Predict(trained.model, kRows));
  program_.Write("rows.csv", "0.5,0.5\n");
  EXPECT_EQ(program_.Run({"predict", "net.safetensors", "rows.csv"}).code, 0);
}

TEST_F(EmbedTest, AnExperimentMayBeBuiltInCode) {
  Node layer = Node::Map();
  layer.Set("name", Node::Scalar("linear"));
  layer.Set("units", Node::Scalar("2"));
  Node tree = Node::Map();
  tree.Set("name", Node::Scalar("built"));
  tree.Set("dataset", Node::Scalar("xor"));
  tree.Set("model", Node::List({layer}));
  tree.Set("optimizer", Node::Scalar("sgd"));
  ApplyOverride(tree, "train.epochs=2");
  EXPECT_EQ(TrainModel(tree, registry_).history.size(), 2u);
}

// Rows that the program has in memory.
class OwnRows : public Dataset {
 public:
  static constexpr PluginInfo kInfo{"own_rows", "Four points.", "x, class = [x0 > 0]"};

  DataSplits Load(Files&) const override {
    return {kInfo.name, NumberSamples({1, 2, -1, 3, 2, -2, -2, 1}, {1, 0, 1, 0}, 2, 2), {}};
  }
};

TEST_F(EmbedTest, ADataSetMayBeOfTheProgram) {
  registry_.Add<OwnRows>("embed");
  Node tree = ParseYaml(kNet, "net.yaml");
  ApplyOverride(tree, "dataset=own_rows");
  ApplyOverride(tree, "evaluate.split=train");
  ApplyOverride(tree, "train.epochs=50");
  const TrainedModel trained = TrainModel(tree, registry_);
  EXPECT_EQ(trained.history.back().train_accuracy, 1);
  EXPECT_EQ(Predict(trained.model, kRows, 0).size(), 3u);
}

TEST_F(EmbedTest, ARunMayHaveAFolderAndStop) {
  int epochs = 0;
  TrainingOptions options{.threads = 1, .folder = program_.Path("run")};
  options.on_epoch = [&](const EpochMetrics&) { ++epochs; };
  options.stop = [&] { return epochs == 2; };
  const TrainedModel trained = Train("", options);
  EXPECT_EQ(trained.status, Status::kStopped);
  EXPECT_EQ(trained.history.size(), 2u);
  EXPECT_TRUE(program_.Has("run/checkpoint.safetensors"));
}

TEST_F(EmbedTest, RowsThatDoNotFitAreRefused) {
  const AnyModel model = Train().model;
  const auto with = [](const auto& change) {
    RawRows rows = kRows;
    change(&rows);
    return rows;
  };
  EXPECT_EQ(ErrorOf(model, with([](RawRows* r) { r->count = 0; })), "rows: there are none");
  EXPECT_EQ(ErrorOf(model, with([](RawRows* r) { r->count = 2; })),
            "rows: 2 rows need 2 numbers each, but there are 6");
  EXPECT_EQ(ErrorOf(model, with([](RawRows* r) { r->numbers.pop_back(); })),
            "rows: 3 rows need 2 numbers each, but there are 5");
  EXPECT_EQ(ErrorOf(model, with([](RawRows* r) { r->labels[1] = 2; })),
            "rows: they need a label each, from 0 to 1");
  EXPECT_EQ(ErrorOf(model, with([](RawRows* r) { r->labels[1] = -1; })),
            "rows: they need a label each, from 0 to 1");
  EXPECT_EQ(ErrorOf(model, with([](RawRows* r) { r->labels.clear(); })),
            "rows: they need a label each, from 0 to 1");
}

TEST_F(EmbedTest, WeightsCountInAnEvaluation) {
  const AnyModel model = Train().model;
  RawRows rows = kRows;
  const std::string wrong = "rows: they need a weight each, of 0 or more, or none";
  for (const std::vector<double>& weights :
       {std::vector<double>{1}, {1, 1, 1, 1}, {1, -1, 1}, {1, std::nan(""), 1}}) {
    rows.weights = weights;
    EXPECT_EQ(ErrorOf(model, rows), wrong);
  }
  rows.weights = {0, 0, 0};
  EXPECT_TRUE(Contains(ErrorOf(model, rows), "none of them counts"));
  rows.weights = {1, 0, 0};
  const RawRows first{.count = 1, .numbers = {0.5, 0.5}, .labels = {0}};
  EXPECT_DOUBLE_EQ(Evaluate(model, registry_, rows).loss, Evaluate(model, registry_, first).loss);
}

// They may be any: a prediction is of the inputs.
TEST_F(EmbedTest, APredictionReadsNoTargets) {
  const AnyModel model = Train().model;
  const auto expected = Predict(model, kRows);
  RawRows rows = kRows;
  rows.labels = {-1, 1 << 30, 7};
  rows.values = {1};
  rows.weights = {-1};
  EXPECT_EQ(Predict(model, rows), expected);
}

TEST_F(EmbedTest, MistakesHaveTheirPlace) {
  try {
    Train("optimiser: sgd\n");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_TRUE(std::string(e.what()).starts_with("net.yaml:8:1: error: ")) << e.what();
  }
}

TEST_F(EmbedTest, TheExampleRuns) {
  const std::string said = Shell(std::string(std::getenv("TEST_SRCDIR")) +
                                 "/nabla/examples/embed " + program_.Path("net.safetensors"));
  EXPECT_TRUE(Contains(said, "epoch 20: loss ")) << said;
  EXPECT_TRUE(Contains(said, "class 0\nclass 1\naccuracy 1.0000\n")) << said;
}

}  // namespace
}  // namespace nabla
