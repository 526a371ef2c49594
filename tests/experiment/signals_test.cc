// Stopping a run half way.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiment/program.h"

namespace nabla {
namespace {

void ExpectStops(int signal, int code) {
  Program program;
  program.Write("long.yaml", kSmallExperiment);
  program.Start({"long.yaml", "train.epochs=1000000", "evaluate.every=1000", "--out", "o"});
  program.WaitFor("epoch       2/");
  program.Signal(signal);
  const Outcome stopped = program.Finish();
  EXPECT_EQ(stopped.code, code) << stopped.err;
  EXPECT_EQ(stopped.err, "");
  const nlohmann::json summary = nlohmann::json::parse(program.Read("o/summary.json"));
  EXPECT_EQ(summary["status"], "stopped");
  EXPECT_GE(summary["epochs"], 2);
  EXPECT_LT(summary["epochs"], 1000000);
  EXPECT_EQ(summary["weights_hash"].get<std::string>().size(), 32u);
  EXPECT_TRUE(Contains(stopped.out, "run folder: ")) << stopped.out;
  EXPECT_TRUE(
      Contains(stopped.out, "--resume --out " + program.Path("o") + " goes on from here\n"));
  // Nothing is cut off.
  EXPECT_EQ(program.Read("o/metrics.jsonl").back(), '\n');
  EXPECT_FALSE(program.Has("o/summary.json.part"));
}

TEST(Signals, InterruptStopsAfterTheStep) { ExpectStops(SIGINT, 130); }

TEST(Signals, TerminateStopsAfterTheStep) { ExpectStops(SIGTERM, 143); }

}  // namespace
}  // namespace nabla
