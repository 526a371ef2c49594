#include "framework/table/table_data.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/missing.h"
#include "framework/table/coding.h"
#include "tests/base/complaint.h"
#include "tests/data/samples.h"

namespace nabla {
namespace {

using Lines = std::vector<std::string>;
using Numbers = std::vector<double>;

CsvTable Parsed(const std::string& text, const CsvFormat& format, const std::string& name) {
  return ParseCsv(AsBytes(text), name, format);
}

// Of a file of training rows, and one of test rows unless that is "".
DataSplits Data(const std::string& train, const std::string& test, CsvFormat format,
                TableSettings settings = {}) {
  if (format.targets.empty()) format.targets = {"y"};
  settings.missing = format.missing;
  CsvTable table = Parsed(train, format, "a.csv");
  if (test.empty()) return DataOf("csv", std::move(table), std::nullopt, settings);
  CsvFormat other = format;
  other.like = &table;
  CsvTable tested = Parsed(test, other, "b.csv");
  return DataOf("csv", std::move(table), std::move(tested), settings);
}

std::string Complaint(const std::string& train, const std::string& test = "",
                      const CsvFormat& format = {}, const TableSettings& settings = {}) {
  return ComplaintOf([&] { Data(train, test, format, settings); });
}

Numbers All(std::span<const double> numbers) { return {numbers.begin(), numbers.end()}; }
std::vector<int> All(std::span<const int32_t> labels) { return {labels.begin(), labels.end()}; }

TEST(TableDataTest, WordsAreClassesInTheirOrder) {
  const DataSplits data = Data("x,y\n1,b\n2,a\n3,b\n", "x,y\n4,c\n", {});
  EXPECT_EQ(All(data.train.labels), (std::vector<int>{1, 0, 1}));
  EXPECT_EQ(All(data.test.labels), std::vector<int>{2});
  EXPECT_EQ(data.train.classes, 3u);
  EXPECT_EQ(data.train.meaning->classes, (Lines{"a", "b", "c"}));
  EXPECT_EQ(data.remarks.back(), "a.csv: note: classification of \"y\": a, b, c");
}

// However many rows there are to test on.
TEST(TableDataTest, TrainingRowsDecideWhetherClassesMayBeNegative) {
  const auto rows = [](int count, int classes, int first) {
    std::string text = "x,y\n";
    for (int r = 0; r < count; ++r) text += "1," + std::to_string(first + r % classes) + "\n";
    return text;
  };
  EXPECT_EQ(Data(rows(1000, 50, -1), rows(60, 50, -1), {}).train.classes, 50u);
  EXPECT_EQ(Data(rows(1000, 50, -1), rows(2, 2, -3), {}).train.classes, 52u);
  const std::string found = "expected a class, a whole number from 0, found ";
  EXPECT_EQ(Complaint(rows(60, 2, 0), rows(4, 2, -1)), "b.csv:2:3: error: " + found + "\"-1\"");
  EXPECT_EQ(Complaint(rows(60, 2, -1), "x,y\n1,-1\n1,9007199254740993\n"),
            "b.csv:2:3: error: " + found + "\"-1\"");
  EXPECT_EQ(Complaint(rows(60, 2, -1), "x,y\n1,0.5\n"), "b.csv:2:3: error: " + found + "\"0.5\"");
}

TEST(TableDataTest, NumbersFarFromZeroAreDoubted) {
  EXPECT_EQ(Data("x,y\n1,1990\n2,1997\n3,1991\n", "", {}).remarks.back(),
            "a.csv: note: classification of \"y\": classes 0 to 1997, of which only 3 occur: if "
            "these are numbers to predict, write `task: regression`");
  EXPECT_EQ(Data("x,y\n1,3\n2,7\n", "", {}).remarks.back(),
            "a.csv: note: classification of \"y\": classes 0 to 7");
}

TEST(TableDataTest, FewWholeNumbersAreClasses) {
  const DataSplits data = Data("x,y\n1,0\n2,3\n", "", {});
  EXPECT_EQ(data.train.classes, 4u);
  EXPECT_TRUE(data.train.meaning->classes.empty());
  EXPECT_EQ(data.remarks.back(), "a.csv: note: classification of \"y\": classes 0 to 3");
  const DataSplits signs = Data("x,y\n1,-1\n2,1\n", "x,y\n1,1\n", {});
  EXPECT_EQ(All(signs.train.labels), (std::vector<int>{0, 1}));
  EXPECT_EQ(All(signs.test.labels), (std::vector<int>{1}));
  EXPECT_EQ(signs.train.meaning->classes, (Lines{"-1", "1"}));
}

TEST(TableDataTest, FractionsAreRegression) {
  const DataSplits data = Data("x,y\n1,0.5\n2,3\n", "", {});
  EXPECT_EQ(data.train.classes, 0u);
  EXPECT_EQ(All(data.train.values), (Numbers{0.5, 3}));
  EXPECT_EQ(data.train.meaning->values, Lines{"y"});
  EXPECT_EQ(data.remarks.back(), "a.csv: note: regression of \"y\"");
  EXPECT_EQ(Complaint("x,y\n1,0.5\n", "", {}, {.task = Task::kClassification}),
            "a.csv:2:3: error: expected a class, a whole number from 0, found \"0.5\"");
}

TEST(TableDataTest, ManyWholeNumbersAreAsked) {
  std::string rows = "x,y\n";
  for (int r = 0; r < 60; ++r) rows += "1," + std::to_string(100 + r) + "\n";
  EXPECT_EQ(Complaint(rows),
            "a.csv: error: the target, \"y\", has 60 different whole numbers: write `task: "
            "regression` to predict numbers, or `task: classification` if each is a class");
  EXPECT_EQ(Data(rows, "", {}, {.task = Task::kRegression}).train.values_per_row, 1u);
  EXPECT_EQ(Data(rows, "", {}, {.task = Task::kClassification}).train.classes, 160u);
  EXPECT_EQ(Data(rows, "", {}, {.classes = 200}).train.classes, 200u);
}

TEST(TableDataTest, SeveralTargetsAreLabelsOrNumbers) {
  const CsvFormat both{.targets = {"y", "z"}};
  const DataSplits labels = Data("x,y,z\n1,0,1\n2,1,1\n", "", both);
  EXPECT_TRUE(labels.train.meaning->labels);
  EXPECT_EQ(All(labels.train.values), (Numbers{0, 1, 1, 1}));
  EXPECT_EQ(labels.remarks.back(), "a.csv: note: the labels \"y\", \"z\" of each row (multilabel)");
  EXPECT_FALSE(Data("x,y,z\n1,0,2\n2,1,1\n", "", both).train.meaning->labels);
  EXPECT_EQ(Complaint("x,y,z\n1,0,1\n", "x,y,z\n1,0,2\n", both),
            "b.csv:2:5: error: expected 0 or 1, whether the label \"z\" holds, found \"2\"");
  EXPECT_EQ(Complaint("x,y,z\n1,0,a\n2,1,b\n", "", both),
            "a.csv:2:5: error: expected a number, found \"a\": only one target of classes may have "
            "words");
}

TEST(TableDataTest, AWordIsOneInputForEachCategory) {
  const DataSplits data =
      Data("x,city,y\n1,Rome,0\n2,Oslo,1\n3,Rome,0\n", "city,x,y\nOslo,4,1\n", {});
  EXPECT_EQ(data.columns, (Lines{"x", "city=Oslo", "city=Rome"}));
  EXPECT_EQ(All(data.train.numbers), (Numbers{1, 0, 1, 2, 1, 0, 3, 0, 1}));
  EXPECT_EQ(All(data.test.numbers), (Numbers{4, 1, 0}));
  EXPECT_EQ(data.coding[1].categories, (Lines{"Oslo", "Rome"}));
  // Numbers are words where the user says so.
  EXPECT_EQ(Data("x,y\n3,0\n7,1\n", "", {.categorical = {"x"}}).columns, (Lines{"x=3", "x=7"}));
}

TEST(TableDataTest, ACategoryThatOnlyTestRowsHaveIsRefused) {
  const std::string train = "x,y\nRome,0\nOslo,1\n";
  EXPECT_EQ(Complaint(train, "x,y\nRom,0\n"),
            "b.csv:2:1: error: the column \"x\" has \"Rom\", which no training row has; did you "
            "mean \"Rome\"? known: Oslo, Rome. Leave this row out, train on rows that have it, or "
            "train with `missing: mean`, which takes it for a missing value");
  const DataSplits data = Data(train, "x,y\nParis,0\n", {.missing = MissingValues::kMean});
  EXPECT_EQ(All(data.test.numbers), (Numbers{0, 0}));
}

TEST(TableDataTest, WordsThatDifferInEveryRowAreRefused) {
  std::string rows = "name,y\n";
  for (int r = 0; r < 80; ++r) rows += "n" + std::to_string(r) + "," + std::to_string(r % 2) + "\n";
  EXPECT_EQ(Complaint(rows),
            "a.csv:2:1: error: the column \"name\" has 80 different words in 80 rows: nothing can "
            "be learned from it; leave it out with `ignore: [name]`, or write `categorical: "
            "[name]`");
  EXPECT_EQ(Data(rows, "", {.categorical = {"name"}}).train.shape.size(), 80u);
}

// The numbers are numpy's nanmean and nanmedian of the training rows.
TEST(TableDataTest, MissingValuesAreFilledAndMarked) {
  const std::string train = "a,w,y\n1,u,0\n,v,1\n7,,0\n4,u,1\n1,u,0\n";
  for (const auto& [missing, fill] :
       {std::pair{MissingValues::kMean, 3.25}, {MissingValues::kMedian, 2.5}}) {
    const DataSplits data = Data(train, "a,w,y\n,v,0\n", {.missing = missing});
    EXPECT_EQ(data.columns, (Lines{"a", "a missing", "w=u", "w=v", "w missing"}));
    const std::vector<double> fills = FillsOf(data.train, missing, data.columns);
    EXPECT_EQ(fills[0], fill);
    EXPECT_EQ(All(Filled(data.train, fills).numbers),
              (Numbers{1, 0, 1, 0, 0, fill, 1, 0, 1, 0, 7, 0, 0, 0, 1,  //
                       4, 0, 1, 0, 0, 1,    0, 1, 0, 0}));
    EXPECT_EQ(All(Filled(data.test, fills).numbers), (Numbers{fill, 1, 0, 1, 0}));
  }
  EXPECT_TRUE(FillsOf(Data("a,y\n1,0\n", "", {}).train, MissingValues::kDrop, {}).empty());
  EXPECT_THROW(FillsOf(Data("a,b,y\n,1,0\n,2,1\n", "", {.missing = MissingValues::kMean}).train,
                       MissingValues::kMean, {}),
               InputError);
}

}  // namespace
}  // namespace nabla
