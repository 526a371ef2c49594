#include "framework/engine/threads.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace nabla {
namespace {

TEST(ThreadsTest, EveryItemRunsOnce) {
  for (const size_t count : {1, 2, 3, 8, 16}) {
    Threads threads(count);
    for (const size_t items : {0, 1, 2, 7, 100, 1000}) {
      std::vector<std::atomic<int>> seen(items);
      std::atomic<bool> worker_in_range{true};
      threads.Run(items, [&](size_t item, size_t worker) {
        seen[item].fetch_add(1);
        if (worker >= count) worker_in_range = false;
      });
      for (size_t i = 0; i < items; ++i) ASSERT_EQ(seen[i].load(), 1) << i << " of " << items;
      EXPECT_TRUE(worker_in_range);
    }
  }
}

// What a phase wrote is visible after it, phase after phase, however late a helper comes.
TEST(ThreadsTest, PhasesAreBarriers) {
  for (const size_t count : {2, 4, 16}) {
    Threads threads(count);
    std::vector<long> values(37, 0);
    for (long phase = 1; phase <= 3000; ++phase) {
      threads.Run(values.size(), [&](size_t item, size_t) { values[item] += phase; });
      if (phase % 500 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      for (const long value : values) ASSERT_EQ(value, phase * (phase + 1) / 2);
    }
  }
}

// A helper that comes when the phase it was called for is over must not take items of the next one,
// which is larger, for left-overs.
TEST(ThreadsTest, ALateHelperTakesNothingOfTheNextPhase) {
  for (const size_t count : {2, 3, 8}) {
    Threads threads(count);
    std::vector<std::atomic<int>> runs(64);
    for (int round = 1; round <= 20000; ++round) {
      threads.Run(2, [](size_t, size_t) {});
      threads.Run(runs.size(), [&](size_t item, size_t) { runs[item].fetch_add(1); });
      for (const auto& times : runs) ASSERT_EQ(times.load(), round) << count;
    }
  }
}

TEST(ThreadsTest, OthersTakeOverFromALateWorker) {
  Threads threads(2);
  std::atomic<int> done{0};
  // Item 0 waits until all others are done: its share must not hold them up.
  threads.Run(40, [&](size_t item, size_t) {
    if (item == 0) {
      const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      while (done.load() < 39 && std::chrono::steady_clock::now() < give_up) {
        std::this_thread::yield();
      }
    }
    done.fetch_add(1);
  });
  EXPECT_EQ(done.load(), 40);
}

TEST(ThreadsTest, ManyCrewsComeAndGo) {
  for (int i = 0; i < 200; ++i) {
    Threads threads(3);
    std::atomic<int> sum{0};
    if (i % 2 == 0) threads.Run(10, [&](size_t item, size_t) { sum += static_cast<int>(item); });
    EXPECT_EQ(sum.load(), i % 2 == 0 ? 45 : 0);
  }
}

TEST(ThreadsTest, UsableCoresIsSane) {
  EXPECT_GE(UsableCores(), 1u);
  EXPECT_LE(UsableCores(), std::max(1u, std::thread::hardware_concurrency()));
}

TEST(ThreadsTest, CoreSetNamesTheCoresOfTheAffinity) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  int last = 0;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &before)) last = core;
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(last, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(CoreSet(), std::to_string(last));
  EXPECT_EQ(UsableCores(), 1u);
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
  const std::string all = CoreSet();
  EXPECT_EQ(std::count(all.begin(), all.end(), ' ') + 1, CPU_COUNT(&before)) << all;
}

