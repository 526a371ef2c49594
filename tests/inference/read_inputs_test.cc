// The files of inputs that `run predict` reads.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"
#include "framework/formats/npz.h"
#include "framework/inference/predict_input.h"
#include "framework/picture/png.h"
#include "tests/base/complaint.h"
#include "tests/experiments/program.h"
#include "tests/formats/samples.h"
#include "tests/picture/written_jpeg.h"

namespace nabla {
namespace {

Bytes AsBytes(const std::vector<uint8_t>& content) {
  Bytes bytes(content.size());
  std::copy(content.begin(), content.end(), bytes.data());
  return bytes;
}

ModelInput Pictures(size_t height, size_t width) {
  return {.shape = {{1, height, width}}, .pixels = true, .moments = {}, .classes = 10};
}

std::vector<uint8_t> Idx(const std::vector<uint8_t>& dims, const std::vector<uint8_t>& pixels) {
  std::vector<uint8_t> file = {0, 0, 8, static_cast<uint8_t>(dims.size())};
  for (const uint8_t dim : dims) file.insert(file.end(), {0, 0, 0, dim});
  file.insert(file.end(), pixels.begin(), pixels.end());
  return file;
}

std::string Refusal(const std::vector<uint8_t>& file, const ModelInput& input,
                    bool invert = false) {
  return Complaint("f", [&] { ReadInputs(AsBytes(file), "f", input, invert); });
}

std::vector<uint8_t> Slope4() { return {0, 50, 100, 150}; }

TEST(ModelInputTest, IsReadBackAsItWasPrinted) {
  const ModelInput input{.shape = {{3, 4, 5}},
                         .pixels = true,
                         .normalization = {255, 0.1, 1.0 / 3},
                         .moments = {},
                         .sparse = true,
                         .classes = 7,
                         .values = 2,
                         .trained_on = InputRange{-1, 0.1, 1.0 / 3}};
  const ModelInput read = ParseInput(PrintInput(input), "f");
  EXPECT_EQ(PrintInput(read), PrintInput(input));
  EXPECT_EQ(read.shape, input.shape);
  EXPECT_EQ(read.normalization.std, 1.0 / 3);
  EXPECT_EQ(read.trained_on, input.trained_on);
  EXPECT_NE(Complaint("f", [] { ParseInput("{\"shape\": 1}", "f"); }), "");
  EXPECT_NE(Complaint("f", [] { ParseInput("{", "f"); }), "");
}

TEST(ReadInputsTest, AllFormsOfTheSamePixels) {
  const std::vector<uint8_t> pixels = {0, 1, 2, 3, 4, 255};
  const ModelInput input = Pictures(2, 3);
  for (const auto& file :
       {WriteGreyPng(3, 2, pixels), Idx({1, 2, 3}, pixels), Idx({1, 6}, pixels),
        FromText("0,1, 2,3,4,255"), FromText("a,b,c,d,e,f\r\n0,1,2,3,4,255\r\n")}) {
    const RawRows rows = ReadInputs(AsBytes(file), "f", input, false);
    EXPECT_EQ(rows.count, 1u);
    EXPECT_EQ(rows.pixels, pixels);
  }
  EXPECT_EQ(ReadInputs(AsBytes(Idx({1, 6}, pixels)), "f", input, true).pixels,
            (std::vector<uint8_t>{255, 254, 253, 252, 251, 0}));
}

// The pixels that the training had of the same array.
TEST(ReadInputsTest, ChannelsOfArraysStandWhereTheTrainingHadThem) {
  const std::vector<uint8_t> stored = {0, 1, 2, 3, 4, 5};
  const Matrix<const uint8_t> row{stored.data(), 1, 6, 6};
  const std::vector<uint8_t> file = WriteNpz({PackTensor<uint8_t>("x", {1, 1, 2, 3}, row)});
  const auto pixels = [&](const std::vector<size_t>& shape, const std::string& dataset) {
    const ModelInput input{.shape = {shape}, .pixels = true, .moments = {}, .classes = 2};
    const Node node = ParseYamlValue("{name: numpy, " + dataset + "}", "f");
    return ReadInputs(AsBytes(file), "f", input, false, nullptr, ReadSettingsOf(node)).pixels;
  };
  const std::vector<uint8_t> planes = {0, 3, 1, 4, 2, 5};
  EXPECT_EQ(pixels({6}, "shape: [6]"), stored);
  EXPECT_EQ(pixels({2, 3}, "shape: [2, 3]"), stored);
  EXPECT_EQ(pixels({1, 2, 3}, "shape: [1, 2, 3]"), stored);
  EXPECT_EQ(pixels({3, 1, 2}, "shape: [3, 1, 2]"), planes);
  EXPECT_EQ(pixels({3, 1, 2}, "channels: null"), planes);
  EXPECT_EQ(pixels({6}, "shape: [6], channels: last"), planes);
  EXPECT_EQ(pixels({2, 3}, "shape: [2, 3], channels: last"), planes);
}

// Of each, the arrays that the training had or tested on.
TEST(ReadInputsTest, ArraysHaveTheNamesThatTheTrainingHad) {
  const auto file = [](const std::vector<std::pair<std::string, int64_t>>& arrays) {
    std::vector<NamedTensor> tensors;
    for (const auto& [name, number] : arrays) {
      const Matrix<const int64_t> row{&number, 1, 1, 1};
      tensors.push_back(PackTensor<int64_t>(name, {1}, row));
    }
    return WriteNpz(tensors);
  };
  std::vector<std::string> remarks;
  const auto read = [&](const std::vector<uint8_t>& content, const std::string& dataset) {
    const ModelInput input{.shape = {{1}}, .moments = {}, .classes = 10};
    const Node node = ParseYamlValue("{name: numpy, " + dataset + "}", "f");
    TargetSource targets;
    const RawRows rows =
        ReadInputs(AsBytes(content), "f", input, false, &targets, ReadSettingsOf(node));
    remarks = rows.remarks;
    return std::pair(rows.numbers[0], rows.labels[0]);
  };
  const auto both = file({{"x", 1}, {"y", 2}, {"a", 3}, {"b", 4}, {"c", 5}, {"d", 6}});
  const auto tests = file({{"x_test", 7}, {"y_test", 8}, {"a", 3}, {"b", 4}});
  EXPECT_EQ(read(both, "train: t"), std::pair(1.0, 2));
  EXPECT_EQ(read(both, "train: t, inputs: a, target: b"), std::pair(3.0, 4));
  EXPECT_EQ(read(both, "train: t, inputs: a"), std::pair(3.0, 2));
  EXPECT_EQ(read(both, "train: t, target: b"), std::pair(1.0, 4));
  EXPECT_EQ(read(both, "inputs: x, target: y, test_inputs: c, test_target: d"), std::pair(5.0, 6));
  EXPECT_EQ(read(both, "inputs: a, target: b, test: u, test_inputs: c"), std::pair(5.0, 4));
  EXPECT_EQ(read(both, "inputs: a, target: b, test: u, test_target: d"), std::pair(3.0, 6));
  EXPECT_EQ(read(tests, "train: t"), std::pair(7.0, 8));
  EXPECT_EQ(read(tests, "train: t, inputs: a, target: b"), std::pair(7.0, 8));
  EXPECT_EQ(read(tests, "inputs: a, target: b, test: u"), std::pair(3.0, 4));
  EXPECT_EQ(remarks, std::vector<std::string>());
  EXPECT_EQ(read(file({{"x", 1}, {"y", 2}}), "inputs: a, target: b"), std::pair(1.0, 2));
  EXPECT_EQ(remarks, (std::vector<std::string>{
                         "f: note: it has no array \"a\", as the training had: \"x\" is taken",
                         "f: note: it has no array \"b\", as the training had: \"y\" is taken"}));
}

// Without a header, the inputs stand alone with their target, or as in the training file.
TEST(ReadInputsTest, TablesMayHaveTheColumnsThatTrainingLeftOut) {
  const auto read = [](const std::string& text, const std::string& target,
                       const std::string& dataset, ModelInput input) {
    input.classes = 2;
    const Node node = ParseYamlValue("{name: csv, " + dataset + "}", "f");
    TargetSource targets{.columns = {target}, .numbered = true};
    if (dataset.find("row_weight") != std::string::npos) targets.weight = "3";
    return ReadInputs(AsBytes(FromText(text)), "f", input, false, &targets, ReadSettingsOf(node));
  };
  const ModelInput plain{.shape = {{2}}, .moments = {}};
  const std::vector<uint8_t> inputs = {1, 2, 3, 4};
  const std::string trained = "9,1,2,0\n8,3,4,1\n";
  for (const std::string dataset : {"ignore: 0", "ignore: [0]", "columns: [1, 2]"}) {
    const RawRows rows = read(trained, "-1", dataset, plain);
    EXPECT_EQ(rows.pixels, inputs) << dataset;
    EXPECT_EQ(rows.labels, (std::vector<int32_t>{0, 1})) << dataset;
    EXPECT_EQ(read("1,2,0\n3,4,1\n", "-1", dataset, plain).pixels, inputs) << dataset;
    EXPECT_EQ(Complaint("f", [&] { read("1,0\n3,1\n", "-1", dataset, plain); }),
              "expected 3 columns, as the model has with its target, found 2");
  }
  const RawRows weighted = read("9,1,2,5,0\n8,3,4,6,1\n", "4", "ignore: 0, row_weight: 3", plain);
  EXPECT_EQ(weighted.pixels, inputs);
  EXPECT_EQ(weighted.weights, (std::vector<double>{5, 6}));
  ModelInput words{.shape = {{3}}, .moments = {}};
  words.coding = {{.name = ""}, {.name = "", .categories = {"a", "b"}}};
  EXPECT_EQ(read("0,9,1,a\n1,8,3,b\n0,9,1,a\n", "0", "ignore: 1", words).numbers,
            (std::vector<double>{1, 1, 0, 3, 0, 1, 1, 1, 0}));
}

TEST(ReadInputsTest, PackedFiles) {
  const std::string path = FreshFolder() + "/images";
  Put(path, Idx({2, 1, 2}, {1, 2, 3, 4}));
  Shell("gzip " + path);
  const RawRows rows = ReadInputs(AsBytes(Content(path + ".gz")), "f", Pictures(1, 2), false);
  EXPECT_EQ(rows.count, 2u);
  EXPECT_EQ(rows.pixels, (std::vector<uint8_t>{1, 2, 3, 4}));
}

TEST(ReadInputsTest, NumbersStayNumbers) {
  const ModelInput flat{.shape = {{2}}, .moments = {}};
  EXPECT_EQ(ReadInputs(AsBytes(FromText("1,2\n-3e1,0.5\n\n")), "f", flat, false).numbers,
            (std::vector<double>{1, 2, -30, 0.5}));
  // A model of pixels takes other numbers too.
  const RawRows rows = ReadInputs(AsBytes(FromText("0.5,2")), "f", Pictures(1, 2), false);
  EXPECT_TRUE(rows.pixels.empty());
  EXPECT_EQ(rows.numbers, (std::vector<double>{0.5, 2}));
}

TEST(ReadInputsTest, WhatDoesNotFitIsSaid) {
  const ModelInput input = Pictures(2, 3);
  EXPECT_EQ(Refusal(Idx({1, 3, 2}, std::vector<uint8_t>(6)), input),
            "its rows are 3x2 pixels, but the model takes 2 x 3 pixels");
  EXPECT_EQ(Refusal(Idx({6}, std::vector<uint8_t>(6)), input),
            "its rows are single numbers, but the model takes 2 x 3 pixels");
  EXPECT_EQ(Refusal({0, 0, 8, 0, 7}, input),
            "expected an IDX file of rows, found one without dimensions");
  EXPECT_EQ(Refusal(FromText("1,2,3,4,5,6,7"), input),
            "its lines have 7 numbers, but the model takes 6; leave out the label");
  EXPECT_EQ(Refusal(FromText("1,2\n"), input), "its lines have 2 numbers, but the model takes 6");
  EXPECT_EQ(Refusal(FromText("1,2,3,4,5,6\n1,2,3,4,5,x\n"), input),
            "expected a number, found \"x\"");
  EXPECT_EQ(Refusal(FromText("a,b\n"), input), "expected rows of numbers, found none");
  EXPECT_EQ(Refusal(FromText(""), input), "expected rows of numbers, found none");
  EXPECT_EQ(Refusal(FromText("0.5,2,3,4,5,6"), input, true),
            "--invert is for pixels from 0 to 255");
  EXPECT_EQ(
      Refusal({1, 0, 2, 3}, input),
      "expected a picture (PNG or JPEG), an IDX file, arrays (.npz or .npy) or lines of numbers "
      "(CSV)");
  ModelInput other = input;
  other.shape = {{2, 2, 3}};
  EXPECT_EQ(Refusal(WriteGreyPng(3, 2, std::vector<uint8_t>(6)), other),
            "the model takes 2 channels of 2 x 3 pixels, not pictures; give CSV, .npz or .npy");
  other.shape = {{6}};
  EXPECT_EQ(Refusal(WriteGreyPng(3, 2, std::vector<uint8_t>(6)), other),
            "the model takes 6 pixels, which are no square picture");
  other.pixels = false;
  EXPECT_EQ(Refusal(WriteGreyPng(3, 2, std::vector<uint8_t>(6)), other),
            "the model takes numbers, not pictures; give CSV, .npz or .npy");
}

TEST(ReadInputsTest, PicturesAreReadAsTheModelHasThem) {
  ModelInput colours = Pictures(8, 8);
  colours.shape = {{3, 8, 8}};
  std::vector<uint8_t> rgb;
  for (int i = 0; i < 64; ++i) rgb.insert(rgb.end(), {200, 100, 50});
  std::vector<uint8_t> planes(64, 200);
  planes.insert(planes.end(), 64, 100);
  planes.insert(planes.end(), 64, 50);
  EXPECT_EQ(ReadInputs(AsBytes(WriteRgbPng(8, 8, rgb)), "f", colours, false).pixels, planes);
  const RawRows jpeg = ReadInputs(AsBytes(WriteJpeg(8, 8, rgb)), "f", colours, false);
  for (size_t i = 0; i < planes.size(); ++i) EXPECT_NEAR(jpeg.pixels.at(i), planes[i], 3);
  // A flat row of 4 is a square picture.
  ModelInput flat = Pictures(2, 2);
  flat.shape = {{4}};
  EXPECT_EQ(ReadInputs(AsBytes(WriteGreyPng(2, 2, Slope4())), "f", flat, true).pixels,
            (std::vector<uint8_t>{255, 205, 155, 105}));
}

TEST(ReadInputsTest, PicturesOfOtherSizesAreFittedAndShown) {
  const std::vector<uint8_t> wide = {0, 0, 50, 50, 100, 100, 150, 150};
  ModelInput input = Pictures(2, 2);
  const RawRows rows = ReadInputs(AsBytes(WriteGreyPng(4, 2, wide)), "f", input, false);
  EXPECT_EQ(rows.pixels, (std::vector<uint8_t>{0, 50, 100, 150}));
  EXPECT_EQ(rows.remarks,
            (std::vector<std::string>{
                "f: note: 4 x 2 pixels became 2 x 2: cut to the middle and scaled\n.-"}));
}

TEST(ReadInputsTest, WhatLooksWrongIsRemarked) {
  using Lines = std::vector<std::string>;
  ModelInput input = Pictures(28, 28);
  input.trained_on = InputRange{0, 255, 33};
  const auto remarks = [&](const std::vector<uint8_t>& file, bool invert = false) {
    return ReadInputs(AsBytes(file), "f", input, invert).remarks;
  };
  std::vector<uint8_t> digit(784, 0);
  std::fill(digit.begin() + 300, digit.begin() + 400, uint8_t{255});
  std::vector<uint8_t> inverse = digit;
  for (uint8_t& pixel : inverse) pixel = static_cast<uint8_t>(255 - pixel);
  EXPECT_EQ(remarks(WriteGreyPng(28, 28, digit)), Lines());
  EXPECT_EQ(remarks(WriteGreyPng(28, 28, inverse), true), Lines());
  EXPECT_EQ(remarks(WriteGreyPng(28, 28, inverse)),
            Lines{"f: warning: it is mostly bright, and what the model was trained on mostly dark: "
                  "--invert turns it over"});
  EXPECT_EQ(remarks(WriteGreyPng(28, 28, digit), true).size(), 1u);
  EXPECT_EQ(remarks(Idx({1, 28, 28}, inverse)).size(), 1u);
  std::string line;
  for (const uint8_t pixel : digit)
    line += (line.empty() ? "" : ",") + std::to_string(pixel / 255.0);
  EXPECT_EQ(remarks(FromText(line)),
            Lines{"f: warning: its numbers go from 0 to 1, and those that the model was trained on "
                  "from 0 to 255: it needs the same scale"});
  input.trained_on.reset();
  EXPECT_EQ(remarks(WriteGreyPng(28, 28, inverse)), Lines());
}

// 2 x 1 pixels of red, green, blue and alpha: a clear one, a black one.
TEST(ReadInputsTest, TransparencyIsRemarked) {
  const std::vector<uint8_t> picture = {
      0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
      0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0xf4,
      0x22, 0x7f, 0x8a, 0x00, 0x00, 0x00, 0x10, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8,
      0xff, 0xff, 0x3f, 0x03, 0x10, 0xfc, 0x07, 0x00, 0x15, 0xf3, 0x03, 0xfd, 0xc7, 0x27, 0xae,
      0x60, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
  const RawRows rows = ReadInputs(AsBytes(picture), "f", Pictures(1, 2), false);
  EXPECT_EQ(rows.pixels, (std::vector<uint8_t>{255, 0}));
  EXPECT_EQ(rows.remarks,
            std::vector<std::string>{"f: warning: transparent parts are taken for white"});
}

// predict has one rule for headers, that of data sets.
TEST(ReadInputsTest, ALineOfNumbersIsARow) {
  const ModelInput input{.shape = {{3}}, .moments = {}};
  const auto read = [&](const std::string& text) {
    return ReadInputs(AsBytes(FromText(text)), "f", input, false);
  };
  EXPECT_EQ(read("1,2,9\n4,5,6\n").count, 2u);
  EXPECT_TRUE(read("1,2,9\n4,5,6\n").remarks.empty());
  EXPECT_EQ(read("0,1,2\n4,5,6\n").count, 2u);
  EXPECT_TRUE(Contains(read("0,1,2\n4,5,6\n").remarks.at(0), "but it counts"));
  EXPECT_TRUE(Contains(read("a,b,c\n4,5,6\n").remarks.at(0), "f:1: note: the line is taken for"));
}

TEST(ReadInputsTest, LinesHavePlaces) {
  const auto complaint = [](const std::string& text) {
    return ComplaintOf(
        [&] { ReadInputs(AsBytes(FromText(text)), "f.csv", Pictures(1, 2), false); });
  };
  EXPECT_EQ(complaint("1,2\n3,?\n"),
            "f.csv:2:3: error: a value is missing, found \"?\"; the model was trained on rows "
            "without missing values");
  EXPECT_EQ(complaint("1,2\n3\n"),
            "f.csv:2:2: error: expected 2 fields, as in the first row, found 1");
}

}  // namespace
}  // namespace nabla
