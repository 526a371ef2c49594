#include "framework/verdict/sequential.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

// p = k / (N + 1) is compared with decimal fractions: 10 / 200 is 0.05.
constexpr double kSlack = 1e-12;

// The first look after `runs` runs.
size_t NextLook(size_t runs) {
  constexpr size_t kFirst = 39;
  constexpr size_t kSecond = 99;
  if (runs < kFirst) return kFirst;
  size_t look = kSecond;
  while (look <= runs) look = 2 * look + 1;
  return look;
}

// To two digits, never below x: a bound must stay one.
double RoundedUp(double x) {
  const double unit = std::pow(10, std::floor(std::log10(x)) - 1);
  return std::ceil(x / unit - kSlack * x / unit) * unit;
}

}  // namespace

bool IsUnusual(const ConformalP& p) { return p.p() <= kUnusualShare + kSlack; }

Finding Find(const ConformalP& p) {
  const bool counts = p.notebook_finite && p.runs - p.not_finite >= kFewestJudgedRuns;
  if (p.runs < kFewestJudgedRuns) return Finding::kNotJudged;
  if (p.p() <= kNotReproducedShare + kSlack) return Finding::kNotReproduced;
  if (p.as_far == 0) return Finding::kBeyondAll;
  if (IsUnusual(p)) return Finding::kUnusual;
  if (!counts) return Finding::kNotJudged;
  return p.runs < kFewestTellingRuns ? Finding::kTooFew : Finding::kReproduced;
}

std::string ToString(Finding finding) {
  switch (finding) {
    case Finding::kTooFew:
      return "too few runs to say";
    case Finding::kReproduced:
      return "reproduced";
    case Finding::kUnusual:
      return "unusual draw";
    case Finding::kBeyondAll:
      return "farther out than all runs";
    case Finding::kNotReproduced:
      return "not reproduced";
    case Finding::kExactly:
      return "reproduced exactly";
    case Finding::kExactThenRounding:
      return "exact, then rounding decides";
    case Finding::kNotJudged:
      break;
  }
  return "not judged";
}

std::string InWords(const ConformalP& p) {
  if (p.runs > 0 && p.as_far == 0) {
    return fmt::format("farther out than all of {} runs, p < {:.2g}", p.runs,
                       RoundedUp(1 / static_cast<double>(p.runs)));
  }
  return fmt::format("{} of {} runs lie as far out or farther, p = {:.3g}", p.as_far, p.runs,
                     p.p());
}

size_t RunsWanted(std::span<const ConformalP> lists, size_t runs, const RunLimits& limits) {
  const bool clear = !lists.empty() && std::all_of(lists.begin(), lists.end(), [](const auto& p) {
    return p.p() > kClearShare + kSlack;
  });
  if (clear || runs >= limits.last) return runs;
  size_t look = NextLook(runs);
  while (look < limits.first) look = NextLook(look);
  return std::min(limits.last, look);
}

}  // namespace nabla
