// Files that are no good experiment: the program says where and why, within 100 MB and without
// hanging, and trains nothing. What it must say stands in broken/expected.txt, a line a file.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// Seconds of the processor after which a program hangs. It is no bound on its speed.
constexpr rlim_t kHangs = 60;
#ifndef NABLA_SANITIZED
constexpr rlim_t kMostMemory = 128 << 20;
#endif

fs::path Folder() { return fs::path(std::getenv("TEST_SRCDIR")) / "nabla/tests/config/broken"; }

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The beginning of what the program must say, by file.
std::map<std::string, std::string> Expected() {
  std::map<std::string, std::string> expected;
  std::ifstream in(Folder() / "expected.txt");
  for (std::string name, line; in >> name && std::getline(in >> std::ws, line);) {
    expected[name] = line;
  }
  return expected;
}

// Lowers a limit that programs inherit, and returns what it was.
rlimit Limit(int resource, rlim_t most) {
  rlimit before;
  EXPECT_EQ(getrlimit(resource, &before), 0);
  rlimit lowered = before;
  lowered.rlim_cur = most;
  EXPECT_EQ(setrlimit(resource, &lowered), 0);
  return before;
}

class Broken : public testing::Test {
 protected:
  // The test itself computes longer than one program may: each has its own sum of seconds.
  // Sanitizers reserve terabytes.
  static void SetUpTestSuite() {
    seconds_ = Limit(RLIMIT_CPU, kHangs);
#ifndef NABLA_SANITIZED
    memory_ = Limit(RLIMIT_AS, kMostMemory);
#endif
  }
  static void TearDownTestSuite() {
    setrlimit(RLIMIT_CPU, &seconds_);
#ifndef NABLA_SANITIZED
    setrlimit(RLIMIT_AS, &memory_);
#endif
  }

  // Runs the file and returns the first line of its complaint.
  std::string Complaint(const std::string& name, const std::string& text) {
    program_.Write(name, text);
    Words words = {name, "--offline", "--threads", "1"};
    if (name.starts_with("sweep_")) words.insert(words.begin(), "sweep");
    const Outcome outcome = program_.Run(words);
    EXPECT_EQ(outcome.code, 2) << name << "\n" << outcome.err;
    EXPECT_FALSE(Contains(outcome.out, "epoch ")) << name << "\n" << outcome.out;
    EXPECT_FALSE(program_.Has("runs")) << name;
    fs::remove(program_.Path(name));
    // What looks wrong with the rows is said before the mistake that they show.
    size_t begin = 0;
    while (outcome.err.compare(begin, 9, "warning: ") == 0) {
      begin = outcome.err.find('\n', begin) + 1;
    }
    return outcome.err.substr(begin, outcome.err.find('\n', begin) - begin);
  }

 private:
  inline static rlimit seconds_;
#ifndef NABLA_SANITIZED
  inline static rlimit memory_;
#endif
  Program program_;
};

TEST_F(Broken, EveryFileIsRefusedWithItsPlace) {
  const std::regex placed(R"(^(\S+\.yaml:[1-9]\d*:[1-9]\d*: )?error: \S.*)");
  std::map<std::string, std::string> expected = Expected();
  size_t files = 0;
  for (const auto& file : fs::directory_iterator(Folder())) {
    const std::string name = file.path().filename();
    if (name == "expected.txt") continue;
    ++files;
    const std::string complaint = Complaint(name, Read(file.path()));
    const auto said = expected.extract(name);
    ASSERT_FALSE(said.empty()) << name << " is not in expected.txt; it is answered with\n"
                               << complaint;
    EXPECT_TRUE(complaint.starts_with(name + ":" + said.mapped()))
        << name << "\nsaid:     " << complaint << "\nexpected: " << said.mapped();
    std::smatch match;
    EXPECT_TRUE(std::regex_match(complaint, match, placed)) << complaint;
    EXPECT_TRUE(match[1].matched) << complaint;
  }
  EXPECT_GE(files, 200U);
  for (const auto& [name, line] : expected) ADD_FAILURE() << name << " has no file";
}

std::string Repeated(const std::string& text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST_F(Broken, LargeFilesAreRefused) {
  const auto refuse = [this](const std::string& name, const std::string& text,
                             const std::string& begin) {
    const std::string complaint = Complaint(name, text);
    EXPECT_TRUE(complaint.starts_with(name + ":" + begin)) << complaint;
  };
  constexpr size_t kMiB = 1 << 20;
  const std::string small = kSmallExperiment;
  const std::string large = "error: larger than 1 MiB";
  const std::string many = "error: more than 60000 keys and values";
  refuse("large.yaml", small + "#" + std::string(kMiB - small.size(), 'x'), "1:1: " + large);
  refuse("open.yaml", std::string(100000, '['), "1:1: error: a key must be a name");
  refuse("deep.yaml", "a: " + std::string(100000, '[') + std::string(100000, ']'),
         "1:35: error: nested deeper than 32 levels");
  refuse("alike.yaml", small + Repeated("seeds: 1\n", 50000),
         "11:1: error: duplicate key \"seeds\"");
  refuse("ones.yaml", "model: [" + Repeated("1,", 500000) + "1]\n", "1:120003: " + many);
  refuse("relus.yaml", "model: [" + Repeated("relu,", 59990) + "relu]\n",
         "1:1: error: \"name\" is missing");
  refuse("layers.yaml", "model:\n" + Repeated("- rleu\n", 50000),
         "2:3: error: unknown layer \"rleu\"");
}

}  // namespace
}  // namespace nabla
