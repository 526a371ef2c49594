// Files as people send them, and as they should not: each is read, or refused with what to do.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/data/samples.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string Point(int whole, int hundredths) {
  return std::to_string(whole) + "." + std::to_string(hundredths / 10) +
         std::to_string(hundredths % 10);
}

// 60 rows of x, y and one of three kinds, which follows from x.
std::string Body() {
  std::string text;
  for (int r = 0; r < 60; ++r) {
    text += Point(r % 9, 7 * r % 100) + "," + Point(r % 7, 13 * r % 100) + "," +
            std::string(1, static_cast<char>('a' + r % 9 / 3)) + "\n";
  }
  return text;
}

// Each row begins with a plus.
std::string Signed() {
  const std::string rows = Replaced("\n" + Body(), "\n", "\n+");
  return rows.substr(1, rows.size() - 2);
}

std::string Plain() { return "x,y,kind\n" + Body(); }

// The same with a row in its middle.
std::string WithRow(const std::string& row) {
  std::string text = Plain();
  size_t at = 0;
  for (int lines = 0; lines < 21; ++lines) at = text.find('\n', at) + 1;
  return text.insert(at, row + "\n");
}

std::string Utf16(const std::string& text) {
  std::string wide = "\xFF\xFE";
  for (const char c : text) wide += {c, '\0'};
  return wide;
}

// Each row gets a cell, made from its number, behind the header's.
template <typename F>
std::string WithColumn(const std::string& name, const F& cell) {
  const std::string rows = Body();
  std::string text = name + ",x,y,kind\n";
  int row = 0;
  for (size_t at = 0; at < rows.size(); at = rows.find('\n', at) + 1) {
    text += cell(row++);
    text += "," + rows.substr(at, rows.find('\n', at) + 1 - at);
  }
  return text;
}

class OddTablesTest : public testing::Test {
 protected:
  OddTablesTest() { program_.Write("net.yaml", Net("")); }

  static std::string Net(const std::string& settings) {
    return "name: net\ndataset: {name: csv, train: t.csv, target: kind" + settings +
           "}\nsplit: {test_fraction: 0.25}\nstandardise: true\nmodel: [{name: linear, units: 8}, "
           "tanh, {name: linear, units: 3}]\nloss: cross_entropy\noptimizer: {name: adam, lr: "
           "0.05}\ntrain: {epochs: 2, batch_size: 8}\n";
  }

  Outcome Train(const std::string& table, const std::string& settings = "") {
    program_.Write("t.csv", table);
    program_.Write("net.yaml", Net(settings));
    return program_.Run({"net.yaml", "--quiet", "--out", "o" + std::to_string(++runs_)});
  }
  std::string Hash() const {
    return Json::parse(program_.Read("o" + std::to_string(runs_) + "/summary.json"))
        .at("weights_hash");
  }
  void ExpectRefused(const std::string& table, const std::string& text,
                     const std::string& settings = "") {
    const Outcome outcome = Train(table, settings);
    EXPECT_EQ(outcome.code, 2) << text;
    EXPECT_TRUE(Contains(outcome.err, text)) << text << " in\n" << outcome.err;
    EXPECT_FALSE(program_.Has("o" + std::to_string(runs_))) << text;
  }

  Program program_;
  int runs_ = 0;
};

