#include "framework/engine/threads.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
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

}  // namespace
}  // namespace nabla
