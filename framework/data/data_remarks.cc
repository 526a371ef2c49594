#include "framework/data/data_remarks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace nabla {
namespace {

// More are counted.
constexpr size_t kMostListed = 10;

std::string List(const std::vector<std::string>& things) {
  std::string text;
  for (size_t i = 0; i < std::min(things.size(), kMostListed); ++i) {
    text += (i > 0 ? ", " : "") + things[i];
  }
  if (things.size() <= kMostListed) return text;
  return text + " and " + std::to_string(things.size() - kMostListed) + " more";
}

void AddMissing(const Samples& samples, const char* what, std::vector<std::string>* remarks) {
  if (samples.count == 0) return;
  std::vector<bool> seen(samples.classes);
  for (const int32_t label : samples.labels) seen[static_cast<size_t>(label)] = true;
  std::vector<std::string> missing;
  for (size_t c = 0; c < seen.size(); ++c) {
    if (!seen[c]) missing.push_back(samples.ClassName(c));
  }
  if (missing.empty()) return;
  remarks->push_back(std::string("warning: no row to ") + what + " has the class" +
                     (missing.size() > 1 ? "es " : " ") + List(missing));
}

// Of the columns of numbers (N, width), those whose differences float32 does not hold.
std::vector<size_t> Rounded(std::span<const double> numbers, size_t width) {
  constexpr double kShare = 0.01;  // of the standard deviation
  struct Column {
    double largest = 0;
    double sum = 0;  // of the distances from the first row, as are the squares
    double squares = 0;
  };
  std::vector<Column> columns(width);
  const size_t rows = width > 0 ? numbers.size() / width : 0;
  for (size_t r = 0; r < rows; ++r) {
    const std::span<const double> row = numbers.subspan(r * width, width);
    for (size_t c = 0; c < width; ++c) {
      const double distance = row[c] - numbers[c];
      columns[c].largest = std::max(columns[c].largest, std::abs(row[c]));
      columns[c].sum += distance;
      columns[c].squares += distance * distance;
    }
  }
  std::vector<size_t> rounded;
  for (size_t c = 0; c < width; ++c) {
    const auto count = static_cast<double>(rows);
    const double mean = columns[c].sum / count;
    const double std = std::sqrt(std::max(0.0, columns[c].squares / count - mean * mean));
    const double step = columns[c].largest * std::numeric_limits<float>::epsilon();
    if (std > 0 && step > kShare * std) rounded.push_back(c);
  }
  return rounded;
}

// " a" or "s a and b", for what stands in the singular before it.
std::string NamesOf(const std::vector<size_t>& columns, const std::vector<std::string>& names) {
  std::vector<std::string> named;
  for (const size_t c : columns) {
    named.push_back(c < names.size() ? names[c] : std::to_string(c));
  }
  return std::string(columns.size() > 1 ? "s " : " ") + List(named) +
         (names.empty() ? " (counted from 0)" : "");
}

}  // namespace

std::vector<std::string> MissingClasses(const DataSplits& data, bool tested) {
  std::vector<std::string> remarks;
  if (data.train.classes == 1) {
    remarks.push_back("warning: all rows are of the class " + data.train.ClassName(0) +
                      ": there is nothing to tell apart");
  }
  AddMissing(data.train, "train on", &remarks);
  AddMissing(data.validation, "validate with", &remarks);
  if (tested) AddMissing(data.test, "test on", &remarks);
  return remarks;
}

namespace {

// How many rows have each input other than 0.
std::vector<size_t> RowsWith(const Samples& samples) {
  const size_t width = samples.shape.size();
  std::vector<size_t> rows(width);
  for (size_t at = 0; at < samples.count * width; ++at) {
    rows[at % width] += samples.pixels.empty() ? samples.numbers[at] != 0 : samples.pixels[at] != 0;
  }
  return rows;
}

}  // namespace

