// Every built-in plugin keeps to what plugins must, and plugins made wrong on purpose are caught.
#include "framework/check/conformance.h"

#include <gtest/gtest.h>

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
