#include "framework/verdict/race.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace nabla {
namespace {

constexpr double kFreedom = 4;        // of Student's t: one value off weighs little
constexpr double kPriorRuns = 2;      // that the typical width counts as
constexpr double kLeastWidth = 1e-9;  // of the value itself: rounding of our own numbers

std::vector<double> Finite(const std::vector<double>& values) {
  std::vector<double> finite;
  for (const double v : values) {
    if (std::isfinite(v)) finite.push_back(v);
  }
  return finite;
}

double LossOf(double deviations) {
  return (kFreedom + 1) / 2 * std::log1p(deviations * deviations / kFreedom);
}

// How much wider the runs scatter than is typical, squared: of all values together, drawn towards
// 1, since a few runs say little.
double ScatterOf(std::span<const ReferenceMetric> values, std::span<const double> typical) {
  constexpr double kMost = 100;
  double sum = 0;
  double count = 0;
  double freedom = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const std::vector<double> runs = Finite(values[i].runs);
    if (runs.size() < 2 || typical[i] <= 0) continue;
    sum += std::min(Describe(runs).std / typical[i], kMost);
    ++count;
    freedom = static_cast<double>(runs.size()) - 1;
  }
  const double ratio = count > 0 ? sum / count : 1;
  return (freedom * ratio * ratio + 1) / (freedom + 1);
}

// Adds one value to the sums of loss, distance and squared deviations. The width of the others is
// `scatter` times the typical one.
void Add(const ReferenceMetric& value, double typical, double scatter, Misfit* sums) {
  const std::vector<double> runs = Finite(value.runs);
  const double n = static_cast<double>(runs.size());
  const double broken = static_cast<double>(value.runs.size()) - n;
  const double lost = broken / (n + broken);
  double loss = lost * LossOf(kMostDeviations);
  double distance = loss;
  double squares = lost * kMostDeviations * kMostDeviations;
  if (n > 0) {
    const Distribution ours = Describe(runs);
    const double rounding = value.rounding * value.rounding / 3;
    const double least = std::pow(kLeastWidth * (1 + std::abs(value.printed)), 2);
    const double usual = typical * typical + rounding + least;
    const double own = ((n - 1) * ours.std * ours.std + kPriorRuns * scatter * typical * typical) /
                       (n - 1 + kPriorRuns);
    const double width = std::sqrt((own + rounding + least) * (1 + 1 / n));
    const double z = std::min(std::abs(value.printed - ours.mean) / width, kMostDeviations);
    distance += (1 - lost) * LossOf(z);
    loss += (1 - lost) * (LossOf(z) + std::log(width / std::sqrt(usual)));
    squares += (1 - lost) * z * z;
  }
  sums->loss += loss;
  sums->distance += distance;
  sums->deviations += squares;
}

// The nearest multiple of 10^power.
double Multiple(double x, double power) {
  return power < 0 ? std::round(x * std::pow(10, -power)) / std::pow(10, -power)
                   : std::round(x / std::pow(10, power)) * std::pow(10, power);
}

// A number near the geometric mean of two, as people choose them.
double Middle(double a, double b, bool whole) {
  const double mean = std::sqrt(a * b);
  const double power = std::floor(std::log10(mean));
  const double ratio = std::max(a, b) / std::min(a, b);
  const double one_digit = Multiple(mean, power);
  const double off = std::max(one_digit / mean, mean / one_digit);
  const double number = off < std::pow(ratio, 0.25) ? one_digit : Multiple(mean, power - 1);
  return whole ? std::round(number) : number;
}

}  // namespace

Misfit MisfitOf(std::span<const ReferenceMetric> values, std::span<const double> typical) {
  Misfit misfit;
  const double scatter = ScatterOf(values, typical);
  for (size_t i = 0; i < values.size(); ++i) Add(values[i], typical[i], scatter, &misfit);
  const double count = static_cast<double>(values.size());
  if (count > 0)
    misfit = {misfit.loss / count, misfit.distance / count, std::sqrt(misfit.deviations / count)};
  return misfit;
}

std::vector<double> TypicalDeviations(const std::vector<std::vector<ReferenceMetric>>& hypotheses) {
  const size_t count = hypotheses.empty() ? 0 : hypotheses[0].size();
  std::vector<double> typical(count);
  for (size_t i = 0; i < count; ++i) {
    std::vector<double> stds;
    for (const std::vector<ReferenceMetric>& values : hypotheses) {
      const std::vector<double> finite = Finite(values[i].runs);
      if (finite.size() > 1) stds.push_back(Describe(finite).std);
    }
    if (stds.empty()) continue;
    const auto middle = stds.begin() + static_cast<std::ptrdiff_t>(stds.size() / 2);
    std::nth_element(stds.begin(), middle, stds.end());
    typical[i] = *middle;
  }
  return typical;
}

std::vector<Runner> Survivors(std::vector<Runner> runners, size_t keep, size_t of_family) {
  std::ranges::stable_sort(runners, {}, [](const Runner& r) { return r.misfit.loss; });
  std::vector<size_t> by_distance(runners.size());
  std::iota(by_distance.begin(), by_distance.end(), size_t{0});
  std::ranges::stable_sort(by_distance, {}, [&](size_t i) { return runners[i].misfit.distance; });
  std::map<std::string, size_t> of;
  std::vector<bool> taken(runners.size());
  std::vector<Runner> best;
  const auto take = [&](size_t i) {
    if (taken[i] || of[runners[i].family] == of_family) return false;
    ++of[runners[i].family];
    taken[i] = true;
    best.push_back(runners[i]);
    return true;
  };
  size_t next = 0;
  size_t next_near = 0;
  while (best.size() < std::min(keep, runners.size())) {
    const bool near = best.size() % 3 == 2;
    bool found = false;
    while (near && !found && next_near < runners.size()) found = take(by_distance[next_near++]);
    while (!found && next < runners.size()) found = take(next++);
    if (!found) break;
  }
  return best;
}

std::vector<double> Between(double best, std::vector<double> tried, bool whole) {
  constexpr double kApart = 1.15;
  std::sort(tried.begin(), tried.end());
  std::vector<double> numbers;
  const auto add = [&](double neighbour) {
    const double middle = Middle(best, neighbour, whole);
    const double ratio = std::max(best, neighbour) / std::min(best, neighbour);
    const bool is_new = std::ranges::none_of(
        tried, [&](double other) { return std::abs(other - middle) < 1e-6 * middle; });
    if (ratio >= kApart && is_new && middle > 0) numbers.push_back(middle);
  };
  const auto above = std::upper_bound(tried.begin(), tried.end(), best);
  const auto at = std::lower_bound(tried.begin(), tried.end(), best);
  if (at != tried.begin() && *std::prev(at) > 0) add(*std::prev(at));
  if (above != tried.end()) add(*above);
  return numbers;
}

std::vector<double> HolmCorrected(const std::vector<double>& p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double largest = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, p[order[i]] * static_cast<double>(p.size() - i));
    corrected[order[i]] = std::min(1.0, largest);
  }
  return corrected;
}

}  // namespace nabla
