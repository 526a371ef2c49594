#include "framework/config/node.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/base/complaint.h"

namespace nabla {
namespace {

// What ParseYaml says is wrong with `text`; "accepted" if nothing.
std::string Error(const std::string& text) {
  return ComplaintOf([&] { ParseYaml(text, "x.yaml"); });
}

std::string Repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Node, KnowsWhereEverythingStands) {
  const Node root = ParseYaml("a: 1\nlist:\n  - x\n  - {k: v,  m: [1, 2]}\n", "x.yaml");
  ASSERT_TRUE(root.IsMap());
  EXPECT_EQ(root.place.ToString(), "x.yaml:1:1");
  EXPECT_EQ(root.Find("a")->place.ToString(), "x.yaml:1:4");
  EXPECT_EQ(root.entries[1].place.ToString(), "x.yaml:2:1");
  const Node& list = *root.Find("list");
  EXPECT_EQ(list.items[0].place.ToString(), "x.yaml:3:5");
  EXPECT_EQ(list.items[1].place.ToString(), "x.yaml:4:5");
  EXPECT_EQ(list.items[1].entries[1].place.ToString(), "x.yaml:4:13");
  EXPECT_EQ(list.items[1].Find("m")->items[1].place.ToString(), "x.yaml:4:20");
  EXPECT_EQ(root.Find("b"), nullptr);
}

TEST(Node, KeepsTheOrderWrittenAndSetsInPlace) {
  Node root = ParseYaml("z: 1\na: 2\n", "");
  root.Set("z", Node::Scalar("3"));
  root.Set("m", Node::Scalar("4"));
  EXPECT_EQ(PrintYaml(root), "z: 3\na: 2\nm: 4\n");
}

TEST(Node, NullHasFiveSpellings) {
  const Node root = ParseYaml("a: ~\nb: null\nc: Null\nd: NULL\ne:\nf: 'null'\ng: nil\n", "x.yaml");
  for (const char* key : {"a", "b", "c", "d", "e"}) EXPECT_TRUE(root.Find(key)->IsNull()) << key;
  EXPECT_EQ(root.Find("e")->place.ToString(), "x.yaml:5:1");
  EXPECT_TRUE(root.Find("f")->quoted);
  EXPECT_EQ(root.Find("g")->text, "nil");
}

TEST(Node, QuotesMakeText) {
  const Node root = ParseYaml("a: '1'\nb: \"two\\n\"\nc: 1\nd: |\n  block\n", "");
  EXPECT_TRUE(root.Find("a")->quoted);
  EXPECT_EQ(root.Find("b")->text, "two\n");
  EXPECT_FALSE(root.Find("c")->quoted);
  EXPECT_EQ(root.Find("d")->text, "block\n");
}

TEST(Node, EmptyTextIsNothing) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "\xEF\xBB\xBF"}) {
    const Node root = ParseYaml(text, "x.yaml");
    EXPECT_TRUE(root.IsNull()) << text;
    EXPECT_EQ(root.place.ToString(), "x.yaml:1:1") << text;
  }
}

TEST(Node, IgnoresAByteOrderMarkAndWindowsLineEnds) {
  const Node root = ParseYaml(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: x\r\n",
      "x.yaml");
  EXPECT_EQ(root.Find("a")->text, "1");
  EXPECT_EQ(root.Find("b")->text, "x");
  EXPECT_EQ(root.entries[1].place.ToString(), "x.yaml:2:1");
}

TEST(Node, RefusesDuplicateKeys) {
  EXPECT_EQ(Error("a: 1\nb: 2\na: 3\n"), "x.yaml:3:1: error: duplicate key \"a\"");
  EXPECT_EQ(Error("m: {k: 1, 'k': 2}\n"), "x.yaml:1:11: error: duplicate key \"k\"");
  EXPECT_EQ(Error("a: {k: 1}\nb: {k: 1}\n"), "accepted");
}

