#include "framework/search/halving.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/error.h"

namespace nabla {
namespace {

// floor(log_f n): how many rungs come before the last one.
int RungsBeforeLast(size_t settings, size_t factor) {
  int rungs = 0;
  for (size_t left = settings; left >= factor; left /= factor) ++rungs;
  return rungs;
}

}  // namespace

std::vector<Rung> Rungs(size_t settings, int64_t epochs, const HalvingSection& section,
                        const Place& place) {
  const auto fail = [&](const std::string& what) {
    throw InputError(std::vector<Problem>{{place, what}});
  };
  const auto factor = static_cast<size_t>(section.factor);
  if (settings < factor) {
    fail(fmt::format("halving by {} needs {} settings or more, and the sweep has {}", factor,
                     factor, settings));
  }
  const int before_last = RungsBeforeLast(settings, factor);
  const auto all = static_cast<double>(epochs);
  const double first =
      section.epochs.value_or(all / std::pow(static_cast<double>(factor), before_last));
  if (first >= all) {
    fail(
        fmt::format("the first rung ends after {} epochs, which is not before the end of "
                    "train.epochs, {}",
                    first, epochs));
  }
  // Rounding must not make a rung of its own just before the last one.
  const double end = all * (1 - 1e-9);
  std::vector<Rung> rungs;
  size_t left = settings;
  double at = first;
  for (int k = 0; k < before_last && at < end; ++k) {
    rungs.push_back({left, at});
    left = (left + factor - 1) / factor;
    at *= static_cast<double>(factor);
  }
  rungs.push_back({left, all});
  return rungs;
}

std::string RungsText(const std::vector<Rung>& rungs) {
  std::string text;
  for (const Rung& rung : rungs) {
    text += text.empty() ? fmt::format("{} settings until epoch {:.4g}", rung.settings, rung.epochs)
                         : fmt::format(", {} until {:.4g}", rung.settings, rung.epochs);
  }
  return text;
}

double ShareOf(const std::vector<Rung>& rungs) {
  double epochs = 0;
  double before = 0;
  for (const Rung& rung : rungs) {
    epochs += static_cast<double>(rung.settings) * (rung.epochs - before);
    before = rung.epochs;
  }
  return epochs / (static_cast<double>(rungs.front().settings) * before);
}

std::vector<size_t> Lowest(const std::vector<double>& costs, size_t count) {
  std::vector<size_t> order;
  for (size_t i = 0; i < costs.size(); ++i) {
    if (std::isfinite(costs[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](size_t i) { return costs[i]; });
  order.resize(std::min(order.size(), count));
  std::ranges::sort(order);
  return order;
}

}  // namespace nabla
