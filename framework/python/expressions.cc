#include "framework/python/expressions.h"

#include <algorithm>
#include <string>
#include <utility>

#include "framework/python/parser.h"

namespace nabla {
namespace {

using Kind = Expr::Kind;

Expr Make(Kind kind, std::string text, int line, std::vector<Expr> items = {}) {
  Expr e{kind, std::move(text), std::move(items), {}, line, 1};
  for (const Expr& item : e.items) e.depth = std::max(e.depth, item.depth + 1);
  if (e.depth > kDeepestPython) throw NotPython();
  return e;
}

std::vector<Expr> Pair(Expr a, Expr b) {
  std::vector<Expr> pair;
  pair.push_back(std::move(a));
  pair.push_back(std::move(b));
  return pair;
}

// Binary operators by how strongly they bind, the weakest first.
constexpr int kNot = 2;
constexpr int kComparison = 3;
constexpr int kUnary = 10;
constexpr int kPower = 11;

int Strength(const TokenCursor& c) {
  const Token& t = c.Peek();
  if (t.kind == TokenKind::kName) {
    if (t.text == "or") return 0;
    if (t.text == "and") return 1;
    const bool is_not = t.text == "not" && c.Peek(1).text == "in";
    return t.text == "in" || t.text == "is" || is_not ? kComparison : -1;
  }
  if (t.kind != TokenKind::kOperator) return -1;
  static constexpr std::string_view kByStrength[] = {
      "",    "",        "",      " < > == != <= >= ", " | ", " ^ ",
      " & ", " << >> ", " + - ", " * / // % @ ",      "",    " ** "};
  const std::string spaced = " " + t.text + " ";
  for (int strength = kComparison; strength <= kPower; ++strength) {
    if (kByStrength[strength].find(spaced) != std::string_view::npos) return strength;
  }
  return -1;
}

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenCursor& cursor) : c_(cursor) {}

  Expr Sequence() {
    const int line = c_.Peek().line;
    Expr first = Starred();
    if (!c_.IsOperator(",")) return first;
    std::vector<Expr> items;
    items.push_back(std::move(first));
    while (c_.TakeOperator(",")) {
      if (Ends()) break;
      items.push_back(Starred());
    }
    return Make(Kind::kTuple, "", line, std::move(items));
  }

  Expr Single() {
    const Nest nest(&depth_);
    if (c_.IsWord("lambda")) return Lambda();
    Expr value = Binary(0);
    if (c_.IsOperator(":=")) {
      const int line = c_.Take().line;
      return Make(Kind::kBinary, ":=", line, Pair(std::move(value), Single()));
    }
    if (!c_.IsWord("if")) return value;
    const int line = c_.Take().line;
    Expr condition = Binary(0);
    if (!c_.TakeWord("else")) throw NotPython();
    std::vector<Expr> items = Pair(std::move(value), std::move(condition));
    items.push_back(Single());
    return Make(Kind::kConditional, "", line, std::move(items));
  }

  // Names, attributes and the like: stronger than "in".
  Expr Targets() {
    const int line = c_.Peek().line;
    std::vector<Expr> items;
    do {
      if (c_.IsWord("in")) break;
      c_.TakeOperator("*");
      items.push_back(Binary(kComparison + 1));
    } while (c_.TakeOperator(","));
    if (items.empty()) throw NotPython();
    if (items.size() == 1) return std::move(items[0]);
    return Make(Kind::kTuple, "", line, std::move(items));
  }

 private:
  // Counts how deep the parser has called itself.
  class Nest {
   public:
    explicit Nest(int* depth) : depth_(depth) {
      if (*depth_ >= kDeepestPython) throw NotPython();
      ++*depth_;
    }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;
    ~Nest() { --*depth_; }

   private:
    int* depth_;
  };

  // Whether a comma was the last thing of a sequence.
  bool Ends() const {
    const Token& t = c_.Peek();
    if (t.kind == TokenKind::kNewline || t.kind == TokenKind::kEnd) return true;
    return t.kind == TokenKind::kOperator && (t.text == ")" || t.text == "]" || t.text == "}" ||
                                              t.text == "=" || t.text == ":" || t.text == ";");
  }

  Expr Starred() {
    if (!c_.IsOperator("*")) return Single();
    const int line = c_.Take().line;
    std::vector<Expr> items;
    items.push_back(Binary(kComparison + 1));
    return Make(Kind::kStarred, "", line, std::move(items));
  }

  Expr Lambda() {
    const int line = c_.Take().line;
    std::vector<std::string> names;
    std::vector<Expr> items(1);
    while (!c_.TakeOperator(":")) {
      if (c_.Is(TokenKind::kNewline) || c_.Is(TokenKind::kEnd)) throw NotPython();
      if (c_.TakeOperator("=")) {
        items.back() = Single();
      } else if (c_.Is(TokenKind::kName)) {
        names.push_back(c_.Take().text);
        items.emplace_back();
      } else {
        c_.Take();
      }
    }
    items[0] = Single();
    Expr lambda = Make(Kind::kLambda, "", line, std::move(items));
    lambda.keywords = std::move(names);
    return lambda;
  }