TEST_F(OddTablesTest, TheFormOfAFileDoesNotMatter) {
  ASSERT_EQ(Train(Plain()).code, 0);
  const std::string hash = Hash();
  const std::string plain = Plain();
  const std::string semicolons = Replaced(plain, ",", ";");
  const std::string tables[] = {
      semicolons,
      Replaced(semicolons, ".", ","),
      "sep=;\n" + Replaced(semicolons, ".", ","),
      "\xEF\xBB\xBFsep=;\r\n" + Replaced(semicolons, "\n", "\r\n"),
      Replaced(plain, ",", "\t"),
      Replaced(plain, ",", "|"),
      "\xEF\xBB\xBF" + plain,
      Replaced(plain, "\n", "\r\n"),
      "\n\n" + Replaced(plain, "\n", "\n \n"),
      Replaced(plain, ",", " , "),
      plain.substr(0, plain.size() - 1),
      Gzip(plain),
      "x,y,kind\n" + Signed(),
  };
  for (size_t i = 0; i < std::size(tables); ++i) {
    const Outcome outcome = Train(tables[i]);
    ASSERT_EQ(outcome.code, 0) << i << outcome.err;
    EXPECT_EQ(Hash(), hash) << i;
  }
  const std::string quoted = WithColumn("note", [](int) { return "\"one, \"\"two\"\"\nthree\""; });
  EXPECT_EQ(Train(quoted, ", ignore: note").code, 0);
  EXPECT_EQ(Hash(), hash);
  EXPECT_EQ(
      Train(WithColumn("text", [](int) { return std::string(5000, 'z'); }), ", ignore: text").code,
      0);
  EXPECT_EQ(Hash(), hash);
}

TEST_F(OddTablesTest, WhatIsNoTextIsNamed) {
  ExpectRefused(Utf16(Plain()), "t.csv: error: the file is UTF-16: save it as UTF-8");
  ExpectRefused("PK\x03\x04" + std::string(100, 'x'), "zip archive, as .xlsx and .ods files are");
  ExpectRefused(Replaced(Plain(), "\n", "\r"), "a carriage return alone ends the lines");
  ExpectRefused(Plain() + std::string("1,2,\0a\n", 7), " is 0: this is not text");
  ExpectRefused(Gzip(Gzip(Plain())), " is 0: this is not text");
  ExpectRefused(Gzip(Plain()).substr(0, 60), "t.csv: error: gzip data is truncated");
  ExpectRefused(Replaced(Plain(), "a\n", "\xE4\n"), "is not UTF-8: save the file as UTF-8");
  ExpectRefused("", "t.csv:1:1: error: expected rows of numbers, found none");
  ExpectRefused("x,y,kind\n", "t.csv:2:1: error: expected rows of numbers, found none");
  ExpectRefused("<!DOCTYPE html>\n<html><body>404</body></html>\n", "there is no column \"kind\"");
  ExpectRefused(WithRow("3,2," + std::string(5000, 'z')),
                "has 5000 bytes, more than 1000: leave the column out with `ignore`");
}

TEST_F(OddTablesTest, CellsThatAreNoNumbersSayHowToWriteThem) {
  const std::string row = "t.csv:22:1: error: expected a number, found ";
  ExpectRefused(WithRow("\"1,5\",2,a"), row + "\"1,5\"; write numbers with a decimal point");
  ExpectRefused(WithRow("12 kg,2,a"), row + "\"12 kg\"; write numbers without units");
  ExpectRefused(WithRow("50%,2,a"), row + "\"50%\"; write numbers without units");
  ExpectRefused(WithRow("\xE2\x88\x92"
                        "3,2,a"),
                "write the minus of a negative number as '-'");
  ExpectRefused(WithRow("-,2,a"), row + "\"-\"; a missing value is an empty cell, ?, NA");
  ExpectRefused(WithRow("about 3,2,a"), row + "\"about 3\"\n");
  ExpectRefused(WithRow("x,y,kind"), row + "\"x\"\n");  // the header again
  ExpectRefused(WithRow("inf,2,a"), row + "\"inf\"\n");
  ExpectRefused(WithRow("1e400,2,a"), row + "\"1e400\"\n");
  ExpectRefused(WithRow("0x10,2,a"), row + "\"0x10\"\n");
  ExpectRefused(WithRow("\"3,2,a"), "t.csv:22:1: error: this quote is never closed");
  ExpectRefused(WithRow("3,2"), "t.csv:22:4: error: expected 3 fields");
  ExpectRefused(WithRow("3,2,a,a"), "expected 3 fields");
  ExpectRefused(Plain() + "total,,60 rows\n", "expected a number, found \"total\"");
  ExpectRefused(WithRow(",2,a"), "a value is missing, found \"\"; write `missing: mean`");
  ExpectRefused(WithRow("3,2,"), "the target is missing, found \"\"; `missing: drop`");
}

