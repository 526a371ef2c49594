// Python's tokens (docs.python.org, "Lexical analysis"), as far as reading settings needs them.
#ifndef NABLA_FRAMEWORK_PYTHON_LEXER_H_
#define NABLA_FRAMEWORK_PYTHON_LEXER_H_

#include <string>
#include <string_view>
#include <vector>

namespace nabla {

enum class TokenKind {
  kName,
  kNumber,     // as spelled, without underscores
  kString,     // what stands between the quotes, escapes resolved
  kFormatted,  // the same of an f-string, braces as they stand
  kOperator,
  kNewline,  // ends a logical line
  kIndent,
  kDedent,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  int line = 0;  // from 1
};

constexpr size_t kMostTokens = 1 << 20;

// The tokens of a cell, ended by kEnd. Lines of IPython's own (%magic, !shell, ?help) are left out.
// Never fails: a character that Python does not know is an operator, an unfinished string ends with
// its line (a triple-quoted one with the text), and after kMostTokens tokens the rest is left out.
std::vector<Token> Tokenize(std::string_view source);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_LEXER_H_
