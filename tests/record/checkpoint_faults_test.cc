// Whatever fails while a checkpoint is written over an older one, a training goes on from one of
// both to the same end; whatever happens to the file afterwards is noticed.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "framework/record/checkpoint.h"
#include "framework/training/experiment.h"
#include "framework/training/training_run.h"
#include "plugins/builtin.h"
#include "tests/experiments/program.h"
#include "tests/formats/faulty_calls.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPage = 4096;
constexpr const char* kData = "points";

// Every bit and every length; instrumented, reading takes too long for all of them.
#ifdef NABLA_SANITIZED
constexpr size_t kStride = 61;
#else
constexpr size_t kStride = 1;
#endif

// Batch norm's statistics, dropout's keys and Adam's moments, about 50 KiB of them.
constexpr const char* kWide = R"(name: wide
dataset: {name: spirals, points: 200, test_points: 20}
model: [{name: linear, units: 60}, batch_norm, relu, {name: dropout, p: 0.2}, {name: linear, units: 60},
        relu, {name: linear, units: 2}]
loss: cross_entropy
optimizer: {name: adam, lr: 0.01}
train: {batch_size: 50, epochs: 3}
)";

// A file of which every bit can be tried.
constexpr const char* kNarrow = R"(name: narrow
dataset: {name: spirals, points: 8, test_points: 2}
model: [{name: linear, units: 2}, batch_norm, {name: linear, units: 2}]
loss: cross_entropy
optimizer: adam
train: {batch_size: 4, epochs: 3}
)";

class Case {
 public:
  explicit Case(const std::string& yaml) : spec_(Parse(yaml)), data_(Load()) {}

  const ExperimentSpec<float>& spec() const { return spec_; }
  const Registry& registry() const { return registry_; }
  const PreparedData& data() const { return data_; }

 private:
  ExperimentSpec<float> Parse(const std::string& yaml) {
    RegisterBuiltins(registry_);
    return ParseExperiment<float>(ParseYaml(yaml, "case.yaml"), registry_);
  }

  PreparedData Load() const {
    Files files({.offline = true});
    return PrepareData(spec_, spec_.dataset->Load(files));
  }

  Registry registry_;
  const ExperimentSpec<float> spec_;
  const PreparedData data_;
};

class Training {
 public:
  explicit Training(const Case& c)
      : data_(c.data()),
        config_(ResolvedConfig(c.spec())),
        threads_(1),
        experiment_(c.spec(), c.registry(), data_, threads_) {}

  void GoTo(int64_t step) {
    Follower<float> follower;
    follower.stop = [this, step] { return experiment_.trainer().steps() >= step; };
    experiment_.trainer().Run(follower);
  }

  // The hash of the weights at the end.
  std::string Finish() {
    experiment_.trainer().Run({});
    return experiment_.network().Hash();
  }

  void Save(const std::string& path, const FileCalls& calls = {}) {
    WriteCheckpoint(path, config_, kData, data_.input, experiment_.network(), experiment_.trainer(),
                    calls);
  }

  // "" if it works.
  std::string SaveFailure(const std::string& path, const FileCalls& calls) {
    try {
      Save(path, calls);
    } catch (const RunError& e) {
      return e.what();
    }
    return "";
  }

  void Resume(const std::string& path) {
    ReadCheckpoint(path, config_, kData, &experiment_.network(), &experiment_.trainer());
  }

  int64_t steps() { return experiment_.trainer().steps(); }

 private:
  const PreparedData& data_;
  const Node config_;
  Threads threads_;
  Experiment<float> experiment_;
};

// A checkpoint of step 5, and a training at step 7 that is about to write over it.
class CheckpointFaults : public testing::Test {
 protected:
  static constexpr int64_t kOlder = 5;
  static constexpr int64_t kNewer = 7;

  CheckpointFaults() : end_(Training(case_).Finish()), training_(case_) {
    training_.GoTo(kOlder);
    training_.Save(path_);
    older_ = Content(path_);
    training_.GoTo(kNewer);
  }

  // The file is the checkpoint of this step, alone in its folder, and leads to the same end.
  void ExpectGoesOnFrom(int64_t step) {
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
    Training resumed(case_);
    resumed.Resume(path_);
    EXPECT_EQ(resumed.steps(), step);
    EXPECT_EQ(resumed.Finish(), end_);
  }

  const Case case_{kWide};
  const std::string end_;
  const std::string folder_ = FreshFolder();
  const std::string path_ = folder_ + "/checkpoint.safetensors";
  std::vector<uint8_t> older_;
  Training training_;
};

// The first call of all fails, the second, the third, until none does.
TEST_F(CheckpointFaults, EveryFailingCallLeavesACheckpoint) {
  const std::string unflushed = path_ +
                                " is written, but may be lost in a crash: its folder cannot be "
                                "flushed: Input/output error";
  int calls = 0;
  int refused = 0;
  for (bool failed = true; failed && !HasFailure(); ++calls) {
    Put(path_, older_);
    Faults faults("", calls + 1, EIO);
    const std::string failure = training_.SaveFailure(path_, faults.calls);
    failed = faults.failed();
    EXPECT_EQ(failure.empty(), !failed);
    const bool old_stays = failed && failure != unflushed;
    refused += old_stays;
    if (old_stays) {
      EXPECT_EQ(failure, "cannot write " + path_ + ": Input/output error");
      ASSERT_EQ(Content(path_), older_) << "call " << calls + 1;
    }
    ExpectGoesOnFrom(old_stays ? kOlder : kNewer);
  }
  // The folder and the file are opened, 1000 bytes at a time written, both flushed, one renamed;
  // nothing failed the last time.
  EXPECT_EQ(calls, 2 + static_cast<int>((older_.size() + 999) / 1000) + 2 + 1 + 1);
  EXPECT_EQ(refused, calls - 2);
}

