#include "framework/notebook/notebook_text.h"

#include <algorithm>
#include <string>

#include "framework/python/lexer.h"

namespace nabla {
namespace {

std::string_view Trimmed(std::string_view s) {
  const size_t first = s.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t\r") - first + 1);
}

// A line that begins a cell or an output.
struct Mark {
  enum Kind { kNone, kCode, kOutput } kind = kNone;
  std::optional<int> execution;
  std::string_view rest;  // of the line, after the mark
};

// Reads "[3]:" at the beginning of `s`; an export may leave the number or the colon out.
bool ReadCount(std::string_view s, Mark* mark) {
  const size_t end = s.find(']');
  if (!s.starts_with('[') || end == std::string_view::npos || end > 8) return false;
  const std::string_view digits = Trimmed(s.substr(1, end - 1));
  int count = 0;
  for (const char c : digits) {
    if (c == '*') continue;
    if (c < '0' || c > '9') return false;
    count = count * 10 + (c - '0');
  }
  if (!digits.empty() && digits != "*") mark->execution = count;
  mark->rest = s.substr(end + 1);
  if (mark->rest.starts_with(':')) mark->rest.remove_prefix(1);
  return true;
}

Mark MarkOf(std::string_view line) {
  std::string_view s = Trimmed(line);
  Mark mark;
  if (s.starts_with("# %%") || s.starts_with("#%%")) {
    mark.kind = Mark::kCode;
    return mark;
  }
  if (s.starts_with("# In")) s = s.substr(2);
  const bool in = s.starts_with("In");
  const bool out = s.starts_with("Out");
  const std::string_view count = Trimmed(s.substr(in ? 2 : out ? 3 : 0));
  const bool colon = count.find("]:") != std::string_view::npos;
  if (!(in || out || colon) || !ReadCount(count, &mark)) return mark;
  mark.kind = out ? Mark::kOutput : Mark::kCode;
  return mark;
}

bool IsWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Tells the lines of a program from those that it printed, one after the other.
class CodeSense {
 public:
  bool IsCode(std::string_view line) {
    const std::string_view s = Trimmed(line);
    if (in_string_ || open_ > 0) {
      if (Sure(s) && !in_string_) open_ = 0;
      Follow(s);
      return true;
    }
    if (s.empty()) return code_;
    code_ = Sure(s) || (code_ && (line[0] == ' ' || line[0] == '\t' ? !Printed(s) : May(s)));
    if (code_) Follow(s);
    return code_;
  }

  void Reset() { *this = CodeSense(); }

 private:
  // Nothing that is printed begins like this.
  static bool Sure(std::string_view s) {
    static constexpr std::string_view kBegin[] = {
        "import ",     "from ",  "def ",    "class ",   "return ", "return", "@",
        "%matplotlib", "print(", "print (", "elif ",    "else:",   "plt.",   "np.",
        "torch.",      "self.",  "try:",    "finally:", "del ",    "assert "};
    for (const std::string_view begin : kBegin) {
      if (s.starts_with(begin)) return true;
    }
    const bool block = s.starts_with("for ") || s.starts_with("if ") || s.starts_with("while ") ||
                       s.starts_with("with ") || s.starts_with("except");
    return (block && s.ends_with(':')) || Assigns(s) || AssignsTuple(s);
  }

  // "(x, y), (x_test, y_test) = ..." and "(x, y), _ = ...": only names before the sign.
  static bool AssignsTuple(std::string_view s) {
    const size_t equals = s.find(" = ");
    if (equals == std::string_view::npos || s.size() < 2 || !IsWordStart(s[1])) return false;
    const std::string_view left = s.substr(0, equals);
    return (s[0] == '(' || s[0] == '[') && std::all_of(left.begin(), left.end(), [](char c) {
             return IsWordStart(c) || (c >= '0' && c <= '9') ||
                    std::string_view("(), []").find(c) != std::string_view::npos;
           });
  }

  // "name = ..." or "name.name, name[...] -= ..." with something that is no bare number to follow.
  static bool Assigns(std::string_view s) {
    const size_t equals = s.find('=');
    if (equals == std::string_view::npos || equals == 0 || !IsWordStart(s[0])) return false;
    std::string_view left = s.substr(0, equals);
    if (left.find_first_of("+-*/") == left.size() - 1) left.remove_suffix(1);
    left = Trimmed(left);
    const bool words = left.find(' ') != std::string_view::npos && left.find(',') > left.size();
    return !words && left.find_first_of(":'\"|(>") == std::string_view::npos &&
           s.substr(equals).size() > 1;
  }

  // Whether a line after code may be code too: no words beside each other, no bare number.
  static bool May(std::string_view s) {
    if (s[0] == '#' || s[0] == '%' || s[0] == '!' || s[0] == '"' || s[0] == '\'') return true;
    if (s[0] == ')' || s[0] == ']' || s[0] == '}') return true;
    if (!IsWordStart(s[0])) return false;
    return !Printed(s) && s.find_first_of("(.[") != std::string_view::npos;
  }

