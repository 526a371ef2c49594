#include "framework/config/fields.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace nabla {

enum class Color { kRed, kGreen };
template <>
struct EnumNames<Color> {
  static constexpr std::pair<Color, const char*> kNames[] = {{Color::kRed, "red"},
                                                             {Color::kGreen, "green"}};
};

namespace {

struct Inner {
  double rate = 0.5;
  std::vector<int64_t> sizes;

  template <typename V>
  static void Fields(V& v) {
    v("rate", &Inner::rate, {.doc = "how fast", .min = 0, .max = 1, .above_min = true});
    v("sizes", &Inner::sizes, {.doc = "how large", .unit = "rows", .min = 1});
  }
};

struct Base {
  std::string title = "none";
};

struct Outer : Base {
  bool on = false;
  int64_t count = 3;
  Color color = Color::kRed;
  std::optional<double> cap;
  std::optional<std::string> remark;
  std::vector<std::vector<double>> rows;
  std::vector<Color> colors;
  Inner inner;
  std::vector<Inner> more;

  template <typename V>
  static void Fields(V& v) {
    v("title", &Outer::title, {.doc = "what it is called", .required = true});
    v("on", &Outer::on, {.doc = "whether"});
    v("count", &Outer::count, {.doc = "how many", .min = 0});
    v("color", &Outer::color, {.doc = "which color"});
    v("cap", &Outer::cap, {.doc = "at most", .min = 0});
    v("remark", &Outer::remark, {.doc = "anything"});
    v("rows", &Outer::rows, {.doc = "numbers"});
    v("colors", &Outer::colors, {.doc = "several"});
    v("inner", &Outer::inner, {.doc = "a section"});
    v("more", &Outer::more, {.doc = "sections"});
  }
};

// Parses into `out`; returns every problem in the order that a user sees.
std::vector<std::string> Parse(const std::string& text, Outer* out) {
  Problems problems;
  const bool good = TableOf<Outer>().Parse(out, ParseYaml(text, "f"), {problems});
  EXPECT_EQ(good, problems.empty());
  std::vector<std::string> lines;
  try {
    problems.ThrowIfAny();
  } catch (const InputError& e) {
    for (const Problem& p : e.problems()) lines.push_back(p.ToString());
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Fields, ReadEveryType) {
  Outer o;
  const Lines problems = Parse(
      "title: 'yes, this'\non: true\ncount: 0\ncolor: green\ncap: 2.5\nremark: ''\n"
      "rows: [[1, 2.5], []]\ncolors: [green, red]\ninner: {rate: 1, sizes: [4]}\n"
      "more:\n  - {sizes: []}\n  - rate: 0.25\n",
      &o);
  EXPECT_EQ(problems, Lines());
  EXPECT_EQ(o.title, "yes, this");
  EXPECT_TRUE(o.on);
  EXPECT_EQ(o.count, 0);
  EXPECT_EQ(o.color, Color::kGreen);
  EXPECT_EQ(o.cap, 2.5);
  EXPECT_EQ(o.remark, "");
  EXPECT_EQ(o.rows, (std::vector<std::vector<double>>{{1, 2.5}, {}}));
  EXPECT_EQ(o.colors, (std::vector<Color>{Color::kGreen, Color::kRed}));
  EXPECT_EQ(o.inner.rate, 1);
  EXPECT_EQ(o.inner.sizes, std::vector<int64_t>{4});
  ASSERT_EQ(o.more.size(), 2u);
  EXPECT_EQ(o.more[0].rate, 0.5);
  EXPECT_EQ(o.more[1].rate, 0.25);
}

TEST(Fields, KeepDefaultsOfWhatIsLeftOut) {
  Outer o;
  EXPECT_EQ(Parse("title: x\n", &o), Lines());
  EXPECT_FALSE(o.on);
  EXPECT_EQ(o.count, 3);
  EXPECT_FALSE(o.cap.has_value());
  EXPECT_EQ(o.inner.rate, 0.5);
}

TEST(Fields, TakeNullForAnOptionalOnly) {
  Outer o;
  o.cap = 1;
  EXPECT_EQ(Parse("title: x\ncap:\nremark: ~\n", &o), Lines());
  EXPECT_FALSE(o.cap.has_value());
  EXPECT_EQ(Parse("title: x\ncount:\n", &o),
            Lines{"f:2:1: error: expected an integer, found nothing"});
}

TEST(Fields, SayWhatTheyExpected) {
  Outer o;
  EXPECT_EQ(
      Parse("title: [a]\non: yes\ncount: 1.5\ncolor: [red]\ncap: -1\nrows: 3\n"
            "colors: [red, gren]\ninner: 3\nmore: {rate: 1}\n",
            &o),
      (Lines{"f:1:8: error: expected text, found a list",
             "f:2:5: error: expected true or false, found 'yes'",
             "f:3:8: error: expected an integer, found '1.5'",
             "f:4:8: error: expected one of red, green, found a list",
             "f:5:6: error: -1 is out of range: must be >= 0",
             "f:6:7: error: expected a list, found '3'",
             "f:7:15: error: unknown value \"gren\"; did you mean \"green\"? known: red, green",
             "f:8:8: error: expected a map, found '3'",
             "f:9:7: error: expected a list, found a map"}));
}

TEST(Fields, DoNotKeepWhatIsRefused) {
  Outer o;
  EXPECT_EQ(Parse("title: x\ncount: -9223372036854775808\ninner: {rate: 0}\n", &o).size(), 2u);
  EXPECT_EQ(o.count, 3);
  EXPECT_EQ(o.inner.rate, 0.5);
}

TEST(Fields, AnEmptyKeyIsNoFormerName) {
  Outer o;
  EXPECT_EQ(Parse("\"\": 3\n", &o),
            (Lines{"f:1:1: error: unknown key \"\"; known: title, on, count, color, cap, remark, "
                   "rows, colors, inner, more",
                   "f:1:1: error: \"title\" is missing: what it is called"}));
}

TEST(Fields, ReportEveryProblemInTheOrderOfTheFile) {
  Outer o;
  EXPECT_EQ(
      Parse("inner:\n  rates: 1\n  sizes: [1, 0, x]\nmore: [{rate: 0}, {sise: 1}]\n"
            "colour: red\non: 'true'\n",
            &o),
      (Lines{"f:1:1: error: \"title\" is missing: what it is called",
             "f:2:3: error: unknown key \"rates\"; did you mean \"rate\"? known: rate, sizes",
             "f:3:14: error: 0 is out of range: must be >= 1",
             "f:3:17: error: expected an integer, found 'x'",
             "f:4:15: error: 0 is out of range: must be 0 < x <= 1",
             "f:4:20: error: unknown key \"sise\"; did you mean \"sizes\"? known: rate, sizes",
             // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): a long line
             "f:5:1: error: unknown key \"colour\"; did you mean \"color\"? known: title, on, "
             "count, color, cap, remark, rows, colors, inner, more",
             "f:6:5: error: expected true or false, found 'true'"}));
}

TEST(Fields, ShowTheFirstHundredProblems) {
  Outer o;
  std::string text = "title: x\nmore:\n";
  for (int i = 0; i < 150; ++i) text += "- 3\n";
  const Lines lines = Parse(text, &o);
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines[99], "f:102:3: error: expected a map, found '3'");
  EXPECT_EQ(lines[100], "error: 50 more problems are not shown");
}

TEST(Fields, RefuseATableThatIsNoMap) {
  Inner inner;
  Problems problems;
  EXPECT_FALSE(TableOf<Inner>().Parse(&inner, ParseYaml("[1]", "f"), {problems}));
  EXPECT_EQ(problems.list().at(0).ToString(), "f:1:1: error: expected a map, found a list");
}

TEST(Fields, LeaveIgnoredKeysToTheCaller) {
  Inner inner;
  Problems problems;
  const Node map = ParseYaml("{name: x, rate: 1}", "f");
  EXPECT_TRUE(TableOf<Inner>().Parse(&inner, map, {problems}, {"name"}));
  EXPECT_FALSE(TableOf<Inner>().Parse(&inner, map, {problems}));
}

TEST(Fields, PrintWhatParsesBackToTheSame) {
  Outer o;
  ASSERT_EQ(Parse("title: 'null'\non: true\ncap: 1e-5\nremark: 'true'\nrows: [[0.1], [-2]]\n"
                  "colors: [green]\nmore: [{rate: 1, sizes: [1000000]}]\n",
                  &o),
            Lines());
  const std::string printed = PrintYaml(TableOf<Outer>().Print(&o));
  EXPECT_EQ(printed,
            "title: \"null\"\non: true\ncount: 3\ncolor: red\ncap: 1e-05\nremark: \"true\"\n"
            "rows: [[0.1], [-2]]\ncolors: [green]\ninner:\n  rate: 0.5\n  sizes: []\n"
            "more:\n  - {rate: 1, sizes: [1000000]}\n");
  Outer again;
  EXPECT_EQ(Parse(printed, &again), Lines());
  EXPECT_EQ(PrintYaml(TableOf<Outer>().Print(&again)), printed);
}

TEST(Fields, DocumentThemselves) {
  const FieldTable& table = TableOf<Outer>();
  EXPECT_EQ(table.Find("nothing"), nullptr);
  EXPECT_STREQ(table.Find("count")->doc().doc, "how many");
  EXPECT_EQ(table.Find("on")->Type(), "bool");
  EXPECT_EQ(table.Find("cap")->Type(), "number");
  EXPECT_EQ(table.Find("rows")->Type(), "list of list of number");
  EXPECT_EQ(table.Find("color")->Choices(), (Lines{"red", "green"}));
  EXPECT_EQ(table.Find("colors")->Choices(), (Lines{"red", "green"}));
  EXPECT_EQ(table.Find("inner")->Inside(), &TableOf<Inner>());
  EXPECT_EQ(table.Find("more")->Inside(), &TableOf<Inner>());
  EXPECT_TRUE(table.Find("more")->IsList());
  EXPECT_FALSE(table.Find("inner")->IsList());
}

}  // namespace
}  // namespace nabla
