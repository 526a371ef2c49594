#include "framework/import/printed_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "framework/notebook/metric_asides.h"

namespace nabla {

std::string Placed(const PrintedSeries& s) {
  const std::string count = s.execution ? fmt::format(" (In [{}])", *s.execution) : "";
  return s.cell == 0 ? "the text" : fmt::format("cell {}{}", s.cell, count);
}

bool IsFinite(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

namespace {

// The split that the names of rows end with: xtrain, yte.
std::string WithoutRows(const std::string& name) {
  if (name.size() < 3 || (name[0] != 'x' && name[0] != 'y')) return name;
  const std::string rest = name.substr(1);
  if (rest == "te") return "test";
  return LabelOf({rest}).split != MetricSplit::kUnknown ? rest : name;
}

bool Has(const std::vector<std::string>& all, const char* name) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace

MetricLabel LabelOfNames(const std::vector<std::string>& names) {
  MetricLabel label;
  bool train = false, test = false, loss = false, accuracy = false;
  for (const std::string& whole : names) {
    const std::string name = WithoutRows(whole);
    const MetricLabel one = LabelOf({name});
    train = train || one.split == MetricSplit::kTrain || name.starts_with("train");
    test = test || one.split == MetricSplit::kTest || name.starts_with("test") ||
           name.starts_with("valid") || name.starts_with("valload") || name.starts_with("valset");
    loss = loss || (one.kind == MetricKind::kLoss && name.size() > 1) || name.ends_with("loss");
    accuracy = accuracy || one.kind == MetricKind::kAccuracy;
  }
  if (train != test) label.split = train ? MetricSplit::kTrain : MetricSplit::kTest;
  if (accuracy || loss) label.kind = accuracy ? MetricKind::kAccuracy : MetricKind::kLoss;
  return label;
}

bool SaysValidation(const std::string& words) {
  const std::vector<std::string> parts = NameParts(words);
  return std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.starts_with("val") || part == "dev";
  });
}

bool IsOfValidation(const PrintedSeries& s, const std::map<int, std::vector<std::string>>& names) {
  if (s.validation || SaysValidation(s.words)) return true;
  // evaluation_data=validation_data
  const std::vector<std::string> parts = NameParts(s.words);
  const auto cell = names.find(s.cell);
  return std::find(parts.begin(), parts.end(), "evaluation") != parts.end() &&
         cell != names.end() &&
         std::any_of(cell->second.begin(), cell->second.end(),
                     [](const std::string& name) { return name.starts_with("validation"); });
}

MetricSplit SplitOfRows(const PrintedSeries& s, const CodeFacts& facts) {
  const std::string& data = facts.dataset.text;
  const bool pictures = data == "mnist" || data == "fashion_mnist" || data == "kmnist";
  if (!pictures || !s.rows) return MetricSplit::kUnknown;
  return *s.rows == 10000   ? MetricSplit::kTest
         : *s.rows >= 50000 ? MetricSplit::kTrain
                            : MetricSplit::kUnknown;
}

bool NamesAccuracy(const PrintedSeries& s) { return s.words.find("acc") != std::string::npos; }

bool SpeaksOfFolds(const std::map<int, std::vector<std::string>>& names, int cell) {
  const auto found = names.find(cell);
  return found != names.end() &&
         std::any_of(found->second.begin(), found->second.end(), [](const std::string& name) {
           return name == "fold" || name == "folds" || name == "kfold";
         });
}

bool OfOtherModel(const std::map<int, std::vector<std::string>>& names, int cell) {
  static constexpr std::string_view kLibraries[] = {"xgb",  "xgboost",  "lgb",
                                                    "lgbm", "lightgbm", "catboost"};
  const auto found = names.find(cell);
  return found != names.end() &&
         std::any_of(found->second.begin(), found->second.end(), [](const std::string& name) {
           return std::find(std::begin(kLibraries), std::end(kLibraries), name) !=
                  std::end(kLibraries);
         });
}

bool FitsScikit(const std::map<int, std::vector<std::string>>& names) {
  return std::any_of(names.begin(), names.end(), [](const auto& cell) {
    return std::any_of(cell.second.begin(), cell.second.end(), [](const std::string& name) {
      return name == "mlpclassifier" || name == "mlpregressor";
    });
  });
}

bool CrossValidates(const std::map<int, std::vector<std::string>>& names, int cell) {
  static constexpr std::string_view kParts[] = {"cross", "val", "score"};
  const auto found = names.find(cell);
  if (found == names.end()) return false;
  const std::vector<std::string>& all = found->second;
  return std::search(all.begin(), all.end(), std::begin(kParts), std::end(kParts)) != all.end();
}

bool IsBestOfSearch(const std::vector<PrintHint>& all,
                    const std::map<int, std::vector<std::string>>& names, const PrintedSeries& s) {
  static constexpr std::string_view kBest[] = {"best", "score"};
  const bool searches = std::any_of(names.begin(), names.end(), [](const auto& cell) {
    const std::vector<std::string>& of_cell = cell.second;
    return std::any_of(of_cell.begin(), of_cell.end(),
                       [](const std::string& name) { return name.starts_with("search"); });
  });
  if (!searches) return false;
  const auto hints = HintsOf(all, s);
  return std::any_of(hints.begin(), hints.end(), [](const PrintHint* hint) {
    if (hint->arguments.size() != 1) return false;
    const std::vector<std::string>& of = hint->arguments[0].names;
    return std::search(of.begin(), of.end(), std::begin(kBest), std::end(kBest)) != of.end();
  });
}

std::string OtherMeaning(const PrintedSeries& s, const CodeFacts& facts) {
  const bool begins = !s.after && s.steps.size() > 1 && s.steps.front() <= 1;
  if (begins && facts.continued.contains(s.cell)) return "the weights go on from a cell before";
  if (s.spread) return "a mean of several, with its deviation";
  const std::vector<std::string> parts = NameParts(s.words);
  const auto says = [&](std::initializer_list<const char*> words) {
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
      return std::any_of(words.begin(), words.end(), [&](const char* w) { return part == w; });
    });
  };
  const bool loss = s.label.kind == MetricKind::kLoss;
  if (loss && says({"rmse", "root"})) return "the root of the mean square";
  if (loss && says({"d", "g", "disc", "gen", "discriminator", "generator"})) {
    return "the loss of one of two nets";
  }
  return loss && says({"sum"}) ? "a sum" : "";
}