  Expr Binary(int least) {
    const Nest nest(&depth_);
    Expr left = c_.IsWord("not") ? Not() : Unary();
    for (int strength = Strength(c_); strength >= least && strength >= 0; strength = Strength(c_)) {
      const Token op = c_.Take();
      std::string text = op.text;
      if (op.text == "is") text = c_.TakeWord("not") ? "!=" : "==";
      if (op.text == "not") c_.Take();
      // Powers group from the right.
      Expr right = Binary(strength == kPower ? kPower : strength + 1);
      left = Make(Kind::kBinary, text, op.line, Pair(std::move(left), std::move(right)));
    }
    return left;
  }

  Expr Not() {
    const int line = c_.Take().line;
    std::vector<Expr> items;
    items.push_back(Binary(kNot));
    return Make(Kind::kUnary, "not", line, std::move(items));
  }

  Expr Unary() {
    const Token& t = c_.Peek();
    const bool sign =
        t.kind == TokenKind::kOperator && (t.text == "-" || t.text == "+" || t.text == "~");
    if (!sign) {
      c_.TakeWord("await");
      return Postfix();
    }
    const Token op = c_.Take();
    std::vector<Expr> items;
    items.push_back(Binary(kUnary));
    return Make(Kind::kUnary, op.text, op.line, std::move(items));
  }

  Expr Postfix() {
    Expr value = Atom();
    while (c_.Is(TokenKind::kOperator)) {
      const int line = c_.Peek().line;
      if (c_.TakeOperator(".")) {
        std::vector<Expr> of;
        of.push_back(std::move(value));
        std::string name = c_.NeedName();
        value = Make(Kind::kAttribute, std::move(name), line, std::move(of));
      } else if (c_.IsOperator("(")) {
        value = Call(std::move(value));
      } else if (c_.TakeOperator("[")) {
        Expr index = Index();
        value = Make(Kind::kSubscript, "", line, Pair(std::move(value), std::move(index)));
      } else {
        break;
      }
    }
    return value;
  }

  Expr Call(Expr callee) {
    const int line = c_.Take().line;
    std::vector<Expr> items;
    std::vector<std::string> keywords;
    items.push_back(std::move(callee));
    while (!c_.TakeOperator(")")) {
      std::string keyword;
      if (c_.TakeOperator("**")) {
        keyword = "**";
      } else if (c_.TakeOperator("*")) {
        keyword = "*";
      } else if (c_.Is(TokenKind::kName) && c_.Peek(1).kind == TokenKind::kOperator &&
                 c_.Peek(1).text == "=") {
        keyword = c_.Take().text;
        c_.Take();
      }
      Expr value = Single();
      if (c_.IsWord("for") || c_.IsWord("async")) value = Comprehension(std::move(value), ")");
      items.push_back(std::move(value));
      keywords.push_back(std::move(keyword));
      if (!c_.TakeOperator(",") && !c_.IsOperator(")")) throw NotPython();
    }
    Expr call = Make(Kind::kCall, "", line, std::move(items));
    call.keywords = std::move(keywords);
    return call;
  }

  // After "[": an index, a slice, or several of them as a tuple.
  Expr Index() {
    const int line = c_.Peek().line;
    std::vector<Expr> items;
    while (!c_.TakeOperator("]")) {
      items.push_back(SliceOrValue());
      if (!c_.TakeOperator(",") && !c_.IsOperator("]")) throw NotPython();
    }
    if (items.size() == 1) return std::move(items[0]);
    return Make(Kind::kTuple, "", line, std::move(items));
  }

  Expr SliceOrValue() {
    const int line = c_.Peek().line;
    std::vector<Expr> parts;
    const auto part = [&] {
      const bool none = c_.IsOperator(":") || c_.IsOperator("]") || c_.IsOperator(",");
      parts.push_back(none ? Make(Kind::kOther, "", line) : Starred());
    };
    part();
    if (!c_.IsOperator(":")) return std::move(parts[0]);
    while (c_.TakeOperator(":")) part();
    return Make(Kind::kSlice, "", line, std::move(parts));
  }

  Expr Atom() {
    const Token token = c_.Peek();
    switch (token.kind) {
      case TokenKind::kNumber:
        c_.Take();
        return Make(Kind::kNumber, token.text, token.line);
      case TokenKind::kString:
      case TokenKind::kFormatted:
        return Strings();
      case TokenKind::kName:
        return Name();
      case TokenKind::kOperator:
        if (token.text == "(" || token.text == "[" || token.text == "{") return Bracket();
        if (token.text == "...") {
          c_.Take();
          return Make(Kind::kConstant, "...", token.line);
        }
        throw NotPython();
      default:
        throw NotPython();
    }
  }

