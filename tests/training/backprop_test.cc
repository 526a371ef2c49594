// backprop_by_hand.yaml against the numbers that automatic differentiation in float64 gave.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "framework/training/experiment.h"
#include "plugins/builtin.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

using Rows = std::vector<std::vector<double>>;

void ExpectNear(Matrix<const double> got, const Rows& expected, const std::string& what) {
  ASSERT_EQ(got.rows, expected.size()) << what;
  for (size_t r = 0; r < got.rows; ++r) {
    ASSERT_EQ(got.cols, expected[r].size()) << what;
    for (size_t c = 0; c < got.cols; ++c) {
      EXPECT_NEAR(got(r, c), expected[r][c], 1e-12) << what << " " << r << "," << c;
    }
  }
}

// Layers 0 to 3: U1, Z1, U2, Z2.
const std::vector<Rows> kOutputs = {
    {{0.3, 0.5}, {0.5, -0.4}, {0.7, -0.1}},
    {{0.574442516811659, 0.622459331201855},
     {0.622459331201855, 0.401312339887548},
     {0.668187772168166, 0.47502081252106}},
    {{0.117047614559205}, {0.0680165348573241}, {0.0781853852873954}},
    {{0.529228541654145}, {0.516997581299222}, {0.519536395244422}}};
const std::vector<Rows> kOutputGradients = {
    {{-0.00107443511601655, 0.00206576114379014},
     {0.00094480153518406, -0.00193187349505642},
     {-0.000958433762963411, 0.00215603553411183}},
    {{-0.00439516704744232, 0.00879033409488465},
     {0.00402036855644891, -0.00804073711289783},
     {-0.00432286023237064, 0.00864572046474128}},
    {{0.0439516704744232}, {-0.0402036855644891}, {0.0432286023237064}},
    {{0.176409513884715}, {-0.161000806233593}, {0.173178798414807}}};
// 0.weight, 0.bias, 2.weight, 2.bias.
const std::vector<Rows> kGradients = {
    {{-0.00206013333453867, 0.00467012075601278}, {-0.00309367176721716, 0.00606339578263669}},
    {{-0.0010880673437959, 0.00228992318284554}},
    {{0.0291073724577038}, {0.0317583780826822}},
    {{0.0469765872336405}}};
const std::vector<Rows> kAfterOneStep = {
    {{0.202060133334539, -0.00467012075601278}, {0.00309367176721716, 0.293936604217363}},
    {{0.101088067343796, -0.102289923182846}},
    {{-0.129107372457704}, {0.168241621917318}},
    {{0.00302341276635949}}};

TEST(BackpropByHand, EveryNumberIsRight) {
  std::string error;
  const std::unique_ptr<bazel::tools::cpp::runfiles::Runfiles> runfiles(
      bazel::tools::cpp::runfiles::Runfiles::CreateForTest(&error));
  ASSERT_NE(runfiles, nullptr) << error;
  std::ifstream in(runfiles->Rlocation("nabla/experiments/backprop_by_hand.yaml"));
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Registry registry;
  RegisterBuiltins(registry);
  Node tree = ParseYaml(text, "backprop_by_hand.yaml");
  ApplyOverride(tree, "train.epochs=2");
  const auto spec = ParseExperiment<double>(tree, registry);
  Files files({});
  const DataSplits data = PrepareData(spec, spec.dataset->Load(files));
  Threads threads(1);
  Experiment<double> experiment(spec, registry, data, threads);
  experiment.trainer().step().KeepGradients();
  int steps = 0;
  Follower<double> follower;
  follower.on_step = [&](const Step<double>& step) {
    if (++steps > 1) return;
    for (size_t i = 0; i < kOutputs.size(); ++i) {
      ExpectNear(step.Output(i), kOutputs[i], "output of layer " + std::to_string(i));
      ExpectNear(step.OutputGradient(i), kOutputGradients[i],
                 "gradient of layer " + std::to_string(i));
    }
    for (size_t p = 0; p < kGradients.size(); ++p) {
      const Parameter<double>& parameter = experiment.network().parameters()[p];
      ExpectNear(step.gradients()[p].view(), kGradients[p], "gradient of " + parameter.name);
      ExpectNear(parameter.value.view(), kAfterOneStep[p], parameter.name);
    }
  };
  experiment.trainer().Run(follower);
  EXPECT_EQ(steps, 2);
  EXPECT_NEAR(experiment.trainer().history()[0].train_loss, 0.13054870862595713, 1e-15);
  EXPECT_NEAR(experiment.trainer().history()[1].train_loss, 0.12661323241693426, 1e-15);
}

}  // namespace
}  // namespace nabla