// A stack that no address space holds, so that no thread can be started.
TEST(ThreadsTest, WorkIsDoneByThoseThatTheSystemAllows) {
  pthread_attr_t before;
  ASSERT_EQ(pthread_getattr_default_np(&before), 0);
  pthread_attr_t huge;
  ASSERT_EQ(pthread_attr_init(&huge), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&huge, size_t{1} << 50), 0);
  ASSERT_EQ(pthread_setattr_default_np(&huge), 0);
  Threads threads(1000);
  ASSERT_EQ(pthread_setattr_default_np(&before), 0);
  // Those that other tests have started stay.
  EXPECT_LT(threads.count(), 100u);
  EXPECT_EQ(threads.Shortage(), "the system allows only " + std::to_string(threads.count()) +
                                    " of 1000 threads: slower, with the same results");
  int sum = 0;
  threads.Run(10, [&](size_t item, size_t) { sum += static_cast<int>(item); });
  EXPECT_EQ(sum, 45);
  EXPECT_EQ(Threads(3).Shortage(), "");
}

TEST(ThreadsTest, WhatAnItemThrowsComesOutBehindTheBarrier) {
  for (const size_t count : {1, 3}) {
    Threads threads(count);
    for (int round = 0; round < 100; ++round) {
      std::atomic<int> done{0};
      const auto fail = [&](size_t item, size_t) {
        if (item % 7 == 3) throw std::bad_alloc();
        done.fetch_add(1);
      };
      EXPECT_THROW(threads.Run(40, fail), std::bad_alloc);
      if (count > 1) {
        EXPECT_EQ(done.load(), 34);
      }
      done = 0;
      threads.Run(40, [&](size_t, size_t) { done.fetch_add(1); });
      EXPECT_EQ(done.load(), 40);
    }
  }
}

// Kept from the compiler, which would compute it without the settings of this thread.
template <typename T>
T Product(T a, T b) {
  volatile T x = a;
  volatile T y = b;
  return x * y;
}

template <typename T>
void CheckDenormals() {
  using Limits = std::numeric_limits<T>;
  constexpr T kTiny = Limits::denorm_min() * 1024;
  constexpr T kLeast = Limits::min();
  ASSERT_GT(Product<T>(kTiny, 1), 0);
  {
    const FlushDenormals flush;
    EXPECT_EQ(Product<T>(kTiny, std::ldexp(T(1), 30)), 0) << "an operand";
    EXPECT_EQ(Product<T>(kLeast, T(0.5)), 0) << "a result";
    EXPECT_TRUE(std::signbit(Product<T>(-kLeast, T(0.5))));
    volatile T least = kLeast;
    EXPECT_EQ(std::fma(least, T(0.75), -least), 0);
    EXPECT_EQ(Product<T>(kLeast, 1), kLeast);
  }
  EXPECT_GT(Product<T>(kTiny, 1), 0);
}

TEST(FlushDenormalsTest, OperandsAndResultsAreZero) {
  CheckDenormals<float>();
  CheckDenormals<double>();
  const FlushDenormals flush;
  volatile double below_float = 1e-40;
  EXPECT_EQ(static_cast<float>(below_float), 0);
}

// Just below the smallest normal number m: (1 + e) (1 - e) m with e^2 too small for a digit.
template <typename T>
T JustBelowNormal(int half_digits) {
  const T e = std::ldexp(T(1), -half_digits);
  const int half_exponent = (std::numeric_limits<T>::min_exponent - 1) / 2;
  return Product(std::ldexp(1 + e, half_exponent), std::ldexp(1 - e, half_exponent));
}

// The one difference between the processors, which docs/determinism.md tells of.
TEST(FlushDenormalsTest, TinyIsSaidBeforeOrAfterRounding) {
  const FlushDenormals flush;
#if defined(__x86_64__)
  EXPECT_EQ(JustBelowNormal<float>(13), std::numeric_limits<float>::min());
  EXPECT_EQ(JustBelowNormal<double>(28), std::numeric_limits<double>::min());
#else
  EXPECT_EQ(JustBelowNormal<float>(13), 0);
  EXPECT_EQ(JustBelowNormal<double>(28), 0);
#endif
}

}  // namespace
}  // namespace nabla
