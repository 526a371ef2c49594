#include "framework/report/standout.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "framework/report/report.h"

namespace nabla {
namespace {

constexpr const char* kConfig = R"(name: net
dataset: {name: digits8x8, scale: 16}
standardise: false
model:
  - {name: linear, units: 16, weight: {name: he_normal}}
  - relu
  - {name: linear, units: 10, weight: {name: he_normal}}
loss: {name: cross_entropy, reduction: mean}
shown_loss: null
penalties: []
class_weights: null
optimizer: {name: sgd, lr: 0.5, weight_decay: 0}
early_stop: null
)";

// A run of so many epochs whose metrics are functions of the epoch.
using Values = double (*)(double epoch);
ReportRun RunOf(int epochs, Values train, Values test = nullptr) {
  ReportRun run{.status = "complete"};
  for (int e = 1; e <= epochs; ++e) {
    ReportEpoch& epoch = run.epochs.emplace_back(ReportEpoch{.epoch = e});
    epoch.metrics.emplace_back("train_loss", train(e));
    if (test != nullptr) epoch.metrics.emplace_back("test_loss", test(e));
  }
  return run;
}

double Settled(double e) { return 0.05 + 2 * std::exp(-e); }

std::vector<Standout> Of(const ReportRun& run, const std::string& config = kConfig) {
  return FindStandouts(run, ParseYaml(config, "config.yaml"));
}

std::string With(const std::string& from, const std::string& to) {
  std::string config = kConfig;
  return config.replace(config.find(from), from.size(), to);
}

// Exactly one, with these parts.
void ExpectOne(const std::vector<Standout>& found, const std::string& text,
               const std::string& attempt, bool serious) {
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].text.find(text), std::string::npos) << found[0].text;
  EXPECT_EQ(found[0].attempt, attempt);
  EXPECT_EQ(found[0].serious, serious) << found[0].text;
}

void ExpectAmong(const std::vector<Standout>& found, const std::string& text) {
  std::string all;
  for (const Standout& standout : found) all += standout.text + "\n";
  EXPECT_NE(all.find(text), std::string::npos) << all;
}

void SetConfusion(const std::vector<int64_t>& counts, ReportRun* run) {
  run->look.confusion.counts = counts;
  const auto classes = static_cast<size_t>(std::lround(std::sqrt(counts.size())));
  for (size_t c = 0; c < classes; ++c)
    run->look.confusion.classes.push_back(std::string(1, 'a' + c));
}

TEST(StandoutTest, AGoodRunHasNone) {
  ReportRun run = RunOf(20, Settled, Settled);
  SetConfusion({50, 2, 3, 47}, &run);
  run.epochs.back().metrics.emplace_back("train_accuracy", 0.99);
  run.epochs.back().metrics.emplace_back("test_accuracy", 0.95);
  run.look.first_loss = 0.9;
  run.look.layers = {{"0", "linear", {16}}, {"1", "relu", {16}}, {"2", "linear", {2}}};
  run.look.values = {{"1", 1000, 16, 3, 0.4, 0.6}};
  run.look.output_spread = 0.8;
  EXPECT_TRUE(Of(run).empty());
  EXPECT_TRUE(Of(ReportRun{}).empty());
}

TEST(StandoutTest, StepsThatAreTooLarge) {
  ReportRun diverged = RunOf(1, Settled);
  diverged.status = "diverged";
  ExpectOne(Of(diverged), "no longer finite", "optimizer.lr=0.05", true);
  diverged.epochs.clear();
  ExpectOne(Of(diverged), "no longer finite", "optimizer.lr=0.05", true);
  ExpectOne(Of(RunOf(3, [](double e) { return e; })), "rose, from 1 to 3", "optimizer.lr=0.05",
            true);
  // The first epoch was already far above the first batch.
  ReportRun high = RunOf(9, [](double e) { return 500 / e; });
  high.look.first_loss = 1.1;
  SetConfusion({30, 0, 0, 9, 0, 1, 8, 0, 2}, &high);
  const std::vector<Standout> found = Of(high);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NE(found[0].text.find("rose, from 1.1 in the first batch to 55.56"), std::string::npos);
  for (const Standout& standout : found) EXPECT_EQ(standout.attempt, "optimizer.lr=0.05");
  EXPECT_NE(found[1].text.find("never predicted"), std::string::npos) << found[1].text;
  high.look.first_loss = 40;
  EXPECT_EQ(Of(high)[0].text.find("rose"), std::string::npos);
  high.look.first_loss = 2;
  // The loss of few rows says little.
  EXPECT_EQ(Of(high, std::string(kConfig) + "train: {batch_size: 4}\n")[0].text.find("rose"),
            std::string::npos);
  ExpectOne(Of(RunOf(9, [](double e) { return 0.1 + std::abs(e - 5); })),
            "rose again, from 0.1 after epoch 5 to 4.1", "optimizer.lr=0.05", false);
  // Chance, and numbers that are not finite.
  EXPECT_TRUE(Of(RunOf(3, [](double e) { return 2.3 + 0.01 * e; })).empty());
  EXPECT_TRUE(Of(RunOf(3, [](double) { return std::nan(""); })).empty());
}

