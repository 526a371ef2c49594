#include "framework/verdict/scores.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <span>

namespace nabla {
namespace {

// Distances that differ by less are equal: sums in another order must not part equals.
constexpr double kSlack = 1e-9;

std::vector<double> Column(const Curves& curves, size_t figure) {
  std::vector<double> column;
  for (size_t i = 0; i < curves.n(); ++i) column.push_back(curves[i][figure]);
  return column;
}

// `map(column)` turns the values of one figure into comparable ones, in place.
template <typename Map>
Curves EachColumn(const Curves& curves, Map map) {
  Curves mapped(curves.n(), curves.m());
  for (size_t figure = 0; figure < curves.m(); ++figure) {
    std::vector<double> column = Column(curves, figure);
    const auto [least, greatest] = std::minmax_element(column.begin(), column.end());
    if (*least == *greatest) continue;
    map(&column);
    for (size_t i = 0; i < curves.n(); ++i) mapped[i][figure] = column[i];
  }
  return mapped;
}

// Numbers near the largest double do not overflow: the column is scaled first.
void Scale(std::vector<double>* column) {
  double largest = 0;
  for (const double v : *column) largest = std::max(largest, std::abs(v));
  for (double& v : *column) v /= largest;
}

// The sum is taken in ascending order, so that it does not depend on the order of the curves.
double Mean(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

double Std(const std::vector<double>& values, double mean) {
  std::vector<double> squares;
  for (const double v : values) squares.push_back((v - mean) * (v - mean));
  return std::sqrt(Mean(squares));
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

// term(0) + .. + term(n - 1), in four chains: one alone waits for each addition.
template <typename Term>
double Sum(size_t n, Term term) {
  double chains[4] = {};
  size_t k = 0;
  for (; k + 4 <= n; k += 4) {
    for (size_t c = 0; c < 4; ++c) chains[c] += term(k + c);
  }
  for (; k < n; ++k) chains[0] += term(k);
  return (chains[0] + chains[1]) + (chains[2] + chains[3]);
}

// n x n Euclidean distances.
Curves Distances(const Curves& curves) {
  const size_t n = curves.n();
  Curves distances(n, n);
  for (size_t i = 0; i < n; ++i) {
    const std::span<const double> a = curves[i];
    for (size_t j = 0; j < i; ++j) {
      const std::span<const double> b = curves[j];
      const double squares = Sum(a.size(), [&](size_t k) { return (a[k] - b[k]) * (a[k] - b[k]); });
      distances[i][j] = distances[j][i] = std::sqrt(squares);
    }
  }
  return distances;
}

// The k smallest from one curve to another, ascending.
std::vector<double> Nearest(const Curves& distances, size_t curve, size_t k) {
  std::vector<double> row(distances[curve].begin(), distances[curve].end());
  row.erase(row.begin() + static_cast<std::ptrdiff_t>(curve));
  std::partial_sort(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(k), row.end());
  row.resize(k);
  return row;
}

struct Neighbourhoods {
  Curves distances;
  std::vector<double> mean;   // distance to the k nearest
  std::vector<double> reach;  // distance to the k-th
};

Neighbourhoods FindNeighbours(const Curves& curves) {
  Neighbourhoods found{.distances = Distances(curves), .mean = {}, .reach = {}};
  for (size_t i = 0; i < curves.n(); ++i) {
    const std::vector<double> nearest = Nearest(found.distances, i, Neighbours(curves.n()));
    found.mean.push_back(Mean(nearest));
    found.reach.push_back(nearest.back());
  }
  return found;
}

double Dot(std::span<const double> a, std::span<const double> b) {
  return Sum(a.size(), [&](size_t k) { return a[k] * b[k]; });
}

Curves Transposed(const Curves& curves) {
  Curves transposed(curves.m(), curves.n());
  for (size_t i = 0; i < curves.n(); ++i) {
    for (size_t j = 0; j < curves.m(); ++j) transposed[j][i] = curves[i][j];
  }
  return transposed;
}

// Z Z' + ridge I of the rows of Z.
Curves Gram(const Curves& rows, double ridge) {
  Curves gram(rows.n(), rows.n());
  for (size_t i = 0; i < rows.n(); ++i) {
    for (size_t j = 0; j <= i; ++j) gram[i][j] = gram[j][i] = Dot(rows[i], rows[j]);
    gram[i][i] += ridge;
  }
  return gram;
}

// Lower L with L L' = a, a positive definite.
Curves Cholesky(Curves a) {
  for (size_t i = 0; i < a.n(); ++i) {
    for (size_t j = 0; j <= i; ++j) {
      const double rest = a[i][j] - Dot(a[i].first(j), a[j].first(j));
      a[i][j] = i == j ? std::sqrt(rest) : rest / a[j][j];
    }
  }
  return a;
}

// b' (L L')^-1 b.
double InverseForm(const Curves& l, std::span<const double> b) {
  std::vector<double> y(b.size());
  double sum = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    y[i] = (b[i] - Dot(l[i].first(i), std::span<const double>(y).first(i))) / l[i][i];
    sum += y[i] * y[i];
  }
  return sum;
}

}  // namespace

Curves Standardised(const Curves& curves) {
  return EachColumn(curves, [](std::vector<double>* column) {
    Scale(column);
    const double mean = Mean(*column);
    const double std = Std(*column, mean);
    for (double& v : *column) v = std > 0 ? (v - mean) / std : 0;
  });
}

Curves Softened(const Curves& curves) {
  constexpr double kNormalMad = 1.4826;  // std of a normal distribution / its MAD
  return EachColumn(curves, [](std::vector<double>* column) {
    Scale(column);
    const double median = Median(*column);
    std::vector<double> off;
    for (const double v : *column) off.push_back(std::abs(v - median));
    double width = kNormalMad * Median(off);
    if (width == 0) width = Std(*column, Mean(*column));
    for (double& v : *column) v = width > 0 ? std::asinh((v - median) / width) : 0;
  });
}

Curves NormalScores(const Curves& curves) {
  const double n = static_cast<double>(curves.n());
  const boost::math::normal normal;
  return EachColumn(curves, [&](std::vector<double>* column) {
    std::vector<double> sorted = *column;
    std::sort(sorted.begin(), sorted.end());
    for (double& v : *column) {
      const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), v);
      const auto twice = (first - sorted.begin()) + (last - sorted.begin()) + 1;
      v = boost::math::quantile(normal, static_cast<double>(twice) / (2 * (n + 1)));
    }
  });
}

