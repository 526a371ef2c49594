// The run that the README begins with, shortened to an epoch of the real data.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

TEST(MnistRun, ComparesItsMetricsWithTheNotebook) {
  const char* data = std::getenv("NABLA_DATA");
  if (data == nullptr || !std::filesystem::is_directory(data)) {
    GTEST_SKIP() << "NABLA_DATA names no folder (it must be absolute): no real MNIST";
  }
  Program program;
  program.environment["NABLA_DATA"] = data;
  const Outcome run =
      program.Run({"mnist_3layer.yaml", "train.epochs=1", "--offline", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_TRUE(Contains(run.out, "data: mnist, 60000 rows to train, 10000 to test")) << run.out;
  // As printed by the notebook, digit for digit; epochs that were not run are left out.
  EXPECT_TRUE(Contains(run.out, "       19.1906   ")) << run.out;
  EXPECT_FALSE(Contains(run.out, "11.6504")) << run.out;
  const nlohmann::json summary = nlohmann::json::parse(program.Read("o/summary.json"));
  EXPECT_EQ(summary["dataset"], "mnist");
  // Thirty runs of the same computation in NumPy gave 18.65 with a standard deviation of 0.73.
  EXPECT_NEAR(summary["train_loss"].get<double>(), 18.65, 5 * 0.73);
}

}  // namespace
}  // namespace nabla
