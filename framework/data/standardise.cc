#include "framework/data/standardise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
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
void CheckSpread(double mean, double std, const char* what, size_t index) {
  if (std::isfinite(mean) && std::isfinite(std)) return;
  throw InputError(std::string("standardise: the values of ") + what + " " + std::to_string(index) +
                   ", counted from 0, are so large that their standard " +
                   "deviation is not finite");
}

}  // namespace

InputMoments MomentsOf(const Samples& samples, const Samples& more) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto rows = static_cast<double>(samples.count + more.count);
  const auto for_both = [&](const auto& add) {
    ForAll(samples, add);
    ForAll(more, add);
  };
  const size_t width = samples.shape.size();
  InputMoments m{std::vector<double>(width), std::vector<double>(width)};
  for_both([&m](size_t i, double x) { m.mean[i] += x; });
  for (double& mean : m.mean) mean /= rows;
  for_both([&m](size_t i, double x) { m.std[i] += (x - m.mean[i]) * (x - m.mean[i]); });
  for (double& std : m.std) std = std::sqrt(std / rows);
  for (size_t i = 0; i < width; ++i) CheckSpread(m.mean[i], m.std[i], "input", i);
  // Sums of equal numbers are rounded: their variance alone does not tell that nothing changes.
  std::vector<double> low(width, kInfinity);
  std::vector<double> high(width, -kInfinity);
  for_both([&](size_t i, double x) {
    low[i] = std::min(low[i], x);
    high[i] = std::max(high[i], x);
  });
  for (size_t i = 0; i < width; ++i) {
    if (low[i] != high[i] && m.std[i] > 0) continue;
    m.mean[i] = low[i];
    m.std[i] = kInfinity;
  }
  return m;
}

Samples Standardise(const InputMoments& m, const Samples& samples) {
  auto numbers = std::make_shared<std::vector<double>>();
  numbers->reserve(samples.count * samples.shape.size());
  // + 0 makes -0 of a division by infinity 0.
  ForAll(samples,
         [&](size_t i, double x) { numbers->push_back((x - m.mean[i]) / m.std[i] + 0.0); });
  Samples applied = samples;
  applied.pixels = {};
  applied.sparse = nullptr;
  applied.numbers = *numbers;
  applied.normalization = {};
  // Labels and values still belong to the original samples.
  using Both = std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>;
  applied.keep_alive = std::make_shared<Both>(samples.keep_alive, numbers);
  return applied;
}

DataSplits Standardise(DataSplits data, InputMoments* moments, MomentsBy by) {
  if (by != MomentsBy::kAllRows) *moments = MomentsOf(data.train);
  const bool own = by == MomentsBy::kEachSplit && data.test.count > 0;
  data.test = Standardise(own ? MomentsOf(data.test) : *moments, data.test);
  if (data.validation.count > 0) {
    const bool each = by == MomentsBy::kEachSplit;
    data.validation = Standardise(each ? MomentsOf(data.validation) : *moments, data.validation);
  }
  data.train = Standardise(*moments, data.train);
  return data;
}

namespace {

// Of each target value over the rows, the standard deviation dividing by N.
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
  for (size_t c = 0; c < width; ++c) {
    double& std = meaning->std[c];
    CheckSpread(meaning->mean[c], std, "target", c);
    std = std > 0 ? std::sqrt(std) : 1;
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
