#include "framework/import/print_hints.h"

#include <algorithm>
#include <map>

#include "framework/import/expression_kinds.h"
#include "framework/import/inner_values.h"
#include "framework/notebook/metric_words.h"
#include "framework/notebook/template_words.h"
#include "framework/python/parser.h"

namespace nabla {
namespace {

constexpr size_t kMostHints = 5000;
constexpr int kDeepestWalk = 150;
constexpr size_t kMostNames = 120;  // of an expression; those of what a name stands for are fewer

constexpr const char* kUnequal = "!=";  // stands among the names of what counts mistakes

bool Has(const std::vector<std::string>& names, const char* name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What was put into a list.
struct Kept {
  int64_t every = 0;  // turns, if not each
  std::vector<std::string> names;
};

struct Loop {
  std::string variable;
  int64_t start = 0;
};

class Walker {
 public:
  Walker(const std::map<std::string, double>& numbers, std::vector<PrintHint>* hints)
      : numbers_(numbers), hints_(hints) {}

  // What names were set to in the cells before still counts.
  void Cell(int cell, const std::vector<Statement>& program) {
    cell_ = cell;
    rows_ = every_ = 0;
    last_ = program.empty() ? nullptr : &program.back();
    Block(program, 0);
  }

 private:
  void Block(const std::vector<Statement>& block, int depth) {
    if (depth > kDeepestWalk) return;
    for (const Statement& s : block) One(s, depth);
  }

  void One(const Statement& s, int depth) {
    using S = Statement::Kind;
    if (s.kind == S::kAssign) Set(s.targets[0], s.values[0]);
    if (s.kind == S::kAssign) inner_.Assigned(s.targets[0], s.values[0]);
    if (s.kind == S::kAugmented && s.targets[0].kind == Expr::Kind::kName) {
      Move(s.targets[0].text, s.name, s.values[0]);
      inner_.Accumulated(s.targets[0].text);
      std::vector<std::string>& names = set_[s.targets[0].text];
      Names(s.values[0], &names, 0);
      names.resize(std::min(names.size(), kMostNames / 4));
    }
    for (const Expr& value : s.values) Slices(value, 0);
    if (s.kind == S::kExpression) Keep(s.values[0]);
    if (s.kind == S::kExpression) Print(s.values[0], &s == last_);
    const size_t loops = loops_.size();
    const int64_t every = every_;
    const int function = s.kind == S::kDef ? 1 : 0;
    if (s.kind == S::kFor) BeginLoop(s);
    if (s.kind == S::kFor) SetZipped(s.targets[0], s.values[0], 0);
    if (s.kind == S::kIf) Every(s.values[0], 0);
    functions_ += function;
    // A function's names are its own.
    std::map<std::string, std::vector<std::string>> outer;
    if (function > 0) std::swap(outer, set_);
    InnerValues inner;
    if (function > 0) std::swap(inner, inner_);
    const bool loop = s.kind == S::kFor || s.kind == S::kWhile;
    if (loop) inner_.EnterLoop(s);
    Block(s.body, depth + 1);
    if (loop) inner_.LeaveLoop();
    if (function > 0) std::swap(inner, inner_);
    if (function > 0) std::swap(outer, set_);
    functions_ -= function;
    every_ = every;
    loops_.resize(loops);
    Block(s.otherwise, depth + 1);
  }

  // "if i % 100 == 0: costs.append(cost)": a list is called what is put into it, too.
  void Keep(const Expr& e) {
    const bool append = e.kind == Expr::Kind::kCall && e.items.size() == 2 &&
                        e.items[0].kind == Expr::Kind::kAttribute && e.items[0].text == "append" &&
                        e.items[0].items[0].kind == Expr::Kind::kName;
    if (!append) return;
    const std::string& list = e.items[0].items[0].text;
    inner_.Accumulated(list);
    Kept& kept = kept_[list];
    if (every_ > 0) kept.every = every_;
    Names(e.items[1], &kept.names, 0);
    kept.names.resize(std::min(kept.names.size(), kMostNames / 4));
  }

  // What is known of a list that is shown whole, also as np.array(costs).
  void ShowKept(const Expr& e, PrintedArgument* a) const {
    const Expr* list = &e;
    if (list->kind == Expr::Kind::kCall && list->items.size() == 2) list = &list->items[1];
    const auto found = kept_.find(list->text);
    if (list->kind != Expr::Kind::kName || found == kept_.end()) return;
    a->every = found->second.every;
    a->names.insert(a->names.end(), found->second.names.begin(), found->second.names.end());
  }

  // "i += 1" within the loop over i: what is printed below it is counted from one more.
  void Move(const std::string& name, const std::string& op, const Expr& by) {
    const auto number = WholeLiteral(by);
    if (!number || (op != "+" && op != "-")) return;
    for (Loop& loop : loops_) {
      if (loop.variable == name) loop.start += op == "+" ? *number : -*number;
    }
  }

  // The names in what a name is set to; those of a tuple each get all.
  void Set(const Expr& target, const Expr& value) {
    std::vector<std::string> names;
    Names(value, &names, 0);
    names.resize(std::min(names.size(), kMostNames / 4));
    if (target.kind == Expr::Kind::kName) set_[target.text] = names;
    if (target.kind != Expr::Kind::kTuple) return;
    if (value.kind == Expr::Kind::kTuple && value.items.size() == target.items.size()) {
      for (size_t i = 0; i < target.items.size(); ++i) {
        if (target.items[i].kind == Expr::Kind::kName) Set(target.items[i], value.items[i]);
      }
      return;
    }
    for (const Expr& item : target.items) {
      if (item.kind == Expr::Kind::kName) set_[item.text] = names;
    }
  }

  // for i, (a, b) in enumerate(zip(losses, accuracies))
  void SetZipped(const Expr& target, const Expr& from, int depth) {
    const bool call = from.kind == Expr::Kind::kCall && from.items.size() > 1 && depth < 5;
    if (!call || target.kind != Expr::Kind::kTuple) return;
    if (from.items[0].text == "enumerate" && target.items.size() == 2) {
      SetZipped(target.items[1], from.items[1], depth + 1);
    } else if (from.items[0].text == "zip" && target.items.size() + 1 == from.items.size()) {
      for (size_t i = 0; i < target.items.size(); ++i) Set(target.items[i], from.items[i + 1]);
    }
  }

  // for i in range(a, b), also within enumerate, tqdm and the like.
  void BeginLoop(const Statement& s) {
    const Expr* target = &s.targets[0];
    if (target->kind == Expr::Kind::kTuple && !target->items.empty()) target = &target->items[0];
    const Expr* range = &s.values[0];
    for (int i = 0; i < 3 && range->kind == Expr::Kind::kCall && range->items.size() > 1; ++i) {
      const bool is_range = range->items[0].text == "range" || range->items[0].text == "xrange" ||
                            range->items[0].text == "trange";
      if (is_range) break;
      range = &range->items[1];
    }
    if (target->kind != Expr::Kind::kName) return;
    if (const auto first = FirstOfFigures(s.values[0])) {
      loops_.push_back({target->text, *first});
      return;
    }
    if (range->kind != Expr::Kind::kCall || range->items.size() < 2) return;
    const bool two = range->items.size() > 2;
    loops_.push_back({target->text, two ? WholeLiteral(range->items[1]).value_or(0) : 0});
  }

  // A whole number, spelled or named.
  std::optional<int64_t> NumberOf(const Expr& e) const {
    const auto found = numbers_.find(e.text);
    const bool named = e.kind == Expr::Kind::kName && found != numbers_.end() &&
                       found->second >= 1 && found->second <= 1e6;
    return named ? static_cast<int64_t>(found->second) : WholeLiteral(e);
  }

  // "i % 100 == 0" anywhere in a condition.
  void Every(const Expr& e, int depth) {
    if (depth > 20) return;
    if (e.kind == Expr::Kind::kBinary && e.text == "%") {
      const auto number = NumberOf(e.items[1]);
      const std::vector<std::string> parts = NameParts(e.items[1].text);
      const bool each = !number && Has(parts, "per") && Has(parts, "epoch");
      every_ = number.value_or(each ? kEachEpoch : every_);
    }
    for (const Expr& item : e.items) Every(item, depth + 1);
  }

  // The n of x[:n].
  void Slices(const Expr& e, int depth) {
    if (depth > 30) return;
    if (e.kind == Expr::Kind::kSlice && e.items[0].kind == Expr::Kind::kOther) {
      rows_ = WholeLiteral(e.items[1]).value_or(rows_);
    }
    for (const Expr& item : e.items) Slices(item, depth + 1);
  }

  // All names in an expression, and texts that are keys.
  void Names(const Expr& e, std::vector<std::string>* names, int depth) {
    if (depth > 30 || names->size() > kMostNames) return;
    if (e.kind == Expr::Kind::kName || e.kind == Expr::Kind::kAttribute) {
      std::vector<std::string> parts = NameParts(e.text);
      // x_test is of the test rows, whatever it came from.
      const bool told = LabelOf(parts).split != MetricSplit::kUnknown;
      if (parts == std::vector<std::string>{"y", "te"} ||
          parts == std::vector<std::string>{"x", "te"})
        parts[1] = "test";
      for (std::string& part : parts) names->push_back(std::move(part));
      const std::vector<std::string>& summed = inner_.SplitOf(e.text);
      if (!told) names->insert(names->end(), summed.begin(), summed.end());
      const auto set = set_.find(e.text);
      if (e.kind == Expr::Kind::kName && set != set_.end() && depth < 4 && !told) {
        names->insert(names->end(), set->second.begin(), set->second.end());
      } else if (set != set_.end() && Has(set->second, kUnequal)) {
        names->push_back(kUnequal);
      }
    }
    // history["val_loss"]: the key says it, whatever else the dict has.
    if (e.kind == Expr::Kind::kSubscript && e.items[1].kind == Expr::Kind::kString &&
        LabelOf(NameParts(e.items[1].text)).kind != MetricKind::kUnknown) {
      return AddWords(e.items[1].text, names);
    }
    if (e.kind == Expr::Kind::kString) AddWords(e.text, names);
    if (IsShareOf(e, "==")) names->push_back("accuracy");
    if (IsShareOf(e, "!=")) names->push_back(kUnequal);
    for (const Expr& item : e.items) Names(item, names, depth + 1);
  }

  PrintedArgument Argument(const Expr& e) {
    PrintedArgument a;
    a.rows = rows_;
    a.mean = e.kind == Expr::Kind::kFormatted
                 ? e.text.find('/') != std::string::npos || e.text.find("avg") != std::string::npos
                 : IsMean(e);
    Names(e, &a.names, 0);
    ShowKept(e, &a);
    a.last_turn = inner_.IsOfLastTurn(e);
    a.unequal = Has(a.names, kUnequal);
    const Expr* variable = &e;
    int64_t plus = 0;
    if (e.kind == Expr::Kind::kCall && e.items.size() == 2) variable = &e.items[1];  // str(i)
    if (variable->kind == Expr::Kind::kBinary && (variable->text == "+" || variable->text == "-")) {
      const auto number = WholeLiteral(variable->items[1]);
      if (!number) return a;
      plus = variable->text == "+" ? *number : -*number;
      variable = &variable->items[0];
    }
    if (variable->kind == Expr::Kind::kBinary && variable->text == "//") {
      a.times = std::max<int64_t>(1, NumberOf(variable->items[1]).value_or(1));
      variable = &variable->items[0];
    }
    if (variable->kind != Expr::Kind::kName) return a;
    a.batch = inner_.CountsBatches(variable->text);
    for (const Loop& loop : loops_) {
      if (loop.variable != variable->text) continue;
      a.is_step = true;
      a.counts_from = loop.start;
      a.to_epoch = 1 - loop.start - a.times * plus;
    }
    return a;
  }

  // A call of print, or a cell's last value.
  void Print(const Expr& e, bool last) {
    if (hints_->size() >= kMostHints) return;
    PrintHint hint;
    hint.cell = cell_;
    hint.every = every_;
    hint.function = functions_ > 0;
    hint.looped = !loops_.empty();
    const bool print = e.kind == Expr::Kind::kCall && e.items[0].kind == Expr::Kind::kName &&
                       (e.items[0].text == "print" || e.items[0].text == "pprint");
    const bool method = e.kind == Expr::Kind::kCall && e.items[0].kind == Expr::Kind::kAttribute;
    hint.bar = method && e.items[0].text.starts_with("set_");
    const bool logs = method && (e.items[0].text == "write" || e.items[0].text == "info" ||
                                 e.items[0].text.starts_with("set_description") ||
                                 e.items[0].text.starts_with("set_postfix"));
    if (!print && !logs) {
      if (!last && cell_ > 0 && functions_ == 0) return;
      // As Out[3] shows it.
      if (loops_.empty() && e.kind == Expr::Kind::kTuple) {
        for (const Expr& item : e.items) hint.arguments.push_back(Argument(item));
      } else if (loops_.empty()) {
        hint.arguments.push_back(Argument(e));
      }
    } else {
      for (size_t i = 1; i < e.items.size(); ++i) {
        if (e.keywords[i - 1].empty() || hint.bar) Part(e.items[i], &hint, 0);
        const bool text = e.keywords[i - 1] == "end" && e.items[i].kind == Expr::Kind::kString;
        hint.joined = hint.joined || (text && e.items[i].text.find('\n') == std::string::npos);
      }
    }
    hints_->push_back(std::move(hint));
  }

  // A piece of what is printed: texts give words, everything else an argument.
  void Part(const Expr& e, PrintHint* hint, int depth) {
    if (depth > 30) return;
    if (e.kind == Expr::Kind::kString) {
      AddWords(e.text, &hint->words);
    } else if (e.kind == Expr::Kind::kFormatted) {
      Formatted(e.text, hint);
    } else if (e.kind == Expr::Kind::kBinary && e.text == "%" &&
               (e.items[0].kind == Expr::Kind::kString)) {
      Template(e.items[0].text, e.items[1], hint);
    } else if (e.kind == Expr::Kind::kTuple) {
      for (const Expr& item : e.items) Part(item, hint, depth + 1);  // print((epoch, loss))
    } else if (e.kind == Expr::Kind::kBinary && e.text == "+" && HasText(e, 0)) {
      Part(e.items[0], hint, depth + 1);
      Part(e.items[1], hint, depth + 1);
    } else if (e.kind == Expr::Kind::kCall && e.items[0].kind == Expr::Kind::kAttribute &&
               e.items[0].text == "format" && e.items[0].items[0].kind == Expr::Kind::kString) {
      AddBraceWords(e.items[0].items[0].text, &hint->words);
      for (size_t i = 1; i < e.items.size(); ++i) hint->arguments.push_back(Argument(e.items[i]));
    } else {
      hint->arguments.push_back(Argument(e));
    }
  }

  bool HasText(const Expr& e, int depth) const {
    if (depth > 30) return false;
    if (e.kind == Expr::Kind::kString || e.kind == Expr::Kind::kFormatted) return true;
    return e.kind == Expr::Kind::kBinary && e.text == "+" &&
           (HasText(e.items[0], depth + 1) || HasText(e.items[1], depth + 1));
  }

  // "%d of %s": what stands between the conversions are words.
  void Template(const std::string& text, const Expr& values, PrintHint* hint) {
    AddPercentWords(text, &hint->words);
    if (values.kind == Expr::Kind::kTuple) {
      for (const Expr& v : values.items) hint->arguments.push_back(Argument(v));
    } else {
      hint->arguments.push_back(Argument(values));
    }
  }

  // f"{epoch + 1}: {loss:.3f}"
  void Formatted(const std::string& whole, PrintHint* hint) {
    const std::string text = SpelledFields(whole);
    AddBraceWords(text, &hint->words);
    for (const std::string& code : FieldCodes(text)) {
      const std::vector<Statement> parsed = ParsePython(code);
      if (parsed.size() == 1 && parsed[0].kind == Statement::Kind::kExpression) {
        hint->arguments.push_back(Argument(parsed[0].values[0]));
      } else {
        hint->arguments.emplace_back();
      }
    }
  }

  int cell_ = 0;
  const Statement* last_ = nullptr;  // of the cell
  const std::map<std::string, double>& numbers_;
  std::vector<PrintHint>* hints_;
  std::vector<Loop> loops_;
  int functions_ = 0;  // around what is read
  int64_t every_ = 0;
  int64_t rows_ = 0;
  std::map<std::string, Kept> kept_;
  InnerValues inner_;
  std::map<std::string, std::vector<std::string>> set_;
};

}  // namespace

std::vector<PrintHint> ReadPrintHints(const std::map<int, std::vector<Statement>>& cells,
                                      const std::map<std::string, double>& numbers) {
  std::vector<PrintHint> hints;
  Walker walker(numbers, &hints);
  for (const auto& [cell, program] : cells) walker.Cell(cell, program);
  return hints;
}

std::vector<const PrintHint*> HintsFor(const std::vector<PrintHint>& hints,
                                       const HintedLine& line) {
  std::vector<const PrintHint*> found;
  // "loss: tensor(0.5, grad_fn=<NllLossBackward0>)"
  std::vector<std::string> words = line.words;
  std::erase_if(words, [](const std::string& word) {
    return word == "tensor" || word == "grad" || word == "fn" || word.find("backward") == 0;
  });
  for (const PrintHint& hint : hints) {
    const bool here = hint.cell == line.cell || hint.function;
    const bool bare = here && line.words.empty() && hint.arguments.size() == line.numbers;
    const bool said = !line.words.empty() && (hint.words == line.words || hint.words == words);
    if (said || (bare && hint.words.empty())) found.push_back(&hint);
  }
  std::stable_partition(found.begin(), found.end(),
                        [&](const PrintHint* hint) { return hint->cell == line.cell; });
  return found;
}

}  // namespace nabla