TEST(StandoutTest, WeightsThatAreTooLarge) {
  ReportRun run = RunOf(4, [](double) { return 3.0; });
  run.look.layers = {{"2", "linear", {10}}};
  run.look.first_loss = 40;
  const std::string randn =
      With("units: 16, weight: {name: he_normal}", "units: 16, weight: {name: randn}");
  ExpectOne(Of(run, randn), "first batch was 40, where knowing nothing costs log 10 = 2.3",
            "model.0.weight=xavier_normal", true);
  // Weights that fit their layer: then it is the inputs.
  ExpectOne(Of(run), "first batch was 40", "standardise=true", true);
  ReportRun recovered = run;
  for (ReportEpoch& e : recovered.epochs) e.metrics[0].second = 0.2;
  ExpectOne(Of(recovered, randn), "first batch", "model.0.weight=xavier_normal", false);
  run.look.first_loss = 5.7;  // less than 2.5 log 10
  EXPECT_TRUE(Of(run, randn).empty());
  run.look.first_loss = 40;
  EXPECT_TRUE(Of(run, With("penalties: []", "penalties: [{l2: 1}]")).empty());
  EXPECT_TRUE(Of(run, With("cross_entropy", "mse")).empty());
}

TEST(StandoutTest, DeadUnits) {
  ReportRun run = RunOf(20, Settled);
  run.look.layers = {{"0", "linear", {16}}, {"1", "relu", {16}}, {"2", "linear", {2}}};
  run.look.values = {{"0", 1000, 16, 16, 0, 0}, {"1", 1000, 16, 8, 0, 0}};
  ExpectOne(Of(run), "8 of the 16 units of layer 1 (relu) are dead", "model.1=leaky_relu", false);
  run.look.values[1].still = 15;
  ExpectOne(Of(run), "15 of the 16", "model.1=leaky_relu", true);
  run.look.values[1].still = 7;
  EXPECT_TRUE(Of(run).empty());
  run.look.values[1] = {"1", 4, 16, 16, 0, 0};  // too few rows to say so
  EXPECT_TRUE(Of(run).empty());
}

TEST(StandoutTest, OutputsThatSayNothing) {
  ReportRun one = RunOf(20, Settled);
  SetConfusion({0, 40, 0, 60}, &one);
  ExpectOne(Of(one), "Each of the 100 test rows is predicted as \"b\"", "optimizer.lr=0.05", true);
  const std::string zeros =
      With("units: 16, weight: {name: he_normal}", "units: 16, weight: {name: zeros}");
  ExpectOne(Of(one, zeros), "predicted as \"b\"", "model.0.weight=xavier_normal", true);
  ReportRun guess = RunOf(20, Settled);
  SetConfusion({10, 30, 5, 55}, &guess);
  guess.look.confusion.counts = {10, 30, 30, 30};
  ExpectOne(Of(guess), "40.0 %, is no better than always naming \"b\"", "optimizer.lr=0.05", true);
  ReportRun value = RunOf(20, Settled);
  value.look.output_spread = 0.001;
  ExpectOne(Of(value), "almost the same for all test rows", "optimizer.lr=0.05", true);
  // Steps that are too small.
  ReportRun slow = RunOf(20, [](double e) { return 1 - 0.01 * e; });
  SetConfusion({0, 40, 0, 60}, &slow);
  ASSERT_GE(Of(slow).size(), 1u);
  EXPECT_EQ(Of(slow)[0].attempt, "optimizer.lr=5");
  ReportRun only = RunOf(20, Settled);  // test rows of one class
  SetConfusion({50, 0, 0, 0}, &only);
  EXPECT_TRUE(Of(only).empty());
}

