// Python's expressions from its tokens.
#ifndef NABLA_FRAMEWORK_PYTHON_EXPRESSIONS_H_
#define NABLA_FRAMEWORK_PYTHON_EXPRESSIONS_H_

#include <exception>
#include <string_view>
#include <vector>

#include "framework/python/ast.h"
#include "framework/python/lexer.h"

namespace nabla {

// The tokens do not continue as Python's grammar wants.
struct NotPython : std::exception {};

// A place in a list of tokens that ends with kEnd.
class TokenCursor {
 public:
  explicit TokenCursor(const std::vector<Token>& tokens) : tokens_(tokens) {}

  const Token& Peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& Take() {
    const Token& token = Peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool Is(TokenKind kind) const { return Peek().kind == kind; }
  bool IsOperator(std::string_view text) const {
    return Is(TokenKind::kOperator) && Peek().text == text;
  }
  bool IsWord(std::string_view text) const { return Is(TokenKind::kName) && Peek().text == text; }
  bool TakeOperator(std::string_view text) {
    if (!IsOperator(text)) return false;
    Take();
    return true;
  }
  bool TakeWord(std::string_view text) {
    if (!IsWord(text)) return false;
    Take();
    return true;
  }
  void NeedOperator(std::string_view text) {
    if (!TakeOperator(text)) throw NotPython();
  }
  std::string NeedName() {
    if (!Is(TokenKind::kName)) throw NotPython();
    return Take().text;
  }

 private:
  const std::vector<Token>& tokens_;
  size_t at_ = 0;
};

// One expression; several with commas are a tuple. Throws NotPython, also past kDeepestPython.
Expr ParseExpressions(TokenCursor& cursor);
// One without commas outside brackets.
Expr ParseExpression(TokenCursor& cursor);
// What stands before the "in" of a for.
Expr ParseTargets(TokenCursor& cursor);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_EXPRESSIONS_H_
