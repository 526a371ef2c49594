#include "framework/data/standardise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"

namespace nabla {
namespace {

double Raw(const Samples& samples, size_t at) {
  return samples.pixels.empty() ? samples.numbers[at] : static_cast<double>(samples.pixels[at]);
}

// Calls add(i, x) for every number x of every row, in ascending order of rows.
template <typename F>
void ForAll(const Samples& samples, const F& add) {
  const size_t width = samples.shape.size();
  for (size_t row = 0; row < samples.count; ++row) {
    for (size_t i = 0; i < width; ++i) add(i, Raw(samples, row * width + i));
  }
}

// Numbers near the largest that there are have no moments.
void CheckSpread(double mean, double std, const char* what, size_t index, bool range = false) {
  if (std::isfinite(mean) && std::isfinite(std)) return;
  throw InputError(std::string(range ? "min_max" : "standardise") + ": the values of " + what +
                   " " + std::to_string(index) + ", counted from 0, are so large that their " +
                   (range ? "range" : "standard deviation") + " is not finite");
}

// The squares of distances below 1e-154 vanish, or lose their last digits.
void CheckDistances(double std, const char* what, size_t index) {
  constexpr double kLeast = 0x1p-511;
  if (std >= kLeast) return;
  throw InputError(std::string("standardise: the values of ") + what + " " + std::to_string(index) +
                   ", counted from 0, differ by so little that they have no standard deviation: "
                   "write larger ones, in another unit");
}

template <typename F>
void ForBoth(const Samples& samples, const Samples& more, const F& add) {
  ForAll(samples, add);
  ForAll(more, add);
}

// The least and the largest value of each input.
struct Extremes {
  std::vector<double> low, high;  // (I)
};

Extremes ExtremesOf(const Samples& samples, const Samples& more) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const size_t width = samples.shape.size();
  Extremes found{std::vector<double>(width, kInfinity), std::vector<double>(width, -kInfinity)};
  ForBoth(samples, more, [&](size_t i, double x) {
    found.low[i] = std::min(found.low[i], x);
    found.high[i] = std::max(found.high[i], x);
  });
  return found;
}

// The same rows with other inputs.
Samples WithNumbers(const Samples& samples, std::shared_ptr<const std::vector<double>> numbers) {
  Samples changed = samples;
  changed.pixels = {};
  changed.sparse = nullptr;
  changed.numbers = *numbers;
  changed.normalization = {};
  // Labels and values still belong to the original samples.
  using Both = std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>;
  changed.keep_alive = std::make_shared<Both>(samples.keep_alive, std::move(numbers));
  return changed;
}

// sqrt(sum (x - offset)^2), in ascending order, each step rounded once.
double Norm(std::span<const double> row, double offset) {
  double sum = 0;
  for (const double x : row) sum = std::fma(x - offset, x - offset, sum);
  return std::sqrt(sum);
}

// x' = (x - offset) / width; framework/export/c_input.cc has the same steps.
void ScaleRow(RowScale scale, std::span<double> row) {
  const auto [low, high] = std::ranges::minmax(row);
  const bool shifts = scale == RowScale::kStandardise || scale == RowScale::kMinMax;
  double offset = shifts ? low : 0;
  double width = shifts ? high - low : std::max(std::abs(low), std::abs(high));
  if (width == 0) {
    std::ranges::fill(row, 0.0);
    return;
  }
  if (scale == RowScale::kStandardise) {
    double sum = 0;
    for (const double x : row) sum += x;
    offset = sum / static_cast<double>(row.size());
    width = Norm(row, offset) / std::sqrt(static_cast<double>(row.size()));
  } else if (scale == RowScale::kNorm) {
    width = Norm(row, 0);
  }
  // Squares of numbers near the least that there are vanish, those near the largest overflow.
  if (!std::isfinite(width) || width == 0) {
    throw InputError("scale_rows: the numbers of a row are too large or too small");
  }
  for (double& x : row) x = (x - offset) / width;
}

}  // namespace

InputMoments MomentsOf(const Samples& samples, const Samples& more) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto rows = static_cast<double>(samples.count + more.count);
  const auto for_both = [&](const auto& add) { ForBoth(samples, more, add); };
  const size_t width = samples.shape.size();
  InputMoments m{std::vector<double>(width), std::vector<double>(width)};
  for_both([&m](size_t i, double x) { m.mean[i] += x; });
  for (double& mean : m.mean) mean /= rows;
  for_both([&m](size_t i, double x) { m.std[i] += (x - m.mean[i]) * (x - m.mean[i]); });
  for (double& std : m.std) std = std::sqrt(std / rows);
  for (size_t i = 0; i < width; ++i) CheckSpread(m.mean[i], m.std[i], "input", i);
  // Sums of equal numbers are rounded: their variance alone does not tell that nothing changes.
  const Extremes found = ExtremesOf(samples, more);
  for (size_t i = 0; i < width; ++i) {
    if (found.low[i] != found.high[i]) {
      CheckDistances(m.std[i], "input", i);
      continue;
    }
    m.mean[i] = found.low[i];
    m.std[i] = kInfinity;
  }
  return m;
}