TEST(StandoutTest, ClassesThatAreMissing) {
  ReportRun run = RunOf(20, Settled);
  SetConfusion({50, 0, 0, 0, 50, 0, 25, 25, 0}, &run);
  ExpectOne(Of(run), "1 of 3 classes is never predicted: \"c\"", "train.epochs=40", true);
  run.look.confusion.counts = {90, 0, 0, 0, 90, 0, 5, 5, 0};
  ExpectOne(Of(run), "never predicted: \"c\"", "class_weights=balanced", false);
  run.look.confusion.counts = {90, 0, 0, 0, 90, 0, 2, 2, 0};
  EXPECT_TRUE(Of(run).empty());
  // More epochs are of no use where the loss swings.
  ReportRun swings = RunOf(20, [](double e) { return 0.5 + 0.1 * std::fmod(e, 4); });
  swings.epochs.back().metrics[0].second = 0.65;
  SetConfusion({9, 0, 0, 0, 10, 0, 4, 4, 0}, &swings);
  ExpectOne(Of(swings), "never predicted: \"c\"", "optimizer.lr=0.05", true);
}

TEST(StandoutTest, RowsLearnedByHeart) {
  ReportRun run = RunOf(20, Settled);
  SetConfusion({430, 70, 80, 420}, &run);
  run.epochs.back().metrics.emplace_back("train_accuracy", 1);
  run.epochs.back().metrics.emplace_back("test_accuracy", 0.85);
  ExpectOne(Of(run), "100.0 % on the training rows and 85.0 % on the test rows",
            "optimizer.weight_decay=0.01", false);
  // Twenty test rows could be that unlucky.
  run.look.confusion.counts = {9, 1, 2, 8};
  EXPECT_TRUE(Of(run).empty());
  // Of test rows that are all wrong, or all right, chance is no smaller.
  ReportRun small = RunOf(20, Settled);
  SetConfusion({0, 3, 3, 0}, &small);
  small.epochs.back().metrics.emplace_back("train_accuracy", 1);
  small.epochs.back().metrics.emplace_back("test_accuracy", 0);
  EXPECT_TRUE(Of(small).empty());
  small.look.confusion.counts = {0, 15, 14, 0};
  ExpectAmong(Of(small), "100.0 % on the training rows and 0.0 % on the test rows");
  small.epochs.back().metrics[1].second = 0.5;  // no better than a guess
  for (const Standout& s : Of(small)) EXPECT_EQ(s.text.find("heart"), std::string::npos) << s.text;
  // Of 12 training rows: 24 a second in half a second.
  small.epochs.back().metrics[1].second = 1;
  small.epochs.back().seconds = 0.5;
  small.epochs.back().samples_per_second = 24;
  for (const Standout& s : Of(small)) EXPECT_EQ(s.text.find("heart"), std::string::npos) << s.text;
  // A quarter of all rows validates: 40 beside 120 are enough for this gap, 4 beside 12 are not.
  ReportRun aside = RunOf(20, Settled, Settled);
  aside.epochs.back().metrics.emplace_back("train_accuracy", 1);
  aside.epochs.back().metrics.emplace_back("validation_loss", 0.1);
  aside.epochs.back().metrics.emplace_back("validation_accuracy", 0.7);
  const std::string quarter = std::string(kConfig) + "split: {validation_fraction: 0.25}\n";
  aside.epochs.back().seconds = 0.5;
  aside.epochs.back().samples_per_second = 24;
  EXPECT_TRUE(Of(aside, quarter).empty());
  aside.epochs.back().samples_per_second = 240;
  ExpectOne(Of(aside, quarter), "70.0 % on the validation rows", "optimizer.weight_decay=0.01",
            true);
  const auto rising = [](double e) { return 0.5 + 0.02 * std::abs(e - 5); };
  ExpectOne(Of(RunOf(20, Settled, rising)),
            "The test loss was lowest after epoch 5, 0.5, and rose to 0.8", "train.epochs=5",
            false);
  ReportRun two = RunOf(20, Settled, rising);  // test rows
  SetConfusion({1, 0, 0, 1}, &two);
  EXPECT_TRUE(Of(two).empty());
}

