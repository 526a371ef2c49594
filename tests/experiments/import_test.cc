// `run import`.
#include <gtest/gtest.h>

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
  EXPECT_EQ(program.Run({"import", "a.ipynb"}).code, 2);
  EXPECT_EQ(program.Run({"import", "none.ipynb"}).code, 2);
  EXPECT_EQ(program.Run({"import", "."}).code, 2);
}

}  // namespace
}  // namespace nabla
