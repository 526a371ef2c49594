// The program where the system gives little: threads, memory, open files, names of folders.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

namespace nabla {
namespace {

constexpr rlim_t kMebibyte = 1 << 20;

#ifdef NABLA_SANITIZED
constexpr size_t kStarts = 20;
constexpr bool kMemoryIsLimited = false;  // a shadow takes terabytes of addresses
#else
constexpr size_t kStarts = 200;
constexpr bool kMemoryIsLimited = true;
#endif

// While it lives, this process and those that it starts have a lower limit.
class Limit {
 public:
  Limit(int resource, rlim_t limit) : resource_(resource) {
    getrlimit(resource, &before_);
    const rlimit now = {limit, before_.rlim_max};
    EXPECT_EQ(setrlimit(resource, &now), 0);
  }
  ~Limit() { setrlimit(resource_, &before_); }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;

 private:
  const int resource_;
  rlimit before_ = {};
};

// Ends with 0, or with 1 and a message, and leaves nothing that cannot be read.
void ExpectEndsWell(const Outcome& run, const std::string& what) {
  if (run.code == 0) return;
  EXPECT_EQ(run.code, 1) << what << ": " << run.err;
  EXPECT_TRUE(Contains(run.err, "error: ")) << what << ": " << run.err;
}

// A thread's stack takes as much as its limit says, which is more than all memory here.
TEST(Limits, FewerThreadsGiveTheSameWeights) {
  if (!kMemoryIsLimited) GTEST_SKIP() << "sanitizers need all addresses";
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  ASSERT_EQ(program.Run({"small.yaml", "--threads", "4", "--out", "all"}).code, 0);
  const Limit stack(RLIMIT_STACK, 1024 * kMebibyte);
  const Limit memory(RLIMIT_AS, 900 * kMebibyte);
  const std::string warning =
      "warning: the system allows only 1 of 4 threads: slower, with the same results\n";
  const Outcome one = program.Run({"small.yaml", "--threads", "4", "--out", "one", "--quiet"});
  EXPECT_EQ(one.code, 0);
  EXPECT_EQ(one.err, warning);
  EXPECT_EQ(WeightsHash(program, "one"), WeightsHash(program, "all"));
  const Outcome many =
      program.Run({"small.yaml", "--threads", "4", "--seeds", "4", "--out", "many", "--quiet"});
  EXPECT_EQ(many.code, 0);
  EXPECT_EQ(many.err, warning);
  EXPECT_EQ(WeightsHash(program, "many/seed-0"), WeightsHash(program, "all"));
  EXPECT_EQ(program.Run({"find-lr", "small.yaml", "--threads", "4"}).err, warning);
  EXPECT_EQ(program.Run({"time", "small.yaml", "--threads", "4"}).err, warning);
}

TEST(Limits, MemoryThatIsShortIsAnError) {
  if (!kMemoryIsLimited) GTEST_SKIP() << "sanitizers need all addresses";
  Program program;
  program.Write("wide.yaml", kSmallExperiment);
  bool short_of_it = false;
  for (const rlim_t mebibytes : {70, 90, 120, 160, 220, 300}) {
    const Limit memory(RLIMIT_AS, mebibytes * kMebibyte);
    const std::string name = std::to_string(mebibytes);
    for (const Words& more : {Words{}, Words{"--seeds", "3"}}) {
      Words words = {"wide.yaml",
                     "model.0.units=6000",
                     "dataset.train=3000",
                     "train.epochs=1",
                     "--threads",
                     "3",
                     "--out",
                     name + (more.empty() ? "" : "_many")};
      words.insert(words.end(), more.begin(), more.end());
      const Outcome run = program.Run(words);
      ExpectEndsWell(run, name);
      short_of_it = short_of_it || Contains(run.err, "error: out of memory");
    }
  }
  EXPECT_TRUE(short_of_it);
}

TEST(Limits, TooFewOpenFilesAreAnError) {
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  for (rlim_t files = 6; files < 14; ++files) {
    const Limit limit(RLIMIT_NOFILE, files);
    const std::string name = std::to_string(files);
    ExpectEndsWell(program.Run({"small.yaml", "--out", name}), name);
    ExpectEndsWell(program.Run({"small.yaml", "--seeds", "2", "--out", name + "_many"}), name);
  }
}

// The checkpoint is larger than files may be.
TEST(Limits, AFileThatMayNotGrowIsAnError) {
  Program program;
  program.Write("wide.yaml", kSmallExperiment);
  const Limit size(RLIMIT_FSIZE, 24 << 10);
  const Outcome run = program.Run({"wide.yaml", "model.0.units=64", "--out", "o", "--quiet"});
  EXPECT_EQ(run.code, 1) << run.err;
  EXPECT_TRUE(Contains(run.err, "error: cannot write ")) << run.err;
  EXPECT_TRUE(Contains(run.err, "checkpoint.safetensors: File too large")) << run.err;
  for (const auto& entry : std::filesystem::directory_iterator(program.Path("o"))) {
    EXPECT_FALSE(Contains(entry.path().filename(), ".tmp")) << entry.path();
  }
}

TEST(Limits, SizesThatNoMemoryHoldsAreRefused) {
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  for (const std::string huge :
       {"model.0.units=1000000000000000000", "model.0.units=9223372036854775807",
        "dataset.train=9223372036854775807", "subset.train=9223372036854775807",
        "train.epochs=9223372036854775807", "train.rows_per_epoch=9223372036854775807"}) {
    const Outcome run = program.Run({"small.yaml", huge, "--out", "o"});
    EXPECT_EQ(run.code, 2) << huge << ": " << run.err;
    EXPECT_TRUE(Contains(run.err, huge.substr(0, huge.find('=')))) << run.err;
  }
  for (const std::string most : {"train.batch_size", "evaluate.every", "checkpoint.every_steps",
                                 "checkpoint.every_epochs"}) {
    EXPECT_EQ(program.Run({"small.yaml", most + "=9223372036854775807", "--out", most}).code, 0);
  }
}

// Through links too, all in the same few seconds.
TEST(Limits, AsManyFoldersAsStarts) {
  Program home;
  std::filesystem::create_directory_symlink(home.folder(), home.Path("link"));
  home.Write("small.yaml", kSmallExperiment);
  std::vector<std::unique_ptr<Program>> programs;
  for (size_t i = 0; i < kStarts; ++i) {
    Program& program = *programs.emplace_back(std::make_unique<Program>());
    program.environment["BUILD_WORKING_DIRECTORY"] = i % 2 == 0 ? home.folder() : home.Path("link");
    Words words = {"small.yaml",
                   "dataset={name: synthetic_digits, train: 100, test: 10}",
                   "train.epochs=1",
                   "--threads",
                   "1",
                   "--quiet"};
    if (i % 4 == 0) words.push_back(i % 8 == 0 ? "optimizer.lr=0.1,0.2" : "optimizer.lr=0.3,0.4");
    program.Start(words);
  }
  for (const auto& program : programs) {
    const Outcome run = program->Finish();
    EXPECT_EQ(run.code, 0) << run.err;
  }
  size_t single = 0;
  size_t many = 0;
  for (const auto& entry : std::filesystem::directory_iterator(home.Path("runs/small"))) {
    if (entry.is_symlink()) continue;  // latest
    single += std::filesystem::exists(entry.path() / "summary.json");
    many += std::filesystem::exists(entry.path() / "sweep.json");
  }
  EXPECT_EQ(single, kStarts - kStarts / 4);
  EXPECT_EQ(many, kStarts / 4);
}

}  // namespace
}  // namespace nabla
