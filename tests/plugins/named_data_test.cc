// Data sets by name have scikit-learn's rows: sklearn_points.py printed them.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/files.h"
#include "framework/model/dataset.h"
#include "tests/plugins/made.h"

namespace nabla {
namespace {

DataSplits Loaded(const std::string& yaml) {
  Files files{FilesOptions()};
  return Made<Dataset>(yaml)->Load(files);
}

// The inputs of a row, and its label or its target.
std::vector<double> Row(const Samples& samples, size_t row) {
  const size_t width = samples.shape.size();
  std::vector<double> numbers;
  for (size_t i = row * width; i < (row + 1) * width; ++i) {
    numbers.push_back(samples.pixels.empty() ? samples.numbers[i] : samples.pixels[i]);
  }
  numbers.push_back(samples.classes > 0 ? samples.labels[row] : samples.values[row]);
  return numbers;
}

// A set as scikit-learn has it.
struct Printed {
  std::string yaml;
  size_t rows = 0;
  size_t columns = 0;
  double sum = 0;
  std::vector<std::vector<double>> last;
};

std::vector<Printed> ReadPrinted() {
  std::ifstream file("tests/plugins/sklearn_points.txt");
  std::vector<Printed> sets;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("data: ")) {
      const size_t bar = line.find(" | ");
      Printed& set = sets.emplace_back();
      set.yaml = line.substr(6, bar - 6);
      std::istringstream(line.substr(bar + 3)) >> set.rows >> set.columns >> set.sum;
      continue;
    }
    std::vector<double>& row = sets.back().last.emplace_back();
    std::istringstream numbers(line);
    for (double number; numbers >> number;) row.push_back(number);
  }
  return sets;
}

// NumPy's sine and cosine may differ from the C library's in the last bit.
void ExpectClose(double found, double expected, const std::string& where) {
  EXPECT_NEAR(found, expected, 4e-15 * std::max(1.0, std::abs(expected))) << where;
}

TEST(NamedDataTest, EverySetIsScikitLearns) {
  const std::vector<Printed> sets = ReadPrinted();
  ASSERT_EQ(sets.size(), 21u);
  for (const Printed& set : sets) {
    const Samples train = Loaded(set.yaml).train;
    ASSERT_EQ(train.count, set.rows) << set.yaml;
    ASSERT_EQ(train.shape.size(), set.columns) << set.yaml;
    double sum = 0;
    double size = 0;
    for (size_t r = 0; r < set.rows; ++r) {
      const std::vector<double> row = Row(train, r);
      for (size_t c = 0; c < set.columns; ++c) {
        sum += row[c] * static_cast<double>(r * set.columns + c + 1);
        size += std::abs(row[c]) * static_cast<double>(r * set.columns + c + 1);
      }
    }
    EXPECT_NEAR(sum, set.sum, 1e-13 * size) << set.yaml;
    for (size_t i = 0; i < set.last.size(); ++i) {
      const std::vector<double> row = Row(train, set.rows - set.last.size() + i);
      ASSERT_EQ(row.size(), set.last[i].size()) << set.yaml;
      for (size_t c = 0; c < row.size(); ++c) ExpectClose(row[c], set.last[i][c], set.yaml);
    }
  }
}

TEST(NamedDataTest, MeasurementsKeepTheirColumnsClassesAndScale) {
  const DataSplits iris = Loaded("{name: iris, scale: 2, mean: 1, std: 4}");
  EXPECT_EQ(iris.name, "iris");
  EXPECT_EQ(iris.columns[3], "petal_width_cm");
  EXPECT_EQ(iris.train.classes, 3u);
  EXPECT_EQ(iris.train.normalization, (Normalization{2, 1, 4}));
  EXPECT_EQ(iris.test.count, 0u);
  EXPECT_EQ(Loaded("breast_cancer").train.classes, 2u);
  EXPECT_EQ(Loaded("digits8x8").train.shape.ToString(), "1x8x8");
  EXPECT_EQ(Loaded("digits8x8").train.classes, 10u);
  const DataSplits diabetes = Loaded("{name: diabetes, target_scale: 2}");
  EXPECT_EQ(diabetes.train.classes, 0u);
  EXPECT_EQ(diabetes.train.values_per_row, 1u);
  EXPECT_EQ(diabetes.train.values[0], 75.5);
  EXPECT_EQ(diabetes.columns.size(), 10u);
}

TEST(NamedDataTest, OtherGeneratorsDrawOtherPoints) {
  for (const std::string name : {"moons", "circles", "blobs", "teaching_spirals", "two_spirals"}) {
    const auto first = [&](const std::string& fields) {
      return Loaded("{name: " + name + fields + "}").train.numbers[3];
    };
    EXPECT_EQ(first(", seed: 1"), first(", seed: 1, rng: numpy"));
    EXPECT_NE(first(", seed: 1"), first(", seed: 2"));
    EXPECT_NE(first(", seed: 1"), first(", seed: 1, rng: nabla"));
    EXPECT_NE(first(", seed: 1, rng: torch"), first(", seed: 1, rng: nabla"));
  }
}

TEST(NamedDataTest, WrongFieldsAreRefused) {
  for (const auto& [yaml, message] :
       {std::pair{"{name: blobs, box: [2, 1]}", "box must be two numbers, the smaller one first"},
        {"{name: blobs, centers: [[1, 2], [3]]}",
         "all centers need the same number of coordinates, at least one"},
        {"{name: blobs, points: 2}", "3 classes need at least as many points, not 2"},
        {"{name: blobs, points: 4000000, features: 1000}",
         "4000000 rows of 1000 numbers are too many: at most 67108864 numbers"},
        {"{name: teaching_spirals, points: 1000000, classes: 1000}",
         "1000000000 rows of 2 numbers are too many: at most 67108864 numbers"},
        {"{name: circles, factor: 1}", "1 is out of range: must be 0 <= x < 1"},
        {"{name: moon}", "did you mean \"moons\"?"},
        {"{name: moons, rng: nump}", "did you mean \"numpy\"?"}}) {
    try {
      Loaded(yaml);
      FAIL() << yaml;
    } catch (const InputError& e) {
      EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace nabla
