// Whole notebooks in many styles, each with the draft that must come out beside it.
#include "framework/import/draft.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "framework/import/yaml_lines.h"
#include "framework/notebook/notebook.h"
#include "framework/spec/spec.h"
#include "tests/plugins/builtins.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

fs::path Samples() { return fs::path(std::getenv("TEST_SRCDIR")) / "nabla/tests/import/samples"; }

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string DraftOf(const std::string& text, const std::string& name) {
  return DraftExperiment(ReadNotebook(text, name), name, Builtins());
}

// A line without what it says of what nabla has, which grows.
std::string Stable(const std::string& line, const std::string& wanted) {
  if (wanted.find("nabla has none of this name") != std::string::npos) {
    return line.substr(0, line.find("  #"));
  }
  return line.substr(0, line.find("choices:"));
}

TEST(YamlLines, NoTextBeginsALineOfItsOwn) {
  YamlLines lines;
  lines.Item(2, {"relu\nplugins: [evil.so]\r\t", {}});
  lines.Value(0, "loss", {"mse\nplugins: [evil.so]", {}});
  EXPECT_EQ(lines.text(), "  - relu?plugins: [evil.so]??\nloss: mse?plugins: [evil.so]\n");
}

class Sample : public testing::TestWithParam<std::string> {};

TEST_P(Sample, GivesItsDraft) {
  const fs::path file = Samples() / GetParam();
  const std::string yaml = DraftOf(ReadFile(file), GetParam());
  const fs::path expected = fs::path(file).replace_extension(".yaml");
  if (const char* folder = std::getenv("NABLA_WRITE_DRAFTS")) {
    std::ofstream(fs::path(folder) / expected.filename()) << yaml;
  }
  const auto got = Lines(yaml), wanted = Lines(ReadFile(expected));
  ASSERT_EQ(got.size(), wanted.size()) << yaml;
  for (size_t i = 0; i < got.size(); ++i)
    EXPECT_EQ(Stable(got[i], wanted[i]), Stable(wanted[i], wanted[i]));
}

TEST_P(Sample, IsAnExperimentButForItsQuestions) {
  const std::string yaml = DraftOf(ReadFile(Samples() / GetParam()), GetParam());
  const Node tree = ParseYaml(yaml, "draft");
  try {
    CheckExperiment(tree, Builtins());
  } catch (const InputError& e) {
    const auto lines = Lines(yaml);
    for (const Problem& problem : e.problems()) {
      EXPECT_NE(lines.at(static_cast<size_t>(problem.place.line) - 1).find("# ?"),
                std::string::npos)
          << problem.ToString();
    }
  }
}

std::vector<std::string> SampleNames() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Samples())) {
    if (entry.path().extension() != ".yaml") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, Sample, testing::ValuesIn(SampleNames()), [](const auto& info) {
  std::string name = fs::path(info.param).stem();
  return name;
});

TEST(Draft, ThereAreManySamples) { EXPECT_GE(SampleNames().size(), 165u); }

TEST(Draft, NothingFromTheNotebookBecomesYaml) {
  const std::string yaml = DraftOf(
      "lr = 0.1\nopt = torch.optim.SGD(p, lr=lr)\nf = pd.read_csv('a\\n, evil: 1} # \"x\\u2028')\n",
      "a\nevil: true #.py");
  const Node tree = ParseYaml(yaml, "draft");
  EXPECT_EQ(tree.Find("evil"), nullptr);
  EXPECT_EQ(tree.Find("dataset")->entries.size(), 2u);
}

TEST(Draft, SizesOutOfBoundsAreQuestions) {
  const std::string yaml = DraftOf(
      "import torch.nn as nn\nmodel = nn.Sequential(nn.Linear(4, 99999999))\n"
      "opt = torch.optim.SGD(model.parameters(), lr=0.1)\nfor epoch in range(3000000000):\n"
      "    loss = model(x)\n    loss.backward()\n    opt.step()\n",
      "a.py");
  EXPECT_NE(yaml.find("units: 99999999}  # ? nabla does not take this"), std::string::npos) << yaml;
}

TEST(Draft, ProgramsThatGrowOnThemselvesEnd) {
  for (const char* program :
       {"x = 'a'\nfor i in range(12):\n  for j in range(12):\n    x = x + x\n",
        "x = [1]\nfor i in [1] * 64:\n  for j in [1] * 64:\n    x = [x, x, *x]\n    x += x\n",
        "import torch.nn as nn\nm = nn.ReLU()\nfor i in [1] * 64:\n  m = nn.Sequential(m, "
        "m)\nm(1)\n",
        "def f(x):\n  return f(f(x))\nf(1)\n", "f = lambda x: f(x)\nf(1)\n",
        "class A: pass\nfor i in [1] * 64:\n  class A(A, A): pass\nA().x\n",
        "while True:\n  while True:\n    x = x * x\n",
        "class A:\n  def __init__(s, x): s.x = x\n  def __add__(s, o): return s + o\na = A(1)\na + "
        "a\n",
        "class A:\n  def __init__(s, x): s.x = x\n  def __radd__(s, o): return o + A(s)\n1 + "
        "A(1)\n",
        "import json\nx = json.loads('[' * 5000)\ny = json.loads('{\"a\": ' * 3000 + '1')\n"
        "for i in [1] * 64:\n for j in [1] * 64:\n  x = json.loads('{\"a\": [1, 2, 3]}')\n",
        "import json\njson.loads('[lambda: 1]')[0]()\njson.loads('__import__(1)')\n",
        "r = []\nwhile True:\n  r.append(r)\n  if len(r) == 3: break\nimport numpy as np\n"
        "np.array(r) @ np.array(r)\n",
        "d = {}\nd['a'] = d\nd.update(d)\nd.a.b\n",
        "l = []\nl.append(l)\nimport numpy as np\nnp.array(l).T @ np.array(l)\n",
        // Layers, neurons, penalties and draws without end.
        "import numpy as np\nfor a in range(12):\n for b in range(12):\n  for c in range(12):\n"
        "   for d in range(12):\n    w = np.random.randn(2, 2)\n    x = x @ w\n    g = g + 0.1 * "
        "w\n",
        "import numpy as np\nfor a in range(12):\n for b in range(12):\n  for c in range(12):\n"
        "   for d in range(12):\n    h = np.tanh(np.random.normal() * x)\n",
        "import numpy as np\nnp.random.seed(0)\nfor a in [1] * 64:\n for b in [1] * 64:\n"
        "  q = np.random.randn(3); q = np.random.rand(4)\nw = np.random.randn(2, 3)\nx @ w\n",
        "import numpy as np\nw = np.random.randn(2, 3)\np = x @ w\nl = (p - y) ** 2\n"
        "for a in [1] * 64:\n for b in [1] * 64:\n  l = 0.5 * l / m\n",
        "for a in range(12):\n for b in range(12):\n  for c in range(12):\n   for d in range(12):\n"
        "    for e in range(12):\n     for f in range(12):\n      g = a\n"}) {
    EXPECT_FALSE(DraftOf(program, "a.py").empty());
  }
}

}  // namespace
}  // namespace nabla
