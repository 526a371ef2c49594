#include "framework/live/runs_under_way.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace nabla {
namespace {

namespace fs = std::filesystem;

class RunsUnderWayTest : public testing::Test {
 protected:
  RunsUnderWayTest()
      : folder_(testing::TempDir() + "/" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
  }

  void Write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::app) << text;
  }
  // As a run does.
  int Claim(const std::string& name, int operation) const {
    Write(name, "");
    const int fd = open((folder_ / name).c_str(), O_RDWR | O_CLOEXEC);
    EXPECT_EQ(flock(fd, operation), 0);
    return fd;
  }

  const fs::path folder_;
};

TEST_F(RunsUnderWayTest, AreThoseWhoseClaimIsLocked) {
  Write("a/.claim", "");
  EXPECT_TRUE(LookForRuns(folder_).folders.empty());
  EXPECT_TRUE(LookForRuns(folder_ / "nowhere").folders.empty());
  const int run = Claim("b/.claim", LOCK_EX);
  EXPECT_EQ(LookForRuns(folder_).folders, std::vector<std::string>{folder_ / "b"});
  EXPECT_EQ(LookForRuns(folder_ / "b").folders, std::vector<std::string>{folder_ / "b"});
  // Looking takes no lock: whoever wants it finds it free.
  const int other = open((folder_ / "a/.claim").c_str(), O_RDWR);
  LookForRuns(folder_);
  EXPECT_EQ(flock(other, LOCK_EX | LOCK_NB), 0);
  close(other);
  close(run);
  EXPECT_TRUE(LookForRuns(folder_).folders.empty());
}

TEST_F(RunsUnderWayTest, ASweepStandsForItsRuns) {
  const int plan = Claim("sweep/.followed", LOCK_SH);
  const int run = Claim("sweep/lr=1/seed-0/.claim", LOCK_EX);
  EXPECT_EQ(LookForRuns(folder_).folders, std::vector<std::string>{folder_ / "sweep"});
  close(run);
  EXPECT_EQ(LookForRuns(folder_).folders, std::vector<std::string>{folder_ / "sweep"});
  close(plan);
}

TEST_F(RunsUnderWayTest, TellsOfEveryLine) {
  Write("a/metrics.jsonl", "1\n");
  const std::string first = LookForRuns(folder_).change;
  EXPECT_EQ(LookForRuns(folder_).change, first);
  Write("a/log.txt", "x");
  EXPECT_EQ(LookForRuns(folder_).change, first);
  Write("a/metrics.jsonl", "2\n");
  const std::string second = LookForRuns(folder_).change;
  EXPECT_NE(second, first);
  Write("b/summary.json", "{}");
  EXPECT_NE(LookForRuns(folder_).change, second);
}

}  // namespace
}  // namespace nabla
