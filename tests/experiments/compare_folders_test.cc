// `run compare`: folders of earlier comparisons and runs.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/experiments/compare_case.h"

namespace nabla {
namespace {

class CompareFolders : public CompareCase {
 protected:
  CompareFolders() : CompareCase(1) {}
};

// A look counts whoever asks again, and wherever the new runs go.
TEST_F(CompareFolders, LooksOfEarlierCallsCount) {
  const Words seeds = {"--seeds", "16", "--metric", "train_loss"};
  const auto with = [&](Words words) {
    words.insert(words.end(), seeds.begin(), seeds.end());
    return Result(words);
  };
  const Json first =
      with({"iris.yaml", "model.0.weight=xavier_normal,xavier_uniform", "--out", "o"});
  ASSERT_EQ(first["looks"], (Json{8, 16})) << first;
  for (const Words& again :
       {Words{"o"}, Words{"o", "--no-train"}, Words{"o/xavier_normal", "o/xavier_uniform"},
        Words{"o/xavier_normal", "o/xavier_uniform", "--no-train"}}) {
    const Json json = with(again);
    EXPECT_EQ(json["looks"], first["looks"]) << json;
    EXPECT_EQ(json["comparisons"][0]["p_corrected"], first["comparisons"][0]["p_corrected"]);
  }
  // Other runs are looked at where these were.
  ASSERT_EQ(program_.Run({"iris.yaml", "lr=0.0502", "--seeds", "16", "--out", "t"}).code, 0);
  const Json third = with({"o/xavier_normal", "t", "--no-train"});
  EXPECT_EQ(third["looks"][0], 8) << third;
}

// By the signs of ranks each of three can be better than the next one.
TEST_F(CompareFolders, EachSettingMayLoseToAnotherOne) {
  constexpr int kSeeds = 90;
  ASSERT_EQ(program_
                .Run({"iris.yaml", "lr=1,2,3", "--seeds", std::to_string(kSeeds), "--out", "s",
                      "--quiet"})
                .code,
            0);
  for (int seed = 0; seed < kSeeds; ++seed) {
    for (int setting = 0; setting < 3; ++setting) {
      const std::string file =
          "s/" + std::to_string(setting + 1) + "/seed-" + std::to_string(seed) + "/metrics.jsonl";
      Json line = Json::parse(program_.Read(file));
      line["test_loss"] = std::ldexp(1 + (setting + seed) % 3, seed / 3);
      program_.Write(file, line.dump() + "\n");
    }
  }
  const Words words = {"s", "--no-train", "--metric", "test_loss"};
  const Json json = Result(words);
  for (const Json& setting : json["settings"]) EXPECT_EQ(setting["beaten"], true) << setting;
  EXPECT_EQ(json["decided"], true);
  EXPECT_TRUE(json["likely_best"].is_null());
  const Outcome text = program_.Run({"compare", "s", "--no-train", "--metric", "test_loss"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_TRUE(text.out.ends_with("no setting is the best: each loses to another one\n"))
      << text.out;
}

TEST_F(CompareFolders, RunsOfDifferentRowsAreRefused) {
  const std::string rows = "0,1\n1,2\n0,3\n1,4\n0,5\n1,";
  program_.Write("csv.yaml", R"(name: c
dataset: {name: csv, train: rows.csv, test: rows.csv}
model: [{name: linear, units: 2}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 2, epochs: 1}
)");
  const auto train = [&](const std::string& last, const std::string& rate) {
    program_.Write("rows.csv", rows + last + "\n");
    ASSERT_EQ(program_.Run({"csv.yaml", "lr=" + rate, "--seeds", "6", "--out", "s" + rate}).code,
              0);
  };
  train("6", "0.1");
  train("6", "0.2");
  train("7", "0.3");
  EXPECT_EQ(program_.Run({"compare", "s0.1", "s0.2", "--no-train"}).code, 0);
  const Outcome refused = program_.Run({"compare", "s0.1", "s0.3", "--no-train"});
  EXPECT_EQ(refused.code, 2) << refused.out;
  EXPECT_TRUE(Contains(refused.err,
                       "s0.3/seed-0/environment.json: error: the rows of this run are "
                       "not those of "))
      << refused.err;
  // A page of both marks nothing, and says why.
  const Outcome same = program_.Run({"report", "s0.1", "s0.2", "--out", "same.html"});
  EXPECT_FALSE(Contains(same.out, "different rows")) << same.out;
  const Outcome page = program_.Run({"report", "s0.1", "s0.3", "--out", "page.html"});
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_FALSE(Contains(page.out, "≈")) << page.out;
  EXPECT_TRUE(Contains(page.out, "different rows")) << page.out;
  EXPECT_TRUE(Contains(program_.Read("page.html"), "different rows"));
}

// What a clock ends would be trained on, and be another run, at each call.
TEST_F(CompareFolders, TimeLimitsDoNotCount) {
  const Words words = {"iris.yaml", "lr=0.05,0.0501", "epochs=2", "train.max_time=1e-9", "--seeds",
                       "8",         "--out",          "o"};
  const Json first = Result(words);
  EXPECT_TRUE(Contains(first["notes"].dump(), "train.max_time is ignored here")) << first;
  const std::string summary = program_.Read("o/0.05/seed-3/summary.json");  // with its seconds
  EXPECT_TRUE(Contains(summary, "\"complete\"")) << summary;
  EXPECT_EQ(Result(words), first);
  EXPECT_EQ(program_.Read("o/0.05/seed-3/summary.json"), summary);
}

TEST_F(CompareFolders, NewRunsAreFound) {
  const Json json = Result({"iris.yaml", "lr=0.05,0.0501", "--seeds", "8"});
  ASSERT_TRUE(json.contains("folder")) << json;
  EXPECT_TRUE(json["folder"].get<std::string>().starts_with(program_.Path("runs/small_iris/")));
  EXPECT_TRUE(program_.Has("runs/small_iris/latest/comparison.json"));
  EXPECT_FALSE(Result({"runs/small_iris/latest", "--no-train"}).contains("folder"));
}

}  // namespace
}  // namespace nabla