  // A word, then a number or a word, such as "Epoch 3" or "Test accuracy: 0.9".
  static bool Printed(std::string_view s) {
    if (s[0] == '[' || (s[0] >= '0' && s[0] <= '9')) return true;
    size_t end = 0;
    while (end < s.size() && (IsWordStart(s[end]) || (s[end] >= '0' && s[end] <= '9'))) ++end;
    const std::string_view word = s.substr(0, end);
    static constexpr std::string_view kKeywords[] = {
        "for", "if",  "while", "with", "return", "import", "from",   "def",     "class",
        "try", "del", "yield", "else", "elif",   "except", "assert", "raise",   "global",
        "in",  "not", "and",   "or",   "lambda", "pass",   "break",  "continue"};
    if (std::find(std::begin(kKeywords), std::end(kKeywords), word) != std::end(kKeywords)) {
      return false;
    }
    while (end < s.size() && s[end] == ' ') ++end;
    if (end == 0 || end >= s.size()) return false;
    const bool spaced = s[end - 1] == ' ';
    return (spaced && (IsWordStart(s[end]) || (s[end] >= '0' && s[end] <= '9'))) || s[end] == ':';
  }

  // Brackets and long strings that stay open at the end of a line.
  void Follow(std::string_view s) {
    for (size_t i = 0; i < s.size(); ++i) {
      const std::string_view three = s.substr(i, 3);
      if (three == "\"\"\"" || three == "'''") {
        in_string_ = !in_string_;
        i += 2;
      } else if (in_string_) {
        continue;
      } else if (s[i] == '#') {
        return;
      } else if (s[i] == '\'' || s[i] == '"') {
        const size_t close = s.find(s[i], i + 1);
        if (close == std::string_view::npos) return;
        i = close;
      } else if (std::string_view("([{").find(s[i]) != std::string_view::npos) {
        ++open_;
      } else if (std::string_view(")]}").find(s[i]) != std::string_view::npos && open_ > 0) {
        --open_;
      }
    }
  }

  bool code_ = true;
  bool in_string_ = false;
  int open_ = 0;
};

class TextReader {
 public:
  void Line(std::string_view line) {
    const Mark mark = MarkOf(line);
    if (line.starts_with("```")) {
      Fence(line);
    } else if (mark.kind == Mark::kCode) {
      Begin(mark.execution);
      if (!Trimmed(mark.rest).empty()) Code(mark.rest.substr(mark.rest[0] == ' ' ? 1 : 0));
    } else if (mark.kind == Mark::kOutput) {
      printed_ = true;
      Output(mark.rest);
    } else if (fenced_ || (!printed_ && !prose_ && sense_.IsCode(line))) {
      Code(line);
    } else {
      Output(line);
    }
  }

  Notebook Finish() {
    Close();
    return std::move(notebook_);
  }

 private:
  // Markdown exports: what stands between fences of Python is code, everything else is not.
  void Fence(std::string_view line) {
    const bool python = line.starts_with("```py") || line.starts_with("``` py") ||
                        line.starts_with("```{.py") || line.starts_with("```ipython");
    fenced_ = python;
    if (!python) return;
    Begin(std::nullopt);
    prose_ = true;
  }

  void Begin(std::optional<int> execution) {
    Close();
    printed_ = false;
    sense_.Reset();
    cell_.number = static_cast<int>(notebook_.cells.size()) + 1;
    cell_.execution = execution;
  }

  // Lines that are not code stay behind as empty ones, so that places hold.
  void Code(std::string_view line) { cell_.source += std::string(line) + "\n"; }

  void Output(std::string_view line) {
    cell_.source += "\n";
    output_ += std::string(line) + "\n";
  }

  void Close() {
    if (Trimmed(cell_.source).find_first_not_of('\n') != std::string_view::npos ||
        !output_.empty()) {
      cell_.is_code = true;
      if (!output_.empty()) cell_.outputs.push_back(std::move(output_));
      notebook_.cells.push_back(std::move(cell_));
    }
    cell_ = {};
    output_.clear();
  }

  Notebook notebook_;
  NotebookCell cell_;
  std::string output_;
  CodeSense sense_;
  bool printed_ = false;  // after Out[3]:, until the next cell
  bool fenced_ = false;
  bool prose_ = false;
};

// A script shows what it printed in a long string or in comments, if at all.
void ReadQuoted(NotebookCell* cell) {
  std::string quoted;
  for (const Token& token : Tokenize(cell->source)) {
    const bool lines =
        token.kind == TokenKind::kString && token.text.find('\n') != std::string::npos;
    if (lines) quoted += token.text + "\n";
  }
  for (std::string_view rest = cell->source; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = Trimmed(rest.substr(0, end));
    if (line.starts_with('#')) quoted += std::string(line.substr(1)) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!quoted.empty()) cell->outputs.push_back(std::move(quoted));
}

}  // namespace

Notebook ReadNotebookText(std::string_view text) {
  TextReader reader;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    reader.Line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  Notebook notebook = reader.Finish();
  const bool printed = std::any_of(notebook.cells.begin(), notebook.cells.end(),
                                   [](const NotebookCell& cell) { return !cell.outputs.empty(); });
  if (!printed) {
    for (NotebookCell& cell : notebook.cells) ReadQuoted(&cell);
  }
  return notebook;
}

}  // namespace nabla
