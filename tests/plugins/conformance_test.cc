// Every built-in plugin keeps to what plugins must, and plugins made wrong on purpose are caught.
#include "framework/check/conformance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "plugins/builtin.h"
#include "tests/plugins/wrong_plugins.h"

namespace nabla {
namespace {

std::string Describe(const CheckResult& result) {
  return result.kind + "/" + result.name + ": " + result.check + ": " + result.message;
}

TEST(ConformanceTest, EveryBuiltInPluginKeepsTheRules) {
  Registry registry;
  RegisterBuiltins(registry);
  const std::vector<CheckResult> results = CheckPlugins(registry);
  for (const CheckResult& result : results) EXPECT_TRUE(result.passed) << Describe(result);
  EXPECT_GT(results.size(), 5 * registry.size());
}

TEST(ConformanceTest, OptionsChooseWhatIsChecked) {
  Registry registry;
  RegisterBuiltins(registry);
  const auto results = CheckPlugins(registry, {.kind = "activation", .name = "relu"});
  ASSERT_FALSE(results.empty());
  for (const CheckResult& result : results) EXPECT_EQ(result.name, "relu");
}

std::string Failures(const Registry& registry) {
  std::string failures;
  for (const CheckResult& result : CheckPlugins(registry)) {
    if (!result.passed) failures += Describe(result) + "\n";
  }
  return failures;
}

// What fails for a plugin that is alone in its registry.
template <template <typename, Flaw> class P, Flaw flaw>
std::string FailuresOf() {
  Registry registry;
  registry.Add<P<float, flaw>>("test");
  registry.Add<P<double, flaw>>("test");
  return Failures(registry);
}

template <Flaw flaw>
std::string ScheduleFailures() {
  Registry registry;
  registry.Add<TrialSchedule<flaw>>("test");
  return Failures(registry);
}

void ExpectCaught(const std::string& failures, const std::string& check) {
  EXPECT_NE(failures.find(check), std::string::npos)
      << "expected a failure of \"" << check << "\", got:\n"
      << failures;
}

constexpr const char* kBits = "same bits";
constexpr const char* kGradient = "finite differences";

TEST(ConformanceTest, PassesWhatIsRight) {
  EXPECT_EQ((FailuresOf<TrialActivation, Flaw::kNone>()), "");
  EXPECT_EQ((FailuresOf<TrialLoss, Flaw::kNone>()), "");
  EXPECT_EQ((FailuresOf<TrialLayer, Flaw::kNone>()), "");
  EXPECT_EQ((FailuresOf<TrialOptimizer, Flaw::kNone>()), "");
  EXPECT_EQ((FailuresOf<TrialInitializer, Flaw::kNone>()), "");
  EXPECT_EQ((FailuresOf<TrialMetric, Flaw::kNone>()), "");
  EXPECT_EQ(ScheduleFailures<Flaw::kNone>(), "");
}

TEST(ConformanceTest, CatchesWrongActivations) {
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kMissingFactor>(), kGradient);
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kWrongSign>(), kGradient);
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kStateBetweenRows>(), kBits);
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kLooksAtFirstRow>(), kBits);
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kLeavesOut>(), "leaves numbers unwritten");
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kWritesBeyond>(), "writes beyond");
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kUndocumented>(), "has no description");
}

// The number behind `name` in a message.
double NumberAfter(const std::string& text, const std::string& name) {
  const size_t at = text.find(name);
  EXPECT_NE(at, std::string::npos) << name << " in " << text;
  return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + name.size(), nullptr);
}

// Its author can make the failure again, and it is the worst that was found.
TEST(ConformanceTest, SaysWhereASlopeIsWrongMost) {
  const std::string text = FailuresOf<TrialActivation, Flaw::kWorseFarOut>();
  const double x = NumberAfter(text, "at x = ");
  const double slope = 2 * NumberAfter(text, "{scale: ") * x * NumberAfter(text, "dy = ");
  const double gives = NumberAfter(text, "] = ");
  EXPECT_NEAR(NumberAfter(text, "finite differences give "), slope, 1e-5 * std::abs(slope));
  EXPECT_NEAR(gives, slope * (1 + x * x / 1000), 1e-6 * std::abs(gives));
  EXPECT_GT(std::abs(x), 7) << text;
  ExpectCaught(text, "gives dx[");
  ExpectCaught(text, " rows of ");
  ExpectCaught(text, ", float64, {scale: ");
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
}

