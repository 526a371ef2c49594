// What the exchange between ranks costs: mpirun -n 2 exchange. The first rank prints tables of
// Markdown; bytes are those that one rank sends to another and, at the same time, receives.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>

#include "framework/engine/ranks.h"
#include "framework/mpi/start.h"

namespace nabla {
namespace {

struct Times {
  double median;  // s
  double best;
};

// So many that a size takes a fraction of a second; the same on all ranks.
size_t Repetitions(size_t bytes) {
  return std::clamp<size_t>((size_t{256} << 20) / std::max<size_t>(bytes, 1), 11, 2001);
}

Times Measure(size_t bytes, const std::function<void()>& exchange) {
  using Clock = std::chrono::steady_clock;
  const size_t repetitions = Repetitions(bytes);
  for (size_t i = 0; i < repetitions / 10 + 1; ++i) exchange();
  std::vector<double> seconds;
  for (size_t i = 0; i < repetitions; ++i) {
    const auto begin = Clock::now();
    exchange();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return {seconds[seconds.size() / 2], seconds.front()};
}

void PrintHead(const Ranks& ranks, const char* title) {
  if (ranks.index() > 0) return;
  fmt::print("\n| {} | median, us | best, us | median, GB/s |\n", title);
  fmt::print("| --- | --- | --- | --- |\n");
}

void PrintLine(const Ranks& ranks, size_t size, size_t bytes, const Times& times) {
  if (ranks.index() > 0) return;
  fmt::print("| {} | {:.1f} | {:.1f} | {:.3f} |\n", size, 1e6 * times.median, 1e6 * times.best,
             1e-9 * static_cast<double>(bytes) / times.median);
  std::fflush(stdout);
}

void MeasureSwap(Ranks& ranks) {
  PrintHead(ranks, "bytes swapped");
  for (size_t bytes = 8; bytes <= size_t{32} << 20; bytes *= 4) {
    const std::vector<std::byte> mine(bytes, std::byte{1});
    std::vector<std::byte> theirs(bytes);
    const size_t partner = ranks.index() ^ 1;
    const auto swap = [&] { ranks.Swap(partner, mine, theirs); };
    PrintLine(ranks, bytes, bytes, Measure(bytes, swap));
  }
}

void MeasureSum(Ranks& ranks) {
  PrintHead(ranks, "numbers summed");
  for (size_t numbers = 1000; numbers <= 10'000'000; numbers *= 10) {
    RankSum<float> sum(ranks, numbers, 0);
    std::fill_n(sum.numbers().data(), numbers, 0.0f);
    const size_t bytes = numbers * sizeof(float);
    PrintLine(ranks, numbers, bytes, Measure(bytes, [&sum] { sum.Run(); }));
  }
}

int Main() {
  const std::unique_ptr<Ranks> ranks = StartRanks();
  if (!ranks || ranks->count() % 2 != 0) {
    fmt::print(stderr, "start an even number of ranks, and build with --config=mpi:\n{}\n",
               "mpirun -n 2 bazel-bin/bench/exchange");
    return 2;
  }
  const std::vector<std::string> hosts = ranks->Gather(ranks->host());
  if (ranks->index() == 0) {
    fmt::print("{} ranks, the first two on {} and {}\n", hosts.size(), hosts[0], hosts[1]);
  }
  MeasureSwap(*ranks);
  MeasureSum(*ranks);
  return 0;
}

}  // namespace
}  // namespace nabla

int main() try { return nabla::Main(); } catch (const std::exception& e) {
  fmt::print(stderr, "exchange: {}\n", e.what());
  return 1;
}