  // Neighbours are one string.
  Expr Strings() {
    Expr all = Make(Kind::kString, "", c_.Peek().line);
    while (c_.Is(TokenKind::kString) || c_.Is(TokenKind::kFormatted)) {
      if (c_.Is(TokenKind::kFormatted)) all.kind = Kind::kFormatted;
      all.text += c_.Take().text;
    }
    return all;
  }

  Expr Name() {
    const Token token = c_.Take();
    static constexpr std::string_view kReserved[] = {
        "for", "if", "in", "else", "and", "or", "is", "def", "class", "import", "return", "while"};
    if (std::find(std::begin(kReserved), std::end(kReserved), token.text) != std::end(kReserved)) {
      throw NotPython();
    }
    const bool constant = token.text == "True" || token.text == "False" || token.text == "None";
    return Make(constant ? Kind::kConstant : Kind::kName, token.text, token.line);
  }

  // From "for" up to the bracket that closes it.
  Expr Comprehension(Expr element, std::string_view close) {
    const Nest nest(&depth_);
    const int line = c_.Peek().line;
    c_.TakeWord("async");
    if (!c_.TakeWord("for")) throw NotPython();
    Expr target = Targets();
    if (!c_.TakeWord("in")) throw NotPython();
    Expr iterated = Binary(0);
    std::vector<Expr> conditions;
    while (c_.IsWord("if")) {
      const int at = c_.Take().line;
      Expr condition = Binary(0);
      if (conditions.empty()) {
        conditions.push_back(std::move(condition));
      } else {
        conditions[0] =
            Make(Kind::kBinary, "and", at, Pair(std::move(conditions[0]), std::move(condition)));
      }
    }
    const bool loops = c_.IsWord("for") || c_.IsWord("async");
    if (loops) element = Comprehension(std::move(element), close);
    if (!c_.IsOperator(close)) throw NotPython();
    std::vector<Expr> items = Pair(std::move(element), std::move(target));
    items.push_back(std::move(iterated));
    for (Expr& condition : conditions) items.push_back(std::move(condition));
    Expr all = Make(Kind::kComprehension, "", line, std::move(items));
    if (loops) all.keywords.emplace_back("flat");
    return all;
  }

  Expr Bracket() {
    const Token open = c_.Take();
    const std::string close = open.text == "(" ? ")" : open.text == "[" ? "]" : "}";
    if (open.text == "{") return Braces(open.line);
    std::vector<Expr> items;
    bool comma = false;
    while (!c_.TakeOperator(close)) {
      items.push_back(Starred());
      if (c_.IsWord("for") || c_.IsWord("async")) {
        Expr all = Comprehension(std::move(items[0]), close);
        c_.NeedOperator(close);
        return all;
      }
      const bool more = c_.TakeOperator(",");
      comma = comma || more;
      if (!more && !c_.IsOperator(close)) throw NotPython();
    }
    if (open.text == "(" && items.size() == 1 && !comma) return std::move(items[0]);
    return Make(open.text == "(" ? Kind::kTuple : Kind::kList, "", open.line, std::move(items));
  }

  Expr Braces(int line) {
    std::vector<Expr> items;
    bool dict = c_.IsOperator("}");
    while (!c_.TakeOperator("}")) {
      const bool spread = c_.TakeOperator("**");
      items.push_back(Starred());
      if (spread) {
        dict = true;
        items.insert(items.end() - 1, Make(Kind::kOther, "**", line));
      } else if (c_.TakeOperator(":")) {
        dict = true;
        items.push_back(Single());
      }
      if (c_.IsWord("for") || c_.IsWord("async")) {
        if (items.size() > (dict ? 2 : 1)) throw NotPython();
        Expr element = dict ? Make(Kind::kTuple, "", line, std::move(items)) : std::move(items[0]);
        Expr all = Comprehension(std::move(element), "}");
        c_.NeedOperator("}");
        all.text = dict ? "dict" : "set";
        return all;
      }
      if (!c_.TakeOperator(",") && !c_.IsOperator("}")) throw NotPython();
    }
    if (dict && items.size() % 2 != 0) throw NotPython();
    return Make(dict ? Kind::kDict : Kind::kList, "", line, std::move(items));
  }

  TokenCursor& c_;
  int depth_ = 0;
};

}  // namespace

Expr ParseExpressions(TokenCursor& cursor) { return ExpressionParser(cursor).Sequence(); }

Expr ParseExpression(TokenCursor& cursor) { return ExpressionParser(cursor).Single(); }

Expr ParseTargets(TokenCursor& cursor) { return ExpressionParser(cursor).Targets(); }

}  // namespace nabla
