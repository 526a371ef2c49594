#include <gtest/gtest.h>

#include <string>

#include "framework/config/node.h"
#include "tests/base/complaint.h"

namespace nabla {
namespace {

constexpr const char* kFile =
    "optimizer: {name: sgd, lr: 0.1}\n"
    "loss: cross_entropy\n"
    "model:\n"
    "  - {name: linear, units: 8}\n"
    "  - relu\n"
    "train: {epochs: 3}\n";

std::string After(const std::string& assignment) {
  Node root = ParseYaml(kFile, "x.yaml");
  ApplyOverride(root, assignment);
  return PrintYaml(root);
}

std::string Error(const std::string& assignment) {
  return ComplaintOf([&] { After(assignment); });
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Override, ReplacesAValue) {
  EXPECT_TRUE(Contains(After("optimizer.lr=0.5"), "optimizer:\n  name: sgd\n  lr: 0.5\n"));
  EXPECT_TRUE(Contains(After("optimizer=adam"), "optimizer: adam\n"));
  EXPECT_TRUE(Contains(After("optimizer={name: adam, lr: 1}"), "optimizer:\n  name: adam\n"));
}

TEST(Override, ReachesIntoLists) {
  EXPECT_TRUE(Contains(After("model.0.units=64"), "- {name: linear, units: 64}\n  - relu\n"));
  EXPECT_TRUE(Contains(After("model.1=sigmoid"), "units: 8}\n  - sigmoid\n"));
  EXPECT_TRUE(Contains(After("model=[relu]"), "model: [relu]\n"));
}

TEST(Override, MakesAMapOfABarePluginName) {
  EXPECT_TRUE(
      Contains(After("loss.epsilon=1e-12"), "loss:\n  name: cross_entropy\n  epsilon: 1e-12"));
  EXPECT_TRUE(Contains(After("model.1.slope=0.2"), "- {name: relu, slope: 0.2}\n"));
}

TEST(Override, MakesMissingSections) {
  EXPECT_TRUE(Contains(After("evaluate.every=2"), "evaluate:\n  every: 2\n"));
  EXPECT_TRUE(Contains(After("a.b.c=1"), "a:\n  b:\n    c: 1\n"));
  Node empty = ParseYaml("", "x.yaml");
  ApplyOverride(empty, "a.b=1");
  EXPECT_EQ(PrintYaml(empty), "a:\n  b: 1\n");
}

TEST(Override, TakesAnyYamlValue) {
  EXPECT_TRUE(Contains(After("x=[1, {a: b}]"), "x:\n  - 1\n  - {a: b}\n"));
  EXPECT_TRUE(Contains(After("x='1'"), "x: \"1\"\n"));
  EXPECT_TRUE(Contains(After("x=a=b"), "x: a=b\n"));
  EXPECT_TRUE(Contains(After("x=0.5.1"), "x: 0.5.1\n"));
  EXPECT_TRUE(Contains(After("x="), "x: null\n"));
}

TEST(Override, TheLastOfTwoCounts) {
  Node root = ParseYaml(kFile, "x.yaml");
  ApplyOverride(root, "train.epochs=5");
  ApplyOverride(root, "train.epochs=7");
  EXPECT_EQ(root.Find("train")->Find("epochs")->text, "7");
}

TEST(Override, IsNamedAsThePlaceOfWhatItBrings) {
  Node root = ParseYaml(kFile, "x.yaml");
  ApplyOverride(root, "optimizer={lr: [x]}");
  ApplyOverride(root, "loss.key=1");
  const std::string first = "command line: optimizer={lr: [x]}";
  EXPECT_EQ(root.Find("optimizer")->place.ToString(), first);
  EXPECT_EQ(root.Find("optimizer")->entries[0].place.ToString(), first);
  EXPECT_EQ(root.Find("optimizer")->Find("lr")->items[0].place.ToString(), first);
  EXPECT_EQ(root.Find("loss")->place.ToString(), "command line: loss.key=1");
  EXPECT_EQ(root.Find("loss")->entries[1].place.ToString(), "command line: loss.key=1");
  // What the file said is still the file's.
  EXPECT_EQ(root.Find("loss")->Find("name")->place.ToString(), "x.yaml:2:7");
}

TEST(Override, SaysWhatIsWrong) {
  EXPECT_EQ(Error("train.epochs"), "command line: train.epochs: error: expected key=value");
  EXPECT_EQ(Error("=1"), "command line: =1: error: expected key=value");
  for (const std::string text : {"a..b=1", ".a=1", "a.=1", ".=1"}) {
    EXPECT_EQ(Error(text), "command line: " + text + ": error: an empty name in the path \"" +
                               text.substr(0, text.find('=')) + "\"");
  }
  for (const std::string step : {"2", "-1", "x", "0x", "99999999999999999999"}) {
    EXPECT_EQ(Error("model." + step + ".units=1"),
              "command line: model." + step + ".units=1: error: \"" + step +
                  "\" is not an index into a list of 2 (indices start at 0)");
  }
  EXPECT_EQ(Error("x=[1"),
            "command line: x=[1: error: a key must be a name; is a [ or { not closed?");
  std::string deep;
  for (int i = 0; i < 32; ++i) deep += "a.";
  EXPECT_EQ(Error(deep + "a=1"),
            "command line: " + deep + "a=1: error: nested deeper than 32 levels");
  EXPECT_EQ(Error("x=&a 1"), "command line: x=&a 1: error: anchors (&name) are not supported");
  EXPECT_EQ(Error("x=a\n---\nb"),
            "command line: x=a\n---\nb: error: a second document; one file holds one experiment");
}

}  // namespace
}  // namespace nabla
