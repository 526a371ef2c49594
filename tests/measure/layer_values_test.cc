#include "framework/measure/layer_values.h"

#include <gtest/gtest.h>

#include <memory>

#include "framework/measure/drawn_function.h"
#include "framework/measure/inspection.h"
#include "framework/plugin/registry.h"
#include "framework/spec/spec.h"
#include "framework/training/experiment.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

// Rows x (4, 2), and a net whose outputs are known: z = max(0, x w + b).
constexpr const char* kNet = R"(name: net
dataset: {name: inline, inputs: [[0, 0], [2, 0], [0, 4], [2, 4]], labels: [0, 1, 1, 0]}
standardise: STANDARDISE
model:
  - {name: linear, units: 3, weight: {name: explicit, values: [[1, 0, -1], [0, 1, -1]]}, bias_init: zeros}
  - relu
  - {name: linear, units: 2, weight: {name: explicit, values: [[1, 0], [0, 1], [5, 5]]}, bias_init: zeros}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {epochs: 40, batch_size: 3, shuffle: false}
)";

class LayerValuesTest : public testing::Test {
 protected:
  explicit LayerValuesTest(const std::string& standardise = "false") {
    RegisterBuiltins(registry_);
    std::string text = kNet;
    const std::string word = "STANDARDISE";
    text.replace(text.find(word), word.size(), standardise);
    tree_ = ParseYaml(text, "net.yaml");
    spec_ = std::make_unique<ExperimentSpec<double>>(ParseExperiment<double>(tree_, registry_));
    Files files{FilesOptions{}};
    data_ = LoadData(*spec_, registry_, files, [](const std::string&) {});
    experiment_ = std::make_unique<Experiment<double>>(*spec_, registry_, data_, threads_);
  }

  Registry registry_;
  Node tree_;
  std::unique_ptr<ExperimentSpec<double>> spec_;
  PreparedData data_;
  Threads threads_{1};
  std::unique_ptr<Experiment<double>> experiment_;
};

TEST_F(LayerValuesTest, CountsWhatStandsStill) {
  const std::vector<LayerValues> values = ValuesByLayer(experiment_->network(), data_.train);
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].still, 0u);
  // The third unit is -x0 - x1, which no row makes positive.
  EXPECT_EQ(values[1].layer, "1");
  EXPECT_EQ(values[1].rows, 4u);
  EXPECT_EQ(values[1].units, 3u);
  EXPECT_EQ(values[1].still, 1u);
  // numpy: np.maximum(x @ w, 0).mean(), .std()
  EXPECT_DOUBLE_EQ(values[1].mean, 1);
  EXPECT_NEAR(values[1].std, 1.5275252316519465, 1e-12);
}

TEST_F(LayerValuesTest, ScalesAreThoseOfTheLastBatch) {
  ScaleRecorder<double> scales(40, 1);  // the last batch has one row
  scales.Add(0, experiment_->network(), experiment_->trainer().step());  // before any step
  Follower<double> follower;
  follower.on_epoch = [&](const EpochMetrics& e) {
    scales.Add(e.epoch, experiment_->network(), experiment_->trainer().step());
  };
  follower.enough = [] { return true; };
  experiment_->trainer().Run(follower);
  const std::vector<LayerScales> taken = scales.Take();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].epoch, 1);
  ASSERT_EQ(taken[0].outputs.size(), 3u);
  EXPECT_GT(taken[0].outputs[0], 0);
  EXPECT_GT(taken[0].gradients[2], 0);
  // The gradient of a softmax's cross entropy, p - onehot, of one row of two classes.
  EXPECT_LT(taken[0].gradients[2], 1);
}

