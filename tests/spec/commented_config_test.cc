#include "framework/spec/commented_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <variant>

#include "framework/check/example_config.h"
#include "framework/plugin/registry.h"
#include "framework/training/training_run.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

Node Resolved(const Node& tree, const Registry& registry) {
  return std::visit([](const auto& spec) { return ResolvedConfig(spec); },
                    ParseAnyExperiment(tree, registry));
}

// Every line that begins with a key, but those of references, stands below a comment; so does the
// first line of a plugin in a list.
void ExpectComments(const std::string& text) {
  std::istringstream lines(text);
  std::string before;
  for (std::string line; std::getline(lines, line); before = line) {
    const size_t begin = line.find_first_not_of(' ');
    ASSERT_NE(begin, std::string::npos);
    if (line.compare(begin, 2, "# ") == 0) {
      EXPECT_GT(line.size(), begin + 2) << text;
      continue;
    }
    if (line.compare(begin, 3, "- {") == 0) continue;
    EXPECT_EQ(before.substr(0, begin + 2), std::string(begin, ' ') + "# ") << line;
  }
}

void ExpectSame(const Node& config, const Registry& registry, const std::string& name) {
  const std::string text = CommentedConfig(config, registry);
  EXPECT_EQ(PrintYaml(ParseYaml(text, name)), PrintYaml(config)) << text;
  EXPECT_EQ(PrintYaml(Resolved(ParseYaml(text, name), registry)), PrintYaml(config)) << text;
  ExpectComments(text);
}

class CommentedConfigTest : public testing::Test {
 protected:
  CommentedConfigTest() { RegisterBuiltins(registry_); }
  Registry registry_;
};

TEST_F(CommentedConfigTest, EveryBundledExperimentReadsBack) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator("experiments")) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::string name = entry.path().filename();
    ExpectSame(Resolved(ParseYaml(text, name), registry_), registry_, name);
    ++files;
  }
  EXPECT_GE(files, 10);
}

TEST_F(CommentedConfigTest, EveryPluginReadsBack) {
  for (const std::string& kind : Registry::Kinds()) {
    for (const std::string& name : registry_.Names(kind)) {
      Node tree = ParseYaml(
          "name: x\ndataset: mnist\nmodel: [{name: linear, units: 3}]\nloss: cross_entropy\n"
          "optimizer: sgd\n",
          "x");
      const Node config = ExampleConfig(registry_, kind, name);
      if (kind == "layer" || kind == "activation") tree.Set("model", Node::List({config}));
      if (kind == "metric") tree.Set("metrics", Node::List({config}));
      if (kind == "initializer") tree.Find("model")->items[0].Set("weight", config);
      if (tree.Find(kind) != nullptr || kind == "schedule") tree.Set(kind, config);
      ExpectSame(Resolved(tree, registry_), registry_, kind + "/" + name);
    }
  }
}

TEST_F(CommentedConfigTest, SaysWhatTheFieldsSay) {
  const Node tree = ParseYaml(
      "name: x\ndataset: mnist\nmodel: [{name: linear, units: 3}, relu]\n"
      "loss: cross_entropy\noptimizer: sgd\n",
      "x");
  const std::string text = CommentedConfig(Resolved(tree, registry_), registry_);
  for (const char* part :
       {"# determines every random number; 0 <= x <= 4294967295\nseed: 0\n",
        "# the number type of all computations; float32, float64\ndtype: float32\n",
        "  # rows per step, B; all rows if there are fewer; in rows; >= 1\n"
        "  batch_size: 32\n",
        "  - name: linear\n    # number of outputs O; 1 <= x <= 1048576\n    units: 3\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

}  // namespace
}  // namespace nabla