bool IsOfKerasFit(const std::map<int, std::vector<std::string>>& names, const PrintedSeries& s) {
  const auto cell = names.find(s.cell);
  const bool plain = s.words == "accuracy" || s.words == "acc";
  return plain && s.rank == 2 && !s.after && s.label.split == MetricSplit::kUnknown &&
         cell != names.end() && Has(cell->second, "fit") &&
         std::any_of(names.begin(), names.end(),
                     [&](const auto& one) { return Has(one.second, "keras"); });
}

bool OnlyEvaluates(const std::map<int, std::vector<std::string>>& names, int cell) {
  const auto found = names.find(cell);
  return found != names.end() && Has(found->second, "evaluate") && !Has(found->second, "fit");
}

bool IsLess(const std::string& a, const std::string& b) {
  return std::strtod(a.c_str(), nullptr) < std::strtod(b.c_str(), nullptr);
}

bool AreWhole(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(), [](const std::string& v) {
    return v.find_first_not_of("0123456789") == std::string::npos;
  });
}

std::string PlainNumber(const std::string& text) {
  const bool negative = text.starts_with('-');
  std::string digits = text.substr(negative ? 1 : 0);
  while (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') {
    digits.erase(0, 1);
  }
  if (digits.starts_with('.')) digits.insert(0, 1, '0');
  return (negative ? "-" : "") + digits;
}

bool HasTests(const std::map<int, std::vector<std::string>>& names, const CodeFacts& facts) {
  for (const char* both : {"mnist", "fashion_mnist", "kmnist", "cifar10"}) {
    if (facts.dataset.text == both) return true;
  }
  return !facts.split.empty() || std::any_of(names.begin(), names.end(), [](const auto& cell) {
    const std::vector<std::string>& parts = cell.second;
    for (size_t i = 0; i < parts.size(); ++i) {
      // Test cases check the program.
      const bool cases = i + 1 < parts.size() && parts[i + 1].starts_with("case");
      if (!cases && LabelOfNames({parts[i]}).split == MetricSplit::kTest) return true;
    }
    return false;
  });
}

