#include "framework/config/edit_text.h"

#include <gtest/gtest.h>

#include <string>

#include "framework/base/error.h"
#include "framework/config/override.h"

namespace nabla {
namespace {

constexpr const char* kFile = R"(# A comment.
name: net  # the name
dataset: {name: mnist, scale: 255}  # pixels
model:
  - {name: linear, units: 12}
  - relu
  - name: linear
    units: 10  # classes
loss: "mse"
train:
  batch_size: 30
  epochs: 2
)";

// The edited file, which must say what SetAtPath makes of the tree.
std::string Edited(const std::string& path, const std::string& value) {
  const Node wanted = ParseYamlValue(value, "test");
  Node tree = ParseYaml(kFile, "test");
  SetAtPath(tree, path, wanted);
  const std::string text = WithValueAt(kFile, path, wanted);
  EXPECT_TRUE(SameYaml(text, tree)) << text;
  EXPECT_NE(text.find("# A comment.\n"), std::string::npos);
  return text;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(EditTextTest, ReplacesValues) {
  EXPECT_TRUE(Has(Edited("name", "other"), "name: other  # the name\n"));
  EXPECT_TRUE(Has(Edited("dataset.scale", "1"), "{name: mnist, scale: 1}  # pixels\n"));
  EXPECT_TRUE(Has(Edited("dataset", "xor"), "dataset: xor  # pixels\n"));
  EXPECT_TRUE(Has(Edited("model.1", "tanh"), "  - tanh\n"));
  EXPECT_TRUE(Has(Edited("model.2.units", "11"), "    units: 11  # classes\n"));
  EXPECT_TRUE(Has(Edited("train.epochs", "80"), "  epochs: 80\n"));
}

TEST(EditTextTest, AddsKeys) {
  EXPECT_TRUE(Has(Edited("dataset.mean", "0.5"), "{name: mnist, scale: 255, mean: 0.5}  # pix"));
  EXPECT_TRUE(Has(Edited("model.0.weight", "{name: normal, std: 0.1}"),
                  "units: 12, weight: {name: normal, std: 0.1}}"));
  EXPECT_TRUE(
      Has(Edited("model.2.bias", "false"), "- name: linear\n    bias: false\n    units: 10"));
  EXPECT_TRUE(
      Has(Edited("train.shuffle", "false"), "  batch_size: 30\n  shuffle: false\n  epochs: 2\n"));
  EXPECT_TRUE(Edited("evaluate.split", "both").ends_with("\nevaluate: {split: both}\n"));
  EXPECT_TRUE(Edited("seed", "3").ends_with("\nseed: 3\n"));
}

TEST(EditTextTest, GivesABareNameItsParameters) {
  EXPECT_TRUE(Has(Edited("model.1.slope", "2"), "  - {name: relu, slope: 2}\n"));
}

TEST(EditTextTest, ChangesNothingThatItCannotChange) {
  const Node list = ParseYamlValue("[relu]", "test");
  EXPECT_EQ(WithValueAt(kFile, "model", list), kFile) << "a value of several lines";
  EXPECT_EQ(WithValueAt(kFile, "model.7.units", list), kFile) << "no such layer";
  EXPECT_EQ(WithValueAt(kFile, "loss.reduction", Node::Scalar("sum")), kFile) << "in quotes";
  EXPECT_THROW(WithValueAt("{", "a", list), InputError);
  EXPECT_FALSE(SameYaml("a: 1\n", ParseYaml("a: 2\n", "test")));
}

TEST(EditTextTest, WritesOnOneLine) {
  const std::string text = "{a: [1, 2], b: {c: \"x: y\"}, d: null}";
  EXPECT_EQ(InlineYaml(ParseYamlValue(text, "test")), text);
}

}  // namespace
}  // namespace nabla