// What a few rows do by chance is no fault of the model.
TEST(StandoutTest, TooFewRowsToSay) {
  ReportRun rare = RunOf(20, Settled);
  SetConfusion({96, 0, 4, 0}, &rare);
  EXPECT_TRUE(Of(rare).empty());
  rare.look.confusion.counts = {94, 1, 4, 1};
  EXPECT_TRUE(Of(rare).empty());
  rare.look.confusion.counts = {85, 5, 5, 5};
  ExpectOne(Of(rare), "no better than always naming", "optimizer.lr=0.05", true);
  ReportRun value = RunOf(20, Settled);
  value.look.output_spread = 0.001;
  value.look.values = {{"0", 2, 16, 0, 0.1, 1}};
  EXPECT_TRUE(Of(value).empty());
  ReportRun single = RunOf(4, [](double) { return 3.0; });
  single.look.layers = {{"2", "linear", {10}}};
  single.look.first_loss = 40;
  EXPECT_EQ(Of(single, std::string(kConfig) + "train: {batch_size: 8}\n").size(), 1u);
  EXPECT_TRUE(Of(single, std::string(kConfig) + "train: {batch_size: 1}\n").empty());
}

TEST(StandoutTest, AnAttemptThatDivergedIsSaidToHave) {
  Tried tried{
      .epochs = 3, .epochs_with = 3, .seeds = 3, .metric = "test_accuracy", .before = 0.615};
  EXPECT_EQ(TriedText(tried),
            "Not confirmed: with 3 seeds and 3 epochs, diverged instead of test accuracy 61.5 %.");
  std::swap(tried.before, tried.after);
  tried.better = 3;
  EXPECT_EQ(TriedText(tried),
            "Confirmed: with 3 seeds and 3 epochs, test accuracy 61.5 % where it diverged.");
  tried.before = 0.5;
  EXPECT_EQ(TriedText(tried),
            "Confirmed: with 3 seeds and 3 epochs, test accuracy 61.5 % instead of 50.0 %.");
}

TEST(StandoutTest, StillFalling) {
  const auto slope = [](double e) { return 2 - 0.05 * e; };
  ExpectOne(Of(RunOf(20, slope, slope)), "still falling", "train.epochs=40", true);
  ExpectOne(Of(RunOf(5, slope)), "still falling", "train.epochs=10", false);
  EXPECT_TRUE(Of(RunOf(4, slope)).empty());
  // The test rows gained nothing.
  EXPECT_TRUE(Of(RunOf(20, slope, [](double e) { return 1 + 0.001 * e; })).empty());
  EXPECT_TRUE(Of(RunOf(20, slope), With("early_stop: null", "early_stop: {patience: 3}")).empty());
  ReportRun stopped = RunOf(20, slope);
  stopped.status = "stopped";
  EXPECT_TRUE(Of(stopped).empty());
}

TEST(StandoutTest, SeriousOnesComeFirst) {
  ReportRun run = RunOf(9, [](double e) { return 0.1 + std::abs(e - 5); });
  SetConfusion({0, 40, 0, 60}, &run);
  const std::vector<Standout> found = Of(run, With("cross_entropy", "mse"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(found[0].serious);
  EXPECT_FALSE(found[1].serious);
}

// A folder of somebody else may hold anything.
TEST(StandoutTest, AConfigOfAnotherKindIsNoHarm) {
  ReportRun run = RunOf(3, [](double e) { return e; });
  run.look.first_loss = 1e300;
  run.look.layers = {{"0", "x", {}}};
  run.look.values = {{"0", 1000, 0, 0, 0, 0}};
  for (const char* config : {"a: 1", "model: {}", "model: [1, [2]]\nloss: [cross_entropy]",
                             "optimizer: sgd", "optimizer: {lr: x}", "loss: cross_entropy"}) {
    EXPECT_EQ(Of(run, config).size(), 1u) << config;
  }
}

}  // namespace
}  // namespace nabla