TEST_F(OddTablesTest, ColumnsOfOddNumbersAreNoCategoriesInSilence) {
  const auto price = [](int r) { return "\"1," + std::to_string(100 + r) + "\""; };
  ExpectRefused(WithColumn("price", price),
                "has 60 different words in 60 rows: nothing can be learned from it; leave it out "
                "with `ignore: [price]`, or write `categorical: [price]`; write numbers with a "
                "decimal point and without thousands separators");
  const auto few = [](int r) { return std::to_string(r % 10) + "%"; };
  const Outcome percent = Train(WithColumn("share", few));
  EXPECT_EQ(percent.code, 0);
  EXPECT_TRUE(Contains(percent.err,
                       "t.csv:2:1: warning: the column \"share\" is taken for words, such as "
                       "\"0%\"; write numbers without units"))
      << percent.err;
  EXPECT_FALSE(
      Contains(Train(WithColumn("share", few), ", categorical: share").err, "taken for words"));
  const auto day = [](int r) { return "2024-05-" + std::to_string(10 + r % 9); };
  EXPECT_TRUE(Contains(Train(WithColumn("day", day)).err, "of a date or a time"));
  const auto target = [](int r) { return "\"" + std::to_string(r) + ",5\""; };
  program_.Write("t.csv", WithColumn("cost", target));
  const Outcome words = program_.Run({"net.yaml", "dataset.target=cost"});
  EXPECT_EQ(words.code, 2);
  EXPECT_TRUE(
      Contains(words.err, "rows, too many to be classes; write numbers with a decimal point"))
      << words.err;
}

