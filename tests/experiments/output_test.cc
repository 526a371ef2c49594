// Standard output on a full disk, closed, or without a reader; and what a terminal is shown.
#include "framework/terminal/output.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

class OutputTest : public testing::Test {
 protected:
  OutputTest() { program_.Write("small.yaml", kSmallExperiment); }

  // Runs the program by a shell in its folder: `words`, and what becomes of its streams. Standard
  // error goes to the file "said" unless that says otherwise.
  int Shell(const std::string& words, const std::string& streams) {
    const std::string runfiles = std::getenv("TEST_SRCDIR");
    const std::string command = "cd " + program_.folder() +
                                " && export HOME=. RUNFILES_DIR=" + runfiles +
                                " && exec bash -c 'set -o pipefail; " + runfiles +
                                "/nabla/experiments/run " + words + " 2>said " + streams + "'";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  std::string Said() const { return program_.Read("said"); }

  Program program_;
};

constexpr const char* kOutputCommands[] = {
    "--help",
    "list",
    "describe relu",
    "schema",
    "completion bash",
    "run small.yaml --print-config",
    "runs",
    "runs --json",
    "diff runs/a runs/a",
    "report runs/a",
    "export runs/a --format npz",
    "predict runs/a rows.csv",
    "time small.yaml --json",
    "import net.py",
};

TEST_F(OutputTest, CommandsWhoseOutputIsIncompleteFail) {
  ASSERT_EQ(program_.Run({"small.yaml", "--out", "runs/a"}).code, 0);
  std::string row = "0";
  for (int i = 1; i < 784; ++i) row += ",7";
  program_.Write("rows.csv", row + "\n");
  program_.Write("net.py", "lr = 0.1\n");
  for (const std::string command : kOutputCommands) {
    EXPECT_EQ(Shell(command, ">/dev/full"), 1) << command;
    EXPECT_EQ(Said(), "error: cannot write the output: No space left on device\n") << command;
    EXPECT_EQ(Shell(command, ">&-"), 1) << command;
    EXPECT_TRUE(Said().starts_with("error: cannot write the output: ")) << command << Said();
    EXPECT_EQ(Shell(command, "| true"), 0) << command;
    EXPECT_EQ(Said(), "") << command;
  }
}

TEST_F(OutputTest, TrainingsEndAsTheyWould) {
  const std::string train = "small.yaml train.epochs=3 --out ";
  ASSERT_EQ(Shell(train + "good", ">/dev/null"), 0);
  const char* const streams[] = {"| true", ">&-", ">/dev/full", ">&- 2>&-",
                                 ">/dev/full 2>/dev/full"};
  int n = 0;
  for (const std::string how : streams) {
    const std::string out = "out" + std::to_string(++n);
    EXPECT_EQ(Shell(train + out, how), 0) << how << Said();
    EXPECT_EQ(program_.Read(out + "/config.yaml"), program_.Read("good/config.yaml")) << how;
    EXPECT_TRUE(Contains(program_.Read(out + "/summary.json"), "\"complete\"")) << how;
    EXPECT_TRUE(program_.Has(out + "/checkpoint.safetensors")) << how;
  }
  EXPECT_EQ(Shell("small.yaml optimizer.lr=0.1,0.2 --out many", "| true"), 0);
  EXPECT_TRUE(program_.Has("many/sweep.json"));
}

// With --quiet the folder's name is all that a script gets.
TEST_F(OutputTest, AFolderThatNobodyIsToldOfIsAFailure) {
  for (const std::string command :
       {"small.yaml --quiet --out a", "sweep small.yaml lr=0.1,0.2 --quiet --out b"}) {
    EXPECT_EQ(Shell(command, ">/dev/full"), 1) << command;
    EXPECT_EQ(Said(), "error: cannot write the output: No space left on device\n") << command;
    EXPECT_EQ(Shell(command + "2", "| true"), 0) << command;
  }
  EXPECT_TRUE(program_.Has("a/summary.json"));
}

// Errors too, with their own exit code.
TEST_F(OutputTest, ErrorsThatNobodyCanReadKeepTheirCode) {
  for (const std::string streams : {">&- 2>&-", ">/dev/full 2>/dev/full", "2>/dev/full"}) {
    EXPECT_EQ(Shell("absent.yaml", streams), 2) << streams;
  }
}

TEST(PlainTextTest, ShowsWhatWouldSteerATerminal) {
  EXPECT_EQ(PlainText("plain\ttext\n ± – 数"), "plain\ttext\n ± – 数");
  EXPECT_EQ(PlainText("\x1b[31mred\x1b]0;title\a"), "\\x1b[31mred\\x1b]0;title\\x07");
  EXPECT_EQ(PlainText("a\rb\bc\x7f"), "a\\x0db\\x08c\\x7f");
  EXPECT_EQ(PlainText("\xc2\x9b"
                      "31m"),
            "\\x9b31m");
  EXPECT_EQ(PlainText("\xe2\x80\xae"
                      "txt"),
            "\\u202etxt");
  EXPECT_EQ(PlainText("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(PlainText(std::string_view("\0", 1)), "\\x00");
}

}  // namespace
}  // namespace nabla
