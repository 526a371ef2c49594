// The tutorial's commands give the verdicts that it shows.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

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
    page = Part(ReadPage(Sources() / "docs/tutorial.md"), "## By hand");
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

const std::string kPython = "OPENBLAS_NUM_THREADS=1 /usr/bin/python3 ";

bool HasPython(const std::string& modules) {
  return std::system((kPython + "-c 'import " + modules + "'").c_str()) == 0;
}

// The notebook itself, run by Debian's Python.
TEST_F(Tutorial, NotebookPrintsTheseDigits) {
  if (!HasPython("numpy")) GTEST_SKIP() << "python3-numpy is not installed";
  program.Write("notebook.py", kBeforeNotebook + Blocks(page, "python").at(0));
  const std::string command =
      kPython + program.Path("notebook.py") + " > " + program.Path("printed");
  ASSERT_EQ(std::system(command.c_str()), 0);
  const std::string printed = program.Read("printed");
  const Node tree = ParseYaml(blocks[1], "tutorial.md");
  const Node& losses = *tree.Find("reference")->items.at(0).Find("printed");
  for (const Node& loss : losses.items) {
    EXPECT_TRUE(Contains(printed, "loss " + loss.text + ",")) << printed;
  }
  EXPECT_EQ(losses.items.size(), 5U);
}

// The part with commands that do the work, on the notebook that lies beside the page.
class TheWholeWay : public testing::Test {
 protected:
  void SetUp() override {
    page = Part(ReadPage(Sources() / "docs/tutorial.md"), "## The whole way");
    notebook = ReadPage(Sources() / "docs/flowers.ipynb");
    std::filesystem::create_directory(program.Path("docs"));
    program.Write("docs/flowers.ipynb", notebook);
  }

  // The next command of the page, as it stands there.
  std::string Follow() {
    const std::string start = "bazel run //experiments:run -- ";
    const std::vector<std::string> commands = Blocks(page, "sh");
    std::istringstream words(commands.at(followed++).substr(start.size()));
    Words arguments;
    for (std::string word; words >> word;) arguments.push_back(word);
    const Outcome outcome = program.Run(arguments);
    EXPECT_EQ(outcome.code, 0) << arguments[0] << outcome.err;
    return outcome.out;
  }

  Program program;
  std::string page;
  std::string notebook;
  size_t followed = 0;
};

TEST_F(TheWholeWay, EndsInTheVerdict) {
  const std::vector<std::string> shown = Blocks(page, "yaml");
  Follow();
  EXPECT_EQ(program.Read("flowers.yaml"), shown.at(0));
  size_t questions = 0;
  for (size_t at = 0; (at = shown[0].find("  # ? ", at)) != std::string::npos; ++at) ++questions;
  EXPECT_EQ(questions, 2U);
  Node tree = ParseYaml(shown[0], "flowers.yaml");
  for (const Node::Entry& answer : ParseYaml(shown.at(1), "answers").entries) {
    tree.Set(answer.key, answer.value);
  }
  program.Write("flowers.yaml", PrintYaml(tree));
  EXPECT_EQ(program.Run({"flowers.yaml", "--print-config"}).code, 0);
  const std::string written = Follow();
  EXPECT_TRUE(Contains(written, "verdict: not reproduced: farther out than all of 199 runs"))
      << written;
#ifdef NABLA_SANITIZED
  GTEST_SKIP() << "a search of 20 s is too short under a sanitizer";
#endif
  const std::string found = Follow();
  EXPECT_TRUE(Contains(found, "fits: the printed epochs are 10 later (p = ")) << found;
  const std::string held = Follow();
  EXPECT_TRUE(Contains(held, "verdict: reproduced: 189 of 199 runs")) << held;
  EXPECT_EQ(followed, Blocks(page, "sh").size());
}

// What the notebook hides: its training cell ran twice.
constexpr const char* kRunTwice = R"(
import contextlib, io, json
import numpy as np
from sklearn.datasets import load_iris

iris = load_iris()
np.savetxt('flowers.csv', np.column_stack([iris.data, iris.target]), delimiter=',')
np.random.seed(4)
cells = [c for c in json.load(open('docs/flowers.ipynb'))['cells'] if c['cell_type'] == 'code']
for cell in cells + cells[-1:]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(''.join(cell['source']))
assert out.getvalue() == ''.join(cells[-1]['outputs'][0]['text']), out.getvalue()
)";

TEST_F(TheWholeWay, BeginsWithWhatPythonPrints) {
  if (!HasPython("numpy, sklearn")) GTEST_SKIP() << "python3-sklearn is not installed";
  program.Write("course.py", "lr = 1.0\n");
  program.Write("twice.py", kRunTwice);
  const std::string command = "cd " + program.folder() + " && " + kPython + "twice.py";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace nabla
