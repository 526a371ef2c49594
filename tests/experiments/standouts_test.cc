// What stands out at the end of real runs, and what `watch` refuses.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

class StandoutsTest : public testing::Test {
 protected:
  // What summary.json says stands out.
  Json Train(const std::string& file, const std::string& out, Words more = {}, int code = 0) {
    more.insert(more.begin(), {file, "--out", out});
    outcome_ = program_.Run(more);
    EXPECT_EQ(outcome_.code, code) << outcome_.err;
    return Summary(out).value("standouts", Json::array());
  }
  Json Summary(const std::string& out) const {
    return Json::parse(program_.Read(out + "/summary.json"));
  }

  Program program_;
  Outcome outcome_;
};

// Bundled ones.
TEST_F(StandoutsTest, GoodRunsHaveNone) {
  for (const char* file : {"iris", "spirals", "diabetes", "passengers"}) {
    const Json found = Train(file, file);
    EXPECT_TRUE(found.empty()) << file << ": " << found;
    EXPECT_FALSE(Contains(outcome_.out, "stands out")) << outcome_.out;
  }
}

// Half of a layer of this one is dead, which is no reason to say so at its end.
TEST_F(StandoutsTest, ANoteIsOnlyOnThePage) {
  const Json found = Train("autoencoder", "a");
  ASSERT_EQ(found.size(), 1u) << found;
  EXPECT_FALSE(found[0]["serious"]);
  EXPECT_EQ(found[0]["try"], "model.1=leaky_relu");
  EXPECT_FALSE(Contains(outcome_.out, "stands out")) << outcome_.out;
}

// The notebook of mnist_3layer draws its weights without any scaling. That is what is said of it,
// and what is said to try helps.
TEST_F(StandoutsTest, UnscaledWeightsAreNamedAndTheRemedyHelps) {
  const Words some = {"dataset=synthetic_digits", "subset.train=6000", "subset.test=1000"};
  const Json found = Train("mnist_3layer", "a", some);
  ASSERT_GE(found.size(), 1u);
  EXPECT_TRUE(found[0]["serious"]);
  EXPECT_EQ(found[0]["try"], "model.0.weight=xavier_normal");
  EXPECT_TRUE(Contains(outcome_.out, "stands out: The loss of the first batch was "))
      << outcome_.out;
  EXPECT_TRUE(Contains(outcome_.out, "try model.0.weight=xavier_normal\n")) << outcome_.out;
  Words remedied = some;
  remedied.push_back(found[0]["try"]);
  Train("mnist_3layer", "b", remedied);
  EXPECT_LT(Summary("b")["test_loss"].get<double>(), Summary("a")["test_loss"].get<double>() / 2);
  EXPECT_GT(Summary("b")["test_accuracy"], Summary("a")["test_accuracy"]);
}

TEST_F(StandoutsTest, ShortRunsConfirmARemedy) {
  Train("mnist_3layer", "a",
        {"dataset=synthetic_digits", "subset.train=2000", "subset.test=500", "train.epochs=3"});
  const Outcome outcome = program_.Run({"report", "a", "--confirm"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out,
                       "model.0.weight=xavier_normal: Confirmed: with 3 seeds and 3 epochs, test "
                       "accuracy "))
      << outcome.out;
  const Json found = Summary("a")["standouts"];
  const Json& tried = found[0]["tried"];
  EXPECT_EQ(tried["seeds"], 3);
  EXPECT_EQ(tried["better"], 3);
  EXPECT_EQ(tried["metric"], "test_accuracy");
  EXPECT_TRUE(tried["helped"]);
  // The first of the seeds is that of the run, which was trained for as long.
  const double last = Summary("a")["test_accuracy"];
  EXPECT_LT(std::abs(tried["before"].get<double>() - last), 0.2);
  EXPECT_GT(tried["after"], tried["before"]);
  const std::string text = tried["text"];
  EXPECT_TRUE(Contains(program_.Read("a/report.html"), text));
  // It is kept.
  ASSERT_EQ(program_.Run({"report", "a"}).code, 0);
  EXPECT_TRUE(Contains(program_.Read("a/report.html"), text));
}

TEST_F(StandoutsTest, WhatDoesNotFitTheBudgetIsSaid) {
  const Json found = Train("iris", "a", {"train.epochs=5", "optimizer.lr=1e-4"});
  ASSERT_FALSE(found.empty());
  const std::string attempt = found[0]["try"];
  const Outcome poor = program_.Run({"report", "a", "--confirm", "--budget", "0"});
  ASSERT_EQ(poor.code, 0) << poor.err;
  EXPECT_TRUE(Contains(poor.out, "not tried: " + attempt + " would take about 1 s; --budget"))
      << poor.out;
  EXPECT_FALSE(Summary("a")["standouts"][0].contains("tried"));
}

