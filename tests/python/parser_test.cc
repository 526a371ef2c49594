#include "framework/python/parser.h"

#include <gtest/gtest.h>

#include "framework/python/lexer.h"

namespace nabla {
namespace {

using S = Statement::Kind;

// An expression with all brackets.
std::string Text(const Expr& e) {
  std::string items;
  for (const Expr& item : e.items) items += (items.empty() ? "" : " ") + Text(item);
  const bool leaf = e.items.empty() && !e.text.empty();
  return leaf ? e.text : "(" + e.text + (e.text.empty() || items.empty() ? "" : " ") + items + ")";
}

std::string Value(const std::string& source) {
  const auto parsed = ParsePython(source);
  return parsed.size() == 1 && !parsed[0].values.empty() ? Text(parsed[0].values[0]) : "none";
}

TEST(PythonLexer, StringsOfAllKinds) {
  const auto tokens = Tokenize("a = r'\\n' f\"{x:.2f}\" '''two\nlines''' 'it\\'s'");
  ASSERT_EQ(tokens.size(), 8u);
  EXPECT_EQ(tokens[2].text, "\\n");
  EXPECT_EQ(tokens[3].kind, TokenKind::kFormatted);
  EXPECT_EQ(tokens[4].text, "two\nlines");
  EXPECT_EQ(tokens[5].text, "it's");
  EXPECT_EQ(tokens[5].line, 2);
}

TEST(PythonLexer, NumbersAndMagics) {
  const auto tokens = Tokenize("%matplotlib inline\n!pip install x\nn = 60_000 + 1e-3 + .5\n");
  EXPECT_EQ(tokens[0].text, "n");
  EXPECT_EQ(tokens[0].line, 3);
  EXPECT_EQ(tokens[2].text, "60000");
  EXPECT_EQ(tokens[4].text, "1e-3");
  EXPECT_EQ(tokens[6].text, ".5");
}

TEST(PythonLexer, ABracketThatIsNeverClosedEndsAtTheNextFunction) {
  const auto parsed = ParsePython("x = (1,\ndef f(a=3):\n  return a\n");
  ASSERT_GE(parsed.size(), 2u);
  EXPECT_EQ(parsed.back().kind, S::kDef);
}

TEST(PythonParser, Precedence) {
  EXPECT_EQ(Value("1 + 2 * 3 ** -x"), "(+ 1 (* 2 (** 3 (- x))))");
  EXPECT_EQ(Value("-x @ w"), "(@ (- x) w)");
  EXPECT_EQ(Value("not a == b and c"), "(and (not (== a b)) c)");
  EXPECT_EQ(Value("a if b else c"), "(a b c)");
  EXPECT_EQ(Value("x.T.dot(d) / m"), "(/ ((dot (T x)) d) m)");
}

TEST(PythonParser, CallsAndSlices) {
  const auto parsed = ParsePython("f(x, *a, lr=0.1, **k)");
  EXPECT_EQ(parsed[0].values[0].keywords, (std::vector<std::string>{"", "*", "lr", "**"}));
  EXPECT_EQ(Value("x[i:i + b, ::-1]"), "(x ((i (+ i b)) (() () (- 1))))");
  EXPECT_EQ(Value("[a + b for a, b in zip(u, v) if a]"), "((+ a b) (a b) (zip u v) a)");
  EXPECT_EQ(Value("{'a': 1, **d}"), "(a 1 ** d)");
}

TEST(PythonParser, Statements) {
  const auto parsed = ParsePython(
      "W1, (b, c) = d = f()\nW -= lr * g\nx: int = 3\nif a: pass\nelif b:\n  y = 1\nelse:\n  y = "
      "2\n"
      "for i, x in enumerate(z):\n  u = i; v = x\nwhile True: break\n");
  ASSERT_EQ(parsed.size(), 6u);
  EXPECT_EQ(parsed[0].targets.size(), 2u);
  EXPECT_EQ(parsed[1].kind, S::kAugmented);
  EXPECT_EQ(parsed[1].name, "-");
  EXPECT_EQ(parsed[2].kind, S::kAssign);
  EXPECT_EQ(parsed[3].otherwise.size(), 1u);
  EXPECT_EQ(parsed[3].otherwise[0].otherwise.size(), 1u);
  EXPECT_EQ(parsed[4].body.size(), 2u);
  EXPECT_EQ(parsed[5].kind, S::kWhile);
  EXPECT_EQ(parsed[5].body[0].name, "break");
}

TEST(PythonParser, Globals) {
  const auto parsed = ParsePython("def f():\n  global a, b\n  a = 1\n");
  ASSERT_EQ(parsed[0].body.size(), 2u);
  EXPECT_EQ(parsed[0].body[0].kind, S::kGlobal);
  EXPECT_EQ(parsed[0].body[0].targets.size(), 2u);
}

TEST(PythonParser, FunctionsWithDefaults) {
  const auto parsed =
      ParsePython("@jit\ndef train(self, X, *, lr: float = 0.1, **rest) -> None:\n  return X\n");
  ASSERT_EQ(parsed.size(), 1u);
  ASSERT_EQ(parsed[0].parameters.size(), 4u);
  EXPECT_EQ(Text(parsed[0].parameters[2].fallback[0]), "0.1");
  EXPECT_EQ(parsed[0].parameters[3].stars, "**");
}

TEST(PythonParser, PythonTwosPrint) { EXPECT_EQ(Value("print 'loss', x"), "(print loss x)"); }

TEST(PythonParser, ALineThatIsNoPythonIsLeftOut) {
  const auto parsed = ParsePython("lr = 0.1\nEpoch 3 was the best\nepochs = 5\n");
  ASSERT_EQ(parsed.size(), 3u);
  EXPECT_EQ(parsed[1].kind, S::kOther);
  EXPECT_EQ(parsed[2].kind, S::kAssign);
}

TEST(PythonParser, DepthIsBounded) {
  EXPECT_EQ(ParsePython(std::string(100000, '(')).size(), 1u);
  EXPECT_EQ(ParsePython("x = " + std::string(100000, '-') + "1\n").size(), 1u);
  std::string sum = "x = 1";
  for (int i = 0; i < 50000; ++i) sum += " + 1";
  EXPECT_EQ(ParsePython(sum).size(), 1u);
  std::string deep;
  for (int i = 0; i < 3000; ++i) deep += std::string(static_cast<size_t>(i), ' ') + "if x:\n";
  ParsePython(deep);
}

}  // namespace
}  // namespace nabla
