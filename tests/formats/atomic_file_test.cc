#include "framework/formats/atomic_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/error.h"
#include "tests/formats/faulty_calls.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPage = 4096;

std::vector<uint8_t> Filled(size_t size, uint8_t value) {
  return std::vector<uint8_t>(size, value);
}

size_t Files(const std::string& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
}

// "" if it works.
std::string Failure(const std::string& path, std::span<const uint8_t> content,
                    const FileCalls& calls = {}) {
  try {
    WriteFileAtomically(path, content, calls);
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
    return error.what();
  }
  return "";
}

TEST(AtomicFile, MakesAndReplaces) {
  const std::string folder = FreshFolder();
  const std::string path = folder + "/checkpoint";
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100'000}}) {
    EXPECT_EQ(Failure(path, Filled(size, 7)), "");
    EXPECT_EQ(Content(path), Filled(size, 7));
  }
  EXPECT_EQ(Files(folder), 1u);
}

TEST(AtomicFile, PathsWithoutAFolderAreRelative) {
  const fs::path before = fs::current_path();
  fs::current_path(FreshFolder());
  EXPECT_EQ(Failure("here", Filled(3, 1)), "");
  EXPECT_EQ(Content("here"), Filled(3, 1));
  fs::current_path(before);
}

TEST(AtomicFile, NamesMayBeAsLongAsTheFileSystemTakes) {
  const std::string folder = FreshFolder();
  for (const size_t length : {200, 201, 240, 255}) {
    const std::string path = folder + "/" + std::string(length, 'n');
    EXPECT_EQ(Failure(path, Filled(3, 1)), "") << length;
    EXPECT_EQ(Content(path), Filled(3, 1));
  }
  EXPECT_EQ(Files(folder), 4u);
  // A writer that is killed before the renaming.
  const std::string path = folder + "/" + std::string(250, 'n');
  FileCalls calls;
  std::string left;
  calls.rename = [&](const char* from, const char*) {
    left = from;
    return 0;
  };
  EXPECT_EQ(Failure(path, Filled(3, 1), calls), "");
  EXPECT_TRUE(fs::exists(left));
  const std::string name = fs::path(left).filename().string();
  const std::string file = name.substr(0, name.rfind(".tmp"));
  RemoveTemporaryFiles(folder, std::array<std::string_view, 1>{file});
  EXPECT_TRUE(fs::exists(left));
  RemoveTemporaryFiles(folder);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_EQ(Files(folder), 4u);
}

TEST(AtomicFile, NoFolder) {
  EXPECT_EQ(Failure("/nowhere/x", {}), "cannot write /nowhere/x: No such file or directory");
}

// Every single call of every kind fails once: 11 writes, 2 opens (folder, file), 2 flushes (file,
// folder) and the renaming.
// A file in the place of /dev/full or of a pipe would surprise whoever uses it next.
TEST(AtomicFile, WhatIsNoRegularFileIsNotReplaced) {
  const std::string folder = FreshFolder();
  const std::string pipe = folder + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, folder}) {
    EXPECT_EQ(Failure(path, Filled(3, 1)), "cannot write " + path + ": it is not a regular file");
  }
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_EQ(Files(folder), 1u);
}