TEST(Node, RefusesASecondDocument) {
  EXPECT_EQ(Error("---\na: 1\n"), "accepted");
  EXPECT_EQ(Error("a: 1\n...\n"), "accepted");
  EXPECT_EQ(Error("a: 1\n---\nb: 2\n"),
            "x.yaml:2:1: error: a second document; one file holds one experiment");
}

TEST(Node, RefusesAnchorsAliasesAndTags) {
  EXPECT_EQ(Error("a: &x 1\n"), "x.yaml:1:4: error: anchors (&name) are not supported");
  EXPECT_EQ(Error("a: &x {b: 1}\n"), "x.yaml:1:4: error: anchors (&name) are not supported");
  EXPECT_EQ(Error("a: &x [*x]\n"), "x.yaml:1:4: error: anchors (&name) are not supported");
  EXPECT_EQ(Error("&a k: 1\n"), "x.yaml:1:1: error: anchors (&name) are not supported");
  EXPECT_EQ(Error("a: !!int 1\n"),
            "x.yaml:1:4: error: tags (tag:yaml.org,2002:int) are not supported");
  EXPECT_EQ(
      Error("a: !!python/object:os.system x\n"),
      "x.yaml:1:4: error: tags (tag:yaml.org,2002:python/object:os.system) are not supported");
  EXPECT_EQ(Error("a: !mine [1]\n"), "x.yaml:1:4: error: tags (!mine) are not supported");
  EXPECT_NE(Error("a: *x\n").find("x.yaml:1:4: error:"), std::string::npos);
}

TEST(Node, RefusesKeysThatAreNoNames) {
  const std::string message = "error: a key must be a name; is a [ or { not closed?";
  EXPECT_EQ(Error("[1, 2]: x\n"), "x.yaml:1:1: " + message);
  EXPECT_EQ(Error("{a: 1}: x\n"), "x.yaml:1:1: " + message);
  EXPECT_EQ(Error("~: x\n"), "x.yaml:1:1: " + message);
  EXPECT_EQ(Error("? - a\n: b\n"), "x.yaml:1:3: " + message);
  EXPECT_EQ(Error("[1, 2\n"), "x.yaml:1:1: " + message);
}

TEST(Node, TellsWhereTheSyntaxIsWrong) {
  const auto wrong = [](const std::string& place, const std::string& message) {
    return "x.yaml:" + place + ": error: this is not YAML: " + message;
  };
  const std::string colon =
      "a ':' is out of place; text with ': ' needs quotes, indentation needs spaces";
  EXPECT_EQ(Error("a: b: c\n"), wrong("1:5", colon));
  EXPECT_EQ(Error("a: 1\n  b: 2\n"), wrong("2:4", colon));
  EXPECT_EQ(Error("a:\n\tb: 1\n"), wrong("2:3", colon));
  EXPECT_EQ(Error("a: [1, 2\nb: 3\n"), wrong("2:2", "a [ is not closed"));
  EXPECT_EQ(Error("a: {b: 1\nc: 2\n"), wrong("2:2", "a { is not closed"));
  EXPECT_EQ(Error("a: {b: 1"), wrong("2:1", "a { is not closed"));
  EXPECT_EQ(Error("a: \"open\nb: 1\n"), wrong("3:1", "a quoted text is not closed"));
  EXPECT_EQ(Error("a: 'open"), wrong("2:1", "a quoted text is not closed"));
  const std::string indent = "this does not continue the lines above; check its indentation";
  EXPECT_EQ(Error("a: 1\n- b\n"), wrong("2:1", indent));
  EXPECT_EQ(Error("l:\n  - a\n  b: 1\n"), wrong("3:3", indent));
  EXPECT_EQ(Error("a: @x\n"),
            wrong("1:4", "text cannot begin with this character; put it in quotes"));
  EXPECT_EQ(Error("a: *x\n"),
            wrong("1:4", "aliases (*name) are not supported; write the value out"));
  EXPECT_EQ(Error("a: [1}\n"), wrong("1:6", "this ] or } has no matching bracket"));
  EXPECT_EQ(Error("a:\n\t- 1\n"),
            wrong("2:2", "a list item is out of place; indentation needs spaces, not tabs"));
  EXPECT_EQ(Error("a: \"\\q\"\n"), wrong("1:7", "unknown escape character: q"));
}

