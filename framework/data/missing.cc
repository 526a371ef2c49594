#include "framework/data/missing.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "framework/base/error.h"

namespace nabla {
namespace {

// numpy.mean and numpy.median of some numbers, which are put in another order.
double FillOf(MissingValues missing, std::vector<double>* numbers) {
  const auto count = static_cast<double>(numbers->size());
  if (missing == MissingValues::kMean) {
    double sum = 0;
    for (const double x : *numbers) sum += x;
    return sum / count;
  }
  std::ranges::sort(*numbers);
  const size_t half = numbers->size() / 2;
  const bool odd = numbers->size() % 2 == 1;
  return odd ? (*numbers)[half] : ((*numbers)[half - 1] + (*numbers)[half]) / 2;
}

}  // namespace

std::vector<double> FillsOf(const Samples& train, MissingValues missing,
                            const std::vector<std::string>& names) {
  if (missing != MissingValues::kMean && missing != MissingValues::kMedian) return {};
  const size_t width = train.shape.size();
  std::vector<double> fills;
  std::vector<double> column;
  for (size_t i = 0; i < width; ++i) {
    column.clear();
    for (size_t row = 0; row < train.count; ++row) {
      const size_t at = row * width + i;
      const double x = train.pixels.empty() ? train.numbers[at] : train.pixels[at];
      if (!std::isnan(x)) column.push_back(x);
    }
    if (column.empty()) {
      const bool named = !names.empty() && !names[i].empty();
      throw InputError("the input " + (named ? names[i] : std::to_string(i) + " (from 0)") +
                       " has no value in any row to train on: leave its column out with `ignore`");
    }
    fills.push_back(FillOf(missing, &column));
  }
  return fills;
}

void FillMissing(const std::vector<double>& fill, std::vector<double>* numbers) {
  if (fill.empty()) return;
  for (size_t at = 0; at < numbers->size(); ++at) {
    if (std::isnan((*numbers)[at])) (*numbers)[at] = fill[at % fill.size()];
  }
}

Samples Filled(const Samples& samples, const std::vector<double>& fill) {
  const bool whole = std::ranges::none_of(samples.numbers, [](double x) { return std::isnan(x); });
  if (fill.empty() || whole) return samples;
  using Both = std::pair<std::shared_ptr<const void>, std::vector<double>>;
  const auto owned = std::make_shared<Both>(
      samples.keep_alive, std::vector<double>(samples.numbers.begin(), samples.numbers.end()));
  FillMissing(fill, &owned->second);
  Samples filled = samples;
  filled.numbers = owned->second;
  filled.keep_alive = owned;
  return filled;
}

}  // namespace nabla