size_t Neighbours(size_t n) {
  constexpr size_t kFewest = 2;
  constexpr size_t kMost = 10;
  return std::min(n - 1, std::clamp(n / 5, kFewest, kMost));
}

std::vector<double> NeighbourDistances(const Curves& curves) { return FindNeighbours(curves).mean; }

std::vector<double> LocalOutlierFactors(const Curves& curves) {
  const Neighbourhoods found = FindNeighbours(curves);
  std::vector<double> factors;
  for (size_t i = 0; i < curves.n(); ++i) {
    double sum = 0;
    double count = 0;
    for (size_t j = 0; j < curves.n(); ++j) {
      if (j == i || found.distances[i][j] > found.reach[i] * (1 + kSlack)) continue;
      sum += found.mean[j];
      ++count;
    }
    if (sum > 0) {
      factors.push_back(found.mean[i] * count / sum);
    } else {
      factors.push_back(found.mean[i] > 0 ? std::numeric_limits<double>::infinity() : 1);
    }
  }
  return factors;
}

std::vector<double> Leverages(const Curves& curves) {
  constexpr double kRidge = 1e-4;
  double trace = 0;
  for (size_t i = 0; i < curves.n(); ++i) trace += Dot(curves[i], curves[i]);
  std::vector<double> leverages(curves.n());
  if (trace == 0) return leverages;
  const double ridge = kRidge * trace;
  const bool tall = curves.m() <= curves.n();
  const Curves l = Cholesky(Gram(tall ? Transposed(curves) : curves, ridge));
  for (size_t i = 0; i < curves.n(); ++i) {
    double rest = 0;  // 1 - h
    if (tall) {
      rest = 1 - InverseForm(l, curves[i]);
    } else {
      std::vector<double> unit(curves.n());
      unit[i] = 1;
      rest = ridge * InverseForm(l, unit);  // of Z Z' + ridge I, the smaller matrix
    }
    leverages[i] = (1 - rest) / rest;
  }
  return leverages;
}

}  // namespace nabla
