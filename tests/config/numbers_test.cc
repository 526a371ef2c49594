// Which texts are numbers. YAML 1.1, YAML 1.2 and C disagree; nabla takes decimal numbers alone.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <string>

#include "framework/config/fields.h"

namespace nabla {
namespace {

struct Result {
  std::optional<double> value;
  std::string error;
};

template <typename T, typename Parse>
Result Read(const std::string& text, Parse parse, const FieldDoc& doc) {
  Problems problems;
  T value{};
  const bool good = parse(ParseYaml(text, ""), doc, problems, &value);
  EXPECT_EQ(good, problems.empty()) << text;
  if (!good) return {std::nullopt, problems.list().at(0).message};
  return {static_cast<double>(value), ""};
}

Result Number(const std::string& text, const FieldDoc& doc = {}) {
  return Read<double>(text, ParseDouble, doc);
}
Result Integer(const std::string& text, const FieldDoc& doc = {}) {
  return Read<int64_t>(text, ParseInt, doc);
}

TEST(Numbers, AreDecimal) {
  EXPECT_EQ(Number("1").value, 1);
  EXPECT_EQ(Number("+1").value, 1);
  EXPECT_EQ(Number("-1.5").value, -1.5);
  EXPECT_EQ(Number("1.").value, 1);
  EXPECT_EQ(Number(".5").value, 0.5);
  EXPECT_EQ(Number("-.5").value, -0.5);
  EXPECT_EQ(Number("1e-12").value, 1e-12);
  EXPECT_EQ(Number("1E+3").value, 1000);
  EXPECT_EQ(Number("0.1").value, 0.1);
  EXPECT_EQ(Number("0e5").value, 0);
  EXPECT_EQ(Number("5e-324").value, std::numeric_limits<double>::denorm_min());
  EXPECT_TRUE(std::signbit(*Number("-0").value));
}

TEST(Numbers, AreNothingElse) {
  for (const char* text :
       {"nan", "NaN",   ".nan",  "inf",  "-inf", ".inf",  "-.inf", "infinity", "0x10",
        "0b1", "0o7",   "1_000", "1,5",  "1e",   "e1",    "--1",   "+-1",      "-+1",
        "++1", "+",     "-",     ".",    "1 2",  "1f",    "010",   "-010",     "+010",
        "00",  "007.5", "1:30",  "true", "'1'",  "\"1\"", "½"}) {
    EXPECT_EQ(Number(text).error.substr(0, 24), "expected a number, found") << text;
  }
  EXPECT_EQ(Number("0x10").error, "expected a number, found '0x10'");
  EXPECT_EQ(Number("~").error, "expected a number, found nothing");
  EXPECT_EQ(Number("[1]").error, "expected a number, found a list");
  EXPECT_EQ(Number("{}").error, "expected a number, found a map");
}

TEST(Numbers, FitADouble) {
  for (const char* text : {"1e400", "-1e400", "1e-400"}) {
    EXPECT_EQ(Number(text).error, std::string(text) + " is too large or too small for a number");
  }
}

TEST(Numbers, OfIntegersHaveNoPoint) {
  EXPECT_EQ(Integer("0").value, 0);
  EXPECT_EQ(Integer("+7").value, 7);
  EXPECT_EQ(Integer("-7").value, -7);
  EXPECT_EQ(Integer("-0").value, 0);
  for (const char* text : {"1.0", "1.", "1e3", "0x10", "010", "-01", "+-1", "1_000", "nan", "'1'",
                           "true", "ten", "~", "[]"}) {
    EXPECT_EQ(Integer(text).error.substr(0, 26), "expected an integer, found") << text;
  }
  EXPECT_EQ(Integer("9223372036854775807").error, "");
  EXPECT_EQ(Integer("9223372036854775808").error,
            "9223372036854775808 is too large for an integer");
}

TEST(Numbers, KeepTheirBounds) {
  const FieldDoc rate{.min = 0, .max = 1, .above_min = true};
  EXPECT_EQ(Number("1", rate).value, 1);
  EXPECT_EQ(Number("0", rate).error, "0 is out of range: must be 0 < x <= 1");
  EXPECT_EQ(Number("-0", rate).error, "-0 is out of range: must be 0 < x <= 1");
  EXPECT_EQ(Number("1.1", rate).error, "1.1 is out of range: must be 0 < x <= 1");
  EXPECT_EQ(Integer("0", {.min = 1}).error, "0 is out of range: must be >= 1");
  EXPECT_EQ(Integer("2000001", {.min = 1, .max = 2e6}).error,
            "2000001 is out of range: must be 1 <= x <= 2000000");
}

TEST(Numbers, BoundsReadAsPeopleWriteThem) {
  EXPECT_EQ(FieldDoc{}.Bounds(), "");
  EXPECT_EQ((FieldDoc{.min = 0, .above_min = true}).Bounds(), "> 0");
  EXPECT_EQ((FieldDoc{.max = 0.5, .below_max = true}).Bounds(), "< 0.5");
  EXPECT_EQ((FieldDoc{.max = 3}).Bounds(), "<= 3");
  EXPECT_EQ((FieldDoc{.min = 0, .max = 1, .below_max = true}).Bounds(), "0 <= x < 1");
}

TEST(Numbers, PrintWithTheDigitsThatGiveThemBack) {
  EXPECT_EQ(PrintDouble(0.001).text, "0.001");
  EXPECT_EQ(PrintDouble(1e-12).text, "1e-12");
  EXPECT_EQ(PrintDouble(255).text, "255");
  EXPECT_EQ(PrintDouble(1e6).text, "1000000");
  EXPECT_EQ(PrintDouble(-0.0).text, "-0");
  EXPECT_EQ(PrintDouble(0.1 + 0.2).text, "0.30000000000000004");
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::ldexp(static_cast<double>(static_cast<int64_t>(random())),
                                    static_cast<int>(random() % 200) - 130);
    ASSERT_EQ(Number(PrintDouble(value).text).value, value);
  }
}

}  // namespace
}  // namespace nabla
