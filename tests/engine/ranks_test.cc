#include "framework/engine/ranks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>

#include "framework/base/error.h"
#include "framework/base/generator.h"
#include "tests/engine/thread_ranks.h"

namespace nabla {
namespace {

// Written down as the contract says it, not as ranks go about it.
float Tree(const std::vector<std::vector<float>>& of_ranks, size_t begin, size_t end, size_t i) {
  if (end - begin == 1) return of_ranks[begin][i];
  const size_t middle = (begin + end) / 2;
  return Tree(of_ranks, begin, middle, i) + Tree(of_ranks, middle, end, i);
}

TEST(RanksTest, SumsHaveTheBitsOfABalancedTree) {
  constexpr size_t kNumbers = 1001;
  for (const size_t count : {1, 2, 4, 8, 16}) {
    std::vector<std::vector<float>> numbers(count);
    const auto generator = MakeGenerator(RngKind::kNabla, count);
    for (auto& of_rank : numbers) {
      for (size_t i = 0; i < kNumbers; ++i) {
        const auto exponent = static_cast<int>(generator->Below(30));
        of_rank.push_back(
            std::ldexp(static_cast<float>(generator->Below(1 << 20)) - 5e5f, exponent - 15));
      }
    }
    OnRanks(count, [&](Ranks& ranks) {
      RankSum<float> sum(ranks, kNumbers, 2);
      std::copy(numbers[ranks.index()].begin(), numbers[ranks.index()].end(),
                sum.numbers().begin());
      sum.metrics()[0] = static_cast<double>(ranks.index());
      sum.metrics()[1] = 0.5;
      sum.Run();
      for (size_t i = 0; i < kNumbers; ++i) {
        ASSERT_EQ(std::bit_cast<uint32_t>(sum.numbers()[i]),
                  std::bit_cast<uint32_t>(Tree(numbers, 0, count, i)));
      }
      EXPECT_EQ(sum.metrics()[0], 0.5 * static_cast<double>(count * (count - 1)));
      EXPECT_EQ(sum.metrics()[1], 0.5 * static_cast<double>(count));
    });
  }
}

// What every rank throws, by rank; "" where it throws nothing.
std::vector<std::string> Thrown(size_t count, const std::function<void(Ranks&)>& action) {
  std::vector<std::string> texts(count);
  OnRanks(count, [&](Ranks& ranks) {
    try {
      action(ranks);
    } catch (const RanksFailed& e) {
      texts[ranks.index()] = (e.bad_input() ? "input: " : "run: ") + std::string(e.what());
    }
  });
  return texts;
}

TEST(RanksTest, AFailureOfOneIsKnownToAll) {
  const auto none = Thrown(4, [](Ranks& ranks) { Together(&ranks, [] {}); });
  EXPECT_EQ(none, std::vector<std::string>(4));
  const auto one = Thrown(4, [](Ranks& ranks) {
    Together(&ranks, [&] {
      if (ranks.index() == 2) throw RunError("no space");
    });
  });
  EXPECT_EQ(one, std::vector<std::string>(4, "run: rank 2 on host2: error: no space"));
  const auto two = Thrown(4, [](Ranks& ranks) {
    Together(&ranks, [&] {
      if (ranks.index() % 2 == 1) throw InputError("no file " + std::to_string(ranks.index()));
    });
  });
  EXPECT_EQ(two, std::vector<std::string>(4,
                                          "input: rank 1 on host1: error: no file 1\n"
                                          "rank 3 on host3: error: no file 3"));
}

TEST(RanksTest, AFailureOfAllIsToldOnce) {
  const auto all = Thrown(2, [](Ranks& ranks) {
    Together(&ranks, [] {
      throw InputError(std::vector<Problem>{{{"x.yaml", 3, 7}, "unknown layer"}});
    });
  });
  EXPECT_EQ(all, std::vector<std::string>(2, "input: x.yaml:3:7: error: unknown layer"));
}

TEST(RanksTest, FactsThatDifferAreNamedWithTheirRank) {
  const auto check = [](Ranks& ranks) {
    CheckAlike(ranks,
               {{"the version", "1"}, {"the data", ranks.index() == 3 ? "other rows" : "rows"}});
  };
  EXPECT_EQ(Thrown(2, check), std::vector<std::string>(2));
  EXPECT_EQ(Thrown(4, check),
            std::vector<std::string>(4,
                                     "input: rank 3 on host3: the data is other rows, but on "
                                     "rank 0 on host0 it is rows"));
}

TEST(RanksTest, TheFirstRanksTextReachesAll) {
  OnRanks(4, [](Ranks& ranks) {
    EXPECT_EQ(ranks.FromFirst("of " + std::to_string(ranks.index())), "of 0");
    EXPECT_EQ(ranks.Name(), "rank " + std::to_string(ranks.index()) + " of 4 on host" +
                                std::to_string(ranks.index()));
  });
}

}  // namespace
}  // namespace nabla