TEST(Node, ReadsAKeyWithoutAColonAsAKeyWithoutAValue) {
  EXPECT_TRUE(ParseYaml("a: 1\nfoo\n", "").Find("foo")->IsNull());
}

TEST(Node, RefusesDeepNesting) {
  EXPECT_EQ(Error(Repeat("[", 32) + Repeat("]", 32)), "accepted");
  EXPECT_EQ(Error(Repeat("[", 33) + Repeat("]", 33)),
            "x.yaml:1:33: error: nested deeper than 32 levels");
  const std::string message = "nested deeper than 32 levels";
  EXPECT_NE(Error(Repeat("{a: ", 500) + Repeat("}", 500)).find(message), std::string::npos);
  EXPECT_NE(Error(Repeat("- ", 500)).find(message), std::string::npos);
}

TEST(Node, RefusesLargeText) {
  const std::string limit = "a: " + std::string((1 << 20) - 3, 'x');
  EXPECT_EQ(Error(limit), "accepted");
  EXPECT_EQ(Error(limit + "x"),
            "x.yaml:1:1: error: larger than 1 MiB; an experiment file is a page of text");
}

TEST(Node, RefusesManyValues) {
  EXPECT_EQ(Error("[" + Repeat("1,", 59998) + "1]"), "accepted");
  EXPECT_EQ(Error("[\n" + Repeat("1,", 59999) + "1]"),
            "x.yaml:2:119999: error: more than 60000 keys and values; an experiment file is a page "
            "of text");
}

TEST(Node, AnswersHostileText) {
  std::string many_keys;
  for (int i = 0; many_keys.size() < (1 << 20) - 16; ++i) many_keys += std::to_string(i) + ":\n";
  EXPECT_TRUE(Error(many_keys).starts_with("x.yaml:30001:1: error: more than 60000 keys"));
  EXPECT_NE(Error(std::string(1 << 20, '[')), "accepted");
  EXPECT_NE(Error(std::string(1 << 20, '{')), "accepted");
  EXPECT_NE(Error(Repeat("? ", 1 << 19)), "accepted");
}

TEST(Node, RefusesBytesThatAreNoText) {
  const std::string message = "error: a byte that is not UTF-8 text";
  EXPECT_EQ(Error("a: \xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82\n"), "accepted");
  EXPECT_EQ(Error("a: 1\nb: \xFF\n"), "x.yaml:2:4: " + message);
  EXPECT_EQ(Error(std::string("a: \0\n", 5)), "x.yaml:1:4: error: a control character");
  EXPECT_EQ(Error("a: \x1B[31m\n"), "x.yaml:1:4: error: a control character");
  for (const char* bad : {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                          "\xE2\x82", "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {
    EXPECT_EQ(Error("a: " + std::string(bad)), "x.yaml:1:4: " + message);
  }
}

TEST(Node, DescribesItself) {
  const Node root = ParseYaml("[~, text, [], {}]", "");
  EXPECT_EQ(root.items[0].Describe(), "nothing");
  EXPECT_EQ(root.items[1].Describe(), "'text'");
  EXPECT_EQ(root.items[2].Describe(), "a list");
  EXPECT_EQ(root.items[3].Describe(), "a map");
  EXPECT_EQ(Node::Scalar("two\nlines").Describe(), "'two lines'");
  // 79 bytes, then a character of two: it is not cut in half.
  const std::string most(79, 'x');
  EXPECT_EQ(Node::Scalar(most + "\u00E9" + most).Describe(), "'" + most + "...'");
}

}  // namespace
}  // namespace nabla
