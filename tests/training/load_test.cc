// Many runs, large batches, more threads than cores.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "framework/training/side_by_side.h"
#include "plugins/builtin.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr double kMebibyte = 1 << 20;
// AddressSanitizer keeps 256 MiB of what was freed, and finds leaks by itself.
#ifdef NABLA_SANITIZED
constexpr int64_t kRunsAtOnce = 20;
constexpr double kMostResidentGrowth = 300;
constexpr int kRows = 4000;
#else
constexpr int64_t kRunsAtOnce = 1000;
constexpr double kMostResidentGrowth = 8;
constexpr int kRows = 56000;
#endif

struct Memory {
  double allocated;  // and not freed, MiB; always 0 under AddressSanitizer
  double resident;   // MiB, without the free pages that the allocator keeps
};

// Of this process.
Memory MemoryNow() {
  // Which threads met at the allocator's locks decides how many free pages it keeps: 16 to 50 MiB.
  malloc_trim(0);
  std::ifstream in("/proc/self/statm");
  double total = 0;
  double resident = 0;
  in >> total >> resident;
  const struct mallinfo2 heap = mallinfo2();
  return {static_cast<double>(heap.uordblks + heap.hblkhd) / kMebibyte,
          resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMebibyte};
}

// What a run left behind would add up: 10 bytes each make 0.3 MiB.
TEST(Load, ThirtyThousandRunsInOneProcessDoNotGrow) {
  Registry registry;
  RegisterBuiltins(registry);
  const AnySpec spec = ParseAnyExperiment(ParseYaml(R"(name: tiny
dataset: {name: synthetic_digits, train: 60, test: 20}
model: [{name: linear, units: 16}, relu, {name: dropout, p: 0.1}, {name: linear, units: 10}]
loss: cross_entropy
optimizer: adam
train: {batch_size: 20, epochs: 1}
)",
                                                    "tiny.yaml"),
                                          registry);
  Files files({.offline = true});
  DataCache cache(files);
  Console console(true);
  const auto run = [&](int64_t first, int64_t count) {
    std::vector<QueuedRun> queue;
    for (int64_t seed = first; seed < first + count; ++seed) {
      HeadOf(queue.emplace_back(QueuedRun{spec, &cache.Get(HeadOf(spec)), ""}).spec).seed = seed;
    }
    const auto runs = RunSideBySide(queue, registry, 2, Shard(), "tiny", console);
    for (const RunResult& done : runs) EXPECT_TRUE(done.metrics.has_value());
  };
  for (int64_t i = 0; i < 4; ++i) run(i * kRunsAtOnce, kRunsAtOnce);
  const Memory before = MemoryNow();
  for (int64_t i = 4; i < 34; ++i) run(i * kRunsAtOnce, kRunsAtOnce);
  const Memory after = MemoryNow();
  EXPECT_LT(after.allocated - before.allocated, 0.25) << "MiB";
  EXPECT_LT(after.resident - before.resident, kMostResidentGrowth) << "MiB";
}

TEST(Load, AFullBatchOf56000RowsFitsInto1500MiB) {
  Program program;
  program.Write("full.yaml", R"(name: full
dtype: float64
dataset: {name: synthetic_digits, train: 56000, test: 14000}
model: [{name: linear, units: 256}, sigmoid, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 56000, epochs: 2}
)");
  const std::string rows = std::to_string(kRows);
  const Outcome run =
      program.Run({"full.yaml", "--out", "o", "dataset.train=" + rows, "train.batch_size=" + rows});
  ASSERT_EQ(run.code, 0) << run.err;
  rusage usage = {};
  getrusage(RUSAGE_CHILDREN, &usage);
  EXPECT_LT(static_cast<double>(usage.ru_maxrss) / 1024, 1500) << "MiB";
}

TEST(Load, EightTimesMoreThreadsThanCoresChangeNoBit) {
  Program program;
  program.Write("t.yaml", R"(name: t
dataset: {name: synthetic_digits, train: 2000, test: 500}
model: [{name: linear, units: 120}, relu, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 200, epochs: 3}
)");
  const auto hash = [&program](const std::string& threads) -> std::string {
    const Outcome run = program.Run({"t.yaml", "--threads", threads, "--out", "o" + threads});
    EXPECT_EQ(run.code, 0) << run.err;
    return Json::parse(program.Read("o" + threads + "/summary.json"))["weights_hash"];
  };
  const std::string one = hash("1");
  EXPECT_EQ(hash(std::to_string(8 * std::max(1U, std::thread::hardware_concurrency()))), one);
  for (const char* threads : {"2", "3", "4", "8"}) EXPECT_EQ(hash(threads), one) << threads;
}

}  // namespace
}  // namespace nabla
