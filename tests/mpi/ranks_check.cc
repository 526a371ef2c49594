// Ranks over MPI keep what framework/engine/ranks.h promises; every rank runs all of this.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "framework/base/error.h"
#include "framework/engine/ranks.h"
#include "framework/mpi/mpi_ranks.h"

namespace nabla {
namespace {

// So small that whatever is sent takes several messages, of which the last is shorter.
constexpr size_t kMessageBytes = 40000;

Ranks* ranks = nullptr;  // main makes them: MPI starts once in a process

std::string Text(size_t rank, size_t length) {
  std::string text(length, '\0');
  for (size_t i = 0; i < length; ++i) text[i] = static_cast<char>(i * 31 + rank * 7);
  return text;
}

std::span<const std::byte> Bytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(MpiRanks, SwapsWithEveryPartner) {
  for (size_t length : {0, 1, 4099, 39999, 40000, 40001, 65537, 300007}) {
    for (size_t distance = 0; distance < ranks->count(); ++distance) {
      const size_t other = ranks->index() ^ distance;
      std::string theirs(length, '?');
      ranks->Swap(other, Bytes(Text(ranks->index(), length)),
                  std::as_writable_bytes(std::span(theirs)));
      EXPECT_EQ(theirs, Text(other, length)) << length << " bytes with " << other;
    }
  }
}

TEST(MpiRanks, GathersTextsOfAnyLengths) {
  const auto length = [](size_t rank, size_t scale) { return (rank + 2) % 4 * scale; };
  for (size_t scale : {0, 1, 1000, 10000, 33333}) {
    const std::vector<std::string> all =
        ranks->Gather(Text(ranks->index(), length(ranks->index(), scale)));
    ASSERT_EQ(all.size(), ranks->count());
    for (size_t r = 0; r < all.size(); ++r) EXPECT_EQ(all[r], Text(r, length(r, scale))) << r;
  }
}

TEST(MpiRanks, AgreeOnWhatTheFirstSays) {
  EXPECT_EQ(ranks->FromFirst("I am " + std::to_string(ranks->index())), "I am 0");
  EXPECT_EQ(ranks->Name(), "rank " + std::to_string(ranks->index()) + " of " +
                               std::to_string(ranks->count()) + " on " + ranks->host());
}

// What rank `rank` adds: numbers of very different sizes, so that another order has other bits.
template <typename T>
T Summand(size_t rank, size_t i) {
  return static_cast<T>(std::ldexp(std::sin(1.0 + rank * 17 + i), static_cast<int>(i % 40) - 20));
}

// ((0 + 1) + (2 + 3)) + ...
template <typename T>
T Tree(size_t first, size_t count, size_t i) {
  if (count == 1) return Summand<T>(first, i);
  return Tree<T>(first, count / 2, i) + Tree<T>(first + count / 2, count / 2, i);
}

template <typename T>
void ExpectSum(size_t numbers, size_t metrics) {
  RankSum<T> sum(*ranks, numbers, metrics);
  for (size_t i = 0; i < numbers; ++i) sum.numbers()[i] = Summand<T>(ranks->index(), i);
  for (size_t i = 0; i < metrics; ++i) sum.metrics()[i] = Summand<double>(ranks->index(), i);
  sum.Run();
  for (size_t i = 0; i < numbers; ++i) {
    ASSERT_EQ(sum.numbers()[i], Tree<T>(0, ranks->count(), i)) << i;
  }
  for (size_t i = 0; i < metrics; ++i) {
    ASSERT_EQ(sum.metrics()[i], Tree<double>(0, ranks->count(), i)) << i;
  }
}

TEST(RankSum, HasTheBitsOfOneTree) {
  ExpectSum<float>(101770, 3);
  ExpectSum<double>(5001, 1);
  ExpectSum<float>(1, 0);
  ExpectSum<float>(0, 2);
}

// The text that this rank's failure carries; "" where nothing fails.
template <typename F>
std::string Failure(bool bad_input, const F& call) {
  try {
    call();
  } catch (const RanksFailed& e) {
    EXPECT_EQ(e.bad_input(), bad_input);
    return e.what();
  }
  return "";
}

void ExpectEverywhere(const std::string& text, const std::string& expected) {
  for (const std::string& other : ranks->Gather(text)) EXPECT_EQ(other, expected);
}

TEST(Together, NamesTheRanksThatFailed) {
  const size_t last = ranks->count() - 1;
  int calls = 0;
  EXPECT_EQ(Failure(false, [&] { Together(ranks, [&calls] { ++calls; }); }), "");
  EXPECT_EQ(calls, 1);

  const std::string all = Failure(true, [] { Together(ranks, [] { throw InputError("no"); }); });
  EXPECT_EQ(all, "error: no");

  const std::string text = Failure(false, [last] {
    Together(ranks, [last] {
      if (ranks->index() == last) throw RunError("the disk is full");
    });
  });
  const std::string host = ranks->Gather(ranks->host())[last];
  const std::string who = "rank " + std::to_string(last) + " on " + host + ": ";
  ExpectEverywhere(text, (last == 0 ? "" : who) + "error: the disk is full");
}

TEST(CheckAlike, NamesTheRankThatDiffers) {
  const std::vector<SharedFact> alike = {{"the version", "1"}, {"the data", "abc"}};
  EXPECT_EQ(Failure(true, [&] { CheckAlike(*ranks, alike); }), "");
  if (ranks->count() == 1) return;

  std::vector<SharedFact> facts = alike;
  if (ranks->index() == 1) facts[1].value = "abd";
  const std::string text = Failure(true, [&] { CheckAlike(*ranks, facts); });
  const std::vector<std::string> hosts = ranks->Gather(ranks->host());
  ExpectEverywhere(text, "rank 1 on " + hosts[1] + ": the data is abd, but on rank 0 on " +
                             hosts[0] + " it is abc");
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const std::unique_ptr<nabla::Ranks> started = nabla::StartMpi(nabla::kMessageBytes);
  nabla::ranks = started.get();
  return RUN_ALL_TESTS();
}
