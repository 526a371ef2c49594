#include "framework/import/reference_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "framework/import/printed_labels.h"
#include "framework/import/step_count.h"

namespace nabla {
namespace {

constexpr int64_t kMostEpochs = 1000000;  // that a run may have
constexpr size_t kMostValues = 20000;     // in one file

// Series of one pass through the steps, and what is known of them together.
class Converter {
 public:
  Converter(const std::vector<PrintHint>& hints,
            const std::map<int, std::vector<std::string>>& names, const CodeFacts& facts,
            ReferenceLists* out)
      : hints_(hints), names_(names), facts_(facts), out_(out), tests_(HasTests(names, facts)) {}

  void Add(const PrintedSeries& series) {
    PrintedSeries s = series;
    // Keras' evaluate gives a "score" that is the loss, and then the accuracy.
    constexpr int kFewestParts = 4;
    const bool named = s.label.kind != MetricKind::kUnknown;
    const bool part = s.after && named && singles_[PartOf(s)] >= kFewestParts;
    const bool keras = s.after && s.words.ends_with("score");
    if (keras && Has(accuracy_after_, s.list)) s.label.kind = MetricKind::kLoss;
    NameEvaluated(hints_, names_, &s);
    ResolveLabel(hints_, &s);
    if (s.label.kind == MetricKind::kUnknown || s.label.kind == MetricKind::kOther) {
      if (s.values.size() >= kFewestValues && !s.array) LeftOut(s, "of what?");
      return;
    }
    if (s.batches || OfBatch(s)) return LeftOut(s, "of single batches");
    if (!IsCounted(s)) return;
    if (part) return LeftOut(s, "of a part of the rows");
    const bool score = s.label.kind == MetricKind::kAccuracy && facts_.scores_squares;
    if (score && !NamesAccuracy(s)) return LeftOut(s, "R2?");
    const bool folds = SpeaksOfFolds(names_, s.cell);
    const bool crosses = s.after && CrossValidates(names_, s.cell);
    const bool unnumbered = s.array || (s.steps.empty() && s.values.size() > 1);
    if ((folds && unnumbered) || crosses) return LeftOut(s, "of folds?");
    // A single step that a cell before the training shows.
    const bool trial = s.steps.size() == 1 && s.cell < longest_cell_ && longest_ >= kFewestValues;
    if (s.before || trial || (s.after && s.list < first_)) return Before(s);
    if (s.bar && IsOfLastBatch(s)) return LeftOut(s, "of the last batch of each epoch");
    ReferenceList list;
    list.guessed = s.guessed || s.bar;
    if (s.guessed) list.why = "by its course alone";
    if (s.bar) list.why = "the last state of progress bars";
    list.metric = MetricOf(&s, &list);
    list.list = Placed(s) + (passes_[s.cell] > 1 ? fmt::format(", pass {}", pass_[s.list]) : "");
    list.pass = s.list;
    list.after = s.after;
    if (!Steps(s, &list)) return;
    if (folds && s.after) {
      list.guessed = true;
      Say("perhaps a mean over folds", &list);
    }
    Check(&list);
    if (list.printed.empty()) return;
    Keep(s, std::move(list));
  }

  // Numbers the passes of each cell.
  void CountPasses(const std::vector<PrintedSeries>& all) {
    for (const PrintedSeries& s : all) {
      if (pass_.emplace(s.list, passes_[s.cell] + 1).second) ++passes_[s.cell];
      const bool test = s.label.split == MetricSplit::kTest;
      const bool accuracy = s.label.kind == MetricKind::kAccuracy;
      tests_ = tests_ || test;
      std::map<int, bool>& late = accuracy ? tested_after_ : test_loss_after_;
      (s.after ? late : accuracy ? tested_ : test_loss_)[s.list] |= test;
      accuracy_after_[s.list] |=
          s.after && (s.words.ends_with("acc") || s.words.ends_with("accuracy"));
      // The training, perhaps without printed steps.
      const bool metric =
          s.label.kind == MetricKind::kLoss || s.label.kind == MetricKind::kAccuracy;
      const size_t fewest = s.rank > 0 ? 1 : kFewestValues;
      const bool trains =
          s.steps.size() >= fewest || ((metric || s.joined) && s.values.size() >= fewest);
      if (!s.after && (!s.array || s.joined) && trains) first_ = std::min(first_, s.list);
      if (s.after) ++singles_[PartOf(s)];
      if (!s.after) ++kinds_[{s.list, s.label.kind}];
      if (s.steps.size() > longest_) {
        longest_ = s.steps.size();
        longest_cell_ = s.cell;
      }
      if (!s.after && s.steps.size() > 1) trainings_.insert(s.cell);
      if (!s.bar && s.steps.size() > 1) stepped_.insert({s.cell, s.label.kind});
    }
    if (first_ == kNone) first_ = 0;
  }

