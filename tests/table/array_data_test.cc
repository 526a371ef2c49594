#include "framework/table/array_data.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/formats/npy.h"
#include "framework/formats/npz.h"
#include "framework/table/table_data.h"
#include "tests/base/complaint.h"
#include "tests/data/samples.h"

namespace nabla {
namespace {

using Lines = std::vector<std::string>;
using Sizes = std::vector<size_t>;

template <typename T>
NamedTensor Array(const std::string& name, const Sizes& shape, const std::vector<T>& numbers) {
  const Matrix<const T> row{numbers.data(), 1, numbers.size(), numbers.size()};
  return PackTensor<T>(name, shape, row);
}

NamedTensor Labels(const std::string& name, std::vector<int64_t> labels) {
  const size_t count = labels.size();
  return Array<int64_t>(name, {count}, labels);
}

NamedTensor Counting(const std::string& name, const Sizes& shape) {
  size_t count = 1;
  for (const size_t dim : shape) count *= dim;
  std::vector<uint8_t> numbers;
  for (size_t i = 0; i < count; ++i) numbers.push_back(static_cast<uint8_t>(i));
  return Array<uint8_t>(name, shape, numbers);
}

DataSplits Data(const std::vector<NamedTensor>& arrays, const ArraySettings& settings = {},
                ArraySource source = {}) {
  const std::vector<uint8_t> bytes = WriteNpz(arrays);
  const ArrayFile file(bytes, "d.npz");
  source.file = &file;
  return DataOfArrays("numpy", source, nullptr, settings);
}

std::string Complaint(const std::vector<NamedTensor>& arrays, const ArraySettings& settings = {},
                      const ArraySource& source = {}) {
  return ComplaintOf([&] { Data(arrays, settings, source); });
}

template <typename T>
std::vector<T> All(std::span<const T> numbers) {
  return {numbers.begin(), numbers.end()};
}

// The data set of a table without a header, whose target is the first column.
DataSplits Csv(const std::string& text, const TableSettings& settings = {}) {
  return DataOf("csv", ParseCsv(AsBytes(text), "d.csv", {.targets = {"0"}}), std::nullopt,
                settings);
}

void ExpectSame(const Samples& a, const Samples& b) {
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(a.shape, b.shape);
  EXPECT_EQ(All(a.pixels), All(b.pixels));
  EXPECT_EQ(All(a.numbers), All(b.numbers));
  EXPECT_EQ(a.classes, b.classes);
  EXPECT_EQ(All(a.labels), All(b.labels));
  EXPECT_EQ(a.values_per_row, b.values_per_row);
  EXPECT_EQ(All(a.values), All(b.values));
  EXPECT_EQ(a.meaning->classes, b.meaning->classes);
  EXPECT_EQ(a.meaning->labels, b.meaning->labels);
}

TEST(ArrayDataTest, SameAsTheTableOfTheSameNumbers) {
  ExpectSame(Data({Array<double>("X", {2, 2}, {0.5, -0.0, 3, 4}), Labels("y", {1, 0})}).train,
             Csv("1,0.5,-0.0\n0,3,4\n").train);
  ExpectSame(Data({Array<float>("X", {2, 2}, {5, 0, 3, 255}), Labels("y", {1, 2})}).train,
             Csv("1,5,0\n2,3,255\n").train);
  ExpectSame(Data({Counting("x", {3, 2}), Labels("y", {-1, 1, -1})}).train,
             Csv("-1,0,1\n1,2,3\n-1,4,5\n").train);
  ExpectSame(Data({Counting("x", {2}), Array<double>("y", {2, 1}, {0.5, 2})}).train,
             Csv("0.5,0\n2,1\n").train);
}

TEST(ArrayDataTest, TypeOfTheTargetsTellsTheTask) {
  const NamedTensor x = Counting("x", {4, 1});
  EXPECT_EQ(Data({x, Labels("y", {0, 2, 1, 0})}).train.classes, 3u);
  EXPECT_EQ(Data({x, Counting("y", {4})}).train.classes, 4u);
  const DataSplits floats = Data({x, Array<double>("y", {4}, {0, 1, 1, 0})});
  EXPECT_EQ(floats.train.classes, 0u);
  EXPECT_EQ(floats.remarks,
            (Lines{"d.npz: note: inputs \"x\", U8 [4, 1], targets \"y\", F64 [4]",
                   "d.npz: note: regression of \"y\", F64 [4]",
                   "d.npz: warning: the floats of \"y\" are 2 different whole numbers: `task: "
                   "classification` takes them for classes"}));
  ArraySettings settings{.task = Task::kClassification};
  EXPECT_EQ(Data({x, Array<double>("y", {4}, {0, 1, 1, 0})}, settings).train.classes, 2u);
  EXPECT_EQ(Complaint({x, Array<double>("y", {4}, {0, 1, 1.5, 0})}, settings),
            "d.npz: error: expected a class, a whole number from 0, found \"1.500000\"");
}

TEST(ArrayDataTest, OneHotTargets) {
  const std::vector<NamedTensor> arrays = {Counting("x", {2, 1}),
                                           Array<float>("y", {2, 3}, {0, 0, 1, 0, 1, 0})};
  const DataSplits labels = Data(arrays);
  EXPECT_EQ(labels.train.values_per_row, 3u);
  EXPECT_TRUE(labels.train.meaning->labels);
  EXPECT_EQ(labels.remarks[1],
            "d.npz: warning: every row of \"y\" has a single 1: `task: classification` takes its "
            "place for the class");
  const DataSplits classes = Data(arrays, {.task = Task::kClassification});
  EXPECT_EQ(classes.train.classes, 3u);
  EXPECT_EQ(All(classes.train.labels), (std::vector<int32_t>{2, 1}));
  EXPECT_EQ(
      Data({Counting("x", {2, 1}), Array<float>("y", {2, 2}, {0.5, 0, 1, 0})}).train.values_per_row,
      2u);
}

TEST(ArrayDataTest, ShapesOfRows) {
  const auto shape = [](const Sizes& sizes, const ArraySettings& settings = {}) {
    const DataSplits data =
        Data({Counting("x", sizes), Labels("y", std::vector<int64_t>(sizes[0], 1))}, settings);
    return data.train.shape.dims;
  };
  EXPECT_EQ(shape({3}), Sizes{1});
  EXPECT_EQ(shape({3, 5}), Sizes{5});
  EXPECT_EQ(shape({3, 4, 5}), (Sizes{1, 4, 5}));
  EXPECT_EQ(shape({3, 7, 5, 1}), (Sizes{1, 7, 5}));
  EXPECT_EQ(shape({2, 3, 4, 5}), (Sizes{3, 4, 5}));
  EXPECT_EQ(shape({2, 4, 5, 2}, {.channels = ChannelPlace::kLast}), (Sizes{2, 4, 5}));
  EXPECT_EQ(shape({3, 4, 5}, {.shape = {{5, 4}}}), (Sizes{5, 4}));
  const DataSplits turned =
      Data({Counting("x", {1, 1, 2, 3}), Labels("y", {0})}, {.channels = ChannelPlace::kLast});
  EXPECT_EQ(All(turned.train.pixels), (std::vector<uint8_t>{0, 3, 1, 4, 2, 5}));
  const auto pixels = [](const ArraySettings& settings) {
    return All(Data({Counting("x", {1, 1, 2, 3}), Labels("y", {0})}, settings).train.pixels);
  };
  const std::vector<uint8_t> stored = {0, 1, 2, 3, 4, 5};
  const std::vector<uint8_t> planes = {0, 3, 1, 4, 2, 5};
  EXPECT_EQ(pixels({.shape = {{6}}}), stored);
  EXPECT_EQ(pixels({.shape = {{2, 3}}}), stored);
  EXPECT_EQ(pixels({.shape = {{1, 2, 3}}}), stored);
  EXPECT_EQ(pixels({.shape = {{3, 1, 2}}}), planes);
  EXPECT_EQ(pixels({.channels = ChannelPlace::kLast, .shape = {{6}}}), planes);
  const ArraySettings last{.channels = ChannelPlace::kLast};
  EXPECT_EQ(Data({Counting("x", {2, 4, 5}), Labels("y", {0, 1})}, last).remarks[1],
            "d.npz: warning: `channels: last` is for rows of three dimensions, not for \"x\", U8 "
            "[2, 4, 5]");
  const auto complaint = [](const Sizes& sizes, const ArraySettings& settings = {}) {
    return Complaint({Counting("x", sizes), Labels("y", {1, 0})}, settings);
  };
  EXPECT_EQ(complaint({2, 8, 5, 5}),
            "d.npz: error: \"x\", U8 [2, 8, 5, 5]: which size counts channels? Write `channels: "
            "first` or `last`");
  EXPECT_EQ(complaint({2, 4}, {.shape = {{5}}}),
            "d.npz: error: expected rows of shape 5, found \"x\", U8 [2, 4]");
  EXPECT_EQ(complaint({2, 12}, {.channels = ChannelPlace::kLast, .shape = {{3, 2, 2}}}),
            "d.npz: error: `channels: last` is for rows of three dimensions, not for \"x\", U8 [2, "
            "12]: save a.reshape(len(a), height, width, channels)");
  EXPECT_EQ(complaint({0, 4}), "d.npz: error: \"x\" has no rows");
  EXPECT_EQ(complaint({2, 0}), "d.npz: error: \"x\", U8 [2, 0]: its rows have no inputs");
  EXPECT_EQ(complaint({}), "d.npz: error: \"x\" has no rows");
  EXPECT_EQ(complaint({2, 1, 1, 1, 1}),
            "d.npz: error: \"x\", U8 [2, 1, 1, 1, 1]: rows have at most three dimensions: write "
            "their `shape`, or save a.reshape(len(a), -1)");
}

TEST(ArrayDataTest, BothSplitsOfOneFile) {
  const std::vector<NamedTensor> arrays = {Counting("x_test", {1, 2, 2}), Labels("y_test", {3}),
                                           Counting("x_train", {2, 2, 2}),
                                           Labels("y_train", {0, 1})};
  const DataSplits data = Data(arrays);
  EXPECT_EQ(data.train.count, 2u);
  EXPECT_EQ(data.test.count, 1u);
  EXPECT_EQ(data.train.classes, 4u);
  EXPECT_EQ(data.test.labels[0], 3);
  EXPECT_EQ(data.remarks[1],
            "d.npz: note: test inputs \"x_test\", U8 [1, 2, 2], targets \"y_test\", I64 [1]");
  EXPECT_EQ(Complaint({arrays[1], Counting("x_test", {1, 2, 3}), arrays[2], arrays[3]}),
            "d.npz: error: \"x_test\", U8 [1, 2, 3]: expected rows like those of \"x_train\", U8 "
            "[2, 2, 2]");
}

TEST(ArrayDataTest, ArraysAreNamedOrFound) {
  const NamedTensor x = Counting("x", {2, 2});
  EXPECT_EQ(Complaint({x}),
            "d.npz: error: it has none of the arrays y_train, Y_train, train_y, train_Y, "
            "train_labels, y, Y, labels, label, targets, target, y_data, arr_1; it has x");
  EXPECT_EQ(Complaint({x, Labels("y", {1})}),
            "d.npz: error: \"y\", I64 [1]: expected a target for each of the 2 rows of \"x\"");
  EXPECT_EQ(Data({x, Counting("mine", {2, 3}), Labels("cls", {1, 0})}, {},
                 {.inputs = "mine", .targets = "cls"})
                .train.shape.dims,
            Sizes{3});
  EXPECT_EQ(Complaint({x}, {}, {.inputs = "z"}), "d.npz: error: it has no array z; it has x");
  const DataSplits aimed = Data({x}, {.aims_at_inputs = true});
  EXPECT_TRUE(aimed.train.meaning->inputs);
}

TEST(ArrayDataTest, TestFilesHaveTheNamesOfTheTrainings) {
  const std::vector<uint8_t> bytes =
      WriteNpz({Counting("x", {2, 2}), Labels("y", {0, 0}), Counting("mine", {2, 3}),
                Labels("cls", {1, 0}), Counting("x_test", {2, 2}), Labels("y_test", {0, 0})});
  const ArrayFile first(bytes, "a.npz");
  const ArrayFile second(bytes, "b.npz");
  const ArraySource train{.file = &first, .inputs = "mine", .targets = "cls"};
  const ArraySource test{.file = &second};
  const DataSplits data = DataOfArrays("numpy", train, &test, {});
  EXPECT_EQ(data.test.shape.dims, Sizes{3});
  EXPECT_EQ(All(data.test.labels), (std::vector<int32_t>{1, 0}));
  EXPECT_EQ(data.remarks[1],
            "b.npz: note: test inputs \"mine\", U8 [2, 3], targets \"cls\", I64 [2]");
  const ArraySource named{.file = &second, .inputs = "mine", .targets = "y"};
  EXPECT_EQ(DataOfArrays("numpy", train, &named, {}).test.labels[0], 0);
}

TEST(ArrayDataTest, FilesOfOneArrayEach) {
  const std::vector<uint8_t> inputs = WriteNpy(Array<float>("", {2, 2}, {1, 2, 3, 0.5}));
  const std::vector<uint8_t> targets = WriteNpy(Labels("", {1, 0}));
  const ArrayFile x(inputs, "a/x.npy");
  const ArrayFile y(targets, "a/y.npy");
  const DataSplits data = DataOfArrays("numpy", {.file = &x, .labels = &y}, nullptr, {});
  EXPECT_EQ(data.remarks, (Lines{"a/x.npy: note: inputs \"x\", F32 [2, 2], targets \"y\", I64 [2]",
                                 "a/y.npy: note: classification of \"y\": classes 0 to 1"}));
  EXPECT_EQ(data.train.numbers[3], 0.5);
  EXPECT_THROW(DataOfArrays("numpy", {.file = &x}, nullptr, {}), InputError);
}

TEST(ArrayDataTest, OnlyFiniteNumbers) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Complaint({Array<double>("x", {2, 1}, {1, none}), Labels("y", {1, 0})}),
            "d.npz: error: number 1 of \"x\", counted from 0, is NaN: save finite numbers, with "
            "numpy.nan_to_num or without such rows");
  EXPECT_EQ(Complaint({Counting("x", {2, 1}),
                       Array<double>("y", {2}, {1, std::numeric_limits<double>::infinity()})}),
            "d.npz: error: number 1 of \"y\", counted from 0, is infinite: save finite numbers, "
            "with numpy.nan_to_num or without such rows");
}

}  // namespace
}  // namespace nabla
