#include "framework/inference/npz_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

#include "framework/base/error.h"
#include "framework/formats/complaint.h"
#include "framework/formats/npz.h"
#include "framework/inference/predict_input.h"
#include "framework/table/coding.h"

namespace nabla {
namespace {

// The first of these arrays that there is; never null. GCC 14 would take a reference for one to
// `names`.
const NamedTensor* Find(const std::vector<NamedTensor>& arrays,
                        const std::vector<std::string_view>& names, const std::string& file) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(arrays, name, &NamedTensor::name);
    if (found != arrays.end()) return &*found;
  }
  std::vector<std::string> known;
  for (const NamedTensor& array : arrays) known.push_back(Quoted(array.name));
  Refuse(file, fmt::format("it has none of the arrays {}; it has {}", fmt::join(names, ", "),
                           known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
}

template <typename N>
std::vector<double> As(const NamedTensor& array) {
  std::vector<N> stored(array.bytes.size() / sizeof(N));
  std::memcpy(stored.data(), array.bytes.data(), stored.size() * sizeof(N));
  return {stored.begin(), stored.end()};
}

std::vector<double> NumbersOf(const NamedTensor& array, const std::string& file) {
  std::vector<double> numbers;
  if (array.dtype == ElementType::kF32) numbers = As<float>(array);
  if (array.dtype == ElementType::kF64) numbers = As<double>(array);
  if (array.dtype == ElementType::kU8) numbers = As<uint8_t>(array);
  if (array.dtype == ElementType::kI32) numbers = As<int32_t>(array);
  if (array.dtype == ElementType::kI64) numbers = As<int64_t>(array);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (std::isfinite(numbers[i])) continue;
    Refuse(file, fmt::format("number {} of {}, counted from 0, is {}", i, Quoted(array.name),
                             std::isnan(numbers[i]) ? "NaN" : "infinite"));
  }
  return numbers;
}

// The shape of a row of the array, which has `count` of them.
Shape RowShape(const NamedTensor& array, const std::string& file) {
  if (array.shape.empty() || array.shape[0] == 0) {
    Refuse(file, Quoted(array.name) + " has no rows");
  }
  return {{array.shape.begin() + 1, array.shape.end()}};
}

std::vector<int32_t> LabelsOf(const NamedTensor& array, const ModelInput& input,
                              const std::string& file) {
  std::vector<int32_t> labels;
  for (const double number : NumbersOf(array, file)) {
    if (number < 0 || number >= static_cast<double>(input.classes) ||
        number != std::floor(number)) {
      Refuse(file, fmt::format("number {} of {}, counted from 0, is {}: expected a class from 0 to "
                               "{}",
                               labels.size(), Quoted(array.name), number, input.classes - 1));
    }
    labels.push_back(static_cast<int32_t>(number));
  }
  return labels;
}

void AddTargets(const NamedTensor& array, const ModelInput& input, const std::string& file,
                RawRows* rows) {
  const size_t wanted = input.classes > 0 ? 1 : input.values;
  if (array.shape.empty() || array.shape[0] != rows->count ||
      RowShape(array, file).size() != wanted) {
    Refuse(file, fmt::format("{} is {}, but there are {} rows, each with {} target{}",
                             Quoted(array.name), TypeAndShape(array.dtype, array.shape),
                             rows->count, wanted, wanted == 1 ? "" : "s"));
  }
  if (input.classes > 0) {
    rows->labels = LabelsOf(array, input, file);
  } else {
    rows->values = NumbersOf(array, file);
  }
}

}  // namespace

RawRows RowsFromNpz(std::span<const uint8_t> file, const std::string& name, const ModelInput& input,
                    bool targets) {
  if (!IsPlain(input.coding)) {
    Refuse(name, "the model was trained on a table with words or missing values: give it CSV");
  }
  const std::vector<NamedTensor> arrays = ReadNpz(file, name);
  const NamedTensor& x = *Find(arrays, {"x_test", "x", "X"}, name);
  const Shape row = RowShape(x, name);
  if (!IsSamePicture(row, input.shape)) {
    Refuse(name, fmt::format("{} is {}, but the model takes rows of {}", Quoted(x.name),
                             TypeAndShape(x.dtype, x.shape), input.shape.ToString()));
  }
  RawRows rows{.count = x.shape[0]};
  if (x.dtype == ElementType::kU8) {
    rows.pixels = x.bytes;
  } else {
    rows.numbers = NumbersOf(x, name);
  }
  if (targets) AddTargets(*Find(arrays, {"y_test", "y"}, name), input, name, &rows);
  return rows;
}

}  // namespace nabla