std::vector<const PrintHint*> HintsOf(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  auto hints = HintsFor(all, {s.line_words, s.line_numbers, s.cell});
  if (!s.array) return hints;
  if (!s.words.empty()) return {};
  std::erase_if(hints, [&](const PrintHint* hint) {
    if (s.joined) return !hint->joined;
    const bool here = hint->cell == s.cell && !hint->function && !hint->looped;
    return !here || LabelOfNames(hint->arguments[0].names).kind == MetricKind::kUnknown;
  });
  if (s.joined) return hints;
  return s.number < hints.size() ? std::vector{hints[s.number]} : std::vector<const PrintHint*>();
}

bool PrintsMean(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  const auto hints = HintsOf(all, s);
  return std::any_of(hints.begin(), hints.end(), [&](const PrintHint* hint) {
    return std::any_of(hint->arguments.begin(), hint->arguments.end(), [&](const auto& a) {
      return a.mean && LabelOfNames(a.names).kind == s.label.kind;
    });
  });
}

bool IsOfLastTurn(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  const auto hints = HintsOf(all, s);
  if (s.array || s.steps.size() < 2 || hints.empty()) return false;
  const std::vector<PrintedArgument>& arguments = hints[0]->arguments;
  const bool totals = arguments.size() == s.line_numbers + s.line_totals;
  const bool matched = totals || arguments.size() == s.line_numbers;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const PrintedArgument& a = arguments[i];
    const bool mine = !matched || i == s.index + (totals ? s.totals : 0);
    if (mine && a.last_turn && LabelOfNames(a.names).kind == s.label.kind) return true;
  }
  return false;
}

bool CountsBatches(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  if (s.steps.empty() || s.rank > 1) return false;
  for (const PrintHint* hint : HintsFor(all, {s.step_words, s.step_numbers, s.cell})) {
    bool batch = false;
    for (const PrintedArgument& a : hint->arguments) {
      if (a.is_step && !a.batch) return false;
      batch = batch || (a.batch && LabelOfNames(a.names).kind == MetricKind::kUnknown);
    }
    if (batch) return true;
  }
  return false;
}

bool PrintsTestRows(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  const auto hints = HintsFor(all, {s.line_words, s.line_numbers, s.cell});
  const auto test = [](const std::string& name) { return name.starts_with("test"); };
  return std::any_of(hints.begin(), hints.end(), [&](const PrintHint* hint) {
    return std::any_of(hint->arguments.begin(), hint->arguments.end(), [&](const auto& a) {
      return std::any_of(a.names.begin(), a.names.end(), test);
    });
  });
}

bool PrintsSteps(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  const auto hints = HintsFor(all, {s.step_words, s.step_numbers, s.cell});
  return std::any_of(hints.begin(), hints.end(), [](const PrintHint* hint) {
    return std::any_of(hint->arguments.begin(), hint->arguments.end(),
                       [](const PrintedArgument& a) { return a.is_step; });
  });
}

bool CountsMistakes(const std::vector<PrintHint>& all, const PrintedSeries& s) {
  if (s.label.kind != MetricKind::kLoss) return false;
  const std::vector<std::string> parts = NameParts(s.words);
  const bool error = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part == "errors" || part == "error" || part == "err" || part == "mistakes";
  });
  if (!error) return false;
  const auto hints = HintsOf(all, s);
  return AreWhole(s.values) || std::any_of(hints.begin(), hints.end(), [](const PrintHint* hint) {
           return std::any_of(hint->arguments.begin(), hint->arguments.end(),
                              [](const auto& a) { return a.unequal; });
         });
}

namespace {

// print(score), where score is what evaluate gave.
bool PrintsEvaluated(const std::vector<PrintHint>& all, PrintedSeries* s) {
  for (const PrintHint& hint : all) {
    if (hint.cell != s->cell || hint.arguments.size() != 1 || !hint.words.empty()) continue;
    const std::vector<std::string>& names = hint.arguments[0].names;
    if (std::find(names.begin(), names.end(), "evaluate") == names.end()) continue;
    s->label.split = LabelOfNames(names).split;
    return true;
  }
  return false;
}

}  // namespace

void NameEvaluated(const std::vector<PrintHint>& all,
                   const std::map<int, std::vector<std::string>>& names, PrintedSeries* s) {
  const bool pair = s->after && s->words.empty() && s->line_words.empty() && s->line_numbers == 2 &&
                    s->label.kind == MetricKind::kUnknown && s->values.size() == 1;
  if (!pair || AreWhole(s->values) || !(OnlyEvaluates(names, s->cell) || PrintsEvaluated(all, s)))
    return;
  s->label.kind = s->index == 0 ? MetricKind::kLoss : MetricKind::kAccuracy;
  if (s->index > 0 && IsLess("1", s->values[0])) s->label.kind = MetricKind::kOther;
}

