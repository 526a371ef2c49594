#include "framework/data/disk.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "framework/base/error.h"
#include "tests/data/samples.h"

namespace nabla {
namespace {

constexpr size_t kAnySize = size_t{1} << 30;

TEST(DiskTest, ReadsBackWhatItWroteIntoNewFolders) {
  const TemporaryFolder folder;
  WriteFile(folder.path("a/b/file"), AsBytes("first"));
  WriteFile(folder.path("a/b/file"), AsBytes("second"));
  EXPECT_EQ(AsText(ReadFile(folder.path("a/b/file"), kAnySize)->span()), "second");
  EXPECT_EQ(folder.CountFiles(), 1u);
}

TEST(DiskTest, EmptyFile) {
  const TemporaryFolder folder;
  WriteFile(folder.path("file"), {});
  EXPECT_EQ(ReadFile(folder.path("file"), kAnySize)->size(), 0u);
}

TEST(DiskTest, MissingFileOrFolderIsNothing) {
  const TemporaryFolder folder;
  folder.Put("file", "");
  EXPECT_FALSE(ReadFile(folder.path("none"), kAnySize));
  EXPECT_FALSE(ReadFile(folder.path("none/none"), kAnySize));
  EXPECT_FALSE(ReadFile(folder.path("file/none"), kAnySize));
}

TEST(DiskTest, FoldersPipesAndLargeFilesAreErrors) {
  const TemporaryFolder folder;
  folder.Put("file", "12345");
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  EXPECT_THROW(ReadFile(folder.path(), kAnySize), InputError);
  EXPECT_THROW(ReadFile(folder.path("pipe"), kAnySize), InputError);
  EXPECT_EQ(ReadFile(folder.path("file"), 5)->size(), 5u);
  try {
    ReadFile(folder.path("file"), 4);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems()[0].place.origin, folder.path("file"));
    EXPECT_EQ(error.problems()[0].message, "expected at most 4 bytes, found 5");
  }
}

// A limit on the size of files cuts a write short as a full disk does.
TEST(DiskTest, AFailedWriteLeavesTheOldFile) {
  const TemporaryFolder folder;
  WriteFile(folder.path("file"), AsBytes("old"));
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {size_t{1} << 20, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string message;
  try {
    WriteFile(folder.path("file"), AsBytes(std::string(size_t{3} << 19, 'x')));
  } catch (const RunError& error) {
    message = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(message, "cannot write " + folder.path("file") + ": File too large");
  EXPECT_EQ(folder.Text("file"), "old");
  EXPECT_EQ(folder.CountFiles(), 1u);
}

TEST(DiskTest, AFileInTheWayOfAFolderIsAnError) {
  const TemporaryFolder folder;
  folder.Put("file", "");
  EXPECT_THROW(WriteFile(folder.path("file/inner/x"), AsBytes("x")), RunError);
}

TEST(DiskTest, ManyWritersAtOnceLeaveOneWholeFile) {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'i'; ++c) {
    threads.emplace_back([&folder, c] {
      for (int i = 0; i < 10; ++i) WriteFile(folder.path("f"), AsBytes(std::string(100000, c)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = folder.Text("f");
  EXPECT_EQ(text, std::string(100000, text[0]));
  EXPECT_EQ(folder.CountFiles(), 1u);
}

}  // namespace
}  // namespace nabla