TEST(AtomicFile, EveryFailingCallLeavesTheOldFile) {
  const std::string folder = FreshFolder();
  const std::string path = folder + "/checkpoint";
  const auto expect_calls = [&](const std::string& kind, int count) {
    for (int k = 1; k <= count + 1; ++k) {
      WriteFileAtomically(path, Filled(5000, 1));
      Faults faults(kind, k, EIO);
      const std::string failure = Failure(path, Filled(10'001, 2), faults.calls);
      EXPECT_EQ(faults.failed(), k <= count) << kind << k;
      EXPECT_EQ(failure.empty(), k > count) << kind << k;
      const bool last_flush = kind == "fsync" && k == 2;
      if (k <= count && !last_flush) {
        EXPECT_EQ(failure, "cannot write " + path + ": Input/output error");
        EXPECT_EQ(Content(path), Filled(5000, 1)) << kind << k;
      } else {
        EXPECT_EQ(Content(path), Filled(10'001, 2)) << kind << k;
      }
      if (last_flush) {
        EXPECT_EQ(failure, path +
                               " is written, but may be lost in a crash: its folder cannot be "
                               "flushed: Input/output error");
      }
      EXPECT_EQ(Files(folder), 1u) << kind << k;
    }
  };
  expect_calls("open", 2);
  expect_calls("write", 11);
  expect_calls("fsync", 2);
  expect_calls("rename", 1);
}

TEST(AtomicFile, FailuresThatAreNone) {
  const std::string path = FreshFolder() + "/checkpoint";
  Faults interrupted_write("write", 2, EINTR);
  EXPECT_EQ(Failure(path, Filled(5000, 1), interrupted_write.calls), "");
  Faults interrupted_flush("fsync", 1, EINTR);
  EXPECT_EQ(Failure(path, Filled(5000, 2), interrupted_flush.calls), "");
  Faults folder_cannot_be_flushed("fsync", 2, EINVAL);
  EXPECT_EQ(Failure(path, Filled(5000, 3), folder_cannot_be_flushed.calls), "");
  EXPECT_EQ(Content(path), Filled(5000, 3));
  Faults nothing_written("write", 3, 0);
  EXPECT_EQ(Failure(path, Filled(5000, 4), nothing_written.calls),
            "cannot write " + path + ": No space left on device");
  EXPECT_EQ(Content(path), Filled(5000, 3));
}

// A limit on the size of files is a disk that is full after so many bytes.
TEST(AtomicFile, FullDiskAtEveryPage) {
  const std::string folder = FreshFolder();
  const std::string path = folder + "/checkpoint";
  WriteFileAtomically(path, Filled(5000, 1));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  for (size_t size = 0; size < 100 * 1024; size += kPage) {
    const rlimit full = {size, limit.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
    const std::string failure = Failure(path, Filled(100 * 1024, 2));
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_EQ(failure, "cannot write " + path + ": File too large") << size;
    EXPECT_EQ(Content(path), Filled(5000, 1)) << size;
    EXPECT_EQ(Files(folder), 1u) << size;
  }
  EXPECT_EQ(Failure(path, Filled(100 * 1024, 2)), "");
  EXPECT_EQ(Content(path), Filled(100 * 1024, 2));
}

// Writes files of ever other sizes and contents until it is killed.
[[noreturn]] void WriteForEver(const std::string& path) {
  for (uint8_t value = 0;; ++value) WriteFileAtomically(path, Filled(1000 + 100 * value, value));
}

TEST(AtomicFile, KilledWritersLeaveAWholeFile) {
  const std::string folder = FreshFolder();
  const std::string path = folder + "/checkpoint";
  WriteFileAtomically(path, Filled(1000, 0));
  for (int kill_number = 0; kill_number < 200; ++kill_number) {
    const pid_t writer = fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) WriteForEver(path);
    usleep(static_cast<useconds_t>(kill_number * 37 % 3000));
    ASSERT_EQ(kill(writer, SIGKILL), 0);
    ASSERT_EQ(waitpid(writer, nullptr, 0), writer);
    const std::vector<uint8_t> content = Content(path);
    ASSERT_FALSE(content.empty());
    ASSERT_EQ(content, Filled(1000 + 100 * content[0], content[0]));
  }
  RemoveTemporaryFiles(folder);
  EXPECT_EQ(Files(folder), 1u);
}

TEST(AtomicFile, LeftoversOfKilledWriters) {
  const std::string folder = FreshFolder();
  const std::string path = folder + "/checkpoint";
  const std::string process = std::to_string(getpid());
  const std::string suffixes[] = {".tmp" + process + ".0", ".tmp123.45", ".tmp", ".tmpx", "2"};
  for (const std::string& suffix : suffixes) {
    Put(path + suffix, {});
  }
  EXPECT_EQ(Failure(path, Filled(3, 1)), "");
  EXPECT_EQ(Files(folder), 6u);
  RemoveTemporaryFiles(folder);
  EXPECT_EQ(Files(folder), 4u);
  EXPECT_FALSE(fs::exists(path + ".tmp123.45"));
  EXPECT_EQ(Content(path), Filled(3, 1));
  RemoveTemporaryFiles("/nowhere");
}

TEST(AtomicFile, LeftoversOfAWholeFolder) {
  const std::string folder = FreshFolder() + "/";
  const std::vector<std::string> stay = {"a.json",  "page.tmp3.0", "b.tmp",   "b.tmp7",
                                         ".tmp1.0", "tmp1.0",      "b.tmpx.0"};
  for (const std::string& name : stay) Put(folder + name, {});
  for (const char* name : {"a.json.tmp3.0", "c.tmp12345.17"}) Put(folder + name, {});
  RemoveTemporaryFiles(folder, std::array<std::string_view, 1>{"page"});
  EXPECT_EQ(Files(folder), stay.size());
  for (const std::string& name : stay) EXPECT_TRUE(fs::exists(folder + name)) << name;
  RemoveTemporaryFiles("/nowhere", {});
}

}  // namespace
}  // namespace nabla
