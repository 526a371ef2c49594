// That a right file is called wrong no more often than promised, whatever its curves look like.
// `--test_env=NABLA_DRAWS=10000` takes so many draws a cell instead of few.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "framework/verdict/sequential.h"
#include "tests/verdict/exchangeable.h"

namespace nabla {
namespace {

constexpr double kShares[] = {0.01, 0.05, 0.1};
constexpr size_t kFigures = 10;

// Few enough draws that all sizes take about ten seconds; more if the environment says so.
size_t Draws(size_t runs) {
  if (const char* draws = std::getenv("NABLA_DRAWS")) return std::strtoul(draws, nullptr, 10);
  return runs <= 20 ? 1500 : 20000 / runs;
}

// Four standard errors: 6 kinds x 7 sizes x 3 shares are looked at.
double Most(double share, double draws) {
  return share + 4 * std::sqrt(share * (1 - share) / draws);
}

class ValidityTest : public testing::TestWithParam<size_t> {};

TEST_P(ValidityTest, NoShareIsExceeded) {
  const size_t runs = GetParam();
  const size_t draws = Draws(runs);
  for (const Kind kind : kAllKinds) {
    Exchangeable curves(kind, 100 * runs + static_cast<size_t>(kind));
    size_t exceeded[3] = {};
    for (size_t draw = 0; draw < draws; ++draw) {
      // Every other notebook prints one decimal only, so that figures tie.
      const double p = curves.NextP(runs, kFigures, draw % 2 == 0 ? 0 : 0.05).p();
      for (size_t s = 0; s < 3; ++s) exceeded[s] += p <= kShares[s] + 1e-12 ? 1 : 0;
    }
    const double n = static_cast<double>(draws);
    for (size_t s = 0; s < 3; ++s) {
      EXPECT_LE(static_cast<double>(exceeded[s]) / n, Most(kShares[s], n))
          << "kind " << static_cast<int>(kind) << ", " << runs << " runs, share " << kShares[s];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Runs, ValidityTest, testing::Values(5, 10, 19, 30, 60, 100, 300));

}  // namespace
}  // namespace nabla
