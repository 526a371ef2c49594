#include "framework/data/csv.h"

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

namespace nabla {
namespace {

CsvTable Parse(const std::string& text, const CsvFormat& format = {}) {
  return ParseCsv(AsBytes(text), "t.csv", format);
}

std::string Complaint(const std::string& text, const CsvFormat& format = {}) {
  try {
    Parse(text, format);
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(CsvTest, ReadsLabelsAndPixels) {
  const CsvTable t = Parse("label,1x1,1x2\n5,0,255\n0,17,3\n");
  EXPECT_EQ(t.rows, 2u);
  EXPECT_EQ(t.columns, 2u);
  EXPECT_EQ(t.labels, (std::vector<int32_t>{5, 0}));
  EXPECT_EQ(t.pixels, (std::vector<uint8_t>{0, 255, 17, 3}));
  EXPECT_TRUE(t.numbers.empty());
}

TEST(CsvTest, OtherNumbersBecomeDoublesAllOfThem) {
  const CsvTable t = Parse("1,2,3\n0, 0.5 ,-1e3\n2,+4,256\n", {.header = false});
  EXPECT_TRUE(t.pixels.empty());
  EXPECT_EQ(t.numbers, (std::vector<double>{2, 3, 0.5, -1000, 4, 256}));
  EXPECT_EQ(t.labels, (std::vector<int32_t>{1, 0, 2}));
}

TEST(CsvTest, TheLabelMayStandAnywhere) {
  EXPECT_EQ(Parse("a,b,c\n1,2,3\n", {.label_column = -1}).labels, std::vector<int32_t>{3});
  const CsvTable t = Parse("a;b;c\n1;2;3\n", {.label_column = 1, .separator = ';'});
  EXPECT_EQ(t.labels, std::vector<int32_t>{2});
  EXPECT_EQ(t.pixels, (std::vector<uint8_t>{1, 3}));
}

TEST(CsvTest, LineEndsOfAllSystemsAndEmptyLinesAreFine) {
  for (const char* text : {"l,p\r\n1,2\r\n3,4\r\n", "l,p\n1,2\n3,4", "\nl,p\n\n1,2\n3, 4 \n\n \n",
                           "l,p\n1 ,2\n3,4.0", "\xEF\xBB\xBFl,p\n1,2\n3,4",
                           "\xEF\xBB\xBF"
                           "1,2\n3,4\n"}) {
    const CsvTable t = Parse(text);
    EXPECT_EQ(t.labels, (std::vector<int32_t>{1, 3})) << text;
    EXPECT_EQ(t.pixels, (std::vector<uint8_t>{2, 4})) << text;
  }
}

TEST(CsvTest, ComplaintsNameLineAndColumn) {
  EXPECT_EQ(Complaint("l,p,q\n1,2,3\n1,x,3\n"), "t.csv:3:3: error: expected a number, found \"x\"");
  EXPECT_EQ(Complaint("l,p,q\n1,2,3\n1,2\n"),
            "t.csv:3:4: error: expected 3 fields, as in the first row, found 2");
  EXPECT_EQ(Complaint("l,p,q\n1,2,3\n1,2,3,4\n"),
            "t.csv:3:6: error: expected 3 fields, as in the first row, found 4");
  EXPECT_EQ(Complaint("l,p\n-1,2\n"),
            "t.csv:2:1: error: expected a class, a whole number from 0, found \"-1\"");
  EXPECT_EQ(Complaint("l,p\n1.5,2\n"),
            "t.csv:2:1: error: expected a class, a whole number from 0, found \"1.5\"");
  EXPECT_EQ(Complaint("l,p\n1,\n"), "t.csv:2:3: error: expected a number, found \"\"");
  EXPECT_EQ(Complaint("l,p\n1,\"2\"\n"), "t.csv:2:3: error: expected a number, found \"\"2\"\"");
  EXPECT_EQ(Complaint("l,p\n1,inf\n"), "t.csv:2:3: error: expected a number, found \"inf\"");
}

std::vector<std::string> Remarks(const std::string& text, const CsvFormat& format = {}) {
  return Parse(text, format).remarks;
}

using Lines = std::vector<std::string>;

TEST(CsvTest, AHeaderIsALineThatIsNotAllNumbers) {
  EXPECT_EQ(Parse("1,2\n3,4\n").rows, 2u);
  EXPECT_EQ(Remarks("1,2\n3,4\n"), Lines());
  const CsvTable named = Parse("\n class ,\"a b\",'c\x1b[31m'\n1,2,3\n", {.label_column = -1});
  EXPECT_EQ(named.rows, 1u);
  EXPECT_EQ(named.names, (Lines{"class", "a b"}));
  EXPECT_EQ(named.remarks,
            Lines{"t.csv:2: note: the line is taken for a header: \"class\", \"a b\", "
                  "\"c?[31m\""});
  EXPECT_EQ(Parse("a\n1,2,3\n").names, Lines());
  EXPECT_EQ(
      Remarks("l,b,c,d,e,f,g,h,i\n1,2,3,4,5,6,7,8,9\n").front(),
      "t.csv:1: note: the line is taken for a header: \"l\", \"b\", \"c\", \"d\", \"e\", \"f\", "
      "\"g\", \"h\", ... (9 cells)");
  // The user's word counts.
  EXPECT_EQ(Remarks("l,p\n1,2\n", {.header = true}), Lines());
  EXPECT_EQ(Parse("0,1\n1,2\n", {.header = true}).rows, 1u);
  EXPECT_EQ(Remarks("0,1\n1,2\n", {.header = true}),
            Lines{"t.csv:1: warning: the line is left out, since `header: true` says that it names "
                  "the columns, but all its cells are numbers: \"0\", \"1\""});
  EXPECT_EQ(Complaint("l,p\n1,2\n", {.header = false}),
            "t.csv:1:1: error: expected a number, found \"l\"");
}

TEST(CsvTest, AHeaderThatLooksLikeARowIsDoubted) {
  EXPECT_EQ(
      Remarks("NA,NA\n1,2\n"),
      Lines{"t.csv:1: warning: the line is taken for a header, since \"NA\" is no number, but "
            "it looks like a row: \"NA\", \"NA\""});
  for (const char* first : {"1,x", "1,", "a,", "a,nan", "a,?", "1e999,2", "'3',4", "0x10,2"}) {
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
  EXPECT_EQ(Remarks("0,1,2,3\n5,6,7,8\n", {.header = false}), Lines());
  // pandas tells columns of the same name apart.
  EXPECT_EQ(Remarks("7,0,0.1,0.2\n5,6,7,8\n1,2,3,4\n").size(), 1u);
  EXPECT_EQ(Remarks("7,0,0.1,0.2\n5,6,7.5,8\n1,2,3,4\n"), Lines());
  EXPECT_EQ(Remarks("0,1\n1,0\n"), Lines());
}

TEST(CsvTest, RowsMayHaveNoLabel) {
  const CsvFormat inputs{.label_column = std::nullopt};
  const CsvTable t = Parse("a,b\n1,2\n3,4\n", inputs);
  EXPECT_EQ(t.columns, 2u);
  EXPECT_EQ(t.names, (Lines{"a", "b"}));
  EXPECT_EQ(t.pixels, (std::vector<uint8_t>{1, 2, 3, 4}));
  EXPECT_TRUE(t.labels.empty());
  EXPECT_EQ(Parse("0.5\n-0\n", inputs).numbers, (std::vector<double>{0.5, 0}));
  EXPECT_FALSE(std::signbit(Parse("0.5\n-0\n", inputs).numbers[1]));
}

TEST(CsvTest, FilesWithoutRowsAreRefused) {
  for (const char* text : {"", "\n\n", "label,pixel\n", "label,pixel"}) {
    EXPECT_NE(Complaint(text).find("expected rows of numbers"), std::string::npos) << text;
  }
  EXPECT_NE(Complaint("l\n1\n").find("inputs beside it"), std::string::npos);
  EXPECT_NE(Complaint("l,p\n1,2\n", {.label_column = 2}).find("column 2"), std::string::npos);
  EXPECT_NE(Complaint("l,p\n1,2\n", {.label_column = -3}).find("column -3"), std::string::npos);
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
  folder.Put("b.csv", "l,q,p\n1,2,3\n");
  FilesOptions options;
  options.working_directory = folder.path();
  Files files(options);
  const Lines remarks = MakeCsv("{name: csv, train: a.csv, test: b.csv}")->Load(files).remarks;
  ASSERT_EQ(remarks.size(), 3u);
  EXPECT_EQ(remarks[2],
            "b.csv: warning: its columns have other names than those of a.csv: they are taken in "
            "the order of the file");
  EXPECT_EQ(MakeCsv("{name: csv, train: a.csv, test: a.csv}")->Load(files).remarks.size(), 2u);
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
