#include "framework/python/parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "framework/python/expressions.h"
#include "framework/python/lexer.h"

namespace nabla {
namespace {

using Kind = Statement::Kind;

class StatementParser {
 public:
  explicit StatementParser(const std::vector<Token>& tokens) : c_(tokens) {}

  std::vector<Statement> Run() {
    std::vector<Statement> all;
    while (!c_.Is(TokenKind::kEnd)) One(&all);
    return all;
  }

 private:
  // Adds the statements of one logical line and its block.
  void One(std::vector<Statement>* all) {
    if (c_.Is(TokenKind::kNewline) || c_.Is(TokenKind::kIndent) || c_.Is(TokenKind::kDedent)) {
      c_.Take();
      return;
    }
    const int line = c_.Peek().line;
    try {
      all->push_back(Compound());
    } catch (const NotPython&) {
      Statement other;
      other.line = line;
      all->push_back(std::move(other));
      SkipLine();
    }
  }

  void SkipLine() {
    while (!c_.Is(TokenKind::kNewline) && !c_.Is(TokenKind::kEnd)) c_.Take();
  }

  Statement Compound() {
    Statement s;
    s.line = c_.Peek().line;
    while (c_.IsOperator("@")) SkipDecorator();
    c_.TakeWord("async");
    if (c_.TakeWord("def")) return Def(std::move(s));
    if (c_.TakeWord("class")) return Class(std::move(s));
    if (c_.TakeWord("for")) return For(std::move(s));
    if (c_.IsWord("if") || c_.IsWord("while") || c_.IsWord("elif")) return Condition(std::move(s));
    if (c_.IsWord("try") || c_.IsWord("else") || c_.IsWord("finally") || c_.IsWord("except") ||
        c_.IsWord("with")) {
      return OtherBlock(std::move(s));
    }
    return Simple(std::move(s));
  }

  void SkipDecorator() {
    SkipLine();
    while (c_.Is(TokenKind::kNewline)) c_.Take();
  }

  Statement Def(Statement s) {
    s.kind = Kind::kDef;
    s.name = c_.NeedName();
    c_.NeedOperator("(");
    while (!c_.TakeOperator(")")) {
      AddParameter(&s);
      if (!c_.TakeOperator(",") && !c_.IsOperator(")")) throw NotPython();
    }
    if (c_.TakeOperator("->")) ParseExpression(c_);
    Block(&s.body);
    return s;
  }

  void AddParameter(Statement* s) {
    FunctionParameter p;
    if (c_.TakeOperator("*")) p.stars = "*";
    if (c_.TakeOperator("**")) p.stars = "**";
    if (c_.TakeOperator("/") || (p.stars == "*" && c_.IsOperator(","))) return;
    p.name = c_.NeedName();
    if (c_.TakeOperator(":")) ParseExpression(c_);
    if (c_.TakeOperator("=")) p.fallback.push_back(ParseExpression(c_));
    s->parameters.push_back(std::move(p));
  }

  Statement Class(Statement s) {
    s.kind = Kind::kClass;
    s.name = c_.NeedName();
    if (c_.TakeOperator("(")) {
      while (!c_.TakeOperator(")")) {
        if (c_.Peek(1).text == "=" && c_.Is(TokenKind::kName)) {
          c_.Take();
          c_.Take();
        }
        s.targets.push_back(ParseExpression(c_));
        if (!c_.TakeOperator(",") && !c_.IsOperator(")")) throw NotPython();
      }
    }
    Block(&s.body);
    return s;
  }

  Statement For(Statement s) {
    s.kind = Kind::kFor;
    s.targets.push_back(ParseTargets(c_));
    if (!c_.TakeWord("in")) throw NotPython();
    s.values.push_back(ParseExpressions(c_));
    Block(&s.body);
    Else(&s);
    return s;
  }

  Statement Condition(Statement s) {
    s.kind = c_.Take().text == "while" ? Kind::kWhile : Kind::kIf;
    s.values.push_back(ParseExpression(c_));
    Block(&s.body);
    if (c_.IsWord("elif")) {
      if (depth_ >= kDeepestPython) throw NotPython();
      ++depth_;
      One(&s.otherwise);
      --depth_;
    } else {
      Else(&s);
    }
    return s;
  }

  void Else(Statement* s) {
    if (!c_.IsWord("else") || c_.Peek(1).text != ":") return;
    c_.Take();
    Block(&s->otherwise);
  }

  Statement OtherBlock(Statement s) {
    s.kind = Kind::kBlock;
    const std::string word = c_.Take().text;
    s.name = word;
    if (word == "except") {
      while (!c_.IsOperator(":") && !c_.Is(TokenKind::kNewline) && !c_.Is(TokenKind::kEnd)) {
        c_.Take();
      }
    } else if (word == "with") {
      do {
        s.values.push_back(ParseExpression(c_));
        s.targets.push_back(c_.TakeWord("as") ? ParseExpression(c_) : Expr());
      } while (c_.TakeOperator(","));
    }
    Block(&s.body);
    return s;
  }

  // After the head: ":" and a block, or statements on the same line.
  void Block(std::vector<Statement>* body) {
    c_.NeedOperator(":");
    if (depth_ >= kDeepestPython) throw NotPython();
    ++depth_;
    if (!c_.Is(TokenKind::kNewline)) {
      while (!c_.Is(TokenKind::kNewline) && !c_.Is(TokenKind::kEnd)) One(body);
      c_.Take();
    } else {
      while (c_.Is(TokenKind::kNewline)) c_.Take();
      // A text that breaks off has a head without a block.
      if (c_.Is(TokenKind::kIndent)) Indented(body);
    }
    --depth_;
  }

