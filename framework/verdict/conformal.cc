#include "framework/verdict/conformal.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/verdict/scores.h"

namespace nabla {
namespace {

// Scores that differ by less are equal: rounding must not break a tie for the notebook or against.
constexpr double kSlack = 1e-9;

// Where a curve stands: at its smallest place of all scores, and how far beyond the usual curves.
struct Strangeness {
  size_t place = std::numeric_limits<size_t>::max();
  double excess = 0;

  // Of two scores the one with the smaller place counts.
  void Add(size_t other_place, double other_excess) {
    if (other_place > place) return;
    excess = other_place < place ? other_excess : std::max(excess, other_excess);
    place = other_place;
  }

  bool AtLeast(const Strangeness& other) const {
    if (place != other.place) return place < other.place;
    return excess >= (std::isinf(other.excess) ? other.excess : other.excess * (1 - kSlack));
  }
};

bool IsFinite(std::span<const double> curve) {
  return std::all_of(curve.begin(), curve.end(), [](double v) { return std::isfinite(v); });
}

// In units of the last printed digit, so that equal digits are equal numbers.
double Rounded(double value, double rounding) {
  return rounding > 0 ? std::round(value / (2 * rounding)) : value;
}

// How many scores are at least as large, for each of them.
std::vector<size_t> PlacesIn(const std::vector<double>& scores) {
  std::vector<double> sorted = scores;
  std::sort(sorted.begin(), sorted.end());
  std::vector<size_t> places;
  for (const double score : scores) {
    const double least = std::isinf(score) ? score : score - kSlack * std::abs(score);
    const auto first = std::lower_bound(sorted.begin(), sorted.end(), least);
    places.push_back(static_cast<size_t>(sorted.end() - first));
  }
  return places;
}

Curves Chosen(const Curves& curves, const std::vector<size_t>& chosen) {
  Curves rows(chosen.size(), curves.m());
  for (size_t i = 0; i < chosen.size(); ++i) {
    std::copy(curves[chosen[i]].begin(), curves[chosen[i]].end(), rows[i].begin());
  }
  return rows;
}

// Of finite curves. Each of the three finds what the others overlook: places in the columns are not
// disturbed by runs that went astray, neighbourhoods see a curve beside a tight bundle, and
// leverage sees a single figure that does not fit the others of its curve.
std::vector<std::vector<double>> Scores(const Curves& curves) {
  return {NeighbourDistances(NormalScores(curves)), LocalOutlierFactors(Softened(curves)),
          Leverages(Standardised(curves))};
}

// Of each score: 0 up to the median, 1 at the ninth decile, on a logarithmic scale.
std::vector<double> Excesses(const std::vector<double>& scores) {
  std::vector<double> sorted = scores;
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted[sorted.size() / 2];
  const double high = sorted[sorted.size() * 9 / 10];
  std::vector<double> excesses;
  for (const double score : scores) {
    const bool measurable = median > 0 && high > median && !std::isinf(score);
    const double beyond = measurable ? std::log(score / median) / std::log(high / median)
                                     : std::numeric_limits<double>::infinity();
    excesses.push_back(score <= median * (1 + kSlack) ? 0 : beyond);
  }
  return excesses;
}

void AddScores(const Curves& curves, const std::vector<size_t>& finite,
               std::vector<Strangeness>* all) {
  if (finite.size() < 2) return;
  for (const std::vector<double>& scores : Scores(Chosen(curves, finite))) {
    const std::vector<size_t> places = PlacesIn(scores);
    const std::vector<double> excesses = Excesses(scores);
    for (size_t i = 0; i < finite.size(); ++i) (*all)[finite[i]].Add(places[i], excesses[i]);
  }
}

// Curves of the rarer kind, finite or not, are at the place of their number.
std::vector<Strangeness> ByKind(size_t n, const std::vector<size_t>& finite) {
  // Beyond what a run reaches by chance, below what made-up figures do.
  constexpr double kRareExcess = 5;
  const size_t broken = n - finite.size();
  const auto of_kind = [n](size_t kind) {
    return 2 * kind < n ? Strangeness{kind, kRareExcess} : Strangeness{n, 0};
  };
  std::vector<Strangeness> all(n, of_kind(broken));
  for (const size_t i : finite) all[i] = of_kind(finite.size());
  return all;
}

}  // namespace

double ConformalP::p() const {
  return static_cast<double>(as_far + 1) / static_cast<double>(runs + 1);
}

std::vector<size_t> AsStrange(const Curves& curves) {
  std::vector<size_t> finite;
  for (size_t i = 0; i < curves.n(); ++i) {
    if (IsFinite(curves[i])) finite.push_back(i);
  }
  std::vector<Strangeness> all = ByKind(curves.n(), finite);
  AddScores(curves, finite, &all);
  std::vector<size_t> counts;
  for (const Strangeness& one : all) {
    counts.push_back(static_cast<size_t>(std::count_if(
        all.begin(), all.end(), [&one](const Strangeness& s) { return s.AtLeast(one); })));
  }
  return counts;
}

ConformalP ComputeConformalP(std::span<const ComparedFigure> figures) {
  ConformalP result;
  if (figures.empty()) return result;
  const size_t runs = figures[0].runs.size();
  Curves curves(runs + 1, figures.size());
  for (size_t k = 0; k < figures.size(); ++k) {
    const ComparedFigure& f = figures[k];
    for (size_t run = 0; run < runs; ++run) curves[run][k] = Rounded(f.runs[run], f.rounding);
    curves[runs][k] = Rounded(f.printed, f.rounding);
  }
  result.runs = runs;
  for (size_t run = 0; run < runs; ++run) result.not_finite += IsFinite(curves[run]) ? 0 : 1;
  result.notebook_finite = IsFinite(curves[runs]);
  result.as_far = AsStrange(curves).back() - 1;
  return result;
}

}  // namespace nabla
