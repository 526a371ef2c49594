#include <gtest/gtest.h>

#include <random>
#include <string>

#include "framework/config/node.h"

namespace nabla {
namespace {

void ExpectEqual(const Node& a, const Node& b) {
  ASSERT_EQ(a.kind, b.kind);
  ASSERT_EQ(a.text, b.text);
  // Text may gain quotes, never lose them.
  ASSERT_TRUE(b.quoted || !a.quoted);
  ASSERT_EQ(a.items.size(), b.items.size());
  for (size_t i = 0; i < a.items.size(); ++i) ExpectEqual(a.items[i], b.items[i]);
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (size_t i = 0; i < a.entries.size(); ++i) {
    ASSERT_EQ(a.entries[i].key, b.entries[i].key);
    ExpectEqual(a.entries[i].value, b.entries[i].value);
  }
}

void ExpectReadsBack(const Node& node) {
  const std::string text = PrintYaml(node);
  SCOPED_TRACE(text);
  Node read;
  try {
    read = ParseYaml(text, "printed");
  } catch (const InputError& e) {
    FAIL() << e.what();
  }
  ExpectEqual(node, read);
  EXPECT_EQ(PrintYaml(read), text);
}

// Trees made of everything that YAML treats specially.
class RandomTree {
 public:
  explicit RandomTree(uint32_t seed) : random_(seed) {}

  Node Make(int depth) {
    switch (Draw(depth > 0 ? 6 : 3)) {
      case 0:
        return Node();
      case 1:
      case 2:
        return MakeScalar();
      case 3: {
        Node list = Node::List();
        for (size_t n = Draw(4); n > 0; --n) list.items.push_back(Make(depth - 1));
        return list;
      }
      default: {
        Node map = Node::Map();
        for (size_t n = Draw(4); n > 0; --n) map.Set(Text(), Make(depth - 1));
        return map;
      }
    }
  }

 private:
  size_t Draw(size_t n) { return random_() % n; }

  Node MakeScalar() {
    Node node = Node::Scalar(Text());
    node.quoted = Draw(4) == 0;
    return node;
  }

  std::string Text() {
    static const std::string kPieces[] = {
        "a",    "Z9", "0",    "1.5", "1e-12", "-",    "--",   "---",    "...",    ".",  ":", ": ",
        " #",   "#",  " ",    "  ",  "\n",    "\t",   "\r",   "\"",     "'",      "\\", "[", "]",
        "{",    "}",  ",",    ", ",  "?",     "? ",   "&",    "*",      "!",      "!!", "|", ">",
        "%",    "@",  "`",    "~",   "null",  "Null", "yes",  "true",   "<<",     "=",  "é", "€",
        "🙂", "x:", "\x7f", "- ",  "a: b",  "\\n",  "%TAG", "\u2028", "\u00a0", "+1", "",
    };
    std::string text;
    for (size_t n = 1 + Draw(4); n > 0; --n) text += kPieces[Draw(std::size(kPieces))];
    return text;
  }

  std::mt19937 random_;
};

TEST(Print, ReadsBackEqualWhateverTheTree) {
  for (uint32_t seed = 0; seed < 5000; ++seed) {
    SCOPED_TRACE(seed);
    ExpectReadsBack(RandomTree(seed).Make(4));
    if (HasFailure()) return;
  }
}

TEST(Print, LooksAsAPersonWouldWriteIt) {
  const std::string text =
      "name: a\n"
      "lr: 1e-3\n"
      "shift: -0.5\n"
      "url: http://x.org/y#w\n"
      "nothing: null\n"
      "rows: [[1, 2], [3]]\n"
      "model:\n"
      "  - {name: linear, weight: {name: explicit, values: [1]}}\n"
      "  - relu\n"
      "train:\n"
      "  epochs: 1..10\n"
      "  inner:\n"
      "    deep: [a b, \"c, d\"]\n"
      "empty: {}\n"
      "none: []\n";
  EXPECT_EQ(PrintYaml(ParseYaml(text, "")), text);
}

TEST(Print, QuotesWhatWouldReadAsSomethingElse) {
  for (const char* text : {"",    "null", "NULL", "~",  "...", "a: b", "a #b",
                           "- a", "[a",   "a, b", "a:", " a",  "a ",   "'a'",
                           "&a",  "*a",   "!a",   "%a", "@a",  "a\nb", "?"}) {
    EXPECT_EQ(PrintYaml(Node::Scalar(text)).front(), '"') << text;
    ExpectReadsBack(Node::Scalar(text));
  }
  for (const char* text : {"a", "1", "-1", "-.5", "1..10", "a:b", "a#b", "it's", "1e-12"}) {
    EXPECT_EQ(PrintYaml(Node::Scalar(text)), std::string(text) + "\n");
  }
}

TEST(Print, KeepsTheQuotesOfNumbers) {
  EXPECT_EQ(PrintYaml(ParseYaml("a: '1'", "")), "a: \"1\"\n");
}

TEST(Print, QuotesKeys) {
  Node map = Node::Map();
  map.Set("a: b", Node::Scalar("1"));
  map.Set("null", Node::Scalar("2"));
  map.Set("\xEF\xBB\xBF", Node::Scalar("3"));  // a byte order mark
  EXPECT_EQ(PrintYaml(map), "\"a: b\": 1\n\"null\": 2\n\"\xEF\xBB\xBF\": 3\n");
  ExpectReadsBack(Node::List({map}));
}

}  // namespace
}  // namespace nabla