 private:
  // Behind a progress bar stands its last state: the loss of the last batch, unless the program
  // shows a mean there. Where lines of their own say the same, they count.
  bool IsOfLastBatch(const PrintedSeries& s) const {
    if (stepped_.contains({s.cell, s.label.kind})) return true;
    if (s.after && s.bar_total && s.bar_total == facts_.epochs_number) return false;
    return std::any_of(hints_.begin(), hints_.end(), [&](const PrintHint& hint) {
      return hint.bar && (hint.cell == s.cell || hint.function) &&
             std::any_of(hint.arguments.begin(), hint.arguments.end(), [&](const auto& argument) {
               return LabelOfNames(argument.names).kind == s.label.kind && !argument.mean;
             });
    });
  }

  // A bare number in front of less than three lines is a step only if the program says so.
  bool IsCounted(const PrintedSeries& s) const {
    if (s.rank > 0 || s.steps.empty() || s.steps.size() >= kFewestValues) return true;
    const auto hints = HintsOf(hints_, s);
    return std::any_of(hints.begin(), hints.end(),
                       [](const PrintHint* hint) { return StepArgument(*hint) != nullptr; });
  }

  using Part = std::tuple<int, MetricKind, MetricSplit>;
  static Part PartOf(const PrintedSeries& s) { return {s.list, s.label.kind, s.label.split}; }

  // "Batch accuracy" beside another accuracy.
  bool OfBatch(const PrintedSeries& s) const {
    const std::vector<std::string> parts = NameParts(s.words);
    const auto count = kinds_.find({s.list, s.label.kind});
    return !parts.empty() && IsBatchWord(parts.front()) && count != kinds_.end() &&
           count->second > 1;
  }

  std::string MetricOf(PrintedSeries* s, ReferenceList* list) const {
    const bool loss = s->label.kind == MetricKind::kLoss;
    if (s->label.split == MetricSplit::kUnknown) s->label.split = SplitOfRows(*s, facts_);
    if (s->label.split == MetricSplit::kUnknown && s->after) {
      const auto names = names_.find(s->cell);
      if (names != names_.end()) s->label.split = LabelOfNames(names->second).split;
      if (s->report && s->label.split == MetricSplit::kUnknown && tests_) {
        s->label.split = MetricSplit::kTest;
        list->guessed = true;
        list->why = "from a report; or train_accuracy";
      }
      if (s->label.split == MetricSplit::kUnknown && tests_ && OnlyEvaluates(names_, s->cell)) {
        s->label.split = MetricSplit::kTest;
        list->guessed = true;
        list->why = "from evaluate; or train_" + std::string(loss ? "loss" : "accuracy");
      }
    }
    if (s->label.split == MetricSplit::kUnknown) {
      if (loss) {
        s->label.split = MetricSplit::kTrain;
      } else {
        // "train 0.52 | valid 0.41 | acc 0.87" is of the rows before it.
        const bool behind = !s->after && Has(test_loss_, s->list);
        const bool late = Has(tested_after_, s->list) && !behind;
        const bool other = Has(tested_, s->list) || late || !tests_;
        const bool test = !other && (s->after || behind || Has(test_loss_after_, s->list));
        s->label.split = test ? MetricSplit::kTest : MetricSplit::kTrain;
        list->guessed = list->guessed || !other;
        list->why = other ? "" : test ? "or train_accuracy" : "or test_accuracy";
      }
    }
    const bool says = IsOfValidation(*s, names_);
    const bool validation = s->label.split == MetricSplit::kTest && says;
    if (validation && !facts_.validates && facts_.tests_apart && !OnTestRows(*s)) {
      list->guessed = true;
      Say("of rows that validate: see split", list);
    }
    const std::string split = s->label.split == MetricSplit::kTrain ? "train"
                              : facts_.validates && says            ? "validation"
                                                                    : "test";
    return split + (loss ? "_loss" : "_accuracy");
  }

  // Whether the program validates with the rows to test.
  bool OnTestRows(const PrintedSeries& s) const {
    const auto hints = HintsFor(hints_, {s.line_words, s.line_numbers, s.cell});
    const auto test = [](const std::string& name) { return name.starts_with("test"); };
    return facts_.validates_on_test ||
           std::any_of(hints.begin(), hints.end(), [&](const PrintHint* hint) {
             return std::any_of(hint->arguments.begin(), hint->arguments.end(), [&](const auto& a) {
               return std::any_of(a.names.begin(), a.names.end(), test);
             });
           });
  }