TEST(ConformanceTest, SaysWhereOtherThingsAreWrong) {
  ExpectCaught(FailuresOf<TrialLoss, Flaw::kMissingFactor>(), "gives dz[");
  ExpectCaught(FailuresOf<TrialLoss, Flaw::kMissingFactor>(), ", label ");
  ExpectCaught(FailuresOf<TrialLoss, Flaw::kStateBetweenRows>(), "the loss of a row differs, most");
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kMissingFactor>(), "at weight = ");
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kNoAccumulation>(), "in chunks of ");
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kLooksAtFirstRow>(), "y of Forward differs, most");
  ExpectCaught(FailuresOf<TrialActivation, Flaw::kLeavesOut>(), "writes NaN, first at [");
  ExpectCaught(FailuresOf<TrialOptimizer, Flaw::kShifted>(), " is left at the best rate, ");
  ExpectCaught(FailuresOf<TrialOptimizer, Flaw::kShifted>(), " instead of -1");
  ExpectCaught(FailuresOf<TrialOptimizer, Flaw::kStateInMember>(),
               "are done again; 6 steps, float");
  ExpectCaught(FailuresOf<TrialInitializer, Flaw::kIgnoresSeed>(), " in a second call; w ");
  ExpectCaught(FailuresOf<TrialInitializer, Flaw::kDrifts>(), "standard errors; w ");
  ExpectCaught(FailuresOf<TrialMetric, Flaw::kPercent>(), ", outside 0 .. 1; ");
  ExpectCaught(FailuresOf<TrialMetric, Flaw::kForgetsBlocks>(), " at once, ");
  ExpectCaught(ScheduleFailures<Flaw::kNegative>(), " steps, ");
  ExpectCaught(ScheduleFailures<Flaw::kStateInMember>(), ", in a second call ");
}

TEST(ConformanceTest, CatchesWrongLosses) {
  ExpectCaught(FailuresOf<TrialLoss, Flaw::kMissingFactor>(), kGradient);
  ExpectCaught(FailuresOf<TrialLoss, Flaw::kWrongSign>(), kGradient);
  ExpectCaught(FailuresOf<TrialLoss, Flaw::kStateBetweenRows>(), kBits);
}

TEST(ConformanceTest, CatchesWrongLayers) {
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kForgetsBias>(), "bias: gives");
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kMissingFactor>(), "weight: gives");
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kWrongSign>(), "gradient of the input");
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kNoAccumulation>(), kBits);
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kStateBetweenRows>(), kBits);
  ExpectCaught(FailuresOf<TrialLayer, Flaw::kUnknownParameter>(),
               "there are: unknown parameter \"weigth\"; did you mean \"weight\"?");
}

TEST(ConformanceTest, CatchesWrongOptimizers) {
  ExpectCaught(FailuresOf<TrialOptimizer, Flaw::kWrongSign>(), "reaches the minimum");
  ExpectCaught(FailuresOf<TrialOptimizer, Flaw::kShifted>(), "reaches the minimum");
  ExpectCaught(FailuresOf<TrialOptimizer, Flaw::kStateInMember>(), "remembers nothing");
  ExpectCaught(FailuresOf<TrialOptimizer, Flaw::kStateBetweenRows>(), kBits);
}

TEST(ConformanceTest, CatchesWrongSchedulesInitializersAndMetrics) {
  ExpectCaught(ScheduleFailures<Flaw::kNegative>(), "none negative");
  ExpectCaught(ScheduleFailures<Flaw::kStateInMember>(), "the same step always has the same rate");
  ExpectCaught(FailuresOf<TrialInitializer, Flaw::kLeavesOut>(), "leaves numbers unwritten");
  ExpectCaught(FailuresOf<TrialInitializer, Flaw::kIgnoresSeed>(), "the same seed");
  ExpectCaught(FailuresOf<TrialInitializer, Flaw::kDrifts>(), "moments");
  ExpectCaught(FailuresOf<TrialInitializer, Flaw::kMissingFactor>(), "moments");
  ExpectCaught(FailuresOf<TrialMetric, Flaw::kPercent>(), "within their range");
  ExpectCaught(FailuresOf<TrialMetric, Flaw::kForgetsBlocks>(), "any blocks of rows");
  ExpectCaught(FailuresOf<TrialMetric, Flaw::kUndocumented>(), "no name before there are rows");
}

}  // namespace
}  // namespace nabla
