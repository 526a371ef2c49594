// `run import`.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "framework/notebook/notebook.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

constexpr const char* kNotebook = R"(import numpy as np
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
np.random.seed(3)
W = np.random.randn(2, 4)
V = np.random.randn(4, 1)
for epoch in range(20):
    h = np.tanh(X @ W)
    o = 1 / (1 + np.exp(-h @ V))
    d = (o - y) * o * (1 - o)
    V -= 0.5 * h.T @ d
    W -= 0.5 * X.T @ (d @ V.T * (1 - h ** 2))
    if epoch % 10 == 0:
        print(epoch, ((o - y) ** 2).mean())
"""
0 0.31
10 0.27
19 0.25
"""
)";

TEST(ImportCommand, TheDraftRuns) {
  Program program;
  program.Write("xor.py", kNotebook);
  const Outcome shown = program.Run({"import", "xor.py"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  const Outcome written = program.Run({"import", "xor.py", "--out", "xor.yaml"});
  EXPECT_EQ(written.code, 0) << written.err;
  EXPECT_EQ(program.Read("xor.yaml"), shown.out);
  EXPECT_TRUE(Contains(written.out, "xor.yaml"));
  const Outcome config = program.Run({"xor.yaml", "--print-config"});
  EXPECT_EQ(config.code, 0) << config.err;
  EXPECT_TRUE(Contains(config.out, "epochs: 20")) << config.out;
  const Outcome run = program.Run({"xor.yaml", "--out", "runs/a", "--quiet"});
  EXPECT_EQ(run.code, 0) << run.err;
}

TEST(ImportCommand, NothingIsOverwritten) {
  Program program;
  program.Write("xor.py", kNotebook);
  program.Write("mine.yaml", "mine");
  const Outcome outcome = program.Run({"import", "xor.py", "--out", "mine.yaml"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.err, "mine.yaml: error: this file exists already")) << outcome.err;
  EXPECT_EQ(program.Read("mine.yaml"), "mine");
}

TEST(ImportCommand, WhatIsToBeAnsweredIsSaid) {
  Program program;
  program.Write("a.py", "lr = 0.1\n");
  const Outcome outcome = program.Run({"import", "a.py", "--out", "a.yaml"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "a.yaml:")) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "unknown dataset \"?\"")) << outcome.out;
}

TEST(ImportCommand, BadFilesAreRefused) {
  Program program;
  program.Write("a.ipynb", "{\"cells\": [");
  program.Write("empty.py", "");
  program.Write("huge.ipynb", "");
  std::filesystem::resize_file(program.Path("huge.ipynb"), kMostNotebookBytes + 1);
  const std::pair<const char*, const char*> kRefused[] = {
      {"a.ipynb", "a.ipynb:1:12: error: the JSON of this notebook ends too early\n"},
      {"none.ipynb", "none.ipynb: error: no such file\n"},
      {"empty.py", "empty.py: error: this notebook has no code and no outputs\n"},
      {"huge.ipynb", "huge.ipynb: error: expected at most 268435456 bytes, found 268435457\n"},
      {".", ": error: expected a regular file\n"}};
  for (const auto& [file, error] : kRefused) {
    const Outcome outcome = program.Run({"import", file, "--out", "out.yaml"});
    EXPECT_EQ(outcome.code, 2) << file;
    EXPECT_TRUE(outcome.err.ends_with(error)) << outcome.err;
    EXPECT_FALSE(program.Has("out.yaml")) << file;
  }
}

TEST(ImportCommand, AFullDiskLeavesNothing) {
  Program program;
  program.Write("xor.py", kNotebook);
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit full = {100, limit.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);  // writing fails instead, in the program too
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  const Outcome outcome = program.Run({"import", "xor.py", "--out", "xor.yaml"});
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_FALSE(program.Has("xor.yaml"));
}

}  // namespace
}  // namespace nabla