namespace {

// Percentages that nothing had named before.
void ShiftPercentages(PrintedSeries* s) {
  const auto more = [s](const char* than) {
    return std::any_of(s->values.begin(), s->values.end(),
                       [than](const std::string& v) { return IsLess(than, v); });
  };
  if (s->label.kind != MetricKind::kAccuracy || s->percent || s->rows || !more("1")) return;
  if (more("100")) {
    s->label.kind = MetricKind::kOther;
    return;
  }
  s->percent = true;
  for (std::string& value : s->values) value = ShiftedPercent(value);
}

void FindLabel(const std::vector<PrintHint>& all, PrintedSeries* s) {
  if (s->after && s->words.empty() && AreWhole(s->values)) return;  // such as a number of rows
  auto hints = HintsOf(all, *s);
  const bool lone = !s->array && s->words.empty() && s->line_numbers == 1 && s->line_words.empty();
  if (lone && s->number > 0) {
    // The k-th line of one number below a step is that of the k-th such print in the loop.
    std::erase_if(hints, [](const PrintHint* hint) { return !hint->looped; });
    hints =
        s->number < hints.size() ? std::vector{hints[s->number]} : std::vector<const PrintHint*>();
    s->ordered = !hints.empty();
  }
  const size_t number = s->array || lone ? 0 : s->number;
  for (const PrintHint* hint : hints) {
    for (size_t i = 0; i < hint->arguments.size(); ++i) {
      const PrintedArgument& argument = hint->arguments[i];
      if (argument.is_step) continue;
      // Where each argument printed one number, the others say nothing of this one.
      const bool totals = hint->arguments.size() == s->line_numbers + s->line_totals;
      const bool matched = totals || hint->arguments.size() == s->line_numbers;
      if (matched && i != s->index + (totals ? s->totals : 0)) continue;
      const MetricLabel label = LabelOfNames(argument.names);
      const bool unnamed = s->label.kind == MetricKind::kUnknown;
      // The k-th number without a label is the k-th argument behind the step.
      const size_t step = !hint->arguments.empty() && hint->arguments[0].is_step ? 1 : 0;
      if (unnamed && s->words.empty() && i != number + step) continue;
      if (unnamed && label.kind != MetricKind::kUnknown) s->label.kind = label.kind;
      const bool mine = label.kind == s->label.kind ||
                        (matched && label.kind == MetricKind::kUnknown) ||
                        (s->words.empty() && i == number + step);
      if (s->label.split == MetricSplit::kUnknown && mine) {
        s->label.split = label.split;
        s->validation = std::any_of(argument.names.begin(), argument.names.end(), SaysValidation);
      }
    }
    if (s->label.kind != MetricKind::kUnknown) break;
  }
  const bool joined = s->joined && !hints.empty();
  if (s->label.kind == MetricKind::kUnknown && s->words.empty() && s->number == 0 &&
      (joined || s->steps.size() >= kFewestValues) && !AreWhole(s->values) &&
      s->values.front() != s->values.back()) {
    // A lone number beside a step: a loss if it falls.
    const bool falls = IsLess(s->values.back(), s->values.front());
    const bool loss = falls || IsLess("1", s->values.back());
    s->label.kind = loss ? MetricKind::kLoss : MetricKind::kAccuracy;
    s->guessed = true;
  }
  if (s->label.kind == MetricKind::kUnknown && s->label.split != MetricSplit::kUnknown) {
    // "Train: 0.93, Test: 0.91"
    const bool fractions = std::all_of(s->values.begin(), s->values.end(), [](const auto& v) {
      return v.starts_with("0.") || v.starts_with("1.0");
    });
    const bool falls =
        s->values.size() >= kFewestValues && IsLess(s->values.back(), s->values.front());
    const bool second = s->words.ends_with(kSecond);
    if (fractions && (second || s->words.find(' ') == std::string::npos)) {
      s->label.kind = falls ? MetricKind::kLoss : MetricKind::kAccuracy;
      s->guessed = falls || second;
    }
  }
}

}  // namespace

void ResolveLabel(const std::vector<PrintHint>& all, PrintedSeries* s) {
  const bool unnamed = s->label.kind == MetricKind::kUnknown;
  FindLabel(all, s);
  if (unnamed) ShiftPercentages(s);
}

}  // namespace nabla
