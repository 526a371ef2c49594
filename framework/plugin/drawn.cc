#include "framework/plugin/drawn.h"

#include <string>
#include <utility>

#include "framework/base/error.h"
#include "framework/plugin/datasets.h"

namespace nabla {

void ClassedPoints::Add(double x, double y, int64_t label) {
  numbers.push_back(x);
  numbers.push_back(y);
  labels.push_back(static_cast<int32_t>(label));
}

void ClassedPoints::Shuffle(Generator& generator) {
  const size_t width = numbers.size() / labels.size();
  std::vector<uint32_t> order(labels.size());
  generator.Permutation(order);
  ClassedPoints shuffled;
  for (const size_t row : order) {
    const double* from = numbers.data() + row * width;
    shuffled.numbers.insert(shuffled.numbers.end(), from, from + width);
    shuffled.labels.push_back(labels[row]);
  }
  *this = std::move(shuffled);
}

void ClassedPoints::AddNoise(double std, Generator& generator) {
  const std::vector<double> noise = Normals(numbers.size(), std, generator);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] += noise[i];
}

void CheckCount(int64_t rows, int64_t numbers_per_row) {
  constexpr int64_t kMost = int64_t{1} << 26;
  if (rows <= kMost / numbers_per_row) return;
  throw InputError(std::to_string(rows) + " rows of " + std::to_string(numbers_per_row) +
                   " numbers are too many: at most " + std::to_string(kMost) + " numbers");
}

std::vector<double> Linspace(double from, double to, size_t count, bool endpoint) {
  std::vector<double> numbers(count, from);
  const size_t parts = endpoint && count > 0 ? count - 1 : count;
  if (parts == 0) return numbers;
  const double step = (to - from) / static_cast<double>(parts);
  for (size_t i = 0; i < count; ++i) numbers[i] = static_cast<double>(i) * step + from;
  if (endpoint) numbers.back() = to;
  return numbers;
}

std::vector<double> Normals(size_t count, double std, Generator& generator) {
  std::vector<double> numbers(count);
  generator.Normal(numbers, 0, std);
  return numbers;
}

DataSplits DrawnDataset::AllToTrain(const char* name, ClassedPoints points, size_t classes) {
  const size_t width = points.numbers.size() / points.labels.size();
  DataSplits splits{.name = name, .train = {}, .test = {}};
  splits.train = NumberSamples(std::move(points.numbers), std::move(points.labels), width, classes);
  return splits;
}

}  // namespace nabla