// low + (x - min) / s with s = (max - min) / (high - low) is (x - (min - low s)) / s.
InputMoments MomentsOfRange(const std::vector<double>& range, const Samples& samples,
                            const Samples& more) {
  const Extremes found = ExtremesOf(samples, more);
  InputMoments m;
  for (size_t i = 0; i < found.low.size(); ++i) {
    const double width = found.high[i] - found.low[i];
    m.std.push_back((width > 0 ? width : 1) / (range[1] - range[0]));
    m.mean.push_back(found.low[i] - range[0] * m.std[i]);
    CheckSpread(m.mean[i], m.std[i], "input", i, true);
  }
  return m;
}

Samples ScaleRows(RowScale scale, const Samples& samples) {
  if (scale == RowScale::kNone) return samples;
  auto numbers = std::make_shared<std::vector<double>>();
  const size_t width = samples.shape.size();
  numbers->reserve(samples.count * width);
  ForAll(samples, [&](size_t, double x) { numbers->push_back(x); });
  for (size_t row = 0; row < samples.count; ++row) {
    ScaleRow(scale, {numbers->data() + row * width, width});
  }
  return WithNumbers(samples, std::move(numbers));
}

Samples Standardise(const InputMoments& m, const Samples& samples) {
  auto numbers = std::make_shared<std::vector<double>>();
  numbers->reserve(samples.count * samples.shape.size());
  // + 0 makes -0 of a division by infinity 0.
  ForAll(samples,
         [&](size_t i, double x) { numbers->push_back((x - m.mean[i]) / m.std[i] + 0.0); });
  return WithNumbers(samples, std::move(numbers));
}

DataSplits Standardise(DataSplits data, InputMoments* moments, MomentsBy by,
                       const std::vector<double>& range) {
  const auto of = [&](const Samples& samples) {
    return range.empty() ? MomentsOf(samples) : MomentsOfRange(range, samples);
  };
  if (by != MomentsBy::kAllRows) *moments = of(data.train);
  const bool own = by == MomentsBy::kEachSplit && data.test.count > 0;
  data.test = Standardise(own ? of(data.test) : *moments, data.test);
  if (data.validation.count > 0) {
    const bool each = by == MomentsBy::kEachSplit;
    data.validation = Standardise(each ? of(data.validation) : *moments, data.validation);
  }
  data.train = Standardise(*moments, data.train);
  return data;
}

namespace {

// Of each target value over the rows, the standard deviation dividing by N; of one that never
// changes itself and 1, since sums of equal numbers are rounded.
void FindMoments(const Samples& samples, TargetMeaning* meaning) {
  const size_t width = samples.values_per_row;
  const auto rows = static_cast<double>(samples.count);
  meaning->mean.assign(width, 0);
  meaning->std.assign(width, 0);
  for (size_t at = 0; at < samples.values.size(); ++at) {
    meaning->mean[at % width] += samples.values[at] / rows;
  }
  for (size_t at = 0; at < samples.values.size(); ++at) {
    const double distance = samples.values[at] - meaning->mean[at % width];
    meaning->std[at % width] += distance * distance / rows;
  }
  std::vector<bool> changes(width);
  for (size_t at = width; at < samples.values.size(); ++at) {
    if (samples.values[at] != samples.values[at - width]) changes[at % width] = true;
  }
  for (size_t c = 0; c < width; ++c) {
    double& std = meaning->std[c];
    CheckSpread(meaning->mean[c], std, "target", c);
    std = std::sqrt(std);
    if (changes[c]) {
      CheckDistances(std, "target", c);
    } else {
      meaning->mean[c] = samples.values[c];
      std = 1;
    }
  }
}

Samples WithTargets(const Samples& samples, const std::shared_ptr<const TargetMeaning>& meaning) {
  using Both = std::pair<std::shared_ptr<const void>, std::vector<double>>;
  const auto owned = std::make_shared<Both>(samples.keep_alive, std::vector<double>());
  const size_t width = samples.values_per_row;
  for (size_t at = 0; at < samples.values.size(); ++at) {
    const size_t c = at % width;
    owned->second.push_back((samples.values[at] - meaning->mean[c]) / meaning->std[c]);
  }
  Samples changed = samples;
  changed.values = owned->second;
  changed.meaning = meaning;
  changed.keep_alive = owned;
  return changed;
}

}  // namespace

DataSplits StandardiseTargets(DataSplits data) {
  const auto meaning = std::make_shared<TargetMeaning>();
  if (data.train.meaning != nullptr) *meaning = *data.train.meaning;
  if (data.train.classes > 0 || meaning->labels || meaning->inputs) {
    throw InputError(
        std::string("standardise_targets is for targets that are numbers: these are ") +
        (meaning->inputs ? "inputs" : "classes"));
  }
  FindMoments(data.train, meaning.get());
  data.train = WithTargets(data.train, meaning);
  data.test = WithTargets(data.test, meaning);
  if (data.validation.count > 0) data.validation = WithTargets(data.validation, meaning);
  return data;
}

}  // namespace nabla