  static bool Has(const std::map<int, bool>& lists, int list) {
    const auto found = lists.find(list);
    return found != lists.end() && found->second;
  }

  // A metric from before the training: the loss of some rows with the first weights.
  void Before(const PrintedSeries& s) {
    int64_t rows = 0;
    for (const PrintHint* hint : HintsFor(hints_, {s.line_words, s.line_numbers, s.cell})) {
      for (const PrintedArgument& argument : hint->arguments) rows = std::max(rows, argument.rows);
    }
    if (s.label.kind != MetricKind::kLoss || rows == 0 || !IsFinite(s.values[0])) {
      return LeftOut(s, "before the training");
    }
    ReferenceList list;
    list.metric = "initial_loss";
    list.printed = s.values;
    list.rows = rows;
    list.guessed = true;
    list.why = Placed(s) + ": of the first rows, before the training";
    out_->lists.push_back(std::move(list));
  }

  static void Say(const std::string& what, ReferenceList* list) {
    list->why += (list->why.empty() ? "" : "; ") + what;
  }

  // Whether the last training up to a cell is not the one whose settings are read.
  bool OfAnotherTraining(int cell) const {
    const auto behind = trainings_.upper_bound(cell);
    return facts_.main_cell > 0 && behind != trainings_.begin() &&
           *std::prev(behind) != facts_.main_cell;
  }

  int64_t Last() const {
    return std::max<int64_t>({facts_.epochs_number.value_or(0), out_->last_epoch, 1});
  }

  // Epochs for the steps; false if there are none.
  bool Steps(const PrintedSeries& s, ReferenceList* list) {
    list->printed = s.values;
    // A bar over all epochs shows the last.
    if (s.after && s.bar && s.bar_total && !facts_.epochs_number) {
      list->epochs = {std::clamp<int64_t>(*s.bar_total, 1, kMostEpochs)};
      return true;
    }
    if (s.after) {
      list->epochs = {out_->ended > 0 ? out_->ended : facts_.epochs_number.value_or(Last())};
      Say("after the training", list);
      if (OfAnotherTraining(s.cell)) {
        list->guessed = true;
        Say("perhaps of another one, whose epochs may be others", list);
      }
      return true;
    }
    if (s.steps.empty()) return Unnumbered(s, list);
    const StepCount count = CountSteps(hints_, s, facts_);
    const auto [times, offset] = count;
    if (!count.why().empty()) Say(count.why(), list);
    list->printed.clear();
    for (size_t i = 0; i < s.steps.size(); ++i) {
      const int64_t epoch = std::min(s.steps[i], kMostEpochs + 1) * times + offset;
      if (epoch < 1 || epoch > kMostEpochs) continue;  // such as a line before the training
      list->epochs.push_back(epoch);
      list->printed.push_back(s.values[i]);
    }
    const bool batches = facts_.batch_size.found() && facts_.batch_size.text != "1000000" &&
                         !facts_.batch_size.guessed;
    if (s.rank == 1 && batches && offset != 0 && facts_.epochs_number &&
        s.steps.back() > 100 * *facts_.epochs_number) {
      list->guessed = true;
      Say("the steps may be batches", list);
    }
    return true;
  }

  bool Unnumbered(const PrintedSeries& s, ReferenceList* list) {
    if (s.values.size() < kFewestValues) {
      LeftOut(s, "without steps");
      return false;
    }
    int64_t every = 1;
    for (const PrintHint* hint : HintsFor(hints_, {s.line_words, s.line_numbers, s.cell})) {
      if (hint->every > 0) every = hint->every;
    }
    const auto n = static_cast<int64_t>(s.values.size());
    const int64_t all = facts_.epochs_number.value_or(0);
    if (s.of_setting && n != all) {
      LeftOut(s, "for each of several settings");
      return false;
    }
    if (every == 1 && all > n && all % n == 0 && !s.array) every = all / n;
    if (every > kMostEpochs || (n - 1) * every + 1 > kMostEpochs) every = 1;
    for (int64_t i = 0; i < n; ++i) list->epochs.push_back(1 + i * every);
    list->guessed = list->guessed || !(s.array && n == all);
    Say("no steps were printed", list);
    return true;
  }

