// The tutorial's commands give the verdicts that it shows.
#include <gtest/gtest.h>

#include <cstdlib>

#include "framework/config/node.h"
#include "tests/docs/pages.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

// The most runs that a verdict rests on; under a sanitizer each takes half a minute.
#ifdef NABLA_SANITIZED
const std::string kSeeds = "5";
#else
const std::string kSeeds = "199";
#endif

// What the tutorial's notebook says of itself, and its seed.
constexpr const char* kBeforeNotebook = R"(
import gzip, os
import numpy as np

def read(name, skip):
    with gzip.open(os.path.join(os.environ['NABLA_DATA'], 'mnist', name + '.gz')) as file:
        return np.frombuffer(file.read(), np.uint8, offset=skip)

X = read('train-images-idx3-ubyte', 16).reshape(-1, 784) / 255
T = np.eye(10)[read('train-labels-idx1-ubyte', 8)]
Xt = read('t10k-images-idx3-ubyte', 16).reshape(-1, 784) / 255
yt = read('t10k-labels-idx1-ubyte', 8)
np.random.seed(0)
)";

class Tutorial : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("NABLA_DATA");
    if (data == nullptr || *data != '/') {
      GTEST_SKIP() << "NABLA_DATA names no folder (it must be absolute): no real MNIST";
    }
    program.environment["NABLA_DATA"] = data;
    page = ReadPage(Sources() / "docs/tutorial.md");
    blocks = Blocks(page, "yaml");
    ASSERT_EQ(blocks.size(), 2U);
    program.Write("my_notebook.yaml", blocks[0]);
  }

  std::string Reproduce(const Words& more) {
    Words words = {"reproduce", "my_notebook.yaml", "--offline"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = program.Run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  }

  Program program;
  std::string page;
  std::vector<std::string> blocks;
};

TEST_F(Tutorial, TranscriptionIsReproduced) {
  const std::string said = Reproduce({"--no-power", "--seeds", kSeeds});
  EXPECT_TRUE(Contains(said, "verdict: reproduced: ")) << said;
}

TEST_F(Tutorial, SlipsAreNot) {
  const std::string verdict = "verdict: farther out than all of 10 runs, p < 0.1;";
  const std::string loss = Reproduce({"loss=mse", "--seeds", "10", "--no-power"});
  EXPECT_TRUE(Contains(loss, verdict)) << loss;
  const std::string weights = Reproduce(
      {"model.0.weight.scale=0.01", "model.2.weight.scale=0.01", "--seeds", "10", "--no-power"});
  EXPECT_TRUE(Contains(weights, verdict)) << weights;
}

TEST_F(Tutorial, KnownSeedGivesTheDigits) {
  Node tree = ParseYaml(blocks[0], "tutorial.md");
  for (const Node::Entry& entry : ParseYaml(blocks[1], "tutorial.md").entries) {
    tree.Set(entry.key, entry.value);
  }
  program.Write("my_notebook.yaml", PrintYaml(tree));
  const std::string said = Reproduce({});
  EXPECT_TRUE(Contains(said, "verdict: reproduced exactly: 5 of 5 values")) << said;
}

// The notebook itself, run by Debian's Python.
TEST_F(Tutorial, NotebookPrintsTheseDigits) {
  const std::string python = "OPENBLAS_NUM_THREADS=1 /usr/bin/python3 ";
  if (std::system((python + "-c 'import numpy'").c_str()) != 0) {
    GTEST_SKIP() << "python3-numpy is not installed";
  }
  program.Write("notebook.py", kBeforeNotebook + Blocks(page, "python").at(0));
  const std::string command =
      python + program.Path("notebook.py") + " > " + program.Path("printed");
  ASSERT_EQ(std::system(command.c_str()), 0);
  const std::string printed = program.Read("printed");
  const Node tree = ParseYaml(blocks[1], "tutorial.md");
  const Node& losses = *tree.Find("reference")->items.at(0).Find("printed");
  for (const Node& loss : losses.items) {
    EXPECT_TRUE(Contains(printed, "loss " + loss.text + ",")) << printed;
  }
  EXPECT_EQ(losses.items.size(), 5U);
}

}  // namespace
}  // namespace nabla