  void Indented(std::vector<Statement>* body) {
    c_.Take();
    int inside = 1;  // stray indentation within a block opens and closes by itself
    while (inside > 0 && !c_.Is(TokenKind::kEnd)) {
      if (c_.Is(TokenKind::kIndent)) ++inside;
      if (c_.Is(TokenKind::kDedent)) --inside;
      if (inside > 0) One(body);
    }
    c_.Take();
    // What follows on the same level may belong to the head.
    while (c_.Is(TokenKind::kNewline)) c_.Take();
  }

  Statement Simple(Statement s) {
    if (c_.TakeWord("import")) {
      Import("", &s);
    } else if (c_.TakeWord("from")) {
      From(&s);
    } else if (c_.TakeWord("return")) {
      s.kind = Kind::kReturn;
      if (!EndsLine()) s.values.push_back(ParseExpressions(c_));
    } else if (c_.TakeWord("yield")) {
      s.kind = Kind::kReturn;
      s.name = "yield";
      c_.TakeWord("from");
      if (!EndsLine()) s.values.push_back(ParseExpressions(c_));
    } else if (c_.TakeWord("global")) {
      s.kind = Kind::kGlobal;
      do {
        s.targets.push_back({Expr::Kind::kName, c_.NeedName(), {}, {}, s.line, 1});
      } while (c_.TakeOperator(","));
    } else if (IsLonely()) {
      s.name = c_.Peek().text;
      SkipToSemicolon();
    } else if (c_.IsWord("print") && c_.Peek(1).kind != TokenKind::kOperator) {
      Print(&s);
    } else {
      Assignment(&s);
    }
    if (c_.TakeOperator(";")) return s;
    if (!EndsLine()) throw NotPython();
    return s;
  }

  bool EndsLine() const {
    return c_.Is(TokenKind::kNewline) || c_.Is(TokenKind::kEnd) || c_.IsOperator(";");
  }

  void SkipToSemicolon() {
    while (!EndsLine()) c_.Take();
  }

  bool IsLonely() const {
    static constexpr std::string_view kWords[] = {"pass",     "break",  "continue", "del",
                                                  "nonlocal", "assert", "raise"};
    return c_.Is(TokenKind::kName) &&
           std::find(std::begin(kWords), std::end(kWords), c_.Peek().text) != std::end(kWords);
  }

  // Python 2's print statement becomes a call.
  void Print(Statement* s) {
    Expr call{Expr::Kind::kCall, "", {}, {}, c_.Peek().line, 1};
    call.items.push_back({Expr::Kind::kName, c_.Take().text, {}, {}, s->line, 1});
    if (!EndsLine()) {
      Expr value = ParseExpressions(c_);
      const int depth = value.depth;
      if (value.kind == Expr::Kind::kTuple) {
        for (Expr& item : value.items) call.items.push_back(std::move(item));
      } else {
        call.items.push_back(std::move(value));
      }
      call.depth = depth + 1;
      call.keywords.resize(call.items.size() - 1);
    }
    s->kind = Kind::kExpression;
    s->values.push_back(std::move(call));
  }

  std::string Dotted() {
    std::string name;
    while (c_.TakeOperator(".") || c_.TakeOperator("...")) {
    }
    if (c_.Is(TokenKind::kName) && !c_.IsWord("import")) name = c_.Take().text;
    while (c_.TakeOperator(".")) name += "." + c_.NeedName();
    return name;
  }

  void Import(const std::string& from, Statement* s) {
    s->kind = Kind::kImport;
    do {
      if (c_.TakeOperator("*")) {
        s->imports.emplace_back(from + ".*", "*");
        continue;
      }
      if (c_.IsOperator(")")) break;
      const std::string what = Dotted();
      const std::string path = from.empty() ? what : from + "." + what;
      const std::string first = what.substr(0, what.find('.'));
      const bool renamed = c_.TakeWord("as");
      const std::string here = renamed ? c_.NeedName() : first;
      s->imports.emplace_back(renamed || !from.empty() ? path : first, here);
    } while (c_.TakeOperator(","));
  }

  void From(Statement* s) {
    const std::string from = Dotted();
    if (!c_.TakeWord("import")) throw NotPython();
    const bool bracket = c_.TakeOperator("(");
    Import(from.empty() ? "." : from, s);
    if (bracket) c_.NeedOperator(")");
  }

  void Assignment(Statement* s) {
    Expr first = ParseExpressions(c_);
    if (c_.TakeOperator(":")) {  // an annotation
      ParseExpression(c_);
      if (!c_.IsOperator("=")) return;
    }
    s->kind = Kind::kExpression;
    if (IsAugmented()) {
      s->kind = Kind::kAugmented;
      const std::string op = c_.Take().text;
      s->name = op.substr(0, op.size() - 1);
      s->targets.push_back(std::move(first));
      s->values.push_back(ParseExpressions(c_));
      return;
    }
    while (c_.TakeOperator("=")) {
      s->kind = Kind::kAssign;
      s->targets.push_back(std::move(first));
      first = ParseExpressions(c_);
    }
    s->values.push_back(std::move(first));
  }

  bool IsAugmented() const {
    const std::string& text = c_.Peek().text;
    return c_.Is(TokenKind::kOperator) && text.size() >= 2 && text.back() == '=' &&
           std::string_view("=!<>:").find(text[0]) == std::string_view::npos;
  }

  TokenCursor c_;
  int depth_ = 0;
};

}  // namespace

std::vector<Statement> ParsePython(std::string_view source) {
  const std::vector<Token> tokens = Tokenize(source);
  return StatementParser(tokens).Run();
}

}  // namespace nabla
