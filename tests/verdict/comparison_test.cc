#include "framework/verdict/comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "framework/base/generator.h"

namespace nabla {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(ComparisonTest, TheErrorsOfAllLooksAreTheErrorInAll) {
  double sum = 0;
  for (size_t look = 1; look <= 1000; ++look) sum += ErrorOfLook(look);
  EXPECT_LT(sum, kComparisonError);
  EXPECT_NEAR(sum, kComparisonError, 1e-4);
}

TEST(ComparisonTest, TheFirstLookCanDecideEveryPair) {
  EXPECT_EQ(FirstLook(2), 8u);
  EXPECT_EQ(FirstLook(3), 8u);   // 2^-7 <= 0.025 / 3
  EXPECT_EQ(FirstLook(4), 9u);   // 2^-8 <= 0.025 / 6
  EXPECT_EQ(FirstLook(8), 12u);  // 2^-11 <= 0.025 / 28
  EXPECT_EQ(LeastSeeds(2), 6u);
  EXPECT_EQ(LeastSeeds(3), 7u);
}

TEST(ComparisonTest, LooksDoubleAndComeBack) {
  EXPECT_EQ(NextLook(8, 64, {}), 16u);
  EXPECT_EQ(NextLook(32, 40, {}), 40u);
  EXPECT_EQ(NextLook(16, 64, std::vector<size_t>{8, 16, 20}), 20u);
  EXPECT_EQ(NextLook(20, 64, std::vector<size_t>{8, 16, 20}), 40u);
}

// Two settings of which a is ahead by `by` in all of so many seeds.
ComparedValues Ahead(size_t seeds, double by) {
  ComparedValues values(2);
  for (size_t seed = 0; seed < seeds; ++seed) {
    const double base = std::sin(static_cast<double>(seed));
    values[0].emplace_back(base + by + 0.001 * static_cast<double>(seed));
    values[1].emplace_back(base);
  }
  return values;
}

TEST(ComparisonTest, DecidesInTheDirectionOfTheMetric) {
  for (const bool smaller : {false, true}) {
    Comparison comparison(2, smaller);
    comparison.Look(Ahead(8, 0.1), ErrorOfLook(1));
    const ComparedPair& pair = comparison.pairs()[0];
    EXPECT_TRUE(comparison.IsDecided());
    EXPECT_EQ(pair.a_is_better(), !smaller);
    EXPECT_EQ(pair.b_is_better(), smaller);
    EXPECT_TRUE(comparison.IsBeaten(smaller ? 0 : 1));
    EXPECT_DOUBLE_EQ(pair.corrected, 2 * std::pow(2, -8) * 2);  // of look 1
  }
}

TEST(ComparisonTest, AGlanceDecidesNothing) {
  Comparison comparison(2, false);
  comparison.Glance(Ahead(12, 0.1), ErrorOfLook(1));
  EXPECT_LT(comparison.pairs()[0].corrected, kComparisonError);
  EXPECT_FALSE(comparison.IsDecided());
}

TEST(ComparisonTest, SeedsOfOneSettingOnlyAreNoPairs) {
  ComparedValues values = Ahead(9, 0.1);
  values[0][3].reset();
  values[1].resize(8);
  Comparison comparison(2, false);
  comparison.Look(values, ErrorOfLook(1));
  EXPECT_EQ(comparison.pairs()[0].test.pairs, 7u);
}

// All runs of b diverge, and two of a.
TEST(ComparisonTest, DivergedRunsAreWorseAndNeverEqual) {
  ComparedValues values = Ahead(10, -0.1);
  for (auto& value : values[1]) value = kNan;
  values[0][0] = values[0][1] = kNan;
  Comparison comparison(2, false);
  comparison.Look(values, ErrorOfLook(1));
  const ComparedPair& pair = comparison.pairs()[0];
  EXPECT_EQ(pair.test.positive, 8u);
  EXPECT_EQ(pair.test.infinite, 8u);
  EXPECT_TRUE(pair.a_is_better());
  EXPECT_TRUE(comparison.IsBeaten(1));
}

// c is beaten at the first look, so that later ones have a and b only, and fewer to correct for.
TEST(ComparisonTest, HolmCorrectsForTheOpenPairs) {
  ComparedValues values = Ahead(16, 0);
  for (size_t seed = 0; seed < 16; ++seed) {
    *values[0][seed] =
        *values[1][seed] + (seed % 4 == 3 ? -0.001 : 0.002) * static_cast<double>(seed + 1);
  }
  values.emplace_back();
  for (size_t seed = 0; seed < 8; ++seed) {
    values[2].emplace_back(*values[1][seed] - 1 - 0.01 * static_cast<double>(seed));
  }
  ComparedValues early = values;
  for (auto& own : early) own.resize(8);
  Comparison comparison(3, false);
  comparison.Look(early, ErrorOfLook(1));
  const auto& pairs = comparison.pairs();
  EXPECT_TRUE(comparison.IsBeaten(2));
  EXPECT_FALSE(comparison.IsDecided());
  // Of three p, the least is taken three times, the next twice, and none below the one before.
  EXPECT_DOUBLE_EQ(pairs[1].corrected, 3 * pairs[1].test.p() * 2);
  EXPECT_DOUBLE_EQ(pairs[0].corrected, pairs[0].test.p() * 2);
  comparison.Look(values, ErrorOfLook(2));
  EXPECT_EQ(pairs[0].test.pairs, 16u);
  EXPECT_DOUBLE_EQ(pairs[0].corrected, std::min(1.0, pairs[0].test.p() * 6));
  EXPECT_EQ(pairs[1].test.pairs, 8u);  // as it was decided
}

TEST(ComparisonTest, ThoseThatMayBeTheBest) {
  ComparedValues values = Ahead(5, 0.1);
  EXPECT_EQ(MayBeBest(values, false), (std::vector<bool>{true, false}));  // 2^-5 <= 0.05
  EXPECT_EQ(MayBeBest(values, true), (std::vector<bool>{false, true}));
  values[0][2] = *values[1][2] - 0.01;
  EXPECT_EQ(MayBeBest(values, false), (std::vector<bool>{true, true}));
  EXPECT_TRUE(MayBeBest(Ahead(4, 0.1), false).empty());
  values[1][0].reset();
  EXPECT_TRUE(MayBeBest(values, false).empty());
  EXPECT_TRUE(MayBeBest({values[0]}, false).empty());
}

// What a setting makes of a seed, where settings make no difference: noise that the seed's runs
// share, and a kind of noise of the run's own.
enum class Noise { kNormal, kCauchy, kTied, kDiverging };
constexpr Noise kAllNoises[] = {Noise::kNormal, Noise::kCauchy, Noise::kTied, Noise::kDiverging};

double Draw(Noise noise, double shared, Generator& generator) {
  double drawn[2];
  generator.Normal(std::span<double>(drawn), 0, 1);
  switch (noise) {
    case Noise::kNormal:
      return shared + drawn[0];
    case Noise::kCauchy:
      return shared + drawn[0] / drawn[1];
    case Noise::kTied:  // an accuracy of 30 rows
      return std::round(30 * (0.9 + 0.02 * (shared + drawn[0]))) / 30;
    case Noise::kDiverging:
      return drawn[1] > 1 ? kNan : shared + drawn[0];
  }
  return 0;
}

ComparedValues NullValues(size_t settings, size_t seeds, Noise noise, Generator& generator) {
  ComparedValues values(settings);
  for (size_t seed = 0; seed < seeds; ++seed) {
    double shared = 0;
    generator.Normal(std::span<double>(&shared, 1), 0, 3);
    for (auto& own : values) own.emplace_back(Draw(noise, shared, generator));
  }
  return values;
}

// NABLA_DRAWS in the environment takes more.
size_t Draws() {
  const char* draws = std::getenv("NABLA_DRAWS");
  return draws == nullptr ? 800 : std::strtoul(draws, nullptr, 10);
}

// Four standard errors: eight cells are looked at.
double Most(double draws) {
  return kComparisonError + 4 * std::sqrt(kComparisonError * (1 - kComparisonError) / draws);
}

bool Differs(const Comparison& comparison) {
  for (const ComparedPair& pair : comparison.pairs()) {
    if (pair.decided) return true;
  }
  return false;
}

// Looking again and again, at several settings, calls equal ones different no more often than
// promised.
TEST(ComparisonTest, EqualSettingsAreRarelyCalledDifferent) {
  const auto draws = static_cast<double>(Draws());
  for (const size_t settings : {size_t{2}, size_t{4}}) {
    const size_t most = settings == 2 ? 64 : 36;
    for (const Noise noise : kAllNoises) {
      const auto generator =
          MakeGenerator(RngKind::kNabla, 10 * settings + static_cast<size_t>(noise));
      size_t wrong = 0;
      for (size_t draw = 0; draw < Draws(); ++draw) {
        const ComparedValues values = NullValues(settings, most, noise, *generator);
        Comparison comparison(settings, false);
        size_t look = 1;
        for (size_t seeds = FirstLook(settings); seeds <= most; seeds *= 2, ++look) {
          ComparedValues known = values;
          for (auto& own : known) own.resize(seeds);
          comparison.Look(known, ErrorOfLook(look));
        }
        wrong += Differs(comparison);
      }
      EXPECT_LE(static_cast<double>(wrong) / draws, Most(draws))
          << settings << " settings, noise " << static_cast<int>(noise);
    }
  }
}

// The same would fail if each look took the whole error: this test can fail.
TEST(ComparisonTest, WithoutTheCorrectionTheyWouldBe) {
  const auto generator = MakeGenerator(RngKind::kNabla, 1);
  size_t wrong = 0;
  for (size_t draw = 0; draw < 800; ++draw) {
    const ComparedValues values = NullValues(2, 64, Noise::kNormal, *generator);
    Comparison comparison(2, false);
    for (size_t seeds = 8; seeds <= 64; seeds *= 2) {
      ComparedValues known = values;
      for (auto& own : known) own.resize(seeds);
      comparison.Look(known, kComparisonError);
    }
    wrong += Differs(comparison);
  }
  EXPECT_GT(static_cast<double>(wrong) / 800, Most(800));
}

TEST(ComparisonTest, TheBestIsRarelyLeftOut) {
  const auto draws = static_cast<double>(Draws());
  for (const Noise noise : kAllNoises) {
    const auto generator = MakeGenerator(RngKind::kNabla, 100 + static_cast<size_t>(noise));
    size_t wrong = 0;
    for (size_t draw = 0; draw < Draws(); ++draw) {
      wrong += !MayBeBest(NullValues(4, 12, noise, *generator), false)[0];
    }
    EXPECT_LE(static_cast<double>(wrong) / draws, Most(draws)) << static_cast<int>(noise);
  }
}

// The share of decisions after so many seeds as SeedsToDecide says is about 80 %.
TEST(ComparisonTest, SoManySeedsDecide) {
  const auto seeds = SeedsToDecide(0.5, 1, 1, 8);
  ASSERT_TRUE(seeds.has_value());
  EXPECT_GT(*seeds, 32u);  // the fourth look
  EXPECT_LE(*seeds, 64u);
  const auto generator = MakeGenerator(RngKind::kNabla, 7);
  size_t decided = 0;
  for (size_t draw = 0; draw < 1000; ++draw) {
    std::vector<double> gains(*seeds);
    generator->Normal(std::span<double>(gains), 0.5, 1);
    decided += TestPairs(gains).p() <= ErrorOfLook(4);
  }
  EXPECT_NEAR(static_cast<double>(decided) / 1000, 0.8, 0.06);
  EXPECT_FALSE(SeedsToDecide(0, 1, 1, 8).has_value());
  EXPECT_FALSE(SeedsToDecide(1e-9, 1, 1, 8).has_value());
  EXPECT_EQ(SeedsToDecide(100, 1, 1, 8), 8u);
}

}  // namespace
}  // namespace nabla
