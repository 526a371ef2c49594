// What separates cells, which numbers they hold, and which columns a number names.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "framework/table/csv.h"
#include "tests/table/parsed_csv.h"

namespace nabla {
namespace {

TEST(CsvDialectTest, SeparatorsAndDecimalCommasAreFound) {
  for (const char* text : {"l;p\n1;2,5\n3;4\n", "l\tp\n1\t2.5\n3\t4\n", "l|p\n1|2.5\n3|4\n",
                           "l,p\n1,2.5\n3,4\n", "l;p\n1;\"2,5\"\n3;4\n"}) {
    const CsvTable t = Parse(text);
    EXPECT_EQ(t.numbers, (std::vector<double>{2.5, 4})) << text;
    EXPECT_EQ(t.values, (std::vector<double>{1, 3})) << text;
  }
  EXPECT_EQ(Remarks("l;p\n1;2,5\n")[0],
            "t.csv: note: ';' separate the columns, and 1,5 is one and a half");
  EXPECT_EQ(Remarks("l\tp\n1\t2\n")[0], "t.csv: note: tabs separate the columns");
  // Lines that differ are an error with a place.
  EXPECT_EQ(Complaint("l;p;q\n1;2;3\n1;2\n"),
            "t.csv:3:4: error: expected 3 fields, as in the first row, found 2");
}

// Every line has as many commas as bars.
TEST(CsvDialectTest, TheLineOfTheSeparatorIsBelieved) {
  const std::string rows = "a|b,c|t\n1|2,5|0\n3|4,5|1\n";
  const CsvFormat format{.targets = {"-1"}};
  EXPECT_EQ(Parse("sep=|\n" + rows, format).fields, 3u);
  EXPECT_EQ(Parse("sep=|\n" + rows, format).numbers, (std::vector<double>{1, 2.5, 3, 4.5}));
  EXPECT_EQ(Parse("sep=,\r\na|b,t\n1,0\n", {.targets = {"t"}}).Names(), Lines{"a|b"});
  EXPECT_EQ(Parse("sep=;\na|b\n1|2\n", {.separator = '|', .targets = {"b"}}).fields, 2u);
  EXPECT_EQ(Parse("sep=x\na|b\n1|2\n", {.targets = {"b"}}).fields, 2u);
}

// A quote within a cell is a character, as for Python's csv, even behind another separator.
TEST(CsvDialectTest, QuotesBeginCellsBehindTheSeparatorAlone) {
  std::string rows;
  for (int r = 0; r < 4; ++r) {
    const std::string n = std::to_string(r);
    rows += n + ";0, \"w" + n + ";x" + n + "\";" + n + "\n";
  }
  const CsvTable t = Parse(rows, {.header = false, .targets = {"0"}});
  EXPECT_EQ(t.fields, 4u);
  EXPECT_EQ(t.inputs[0].seen[1].text, "0, \"w1");
  EXPECT_EQ(t.inputs[1].seen[1].text, "x1\"");
  EXPECT_EQ(Parse("1;\t\"a;b\"\n2; \"c\"\n", {.header = false, .targets = {"0"}}).fields, 2u);
}

// Tabs are spaces elsewhere.
TEST(CsvDialectTest, RowsOfEmptyCellsBetweenTabsAreMissing) {
  const std::string rows = "a\tt\n1\t0\n\t\n \n2\t1\n";
  EXPECT_NE(Complaint(rows, {.targets = {"t"}}).find("t.csv:3:1: error: a value is missing"),
            std::string::npos);
  const CsvTable kept = Parse(rows, {.targets = {"t"}, .missing = MissingValues::kDrop});
  EXPECT_EQ(kept.rows, 2u);
  EXPECT_EQ(kept.remarks.back(),
            "t.csv: note: left out 1 of 3 rows, in which a value is missing (`missing: drop`)");
  // The only ones behind a header.
  EXPECT_NE(
      Complaint("a\tt\n\t\n", {.targets = {"t"}}).find("t.csv:2:1: error: a value is missing"),
      std::string::npos);
}

TEST(CsvDialectTest, DecimalCommasAreSaidBesideAGivenSeparatorToo) {
  const std::string rows = "a;t\n1,5;0\n2,5;1\n";
  EXPECT_EQ(Remarks(rows, {.targets = {"t"}})[0],
            "t.csv: note: ';' separate the columns, and 1,5 is one and a half");
  EXPECT_EQ(Remarks(rows, {.separator = ';', .targets = {"t"}})[0],
            "t.csv: note: 1,5 is one and a half");
  EXPECT_EQ(Remarks("a;t\n1;0\n", {.separator = ';', .targets = {"t"}}).size(), 1u);
}

TEST(CsvDialectTest, PointsBesideDecimalCommasAreNoDecimalPoints) {
  std::string rows = "a;t\n";
  for (int i = 0; i < 30; ++i) rows += "0,5;0,0\n";
  const std::string hint =
      "; the table has decimal commas: write numbers without thousands separators, as 1234,5";
  for (const std::string cell : {"1.234", "1.5", "-1.234,5", "1.5e3"}) {
    const std::string found = "expected a number, found \"" + cell + "\"";
    EXPECT_EQ(Complaint(rows + "7,5;" + cell + "\n", {.targets = {"t"}}),
              "t.csv:32:5: error: " + found + hint);
    EXPECT_EQ(Complaint(rows + cell + ";7,5\n", {.targets = {"t"}}),
              "t.csv:32:1: error: " + found + hint);
    EXPECT_EQ(Complaint(rows + "\"" + cell + "\";7,5\n", {.targets = {"t"}}),
              "t.csv:32:1: error: " + found + hint);
  }
  EXPECT_EQ(Parse(rows + "1234;1\n", {.targets = {"t"}}).numbers.back(), 1234);
}

// As pandas writes the pixels of pictures.
TEST(CsvDialectTest, NumbersAsNamesDoNotHideNumberedTargets) {
  const std::string text = "label,0,1\n1,5,6\n0,7,8\n";
  const CsvTable numbered = Parse(text, {.targets = {"0"}, .numbered_targets = true});
  EXPECT_EQ(numbered.targets[0].name, "label");
  EXPECT_EQ(numbered.pixels, (std::vector<uint8_t>{5, 6, 7, 8}));
  EXPECT_EQ(numbered.remarks.size(), 1u);
  const CsvTable named = Parse(text, {.targets = {"0"}});
  EXPECT_EQ(named.targets[0].name, "0");
  EXPECT_EQ(named.remarks.back(),
            "t.csv:1: warning: 0 is taken for the name of column 1, counted from 0, not for the "
            "column of that number");
  EXPECT_EQ(Remarks("0,1,y\n1,5,6\n0,7,8\n", {.targets = {"y"}, .ignore = {"0"}}).size(), 1u);
  EXPECT_EQ(Complaint(text, {.targets = {"3"}, .numbered_targets = true}),
            "t.csv:1: error: there is no column 3: there are 3 columns, counted from 0, or from -1 "
            "backwards");
}

// Only `header: true` says of the training file that years are names.
TEST(CsvDialectTest, NamesThatAreNumbersAreKnownAgain) {
  CsvTable trained = Parse("2019,2020,t\n5,6,1\n", {.header = true, .targets = {"t"}});
  trained.targets.clear();  // what is predicted needs none
  trained.fields = 2;
  const CsvFormat format{.like = &trained};
  const CsvTable more = Parse("2020,2021,2019\n8,0,7\n10,0,9\n", format);
  EXPECT_EQ(more.pixels, (std::vector<uint8_t>{7, 8, 9, 10}));
  EXPECT_EQ(more.remarks,
            Lines{"t.csv:1: warning: the line is left out, since it has the names of the columns, "
                  "but all its cells are numbers: \"2020\", \"2021\", \"2019\""});
  EXPECT_EQ(Parse("2019,2021\n7,8\n", format).rows, 2u);
}

}  // namespace
}  // namespace nabla
