#include "tests/verdict/exchangeable.h"

#include <cmath>
#include <span>

namespace nabla {

Exchangeable::Exchangeable(Kind kind, uint64_t seed)
    : kind_(kind), generator_(MakeGenerator(RngKind::kNabla, seed)) {}

double Exchangeable::Normal() {
  double value = 0;
  generator_->Normal(std::span<double>(&value, 1), 0, 1);
  return value;
}

bool Exchangeable::Chance(double share) {
  constexpr uint64_t kParts = 1000000;
  return generator_->Below(kParts) < static_cast<uint64_t>(share * kParts);
}

std::vector<double> Exchangeable::Next(size_t figures) {
  constexpr double kCorrelation = 0.9;
  constexpr double kFar = 20;
  std::vector<double> curve;
  const double start = kind_ == Kind::kBadStarts && Chance(0.05) ? kFar : 0;
  for (size_t i = 0; i < figures; ++i) {
    double x = start + Normal();
    if (kind_ == Kind::kAutoregressive && i > 0) {
      x = kCorrelation * curve.back() + std::sqrt(1 - kCorrelation * kCorrelation) * x;
    } else if (kind_ == Kind::kLognormal) {
      x = std::exp(x);
    } else if (kind_ == Kind::kStudent) {
      const double a = Normal();
      const double b = Normal();
      const double c = Normal();
      x /= std::sqrt((a * a + b * b + c * c) / 3);
    } else if (kind_ == Kind::kSpiky && Chance(0.03)) {
      x += kFar;
    }
    curve.push_back(x);
  }
  return curve;
}

ConformalP Exchangeable::NextP(size_t runs, size_t figures, double rounding) {
  std::vector<std::vector<double>> ours;
  for (size_t run = 0; run < runs; ++run) ours.push_back(Next(figures));
  return PAmong(ours, Next(figures), rounding);
}

ConformalP PAmong(const std::vector<std::vector<double>>& runs, const std::vector<double>& notebook,
                  double rounding) {
  std::vector<std::vector<double>> columns(notebook.size());
  std::vector<ComparedFigure> figures;
  for (size_t k = 0; k < notebook.size(); ++k) {
    for (const std::vector<double>& run : runs) columns[k].push_back(run[k]);
    figures.push_back({.printed = notebook[k], .rounding = rounding, .runs = columns[k]});
  }
  return ComputeConformalP(figures);
}

}  // namespace nabla
