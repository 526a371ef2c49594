#include "framework/table/csv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/digits.h"
#include "framework/data/files.h"
#include "framework/model/dataset.h"
#include "framework/plugin/registry.h"
#include "plugins/builtin.h"
#include "tests/data/samples.h"
#include "tests/table/parsed_csv.h"

namespace nabla {
namespace {

TEST(CsvTest, ReadsLabelsAndPixels) {
  const CsvTable t = Parse("label,1x1,1x2\n5,0,255\n0,17,3\n");
  EXPECT_EQ(t.rows, 2u);
  EXPECT_EQ(t.inputs.size(), 2u);
  EXPECT_EQ(t.values, (std::vector<double>{5, 0}));
  EXPECT_EQ(t.pixels, (std::vector<uint8_t>{0, 255, 17, 3}));
  EXPECT_TRUE(t.numbers.empty());
}

TEST(CsvTest, OtherNumbersBecomeDoublesAllOfThem) {
  const CsvTable t = Parse("1,2,3\n0, 0.5 ,-1e3\n2,+4,256\n", {.header = false, .targets = {"0"}});
  EXPECT_TRUE(t.pixels.empty());
  EXPECT_EQ(t.numbers, (std::vector<double>{2, 3, 0.5, -1000, 4, 256}));
  EXPECT_EQ(t.values, (std::vector<double>{1, 0, 2}));
}

TEST(CsvTest, TheLabelMayStandAnywhere) {
  EXPECT_EQ(Parse("a,b,c\n1,2,3\n", {.targets = {"-1"}}).values, std::vector<double>{3});
  const CsvTable t = Parse("a;b;c\n1;2;3\n", {.separator = ';', .targets = {"1"}});
  EXPECT_EQ(t.values, std::vector<double>{2});
  EXPECT_EQ(t.pixels, (std::vector<uint8_t>{1, 3}));
}

TEST(CsvTest, LineEndsOfAllSystemsAndEmptyLinesAreFine) {
  for (const char* text : {"l,p\r\n1,2\r\n3,4\r\n", "l,p\n1,2\n3,4", "\nl,p\n\n1,2\n3, 4 \n\n \n",
                           "l,p\n1 ,2\n3,4.0", "\xEF\xBB\xBFl,p\n1,2\n3,4",
                           "\xEF\xBB\xBF"
                           "1,2\n3,4\n"}) {
    const CsvTable t = Parse(text);
    EXPECT_EQ(t.values, (std::vector<double>{1, 3})) << text;
    EXPECT_EQ(t.pixels, (std::vector<uint8_t>{2, 4})) << text;
  }
}

TEST(CsvTest, ComplaintsNameLineAndColumn) {
  EXPECT_EQ(Complaint("l,p,q\n1,2,3\n1,x,3\n"), "t.csv:3:3: error: expected a number, found \"x\"");
  EXPECT_EQ(Complaint("l,p,q\n1,2,3\n1,2\n"),
            "t.csv:3:4: error: expected 3 fields, as in the first row, found 2");
  EXPECT_EQ(Complaint("l,p,q\n1,2,3\n1,2,3,4\n"),
            "t.csv:3:6: error: expected 3 fields, as in the first row, found 4");
  EXPECT_EQ(Complaint("l,p\n1,\n"),
            "t.csv:2:3: error: a value is missing, found \"\"; write `missing: mean`, `median` or "
            "`drop` in the data set");
  EXPECT_EQ(Complaint("l,p\n1,2\nNA,3\n"),
            "t.csv:3:1: error: the target is missing, found \"NA\"; `missing: drop` in the data "
            "set leaves its row out");
  EXPECT_EQ(Complaint("l,p\n1,inf\n"), "t.csv:2:3: error: expected a number, found \"inf\"");
}

TEST(CsvTest, AHeaderIsALineThatIsNotAllNumbers) {
  EXPECT_EQ(Parse("1,2\n3,4\n").rows, 2u);
  EXPECT_EQ(Remarks("1,2\n3,4\n"), Lines());
  const CsvTable named = Parse("\n class ,\"a b\",'c\x1b[31m'\n1,2,3\n", {.targets = {"-1"}});
  EXPECT_EQ(named.rows, 1u);
  EXPECT_EQ(named.Names(), (Lines{"class", "a b"}));
  EXPECT_EQ(named.remarks,
            Lines{"t.csv:2: note: the line is taken for a header: \"class\", \"a b\", "
                  "\"c\\x1b[31m\""});
  EXPECT_EQ(Parse("a\n1,2,3\n").Names(), Lines());
  EXPECT_EQ(
      Remarks("l,b,c,d,e,f,g,h,i\n1,2,3,4,5,6,7,8,9\n").front(),
      "t.csv:1: note: the line is taken for a header: \"l\", \"b\", \"c\", \"d\", \"e\", \"f\", "
      "\"g\", \"h\", ... (9 cells)");
  // The user's word counts.
  EXPECT_EQ(Remarks("l,p\n1,2\n", {.header = true, .targets = {"0"}}), Lines());
  EXPECT_EQ(Parse("0,1\n1,2\n", {.header = true, .targets = {"0"}}).rows, 1u);
  EXPECT_EQ(Remarks("0,1\n1,2\n", {.header = true, .targets = {"0"}}),
            Lines{"t.csv:1: warning: the line is left out, since `header: true` says that it names "
                  "the columns, but all its cells are numbers: \"0\", \"1\""});
  EXPECT_EQ(Complaint("l,p\n1,2\n", {.header = false, .targets = {"0"}}),
            "t.csv:1:1: error: expected a number, found \"l\"");
}

TEST(CsvTest, AHeaderThatLooksLikeARowIsDoubted) {
  for (const char* first : {"1,x", "a,", "a,nan", "a,?", "1e999,2", "'3',4", "0x10,2"}) {
    const Lines remarks = Remarks(std::string(first) + ",9\n1,2,3\n");
    ASSERT_EQ(remarks.size(), 1u) << first;
    EXPECT_NE(remarks[0].find("looks like a row"), std::string::npos) << remarks[0];
  }
}

TEST(CsvTest, ARowThatLooksLikeAHeaderIsDoubted) {
  EXPECT_EQ(
      Remarks("0,1,2,3\n5,6,7,8\n"),
      Lines{"t.csv:1: warning: the line is taken for a row, since all its cells are numbers, "
            "but it counts: if it names the columns, leave it out, or write `header: true` in "
            "the data set"});
  EXPECT_EQ(Remarks("1,2,3\n5,6,7\n").size(), 1u);
  EXPECT_EQ(Remarks("0,1,2,3\n5,6,7,8\n", {.header = false, .targets = {"0"}}), Lines());
  // pandas tells columns of the same name apart.
  EXPECT_EQ(Remarks("7,0,0.1,0.2\n5,6,7,8\n1,2,3,4\n").size(), 1u);
  EXPECT_EQ(Remarks("7,0,0.1,0.2\n5,6,7.5,8\n1,2,3,4\n"), Lines());
  EXPECT_EQ(Remarks("0,1\n1,0\n"), Lines());
}

TEST(CsvTest, RowsMayHaveNoLabel) {
  const CsvFormat inputs;
  const CsvTable t = Parse("a,b\n1,2\n3,4\n", inputs);
  EXPECT_EQ(t.inputs.size(), 2u);
  EXPECT_EQ(t.Names(), (Lines{"a", "b"}));
  EXPECT_EQ(t.pixels, (std::vector<uint8_t>{1, 2, 3, 4}));
  EXPECT_TRUE(t.values.empty());
  EXPECT_EQ(Parse("0.5\n-0\n", inputs).numbers, (std::vector<double>{0.5, 0}));
  EXPECT_FALSE(std::signbit(Parse("0.5\n-0\n", inputs).numbers[1]));
}

TEST(CsvTest, FilesWithoutRowsAreRefused) {
  for (const char* text : {"", "\n\n", "label,pixel\n", "label,pixel"}) {
    EXPECT_NE(Complaint(text).find("expected rows of numbers"), std::string::npos) << text;
  }
  EXPECT_NE(Complaint("l\n1\n").find("inputs beside the target"), std::string::npos);
  EXPECT_NE(Complaint("l,p\n1,2\n", {.targets = {"2"}}).find("there is no column 2"),
            std::string::npos);
  EXPECT_NE(Complaint("l,p\n1,2\n", {.targets = {"-3"}}).find("there is no column -3"),
            std::string::npos);
}

TEST(CsvTest, QuotesHoldSeparatorsLinesAndQuotes) {
  const CsvTable t = Parse("l,name,x\n0,\"a, \"\"b\"\"\nc\",\"3\"\n1,\"d\" , 4\n");
  ASSERT_EQ(t.rows, 2u);
  ASSERT_EQ(t.inputs[0].seen.size(), 2u);
  EXPECT_EQ(t.inputs[0].seen[0].text, "a, \"b\"\\x0ac");  // fit for a terminal
  EXPECT_EQ(t.inputs[0].seen[1].text, "d");
  EXPECT_EQ(t.inputs[0].seen[1].first.ToString(), "t.csv:4:3");
  EXPECT_EQ(t.pixels, (std::vector<uint8_t>{0, 3, 1, 4}));
  EXPECT_EQ(Complaint("l,p\n1,\"2\n"), "t.csv:2:3: error: this quote is never closed");
  EXPECT_EQ(
      Complaint("l,p\n1,\"2\"3\n"),
      "t.csv:2:6: error: expected the end of the cell after its closing quote; a quote inside "
      "is written twice");
  // A quote inside of a cell is a character.
  EXPECT_EQ(Parse("l,size\n0,5\" disk\n1,3\" disk\n").inputs[0].seen[1].text, "3\" disk");
}

TEST(CsvTest, ColumnsAreNamedOrNumbered) {
  const std::string text = "id,a,b,y\n7,1,2,0\n8,3,4,1\n";
  const CsvTable named = Parse(text, {.targets = {"y"}, .ignore = {"id"}});
  EXPECT_EQ(named.Names(), (Lines{"a", "b"}));
  EXPECT_EQ(named.pixels, (std::vector<uint8_t>{1, 2, 3, 4}));
  EXPECT_EQ(Parse(text, {.targets = {"-1"}, .ignore = {"0"}}).pixels, named.pixels);
  EXPECT_EQ(Parse(text, {.targets = {"y"}, .columns = {"b", "a"}}).pixels, named.pixels);
  const CsvTable two = Parse(text, {.targets = {"y", "a"}, .columns = {"b"}});
  EXPECT_EQ(two.values, (std::vector<double>{0, 1, 1, 3}));
  EXPECT_EQ(Complaint(text, {.targets = {"Y2"}}),
            "t.csv:1: error: there is no column \"Y2\"; did you mean \"y\"? known: id, a, b, y");
  EXPECT_EQ(Complaint("1,2\n", {.targets = {"y"}}),
            "t.csv:1: error: there is no column \"y\": no header names the columns, so write its "
            "number, from 0");
  EXPECT_EQ(Complaint(text, {.targets = {"y"}, .ignore = {"y"}}),
            "t.csv:1: error: the column \"y\" is named twice among `target`, `columns` and "
            "`ignore`");
  EXPECT_EQ(Complaint("a,a,y\n1,2,3\n", {.targets = {"a"}}),
            "t.csv:1: error: more than one column is named \"a\": name it by its number, from 0");
  EXPECT_EQ(Remarks("a,a,y\n1,2,3\n", {.targets = {"y"}, .ignore = {"1"}})[1],
            "t.csv:1: warning: the columns 0 and 1, counted from 0, have the same name: \"a\"");
  EXPECT_EQ(
      Complaint("a,b,a,y\n1,2,3,4\n", {.targets = {"y"}}),
      "t.csv:1: error: the columns 0 and 2, counted from 0, have the same name, \"a\": rename "
      "one");
  EXPECT_EQ(
      Complaint("y,b,y\n1,2,3\n", {.targets = {"0"}}),
      "t.csv:1: error: the columns 0 and 2, counted from 0, have the same name, \"y\": rename "
      "one");
}

TEST(CsvTest, ALineOfAnotherLengthThanTheHeaderIsNamed) {
  const CsvFormat format{.targets = {"y"}};
  const std::string ragged = "t.csv:2: error: expected 3 fields, as in the header, found 2";
  EXPECT_EQ(Complaint("a,b,y\n1,2\n", format), ragged);
  EXPECT_EQ(Complaint("a,b,y\n1,2\n1,2,3\n4,5,6\n", format), ragged);
  EXPECT_EQ(Complaint("a,b,y\n1,2\n1,2,3\n4,5,6\n", {.targets = {"-1"}}), ragged);
  EXPECT_EQ(
      Complaint("# made by hand\na,b,y\n1,2,3\n", format),
      "t.csv:1: error: there is no column \"y\": this line has 1 cell, but the next has 3: if "
      "it is a comment or a title, delete it");
}

TEST(CsvTest, NamesAndWordsKeepTheirLetters) {
  const CsvTable named = Parse(
      "gr\xC3\xB6\xC3\x9F"
      "e,l\n1,2\n",
      {.targets = {"l"}});
  EXPECT_EQ(named.Names(), Lines{"gr\xC3\xB6\xC3\x9F"
                                 "e"});
  EXPECT_EQ(named.remarks[0],
            "t.csv:1: note: the line is taken for a header: \"gr\xC3\xB6\xC3\x9F"
            "e\", \"l\"");
  EXPECT_EQ(Complaint("l,p\n1,2\n1,\xE2\x88\x92"
                      "3\n"),
            "t.csv:3:3: error: expected a number, found \"\xE2\x88\x92"
            "3\"; write the minus of a negative number as '-'");
  // Controls are shown, and no two words become one.
  const CsvTable words = Parse("l,p\nx\ty,1\nx?y,2\n", {.targets = {"l"}});
  ASSERT_EQ(words.targets[0].seen.size(), 2u);
  EXPECT_EQ(words.targets[0].seen[0].text, "x\\x09y");
  EXPECT_EQ(words.targets[0].seen[1].text, "x?y");
  EXPECT_EQ(Parse("a\tb,l\n1,2\n", {.separator = ',', .targets = {"a\tb"}}).targets[0].field, 0u);
  EXPECT_EQ(Complaint("gr\xF6\xDF"
                      "e,l\n1,2\n",
                      {.targets = {"l"}}),
            "t.csv:1: error: the name \"gr\\xf6\\xdf"
            "e\" is not UTF-8: save the file as UTF-8");
}

TEST(CsvTest, RowsThatAreLeftOutAreCounted) {
  const CsvFormat drop{.targets = {"l"}, .missing = MissingValues::kDrop};
  EXPECT_EQ(Remarks("l,p\n1,2\n1,\n,3\n2,3\n", drop).back(),
            "t.csv: note: left out 2 of 4 rows, in which a value is missing (`missing: drop`)");
  EXPECT_EQ(Remarks("l,p\n1,2\n2,3\n", drop).size(), 1u);
}

TEST(CsvTest, AFileWithWordsNeedsNoHeader) {
  const std::string rows = "5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n";
  EXPECT_EQ(Parse(rows, {.targets = {"-1"}}).rows, 3u);
  EXPECT_EQ(Parse("length,width,kind\n" + rows, {.targets = {"kind"}}).rows, 3u);
  EXPECT_EQ(Parse("city,sun\nRome,yes\nOslo,no\n", {.targets = {"sun"}}).rows, 2u);
}

TEST(CsvTest, AColumnOfNumbersHasNoWords) {
  EXPECT_EQ(Complaint("l,p\n1,2\n1,3\n1,oops\n"),
            "t.csv:4:3: error: expected a number, found \"oops\"");
  std::string late = "l,p\n";
  for (int r = 0; r < 300; ++r) late += r < 101 ? "1,x\n" : "1,2\n";
  EXPECT_EQ(Complaint(late), "t.csv:2:3: error: expected a number, found \"x\"");
  EXPECT_EQ(Complaint("l,p\n1,\xFCr\n0,b\n"),
            "t.csv:2:3: error: the word \"\\xfcr\" is not UTF-8: save the file as UTF-8");
}

TEST(CsvTest, MissingValuesAreKeptOrTheirRowsDropped) {
  const std::string text = "l,p,w\n1,2,a\n0,?,b\n1,4,\n,5,a\n0,6,a\n";
  const CsvTable dropped = Parse(text, {.targets = {"l"}, .missing = MissingValues::kDrop});
  EXPECT_EQ(dropped.values, (std::vector<double>{1, 0}));
  EXPECT_EQ(dropped.pixels, (std::vector<uint8_t>{2, 0, 6, 0}));
  EXPECT_EQ(dropped.inputs[1].seen[1].count, 0u);
  const CsvTable kept =
      Parse("l,p,w\n1,2,a\n0,?,b\n1,4,\n", {.targets = {"l"}, .missing = MissingValues::kMean});
  ASSERT_EQ(kept.numbers.size(), 6u);
  EXPECT_TRUE(std::isnan(kept.numbers[2]) && std::isnan(kept.numbers[5]));
  EXPECT_EQ(kept.inputs[0].missing, 1u);
  EXPECT_EQ(Complaint("l,p\n1,\n0,?\n", {.targets = {"l"}, .missing = MissingValues::kDrop}),
            "t.csv:4:1: error: every row has a missing value: none is left");
}

std::string Table(const std::vector<uint8_t>& labels, const std::vector<uint8_t>& pixels) {
  std::string text = "label";
  const size_t width = pixels.size() / labels.size();
  for (size_t c = 0; c < width; ++c) text += ",p" + std::to_string(c);
  for (size_t r = 0; r < labels.size(); ++r) {
    text += "\n" + std::to_string(labels[r]);
    for (size_t c = 0; c < width; ++c) text += "," + std::to_string(pixels[r * width + c]);
  }
  return text + "\n";
}

std::shared_ptr<const Dataset> MakeCsv(const std::string& yaml) {
  Registry registry;
  RegisterBuiltins(registry);
  Problems problems;
  const auto made =
      registry.Maker<float>()->Make(Dataset::kKind, ParseYamlValue(yaml, "test"), problems);
  problems.ThrowIfAny();
  return std::static_pointer_cast<const Dataset>(made.object);
}

// Images written as the MNIST CSV files are: label, then 784 pixels, under a header.
TEST(CsvTest, ImagesGoThroughTheDataSet) {
  const size_t count = 200;
  std::vector<uint8_t> pixels(count * 784), labels(count);
  DrawDigits(1, count, 0, pixels.data(), labels.data());
  const TemporaryFolder folder;
  folder.Put("train.csv", Table(labels, pixels));
  folder.Put(
      "test.csv", "label" + std::string(784, ',') + "\n7" + [] {
        std::string row;
        for (int c = 0; c < 784; ++c) row += ",9";
        return row;
      }());
  FilesOptions options;
  options.working_directory = folder.path();
  Files files(options);
  const auto dataset =
      MakeCsv("{name: csv, train: train.csv, test: test.csv, scale: 255, shape: [1, 28, 28]}");
  const DataSplits data = dataset->Load(files);
  EXPECT_EQ(data.train.count, count);
  EXPECT_EQ(data.train.classes, 10u);
  EXPECT_EQ(data.train.shape.ToString(), "1x28x28");
  EXPECT_EQ(data.train.normalization.scale, 255);
  EXPECT_EQ(std::vector<uint8_t>(data.train.pixels.begin(), data.train.pixels.end()), pixels);
  EXPECT_EQ(std::vector<uint8_t>(data.train.labels.begin(), data.train.labels.end()), labels);
  EXPECT_EQ(data.test.count, 1u);
  EXPECT_EQ(data.test.classes, 10u);
}

TEST(CsvTest, TheDataSetRefusesWhatDoesNotFit) {
  const TemporaryFolder folder;
  folder.Put("a.csv", "l,p,q\n1,2,3\n");
  folder.Put("b.csv", "l,p\n1,2\n");
  FilesOptions options;
  options.working_directory = folder.path();
  Files files(options);
  EXPECT_THROW(MakeCsv("{name: csv, train: a.csv, test: b.csv}")->Load(files), InputError);
  EXPECT_THROW(MakeCsv("{name: csv, train: a.csv, classes: 1}")->Load(files), InputError);
  EXPECT_THROW(MakeCsv("{name: csv, train: a.csv, shape: [3]}")->Load(files), InputError);
  EXPECT_THROW(MakeCsv("{name: csv, train: none.csv}")->Load(files), InputError);
  const DataSplits data = MakeCsv("{name: csv, train: a.csv, scale: 2}")->Load(files);
  EXPECT_EQ(data.test.count, 0u);
  EXPECT_EQ(data.train.classes, 2u);
}

TEST(CsvTest, OtherNamesInTheTestFileAreSaid) {
  const TemporaryFolder folder;
  folder.Put("a.csv", "l,p,q\n1,2,3\n");
  folder.Put("b.csv", "l,p,r\n1,2,3\n");
  FilesOptions options;
  options.working_directory = folder.path();
  Files files(options);
  const Lines remarks = MakeCsv("{name: csv, train: a.csv, test: b.csv}")->Load(files).remarks;
  ASSERT_EQ(remarks.size(), 4u);
  EXPECT_EQ(remarks[2],
            "b.csv: warning: its columns have other names than those of a.csv: they are taken in "
            "the order of the file");
  EXPECT_EQ(MakeCsv("{name: csv, train: a.csv, test: a.csv}")->Load(files).remarks.size(), 3u);
}

TEST(CsvTest, NumbersAreKeptAsTheFileHasThem) {
  const TemporaryFolder folder;
  folder.Put("a.csv", Gzip("l,p,q\n1,2.5,3\n"));
  FilesOptions options;
  options.working_directory = folder.path();
  Files files(options);
  const DataSplits data =
      MakeCsv("{name: csv, train: a.csv, scale: 10, mean: 0.5, std: 0.5}")->Load(files);
  ASSERT_EQ(data.train.numbers.size(), 2u);
  EXPECT_EQ(data.train.numbers[0], 2.5);
  EXPECT_EQ(data.train.numbers[1], 3);
  EXPECT_EQ(data.train.normalization.scale, 10);
  EXPECT_EQ(data.columns, (Lines{"p", "q"}));
}

}  // namespace
}  // namespace nabla