// A matrix of all their pairs would have nine million cells.
TEST_F(OddTablesTest, ThousandsOfClassesHaveNoMatrix) {
  std::string rows = "x,kind\n";
  for (int r = 0; r < 40; ++r) rows += std::to_string(r) + "," + std::to_string(r % 2) + "\n";
  program_.Write("t.csv", rows);
  const Words many = {"net.yaml", "--quiet", "dataset.classes=3000", "model.2.units=3000"};
  Words run = many;
  run.insert(run.end(), {"--out", "many"});
  const Outcome trained = program_.Run(run);
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Json look = Json::parse(program_.Read("many/inspection.json"));
  EXPECT_TRUE(look.at("confusion").at("counts").empty());
  const Outcome evaluated = program_.Run({"evaluate", "many", "t.csv"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_TRUE(Contains(evaluated.out, "per_class"));
  EXPECT_FALSE(Contains(evaluated.out, "confusion_matrix"));
  run = many;
  run.emplace_back("metrics=[confusion_matrix]");
  const Outcome listed = program_.Run(run);
  EXPECT_EQ(listed.code, 2);
  EXPECT_TRUE(Contains(listed.err, "a confusion matrix has at most 2000 classes, not 3000"));
}

TEST_F(OddTablesTest, ColumnsThatAreOfNoUse) {
  const auto none = [](int) { return std::string(); };
  ExpectRefused(WithColumn("nothing", none), "t.csv:2:1: error: a value is missing");
  ExpectRefused(WithColumn("nothing", none),
                "net.yaml:2:17: error: the input nothing has no value in any row to train on",
                ", missing: mean");
  ExpectRefused(WithColumn("", none), "the input 0 (from 0) has no value in any row",
                ", missing: median");
  ExpectRefused(WithColumn("nothing", none), "every row has a missing value: none is left",
                ", missing: drop");
  ExpectRefused(Plain(), "found 3 columns, none of which is left as an input", ", ignore: [x, y]");
  ExpectRefused("kind\na\nb\nc\n", "expected inputs beside the target, found 1 column\n");
  ExpectRefused(WithRow("1e308,2,a"),
                "net.yaml:2:17: error: standardise: the values of input 0, counted from 0, are so "
                "large");
  // The index that pandas writes has no name.
  const auto index = [](int r) { return std::to_string(r); };
  const Outcome indexed = Train(WithColumn("", index));
  EXPECT_EQ(indexed.code, 0);
  EXPECT_FALSE(Contains(indexed.err, "looks like a row")) << indexed.err;
  EXPECT_TRUE(Contains(indexed.err,
                       "t.csv:1: warning: the column 0 has no name and counts the rows: leave it "
                       "out with `ignore: 0`"))
      << indexed.err;
  program_.Write("t.csv", Replaced(Replaced(Plain(), ",b\n", ",a\n"), ",c\n", ",a\n"));
  const Outcome alike = program_.Run({"net.yaml", "model.2.units=1", "--quiet", "--out", "alike"});
  EXPECT_TRUE(Contains(alike.err,
                       "warning: all rows are of the class a: there is nothing to tell "
                       "apart"))
      << alike.err;
}

TEST_F(OddTablesTest, NamesThatStandTwice) {
  const std::string twice = Replaced(Plain(), "x,y,kind", "x,x,kind");
  ExpectRefused(twice,
                "the columns 0 and 1, counted from 0, have the same name, \"x\": rename one");
  ExpectRefused(twice, "more than one column is named \"x\": name it by its number, from 0",
                ", ignore: x");
  EXPECT_EQ(Train(twice, ", ignore: 1").code, 0);
  ExpectRefused(Plain(), "is named twice among `target`, `columns` and `ignore`", ", ignore: kind");
  ExpectRefused(Plain(), "there is no column \"kid\"; did you mean \"kind\"?", ", ignore: kid");
  ExpectRefused(Body(), "no header names the columns, so write its number, from 0");
}

// Test rows need not look like the training rows.
TEST_F(OddTablesTest, TestRowsThatDiffer) {
  program_.Write("net.yaml", Replaced(Net(", test: v.csv"), "split: {test_fraction: 0.25}\n", ""));
  program_.Write("t.csv", Plain());
  const auto run = [&](const std::string& test, const std::string& target = "kind") {
    program_.Write("v.csv", test);
    return program_.Run({"net.yaml", "--quiet", "--out", "o" + std::to_string(++runs_),
                         "dataset.target=" + target});
  };
  EXPECT_EQ(run("x,y,kind\n3.5,1,a\n").code, 0);
  EXPECT_EQ(run("kind;y;x\na;1;3,5\n").code, 0);
  EXPECT_EQ(run(Body()).code, 0);  // no header
  const Outcome more = run(Plain() + "1,2,d\n");
  EXPECT_EQ(more.code, 2);
  EXPECT_TRUE(Contains(more.err, "warning: no row to train on has the class d")) << more.err;
  EXPECT_TRUE(Contains(more.err, "the last layer gives 3 outputs, but the data set has 4 classes"));
  for (const char* bad : {"x,y,kind\n", "x,y,kind\n1,two,a\n", "x,y\n1,2\n", "x,y,kind\n,1,a\n"}) {
    const Outcome refused = run(bad);
    EXPECT_EQ(refused.code, 2) << bad;
    EXPECT_TRUE(Contains(refused.err, "v.csv:")) << bad << refused.err;
  }
  // Whole numbers in training, fractions in the test rows: a class is not 1.5.
  program_.Write("t.csv", "x,n\n0.5,0\n1.5,1\n2.5,2\n0.25,0\n");
  const Outcome fractions = run("x,n\n0.5,1.5\n", "n");
  EXPECT_EQ(fractions.code, 2);
  EXPECT_TRUE(Contains(fractions.err,
                       "v.csv:2:5: error: expected a class, a whole number from 0, "
                       "found \"1.5\""))
      << fractions.err;
}

}  // namespace
}  // namespace nabla
