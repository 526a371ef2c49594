#include "framework/spec/reference.h"

#include <gtest/gtest.h>

#include <string>
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
  for (const char* wrong : {"0", "-1", "x", "5..3", "1...3", "1..", "..3", "[3, 2]", "[1..5, 5]",
                            "2000000", "{a: 1}", "1.5", "[[1]]"}) {
    EXPECT_THROW(Parse<Epochs>(wrong), InputError) << wrong;
  }
}

TEST(ReferenceTest, EpochsPrintAsTheyAreRead) {
  for (const std::string text : {"10", "3..6", "[1, 11, 20..22]", "[]"}) {
    EXPECT_EQ(PrintYaml(FieldType<Epochs>::Print(Parse<Epochs>(text))), text + "\n");
  }
  EXPECT_TRUE(Parse<Epochs>("[1, 5..7]").Has(6));
  EXPECT_FALSE(Parse<Epochs>("[1, 5..7]").Has(4));
}

TEST(ReferenceTest, HalfAUnitOfTheLastDigit) {
  const auto rounding = [](const char* text) { return Parse<PrintedValue>(text).Rounding(); };
  EXPECT_DOUBLE_EQ(rounding("2.4021"), 0.00005);
  EXPECT_DOUBLE_EQ(rounding("0.20"), 0.005);
  EXPECT_DOUBLE_EQ(rounding("959"), 0.5);
  EXPECT_DOUBLE_EQ(rounding("1.5e-3"), 0.00005);
  EXPECT_DOUBLE_EQ(rounding("12E2"), 50);
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
