#include "framework/data/csv.h"

#include <gtest/gtest.h>

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
                           "l,p\n1 ,2\n3,4.0"}) {
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

TEST(CsvTest, NumbersAreNormalisedAsPixelsAre) {
  const TemporaryFolder folder;
  folder.Put("a.csv", "l,p,q\n1,2.5,3\n");
  FilesOptions options;
  options.working_directory = folder.path();
  Files files(options);
  const DataSplits data =
      MakeCsv("{name: csv, train: a.csv, scale: 10, mean: 0.5, std: 0.5}")->Load(files);
  ASSERT_EQ(data.train.numbers.size(), 2u);
  EXPECT_DOUBLE_EQ(data.train.numbers[0], -0.5);
  EXPECT_DOUBLE_EQ(data.train.numbers[1], -0.4);
}

}  // namespace
}  // namespace nabla
