#include "framework/search/halving.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "framework/base/error.h"

namespace nabla {
namespace {

std::vector<std::pair<size_t, double>> Pairs(const std::vector<Rung>& rungs) {
  std::vector<std::pair<size_t, double>> pairs;
  for (const Rung& rung : rungs) pairs.emplace_back(rung.settings, rung.epochs);
  return pairs;
}

using Numbers = std::vector<std::pair<size_t, double>>;

TEST(RungsTest, MultiplyEpochsAndDivideSettings) {
  const auto rungs = Rungs(10, 5, {.factor = 3, .epochs = 0.25, .metric = {}}, {});
  EXPECT_EQ(Pairs(rungs), (Numbers{{10, 0.25}, {4, 0.75}, {2, 5}}));
  EXPECT_EQ(RungsText(rungs), "10 settings until epoch 0.25, 4 until 0.75, 2 until 5");
  EXPECT_DOUBLE_EQ(ShareOf(rungs), (2.5 + 4 * 0.5 + 2 * 4.25) / 50);
  // A late start leaves more for the last rung.
  EXPECT_EQ(Pairs(Rungs(10, 5, {.factor = 3, .epochs = 2, .metric = {}}, {})),
            (Numbers{{10, 2}, {4, 5}}));
}

// The counts of scikit-learn's HalvingGridSearchCV(factor=3, min_resources="exhaust").
TEST(RungsTest, TheFirstRungIsChosenSoThatFewAreLeftForTheLast) {
  const auto settings = [](size_t count, int64_t factor) {
    std::vector<size_t> all;
    for (const Rung& rung : Rungs(count, 90, {.factor = factor, .epochs = {}, .metric = {}}, {})) {
      all.push_back(rung.settings);
    }
    return all;
  };
  using Counts = std::vector<size_t>;
  EXPECT_EQ(settings(10, 3), (Counts{10, 4, 2}));
  EXPECT_EQ(settings(9, 3), (Counts{9, 3, 1}));
  EXPECT_EQ(settings(3, 3), (Counts{3, 1}));
  EXPECT_EQ(settings(100, 2), (Counts{100, 50, 25, 13, 7, 4, 2}));
  EXPECT_DOUBLE_EQ(Rungs(10, 90, {}, {}).front().epochs, 10);
  // No rung just before the last one, whatever the rounding.
  for (int64_t epochs = 1; epochs < 200; ++epochs) EXPECT_EQ(Rungs(30, epochs, {}, {}).size(), 4u);
}

TEST(RungsTest, RefuseWhatLeavesNothingToHalve) {
  const auto refusal = [](size_t settings, int64_t epochs, const HalvingSection& section) {
    try {
      Rungs(settings, epochs, section, {"my.yaml", 3, 4});
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal(2, 5, {}),
            "my.yaml:3:4: error: halving by 3 needs 3 settings or more, and the sweep has 2");
  EXPECT_EQ(refusal(9, 5, {.factor = 3, .epochs = 5, .metric = {}}),
            "my.yaml:3:4: error: the first rung ends after 5 epochs, which is not before the end "
            "of train.epochs, 5");
}

TEST(LowestTest, TheFirstOfEqualOnesAndOnlyFiniteOnes) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  using Indices = std::vector<size_t>;
  EXPECT_EQ(Lowest({3, 1, 2}, 2), (Indices{1, 2}));
  EXPECT_EQ(Lowest({1, 1, 1, 0}, 2), (Indices{0, 3}));
  EXPECT_EQ(Lowest({kInfinity, 5, kInfinity}, 2), (Indices{1}));
  EXPECT_EQ(Lowest({kInfinity}, 1), Indices{});
}

}  // namespace
}  // namespace nabla