std::vector<std::string> UnseenCategories(const DataSplits& data) {
  const auto categorical = [](const InputColumn& column) { return !column.categories.empty(); };
  if (std::ranges::none_of(data.coding, categorical)) return {};
  const std::vector<size_t> trained = RowsWith(data.train);
  std::vector<size_t> others = RowsWith(data.test);
  if (data.validation.count > 0) {
    const std::vector<size_t> validated = RowsWith(data.validation);
    for (size_t i = 0; i < others.size(); ++i) others[i] += validated[i];
  }
  std::vector<std::string> remarks;
  size_t input = 0;
  for (const InputColumn& column : data.coding) {
    std::vector<std::string> unseen;
    for (size_t k = 0; k < column.categories.size(); ++k) {
      const size_t at = input + k;
      if (trained[at] == 0 && others[at] > 0) unseen.push_back(column.categories[k]);
    }
    input += column.Width();
    if (unseen.empty()) continue;
    remarks.push_back("warning: no row to train on has " + List(unseen) + " in the column " +
                      (column.name.empty() ? std::string("without a name") : column.name) +
                      ", but other rows do");
  }
  return remarks;
}

std::vector<std::string> UnchangingInputs(const DataSplits& data) {
  constexpr size_t kLeastPixels = 16;
  const Samples& rows = data.train;
  const size_t width = rows.shape.size();
  const bool pictures = !rows.pixels.empty() && data.columns.empty() && width >= kLeastPixels;
  if (rows.shape.dims.size() > 1 || rows.count < 2 || pictures) return {};
  std::vector<bool> changes(width);
  for (size_t at = width; at < rows.count * width; ++at) {
    const bool differs = rows.pixels.empty() ? rows.numbers[at] != rows.numbers[at - width]
                                             : rows.pixels[at] != rows.pixels[at - width];
    if (differs) changes[at % width] = true;
  }
  size_t input = 0;
  for (const InputColumn& column : data.coding) {
    if (column.categories.size() > 1) {
      std::fill_n(changes.begin() + static_cast<std::ptrdiff_t>(input), column.categories.size(),
                  true);
    }
    input += column.Width();
  }
  std::vector<size_t> constant;
  for (size_t i = 0; i < width; ++i) {
    if (!changes[i]) constant.push_back(i);
  }
  if (constant.empty()) return {};
  return {"warning: the input" + NamesOf(constant, data.columns) + " never " +
          (constant.size() > 1 ? "change" : "changes") +
          " in the training rows: nothing is learned from " +
          (constant.size() > 1 ? "them" : "it")};
}

std::vector<std::string> RoundedByFloat32(const DataSplits& data, bool inputs) {
  constexpr const char* kWhy = ", differences of which are below the 7 digits that it holds: ";
  const Samples& train = data.train;
  std::vector<std::string> remarks;
  const std::vector<size_t> targets = Rounded(train.values, train.values_per_row);
  if (!targets.empty()) {
    const auto names =
        train.meaning == nullptr ? std::vector<std::string>() : train.meaning->values;
    remarks.push_back("warning: float32 rounds the target" + NamesOf(targets, names) + kWhy +
                      "metrics and predictions are not exact; take dtype: float64, or smaller "
                      "numbers");
  }
  if (!inputs || train.normalization.mean != 0) return remarks;
  const std::vector<size_t> columns = Rounded(train.numbers, train.shape.size());
  if (columns.empty()) return remarks;
  remarks.push_back("warning: float32 rounds the input" + NamesOf(columns, data.columns) + kWhy +
                    "take standardise: true, dtype: float64, or smaller numbers");
  return remarks;
}

std::vector<std::string> ConstantInputs(const InputMoments& moments,
                                        const std::vector<std::string>& columns) {
  std::vector<size_t> constant;
  for (size_t i = 0; i < moments.std.size(); ++i) {
    if (std::isinf(moments.std[i])) constant.push_back(i);
  }
  if (constant.empty()) return {};
  return {
      "warning: standardise: inputs that never change in the training rows become 0: the input" +
      NamesOf(constant, columns)};
}

}  // namespace nabla