TEST_F(LayerValuesTest, ClassesAreDrawnOverTwoInputs) {
  FunctionRecorder<double> recorder(*experiment_, data_);
  for (int64_t epoch = 1; epoch <= 39; ++epoch) recorder.AddEpoch(epoch);
  const DrawnFunction f = recorder.Take(40);
  EXPECT_EQ(f.classes, (std::vector<std::string>{"0", "1"}));
  // A margin of 8 % around the rows.
  EXPECT_NEAR(f.low[0], -0.16, 1e-12);
  EXPECT_NEAR(f.high[0], 2.16, 1e-12);
  EXPECT_NEAR(f.low[1], -0.32, 1e-12);
  EXPECT_NEAR(f.high[1], 4.32, 1e-12);
  ASSERT_EQ(f.points.size(), 4u);
  EXPECT_EQ(f.points[2], (std::vector<double>{0, 4, 1}));
  // Epoch 1, every second one, and the last.
  ASSERT_EQ(f.frames.size(), 21u);
  EXPECT_EQ(f.frames[0].epoch, 1);
  EXPECT_EQ(f.frames[1].epoch, 2);
  EXPECT_EQ(f.frames.back().epoch, 40);
  // Class 1 where x1 > x0: logits (x0, x1) where both are positive.
  const std::vector<uint8_t>& cells = f.frames[0].cells;
  ASSERT_EQ(cells.size(), f.side * f.side);
  const size_t last = f.side - 1;
  EXPECT_EQ(cells[last * f.side + last / 2] >> 4, 1);   // (1, 4.32)
  EXPECT_EQ(cells[last] >> 4, 0);                       // (2.16, -0.32)
  EXPECT_EQ(cells[last * f.side + last / 2] % 16, 14);  // sigmoid(3.2) = 0.96
}

class StandardisedTest : public LayerValuesTest {
 protected:
  StandardisedTest() : LayerValuesTest("true") {}
};

TEST_F(StandardisedTest, AxesAreInTheUnitsOfTheDataSet) {
  const DrawnFunction f = FunctionRecorder<double>(*experiment_, data_).Take(3);
  EXPECT_NEAR(f.low[1], -0.32, 1e-12);
  EXPECT_NEAR(f.high[1], 4.32, 1e-12);
  EXPECT_NEAR(f.points[3][0], 2, 1e-12);
  EXPECT_NEAR(f.points[3][1], 4, 1e-12);
  ASSERT_EQ(f.frames.size(), 1u);
}

// Standardised, an input that never changes is 0 whatever it is.
TEST(ConstantInputTest, HasAnAxisAroundItsValue) {
  Registry registry;
  RegisterBuiltins(registry);
  for (const std::string scale : {"standardise: true", "min_max: [0, 1]", "seed: 1"}) {
    std::string text = kNet;
    text.replace(text.find("standardise: STANDARDISE"), 24, scale);
    for (const char* row : {"[0, 0]", "[2, 0]", "[0, 4]", "[2, 4]"}) {
      std::string third = row;
      third[4] = '3';
      text.replace(text.find(row), third.size(), third);
    }
    const auto spec = ParseExperiment<double>(ParseYaml(text, "net.yaml"), registry);
    Files files{FilesOptions{}};
    const PreparedData data = LoadData(spec, registry, files, [](const std::string&) {});
    Threads threads(1);
    Experiment<double> experiment(spec, registry, data, threads);
    const DrawnFunction f = FunctionRecorder<double>(experiment, data).Take(1);
    EXPECT_NEAR(f.low[1], 2, 1e-12) << scale;
    EXPECT_NEAR(f.high[1], 4, 1e-12) << scale;
    EXPECT_EQ(f.points[1][1], 3) << scale;
    EXPECT_LT(f.low[0], f.high[0]) << scale;
    EXPECT_EQ(f.frames.size(), 1u) << scale;
  }
}

TEST(InspectionTest, ReadsBackWhatItWrote) {
  Inspection seen;
  seen.first_loss = 2.5;
  seen.output_spread = 0.75;
  seen.values = {{"1", 100, 3, 1, 0.5, 0.25}};
  seen.scales = {{2, {1, 2}, {0.5, 1e-30}}};
  seen.function = {.names = {"a", "b"},
                   .classes = {"x", "y"},
                   .low = {0, 1},
                   .high = {2, 3},
                   .side = 1,
                   .points = {{0, 1, 1}},
                   .frames = {{7, {31}, {}}}};
  const std::string text = PrintInspection(seen);
  const Inspection read = ParseInspection(text, "inspection.json");
  EXPECT_EQ(PrintInspection(read), text);
  EXPECT_EQ(read.scales[0].gradients[1], 1e-30);
  EXPECT_EQ(read.function.frames[0].cells[0], 31);
  // Grids of another size would be read beyond their end.
  for (const char* part : {"\"cells\":[31]", "\"low\":[0.0,1.0]", "[0.0,1.0,1.0]"}) {
    std::string wrong = text;
    ASSERT_NE(wrong.find(part), std::string::npos) << part << " in " << text;
    const std::string key = std::string(part).substr(0, std::string(part).find('[') + 1);
    wrong.replace(wrong.find(part), std::string(part).size(), key + "]");
    EXPECT_THROW(ParseInspection(wrong, "inspection.json"), InputError) << part;
  }
}

}  // namespace
}  // namespace nabla
