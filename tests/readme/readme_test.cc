// What the README shows is true: its plugin compiles and computes, its experiment trains.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>

#include "framework/kernels/targets.h"
#include "framework/plugin/registry.h"
#include "tests/experiments/program.h"

namespace nabla {
NABLA_DECLARE_ENTRY(EnterMySwish)

namespace {

constexpr double kSlack = 1e-6;  // of the central difference, error about h^2

TEST(Readme, PluginComputesWhatItsFormulaSays) {
  Registry registry;
  NABLA_ENTRY_OF(EnterMySwish, false)(registry, "README.md");
  Problems problems;
  const MadePlugin made = registry.Maker<double>()->Make(
      "activation", ParseYaml("{name: my_swish, beta: 2}", ""), problems);
  ASSERT_TRUE(problems.empty());
  EXPECT_EQ(PrintYaml(made.config), "name: my_swish\nbeta: 2\n");
  const auto swish = std::static_pointer_cast<const Activation<double>>(made.object);

  const auto value = [](double x) { return x / (1 + std::exp(-2 * x)); };
  constexpr size_t kCount = 11;
  double x[kCount], y[kCount], dy[kCount], dx[kCount];
  for (size_t i = 0; i < kCount; ++i) {
    x[i] = static_cast<double>(i) / 2 - 2.75;
    dy[i] = 3;
  }
  swish->Forward({x, 1, kCount, kCount}, {y, 1, kCount, kCount});
  swish->Backward({x, 1, kCount, kCount}, {y, 1, kCount, kCount}, {dy, 1, kCount, kCount},
                  {dx, 1, kCount, kCount});
  const double h = 1e-5;
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_NEAR(y[i], value(x[i]), 1e-14);
    EXPECT_NEAR(dx[i], 3 * (value(x[i] + h) - value(x[i] - h)) / (2 * h), kSlack);
  }
}

std::string Block(const std::string& name) {
  return std::string(std::getenv("TEST_SRCDIR")) + "/nabla/tests/readme/" + name;
}

TEST(Readme, SweepRuns) {
  Program program;
  const Outcome run = program.Run({Block("sweep.yaml"), "train.epochs=1",
                                   "dataset={name: synthetic_digits, train: 500, test: 100}"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "my_net: 4 settings, 3 seeds each")) << run.out;
}

TEST(Readme, ExperimentTrains) {
  Program program;
  const Outcome run =
      program.Run({Block("my.yaml"), "dataset={name: synthetic_digits, train: 2000, test: 500}",
                   "--threads", "2"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "my_net: 1x28x28 - 128 - 10, 101770 parameters, float32, seed 0"))
      << run.out;
  EXPECT_TRUE(program.Has("runs/my_net"));
}

}  // namespace
}  // namespace nabla
