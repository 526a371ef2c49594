#include "bench/handover.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <thread>

#include "framework/engine/threads.h"

namespace nabla {
namespace {

constexpr int kStop = -1;

// An even number belongs to the first thread, the odd number after it to the second.
void RunHandover(benchmark::State& state) {
  alignas(128) std::atomic<int> turn{0};
  std::thread other([&turn] {
    for (int mine = 1;; mine += 2) {
      int now = turn.load(std::memory_order_acquire);
      while (now != mine && now != kStop) now = turn.load(std::memory_order_acquire);
      if (now == kStop) return;
      turn.store(mine + 1, std::memory_order_release);
    }
  });
  constexpr int kTrips = 1000;  // an iteration; long enough for the clock
  int mine = 0;
  for (auto _ : state) {
    for (int trip = 0; trip < kTrips; ++trip) {
      turn.store(mine + 1, std::memory_order_release);
      mine += 2;
      while (turn.load(std::memory_order_acquire) != mine) continue;
    }
  }
  turn.store(kStop, std::memory_order_release);
  other.join();
  state.counters["round trip"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kTrips,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace

void RegisterHandover() {
  if (UsableCores() < 2) return;
  benchmark::RegisterBenchmark("handover", RunHandover)->UseRealTime();
}

}  // namespace nabla