TEST_F(CheckpointFaults, AFullDiskAtEveryPageLeavesTheOldOne) {
  ASSERT_GT(older_.size(), 10 * kPage);
  for (size_t room = 0; room < older_.size(); room += kPage) {
    EXPECT_EQ(training_.SaveFailure(path_, FullAfter(room)),
              "cannot write " + path_ + ": No space left on device");
    ASSERT_EQ(Content(path_), older_) << room;
    ExpectGoesOnFrom(kOlder);
  }
  EXPECT_EQ(training_.SaveFailure(path_, FullAfter(2 * older_.size())), "");
  ExpectGoesOnFrom(kNewer);
}

TEST(Checkpoint, NoFlippedBitAndNoMissingByteGoesUnseen) {
  const Case narrow(kNarrow);
  Training training(narrow);
  training.GoTo(3);
  const std::string path = FreshFolder() + "/checkpoint.safetensors";
  training.Save(path);
  const std::vector<uint8_t> whole = Content(path);
  Training reader(narrow);
  const auto complaint = [&](const std::vector<uint8_t>& bytes) {
    fs::remove(path);  // a file that is cut off to be written again is flushed, which takes time
    Put(path, bytes);
    return Complaint(path, [&] { reader.Resume(path); });
  };
  ASSERT_EQ(complaint(whole), "");
  std::vector<uint8_t> damaged = whole;
  for (size_t i = 0; i < whole.size(); i += kStride) {
    for (int bit = 0; bit < 8; ++bit) {
      damaged[i] = static_cast<uint8_t>(whole[i] ^ (1 << bit));
      ASSERT_NE(complaint(damaged), "") << "byte " << i << " bit " << bit;
    }
    damaged[i] = whole[i];
  }
  for (size_t size = 0; size < whole.size(); size += kStride) {
    damaged.assign(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    ASSERT_NE(complaint(damaged), "") << size << " bytes";
  }
}

class CheckpointOfARun : public testing::Test {
 protected:
  CheckpointOfARun() {
    program_.Write("e.yaml", kWide);
    const Outcome whole = Run("whole");
    EXPECT_EQ(whole.code, 0) << whole.err;
    program_.Start(WordsFor("o"));
    program_.WaitFor("epoch  1/");
    program_.Signal(SIGTERM);
    EXPECT_EQ(program_.Finish().code, 143);
    before_ = Content(path_);
  }

  static Words WordsFor(const std::string& folder) {
    return {"e.yaml",
            "dataset.points=20000",
            "train.epochs=30",
            "checkpoint.every_epochs=10",
            "--resume",
            "--out",
            folder};
  }

  Outcome Run(const std::string& folder) { return program_.Run(WordsFor(folder)); }

  void ExpectTheWholeRun() {
    const Outcome resumed = Run("o");
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(ReadCheckpointHead(path_).weights_hash,
              ReadCheckpointHead(program_.Path("whole/checkpoint.safetensors")).weights_hash);
  }

  Program program_;
  const std::string path_ = program_.Path("o/checkpoint.safetensors");
  std::vector<uint8_t> before_;
};

// A limit on the size of files is a disk that is full after so many bytes.
TEST_F(CheckpointOfARun, SurvivesADiskThatIsFull) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer's own files are larger";
#endif
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  for (const size_t room : {4 * kPage, 8 * kPage}) {
    const rlimit full = {room, limit.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
    const Outcome failed = Run("o");
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_EQ(failed.code, 1);
    EXPECT_EQ(failed.err, "error: cannot write " + path_ + ": File too large\n");
    EXPECT_EQ(Content(path_), before_);
  }
  ExpectTheWholeRun();
}

TEST_F(CheckpointOfARun, IsRefusedWhenDamagedAndTakenWhenMended) {
  std::vector<uint8_t> damaged = before_;
  damaged.back() ^= 1;
  Put(path_, damaged);
  const std::string metrics = program_.Read("o/metrics.jsonl");
  const std::string summary = program_.Read("o/summary.json");
  const Outcome refused = Run("o");
  EXPECT_EQ(refused.code, 2);
  EXPECT_FALSE(metrics.empty());
  EXPECT_FALSE(summary.empty());
  EXPECT_EQ(program_.Read("o/metrics.jsonl"), metrics);
  EXPECT_EQ(program_.Read("o/summary.json"), summary);
  EXPECT_EQ(refused.err, path_ +
                             ": error: damaged: its checksum does not match its contents; "
                             "delete it to train the run from its beginning\n");
  EXPECT_EQ(Content(path_), damaged);
  Put(path_, before_);
  ExpectTheWholeRun();
}

}  // namespace
}  // namespace nabla
