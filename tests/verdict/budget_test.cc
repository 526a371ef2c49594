#include "framework/verdict/budget.h"

#include <gtest/gtest.h>

#include <vector>

namespace nabla {
namespace {

std::vector<size_t> Last(const std::vector<RunWish>& wishes, double budget) {
  std::vector<size_t> last;
  for (const RunLimits& limits : ShareBudget(wishes, budget)) last.push_back(limits.last);
  return last;
}

TEST(BudgetTest, IsDividedByTheNotebooksOwnBudgets) {
  const std::vector<RunWish> wishes = {{.seconds = 1, .budget = 60, .most = 1000},
                                       {.seconds = 2, .budget = 60, .most = 1000},
                                       {.seconds = 10, .budget = 240, .most = 1000}};
  EXPECT_EQ(Last(wishes, 360), (std::vector<size_t>{60, 30, 24}));
  EXPECT_EQ(Last(wishes, 720), (std::vector<size_t>{120, 60, 48}));
}

TEST(BudgetTest, WhatOneDoesNotNeedGoesToTheOthers) {
  // The first needs 20 of its 100 seconds; 80 are left for two.
  EXPECT_EQ(Last({{.seconds = 0.1, .budget = 50, .most = 200},
                  {.seconds = 1, .budget = 50, .most = 500},
                  {.seconds = 1, .budget = 50, .most = 500}},
                 300),
            (std::vector<size_t>{200, 140, 140}));
  // All get what they ask for.
  EXPECT_EQ(Last({{.seconds = 1, .budget = 1, .most = 10}, {.seconds = 1, .budget = 9, .most = 20}},
                 1000),
            (std::vector<size_t>{10, 20}));
  EXPECT_EQ(Last({{.seconds = 0, .budget = 1, .most = 10}}, 0), (std::vector<size_t>{10}));
}

TEST(BudgetTest, AFewRunsAreAlwaysMade) {
  EXPECT_EQ(Last({{.seconds = 100, .budget = 1, .most = 199}}, 1), (std::vector<size_t>{3}));
  EXPECT_EQ(Last({{.seconds = 100, .budget = 1, .most = 1}}, 1), (std::vector<size_t>{1}));
  EXPECT_EQ(Last({{.seconds = 1, .budget = 0, .most = 199}}, 0), (std::vector<size_t>{3}));
}

TEST(BudgetTest, FirstEachGetsTheRunsThatCanTellAnything) {
  const RunWish slow = {.seconds = 30, .budget = 100, .most = 199, .telling = 19};
  const RunWish quick = {.seconds = 5, .budget = 100, .most = 199, .telling = 19};
  // 570 seconds of 800, and the rest for the other.
  EXPECT_EQ(Last({slow, quick}, 800), (std::vector<size_t>{19, 46}));
  // Enough for the quick one only, and for both together.
  EXPECT_EQ(Last({slow, quick}, 200), (std::vector<size_t>{3, 20}));
  EXPECT_EQ(Last({slow, quick}, 665), (std::vector<size_t>{19, 19}));
  // A wish that asks for no time at all gets them as well; nobody gets more than it asks for.
  EXPECT_EQ(Last({{.seconds = 1, .budget = 0, .most = 199, .telling = 19},
                  {.seconds = 1, .budget = 60, .most = 7, .telling = 19}},
                 100),
            (std::vector<size_t>{19, 7}));
}

TEST(BudgetTest, TheFirstLookComesAfterATenth) {
  const RunLimits limits = ShareBudget(std::vector<RunWish>{{1, 500, 400}}, 1000)[0];
  EXPECT_EQ(limits.first, 100u);
  EXPECT_EQ(limits.last, 400u);
  EXPECT_EQ(ShareBudget(std::vector<RunWish>{{0.01, 500, 199}}, 1000)[0].first, 199u);
}

}  // namespace
}  // namespace nabla