  // Only finite numbers, each of a later epoch than the one before.
  void Check(ReferenceList* list) const {
    std::vector<int64_t> epochs;
    std::vector<std::string> printed;
    for (size_t i = 0; i < list->epochs.size(); ++i) {
      const bool later = epochs.empty() || list->epochs[i] > epochs.back();
      if (!later || !IsFinite(list->printed[i])) continue;
      epochs.push_back(list->epochs[i]);
      printed.push_back(PlainNumber(list->printed[i]));
    }
    list->epochs = std::move(epochs);
    list->printed = std::move(printed);
  }

  void Keep(const PrintedSeries& s, ReferenceList list) {
    std::set<std::string>& taken = taken_[s.list];
    const std::string key = list.metric + (s.after ? " after" : "");
    if (!taken.insert(key).second) return LeftOut(s, "a second " + list.metric);
    values_ += list.printed.size();
    if (values_ > kMostValues) return LeftOut(s, "more metrics than a file may have");
    out_->last_epoch = std::max(out_->last_epoch, list.epochs.back());
    const auto n = static_cast<int64_t>(list.epochs.size());
    const bool consecutive = list.epochs.front() == 1 && list.epochs.back() == n;
    if (consecutive && n >= static_cast<int64_t>(kFewestValues) && !s.array &&
        n < facts_.epochs_number.value_or(0)) {
      out_->ended = std::max(out_->ended, n);
    }
    out_->lists.push_back(std::move(list));
  }

  void LeftOut(const PrintedSeries& s, const std::string& why) {
    const std::string first = s.values.empty() ? "" : s.values.front().substr(0, 24);
    out_->left_out.push_back(fmt::format("{}: {} numbers \"{}\" from {} on: {}", Placed(s),
                                         s.values.size(), s.words, first, why));
  }

  static constexpr int kNone = 1 << 30;

  const std::vector<PrintHint>& hints_;
  const std::map<int, std::vector<std::string>>& names_;  // of each cell's program
  const CodeFacts& facts_;
  ReferenceLists* out_;
  bool tests_;               // the program speaks of other rows than those to train on
  size_t values_ = 0;        // so far
  std::set<int> trainings_;  // cells with steps
  size_t longest_ = 0;       // steps of a series, and its cell
  int longest_cell_ = 0;
  int first_ = kNone;          // list with steps: what was printed before is of no epoch
  std::map<int, int> pass_;    // list -> its number within the cell
  std::map<int, int> passes_;  // cell -> how many
  std::map<std::pair<int, MetricKind>, int> kinds_;  // series of each in a list
  std::set<std::pair<int, MetricKind>> stepped_;     // cells with lines that have steps
  std::map<int, bool> tested_;                       // lists that have an accuracy of the test rows
  std::map<int, bool> test_loss_;                    // or a loss
  std::map<int, bool> tested_after_, test_loss_after_;
  std::map<Part, int> singles_;         // values printed once: those of single classes are many
  std::map<int, bool> accuracy_after_;  // lists that end with an accuracy
  std::map<int, std::set<std::string>> taken_;
};

// Lists have names only where the steps were gone through several times.
void NameLists(std::vector<ReferenceList>* lists) {
  std::set<int> passes;
  for (const ReferenceList& list : *lists) {
    if (!list.after && list.rows == 0) passes.insert(list.pass);
  }
  if (passes.size() > 1) return;
  for (ReferenceList& list : *lists) list.list.clear();
}

}  // namespace

ReferenceLists MakeReferences(const PrintedMetrics& metrics, const std::vector<PrintHint>& hints,
                              const std::map<int, std::vector<std::string>>& names,
                              const CodeFacts& facts) {
  ReferenceLists out;
  Converter converter(hints, names, facts, &out);
  converter.CountPasses(metrics.series);
  for (const bool after : {false, true}) {
    for (const PrintedSeries& s : metrics.series) {
      if (s.after == after) converter.Add(s);
    }
  }
  NameLists(&out.lists);
  for (const PrintedMatrix& matrix : metrics.matrices) {
    const bool first = std::none_of(out.lists.begin(), out.lists.end(),
                                    [](const ReferenceList& l) { return l.columns > 0; });
    if (!first) {
      out.left_out.push_back(fmt::format("cell {}: another confusion matrix", matrix.cell));
      continue;
    }
    ReferenceList list;
    list.metric = "confusion_matrix";
    list.columns = matrix.rows.size();
    for (const auto& row : matrix.rows) {
      list.printed.insert(list.printed.end(), row.begin(), row.end());
    }
    list.why = fmt::format("cell {}; rows: true classes", matrix.cell);
    out.lists.push_back(std::move(list));
  }
  return out;
}

}  // namespace nabla
