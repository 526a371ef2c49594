#include "framework/python/lexer.h"

#include <algorithm>

namespace nabla {
namespace {

constexpr int kTab = 8;
constexpr size_t kDeepest = 100;  // indentation

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Letters of other alphabets are bytes above 127.
bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 128;
}

bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> Run() {
    while (at_ < text_.size() && tokens_.size() < kMostTokens) {
      if (start_of_line_ && open_ == 0) {
        StartLine();
      } else {
        Next();
      }
    }
    if (!tokens_.empty() && tokens_.back().kind != TokenKind::kNewline) Add(TokenKind::kNewline);
    for (size_t i = 1; i < indents_.size(); ++i) Add(TokenKind::kDedent);
    Add(TokenKind::kEnd);
    return std::move(tokens_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void Add(TokenKind kind, std::string text = "") {
    tokens_.push_back({kind, std::move(text), line_});
  }

  void SkipToLineEnd() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  // Measures the indentation, and leaves out what is no code.
  void StartLine() {
    int width = 0;
    for (; Peek() == ' ' || Peek() == '\t'; ++at_) {
      width = Peek() == '\t' ? (width / kTab + 1) * kTab : width + 1;
    }
    const char c = Peek();
    if (c == '\r' && Peek(1) == '\n') ++at_;
    if (Peek() == '\n') {
      ++at_;
      ++line_;
      return;
    }
    if (c == '#' || c == '%' || c == '!' || c == '?') {
      SkipToLineEnd();
      return;
    }
    start_of_line_ = false;
    Indent(width);
  }

  void Indent(int width) {
    if (width > indents_.back() && indents_.size() < kDeepest) {
      indents_.push_back(width);
      Add(TokenKind::kIndent);
    }
    while (width < indents_.back()) {
      indents_.pop_back();
      Add(TokenKind::kDedent);
    }
  }

  void Next() {
    const char c = Peek();
    if (c == '\n') {
      EndLine();
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '#') {
      SkipToLineEnd();
    } else if (c == '\\' && (Peek(1) == '\n' || (Peek(1) == '\r' && Peek(2) == '\n'))) {
      at_ += Peek(1) == '\n' ? 2 : 3;
      ++line_;
    } else if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) {
      Number();
    } else if (c == '"' || c == '\'') {
      String("");
    } else if (IsNameStart(c)) {
      NameOrString();
    } else {
      Operator();
    }
  }

  void EndLine() {
    if (open_ > 0 && BeginsAnew(text_.substr(at_ + 1))) open_ = 0;
    if (open_ == 0) {
      Add(TokenKind::kNewline);
      start_of_line_ = true;
    }
    ++at_;
    ++line_;
  }

  // Whether a bracket that is still open before this line was never closed.
  static bool BeginsAnew(std::string_view line) {
    return line.starts_with("def ") || line.starts_with("class ") || line.starts_with("import ");
  }

  void Number() {
    std::string digits;
    bool hexadecimal = Peek() == '0' && (Peek(1) == 'x' || Peek(1) == 'X');
    for (char last = '\0'; at_ < text_.size(); ++at_) {
      const char c = Peek();
      const bool sign = (c == '+' || c == '-') && (last == 'e' || last == 'E') && !hexadecimal;
      if (!IsNamePart(c) && c != '.' && !sign) break;
      if (c != '_') digits += c;
      last = c;
    }
    Add(TokenKind::kNumber, digits);
  }

  void NameOrString() {
    const size_t begin = at_;
    while (IsNamePart(Peek())) ++at_;
    std::string name(text_.substr(begin, at_ - begin));
    const bool quote = Peek() == '"' || Peek() == '\'';
    if (quote && name.size() <= 2 && name.find_first_not_of("rRbBuUfF") == std::string::npos) {
      String(name);
    } else {
      Add(TokenKind::kName, std::move(name));
    }
  }

  void String(const std::string& prefix) {
    const bool raw = prefix.find_first_of("rR") != std::string::npos;
    const bool formatted = prefix.find_first_of("fF") != std::string::npos;
    const char quote = Peek();
    const int line = line_;
    const bool triple = Peek(1) == quote && Peek(2) == quote;
    at_ += triple ? 3 : 1;
    std::string content;
    while (at_ < text_.size() && !Closes(quote, triple)) {
      if (Peek() == '\n') {
        if (!triple) break;
        ++line_;
      }
      if (Peek() == '\\' && at_ + 1 < text_.size()) {
        Escape(raw, &content);
      } else {
        content += text_[at_++];
      }
    }
    if (at_ < text_.size() && Peek() == quote) at_ += triple ? 3 : 1;
    tokens_.push_back(
        {formatted ? TokenKind::kFormatted : TokenKind::kString, std::move(content), line});
  }

  bool Closes(char quote, bool triple) const {
    return Peek() == quote && (!triple || (Peek(1) == quote && Peek(2) == quote));
  }

  // The few escapes that matter in what is printed; others stay as they are.
  void Escape(bool raw, std::string* content) {
    const char c = Peek(1);
    if (c == '\n') ++line_;
    if (raw) {
      *content += Peek();
      *content += c;
    } else if (c != '\n') {
      *content += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    at_ += 2;
  }

  void Operator() {
    static constexpr std::string_view kLong[] = {
        "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==",
        "!=",  "->",  "+=",  "-=",  "*=",  "/=", "%=", "&=", "|=", "^=", "@=", ":="};
    const std::string_view rest = text_.substr(at_);
    size_t size = 1;
    for (const std::string_view op : kLong) {
      if (rest.starts_with(op)) {
        size = op.size();
        break;
      }
    }
    const char c = rest[0];
    if (c == '(' || c == '[' || c == '{') ++open_;
    if ((c == ')' || c == ']' || c == '}') && open_ > 0) --open_;
    Add(TokenKind::kOperator, std::string(rest.substr(0, size)));
    at_ += size;
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  int open_ = 0;  // brackets, in which lines do not end
  bool start_of_line_ = true;
  std::vector<int> indents_ = {0};
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view source) { return Lexer(source).Run(); }

}  // namespace nabla
