#include "framework/spec/reference.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/node.h"

namespace nabla {
namespace {

template <typename T>
T Parse(const std::string& yaml) {
  Problems problems;
  T value;
  FieldType<T>::Parse(ParseYamlValue(yaml, "test"), {}, {problems}, &value);
  problems.ThrowIfAny();
  return value;
}

TEST(ReferenceTest, EpochsAreNumbersRangesAndLists) {
  EXPECT_EQ(Parse<Epochs>("10").list, std::vector<int64_t>{10});
  EXPECT_EQ(Parse<Epochs>("3..6").list, (std::vector<int64_t>{3, 4, 5, 6}));
  EXPECT_EQ(Parse<Epochs>("[1, 11, 20..22]").list, (std::vector<int64_t>{1, 11, 20, 21, 22}));
  EXPECT_EQ(Parse<Epochs>("1..301/100").list, (std::vector<int64_t>{1, 101, 201, 301}));
  EXPECT_EQ(Parse<Epochs>("[1..10/4, 12]").list, (std::vector<int64_t>{1, 5, 9, 12}));
  for (const char* wrong :
       {"0", "-1", "x", "5..3", "1...3", "1..", "..3", "[3, 2]", "[1..5, 5]", "2000000", "{a: 1}",
        "1.5", "[[1]]", "1..9/0", "1..9/", "1/2", "1..9/-1"}) {
    EXPECT_THROW(Parse<Epochs>(wrong), InputError) << wrong;
  }
}

std::string CountSteps(std::vector<int64_t> steps, int64_t first, std::vector<int64_t>* epochs) {
  Reference reference;
  reference.steps.list = std::move(steps);
  reference.first_step = first;
  const std::string wrong = reference.CountFromOne();
  EXPECT_EQ(reference.steps.list.empty(), wrong.empty());
  *epochs = reference.epochs.list;
  return wrong;
}

TEST(ReferenceTest, StepsOfTheSourceBecomeEpochs) {
  std::vector<int64_t> epochs;
  EXPECT_EQ(CountSteps({0, 100, 200}, 0, &epochs), "");
  EXPECT_EQ(epochs, (std::vector<int64_t>{1, 101, 201}));
  EXPECT_EQ(CountSteps({100, 200}, 1, &epochs), "");
  EXPECT_EQ(epochs, (std::vector<int64_t>{100, 200}));
  EXPECT_EQ(CountSteps({0, 100}, 1, &epochs), "step 0 comes before first_step, 1");
  Reference both;
  both.steps.list = both.epochs.list = {1};
  EXPECT_EQ(both.CountFromOne(), "either epochs or steps tell when it was printed, not both");
}

TEST(ReferenceTest, EveryMetricHasASentenceAndAFormula) {
  for (const auto& [metric, name] : EnumNames<MetricName>::kNames) {
    EXPECT_TRUE(std::string(DocOf(metric).doc).ends_with(".")) << name;
    EXPECT_NE(std::string(DocOf(metric).formula), "") << name;
  }
}

TEST(ReferenceTest, EpochsPrintAsTheyAreRead) {
  for (const std::string text : {"10", "3..6", "[1, 11, 20..22]", "[]"}) {
    EXPECT_EQ(PrintYaml(FieldType<Epochs>::Print(Parse<Epochs>(text))), text + "\n");
  }
}

TEST(ReferenceTest, HalfAUnitOfTheLastDigit) {
  const auto rounding = [](const char* text) { return Parse<PrintedValue>(text).Rounding(); };
  EXPECT_DOUBLE_EQ(rounding("2.4021"), 0.00005);
  EXPECT_DOUBLE_EQ(rounding("0.20"), 0.005);
  EXPECT_DOUBLE_EQ(rounding("959"), 0.5);
  EXPECT_DOUBLE_EQ(rounding("1.5e-3"), 0.00005);
  EXPECT_DOUBLE_EQ(rounding("12E2"), 50);
  EXPECT_DOUBLE_EQ(rounding("92.13%"), 0.00005);
}

TEST(ReferenceTest, PerCentIsAHundredth) {
  const auto value = [](const char* text) { return Parse<PrintedValue>(text); };
  EXPECT_DOUBLE_EQ(value("92.13%").value, 0.9213);
  EXPECT_EQ(value("92.13%").text, "92.13%");
  EXPECT_DOUBLE_EQ(value("\"92.13%\"").value, 0.9213);  // as JSON writes it
  for (const char* wrong : {"%", "92 %", "92%%", "%92", "\"92.13\""}) {
    EXPECT_THROW(Parse<PrintedValue>(wrong), InputError) << wrong;
  }
}

// The answers are those of Python's format().
TEST(ReferenceTest, DigitsAreThoseThatWouldBePrinted) {
  const auto same = [](const char* text, double ours) {
    return Parse<PrintedValue>(text).HasDigitsOf(ours);
  };
  EXPECT_TRUE(same("2.4021", 2.402099));
  EXPECT_FALSE(same("2.4021", 2.40204));
  EXPECT_TRUE(same("0.5", 0.45000000001));
  EXPECT_FALSE(same("0.5", 0.449999999999));  // no slack
  EXPECT_FALSE(same("0.12345678901", 0.12345678902));
  EXPECT_TRUE(same("0.30000000000000004", 0.1 + 0.2));
  EXPECT_FALSE(same("0.30000000000000004", 0.3));
  EXPECT_TRUE(same("2", 2.5));  // to even
  EXPECT_TRUE(same("92.13%", 0.92134));
  EXPECT_FALSE(same("92.13%", 0.92136));
  EXPECT_TRUE(same("1.5e-3", 0.00151));
  EXPECT_FALSE(same("1.5e-3", 0.00156));
  EXPECT_TRUE(same("12.3e-4", 0.001234));
  EXPECT_TRUE(same("-0.0", 0.01));
  EXPECT_FALSE(same("0.5", std::numeric_limits<double>::quiet_NaN()));
}

TEST(ReferenceTest, ValuesComeAloneInListsAndInMatrices) {
  using Metrics = std::vector<PrintedValue>;
  const auto texts = [](const std::string& yaml) {
    std::vector<std::string> found;
    for (const PrintedValue& metric : Parse<Metrics>(yaml)) found.push_back(metric.text);
    return found;
  };
  EXPECT_EQ(texts("0.760"), std::vector<std::string>{"0.760"});
  EXPECT_EQ(texts("[1.0, 2.50]"), (std::vector<std::string>{"1.0", "2.50"}));
  EXPECT_EQ(texts("[[1, 2], [3, 4]]"), (std::vector<std::string>{"1", "2", "3", "4"}));
  EXPECT_THROW(Parse<Metrics>("[1, x]"), InputError);
}

}  // namespace
}  // namespace nabla