TEST_F(StandoutsTest, NothingStandsOutNothingIsTried) {
  Train("iris", "a");
  const Outcome outcome = program_.Run({"report", "a", "--confirm"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "nothing stands out, so there is nothing to try"));
  Train("iris", "b");
  const Outcome two = program_.Run({"report", "a", "b", "--confirm"});
  EXPECT_EQ(two.code, 2);
  EXPECT_TRUE(Contains(two.err, "--look and --confirm are about one run")) << two.err;
}

// A run of a sweep keeps no model; trained again, it is the same.
TEST_F(StandoutsTest, ARunOfASweepIsLookedAtClosely) {
  ASSERT_EQ(program_.Run({"spirals", "optimizer.lr=0.01,0.1", "train.epochs=4", "--out", "s"}).code,
            0);
  EXPECT_TRUE(Contains(program_.Read("s/report.html"), "\"folder\":\""));
  const std::string run = "s/0.01/seed-0";
  EXPECT_FALSE(program_.Has(run + "/inspection.json"));
  const Outcome outcome = program_.Run({"report", run, "--look"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json look = Json::parse(program_.Read(run + "/inspection.json"));
  EXPECT_FALSE(look["layers"].empty());
  EXPECT_TRUE(Contains(program_.Read(run + "/report.html"), "\"function\""));
  EXPECT_FALSE(program_.Has(run + "/checkpoint.safetensors"));
  // Not if it is not the same.
  std::string summary = program_.Read("s/0.1/seed-0/summary.json");
  const size_t at = summary.find("weights_hash") + 16;
  summary[at] = summary[at] == '0' ? '1' : '0';
  program_.Write("s/0.1/seed-0/summary.json", summary);
  const Outcome other = program_.Run({"report", "s/0.1/seed-0", "--look"});
  EXPECT_EQ(other.code, 1) << other.out;
  EXPECT_TRUE(Contains(other.err, "trained again, the run in ")) << other.err;
  EXPECT_FALSE(program_.Has("s/0.1/seed-0/inspection.json"));
  program_.environment["TMPDIR"] = program_.Path("nowhere");
  const Outcome nowhere = program_.Run({"report", "s/0.1/seed-0", "--look"});
  EXPECT_EQ(nowhere.code, 1) << nowhere.out;
  EXPECT_TRUE(Contains(nowhere.err, "--look cannot make a folder")) << nowhere.err;
}

TEST_F(StandoutsTest, SaysWhatIsWrongWithBadRuns) {
  // Steps that are too large.
  const Json diverged = Train("diabetes", "a", {"optimizer=sgd", "optimizer.lr=1e30"}, 3);
  ASSERT_EQ(diverged.size(), 1u);
  EXPECT_EQ(diverged[0]["try"], "optimizer.lr=1e+29");
  EXPECT_TRUE(Contains(outcome_.out, "stands out: The loss is no longer finite")) << outcome_.out;
  // The first epoch is over after eight steps, and the loss is then far above where it began.
  for (const std::string rate : {"20", "500"}) {
    const Json wild = Train("iris", "w" + rate, {"optimizer.lr=" + rate});
    ASSERT_GE(wild.size(), 1u) << rate;
    EXPECT_TRUE(Contains(wild[0]["text"], "The training loss rose")) << wild;
    for (const Json& found : wild) {
      EXPECT_FALSE(found["try"].get<std::string>().starts_with("train.epochs")) << found;
    }
  }
  // Zeros, of which no gradient leads away, and an activation that starts dead.
  const Json zeros =
      Train("iris", "b", {"model.0.weight=zeros", "model.0.bias_init={name: constant, value: -1}"});
  ASSERT_GE(zeros.size(), 1u);
  EXPECT_EQ(zeros[0]["try"], "model.0.weight=xavier_normal") << zeros;
  // Far too few epochs.
  const Json falling = Train("iris", "c", {"optimizer.lr=0.0002", "train.epochs=10"});
  ASSERT_GE(falling.size(), 1u) << falling;
  EXPECT_EQ(falling.back()["try"], "train.epochs=20") << falling;
}

// One run, of which quiet ones say nothing, and many.
TEST_F(StandoutsTest, ThePageShowsThem) {
  Train("iris", "runs/a",
        {"model.0.weight=zeros", "model.0.bias_init={name: constant, value: -1}", "--quiet"});
  EXPECT_EQ(outcome_.out, program_.Path("runs/a") + "\n");
  EXPECT_TRUE(Contains(program_.Read("runs/a/report.html"), "\"standouts\":[{\"text\":"));
  EXPECT_TRUE(
      Contains(program_.Read("runs/a/report.html"), "\"scales\":{\"layers\":[\"0 linear\""));
}

class WatchTest : public StandoutsTest {};

TEST_F(WatchTest, SaysWhatItCannotWatch) {
  const Outcome nothing = program_.Run({"watch"});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_TRUE(Contains(nothing.err, "runs: error: no run goes on here")) << nothing.err;
  EXPECT_EQ(program_.Run({"watch", "nowhere"}).code, 2);
  Train("iris", "runs/a", {"train.epochs=1"});
  EXPECT_EQ(program_.Run({"watch", "a"}).code, 2);
}

}  // namespace
}  // namespace nabla
