#include "framework/import/reference_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "framework/import/matrix_references.h"
#include "framework/import/printed_labels.h"
#include "framework/import/repeated_references.h"
#include "framework/import/series_passes.h"
#include "framework/import/step_count.h"

namespace nabla {
namespace {

constexpr int64_t kMostEpochs = 1000000;  // that a run may have
constexpr size_t kMostValues = 20000;     // in one file

// Series of one pass through the steps, and what is known of them together.
class Converter {
 public:
  Converter(const PrintedMetrics& metrics, const std::vector<PrintHint>& hints,
            const std::map<int, std::vector<std::string>>& names, const CodeFacts& facts,
            ReferenceLists* out)
      : hints_(hints),
        names_(names),
        facts_(facts),
        out_(out),
        passes_(metrics.series),
        tests_(HasTests(names, facts) || passes_.tests()) {}

  void Add(const PrintedSeries& series) {
    PrintedSeries s = series;
    // Keras' evaluate gives a "score" that is the loss, and then the accuracy.
    constexpr int kFewestParts = 4;
    const bool named = s.label.kind != MetricKind::kUnknown;
    const bool part = s.after && named && passes_.Singles(s) >= kFewestParts;
    const bool keras = s.after && s.words.ends_with("score");
    if (keras && passes_.EndsWithAccuracy(s.list)) s.label.kind = MetricKind::kLoss;
    NameEvaluated(hints_, names_, &s);
    ResolveLabel(hints_, &s);
    if (IsOfKerasFit(names_, s)) s.label.split = MetricSplit::kTrain;
    if (s.label.kind == MetricKind::kUnknown || s.label.kind == MetricKind::kOther) {
      if (s.values.size() >= kFewestValues && !s.array) LeftOut(s, "of what?");
      return;
    }
    const std::string why = WhyNot(s);
    if (!why.empty()) return LeftOut(s, why);
    if (!IsCounted(s)) return;
    if (part) return LeftOut(s, "of a part of the rows");
    // A single step that a cell before the training shows.
    const bool trial = s.steps.size() == 1 && s.cell < passes_.longest_cell() &&
                       passes_.longest() >= kFewestValues;
    if (s.before || trial || (s.after && s.list < passes_.first())) return Before(s);
    if (s.bar && IsOfLastBatch(s)) return LeftOut(s, "of the last batch of each epoch");
    ReferenceList list;
    Doubt(s, &list);
    list.metric = MetricOf(&s, &list);
    list.list = Placed(s) + passes_.Name(s);
    list.pass = s.list;
    list.after = s.after;
    if (!Steps(s, &list)) return;
    if (s.after && SpeaksOfFolds(names_, s.cell)) {
      list.guessed = true;
      Say("perhaps a mean over folds", &list);
    }
    Check(&list);
    if (list.printed.empty()) return;
    Keep(s, std::move(list));
  }

 private:
  // Why a metric is none of an epoch and a split; "" if it may be one.
  std::string WhyNot(const PrintedSeries& s) const {
    const bool unstepped = s.counts_batches && s.steps.empty() && s.values.size() > 1;
    if (s.batches || unstepped || OfBatch(s) || CountsBatches(hints_, s)) {
      return "of single batches";
    }
    if (OfOtherModel(names_, s.cell)) return "of another kind of model";
    if (passes_.HasTestsBeside(s) && IsOfValidation(s, names_) && !facts_.validates) {
      return "of rows that validate";
    }
    if (CountsMistakes(hints_, s)) return "mistakes, not a loss";
    const bool score = s.label.kind == MetricKind::kAccuracy && facts_.scores_squares;
    if (score && !NamesAccuracy(s)) return "R2?";
    const bool crosses = (s.after || s.array) && CrossValidates(names_, s.cell);
    const bool unnumbered = s.array || (s.steps.empty() && s.values.size() > 1);
    const bool folds = unnumbered && SpeaksOfFolds(names_, s.cell);
    return folds || crosses || IsBestOfSearch(hints_, names_, s) ? "of folds?" : "";
  }

  // Marks what is not sure of a series.
  void Doubt(const PrintedSeries& s, ReferenceList* list) const {
    list->guessed = s.guessed || s.ordered || s.bar;
    if (IsOfLastTurn(hints_, s)) {
      list->guessed = true;
      Say("perhaps of the last batch of each epoch", list);
    }
    if (s.guessed) Say("by its course alone", list);
    if (s.ordered) Say("by the order of its lines", list);
    if (s.counts_batches && !s.bar && !PrintsMean(hints_, s)) {
      list->guessed = true;
      Say("perhaps of one batch of each epoch", list);
    }
    if (s.bar) Say("the last state of progress bars", list);
    const std::string other = OtherMeaning(s, facts_);
    list->guessed = list->guessed || !other.empty();
    if (!other.empty()) Say(other, list);
  }

  // Behind a progress bar stands its last state: the loss of the last batch, unless the program
  // shows a mean there. Where lines of their own say the same, they count.
  bool IsOfLastBatch(const PrintedSeries& s) const {
    if (passes_.HasSteps(s.cell, s.label.kind)) return true;
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
    if (s.rank > 0 || s.steps.empty() || s.total) return true;
    if (s.steps.size() >= kFewestValues && !s.ruled) return true;
    const auto hints =
        s.ruled ? HintsFor(hints_, {s.step_words, s.step_numbers, s.cell}) : HintsOf(hints_, s);
    return std::any_of(hints.begin(), hints.end(),
                       [](const PrintHint* hint) { return StepArgument(*hint) != nullptr; });
  }

  // "Batch accuracy" beside another accuracy.
  bool OfBatch(const PrintedSeries& s) const {
    const std::vector<std::string> parts = NameParts(s.words);
    return !parts.empty() && IsBatchWord(parts.front()) && passes_.Kinds(s) > 1;
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
        const bool behind = !s->after && passes_.Tests(*s, MetricKind::kLoss, false);
        const bool late = passes_.Tests(*s, MetricKind::kAccuracy, true) && !behind;
        const bool other = passes_.Tests(*s, MetricKind::kAccuracy, false) || late || !tests_;
        const bool test =
            !other && (s->after || behind || passes_.Tests(*s, MetricKind::kLoss, true));
        s->label.split = test ? MetricSplit::kTest : MetricSplit::kTrain;
        list->guessed = list->guessed || !other;
        if (!other) Say(test ? "or train_accuracy" : "or test_accuracy", list);
      }
    }
    const bool says = IsOfValidation(*s, names_);
    const bool validation = s->label.split == MetricSplit::kTest && says;
    if (validation && !facts_.validates && facts_.tests_apart && !facts_.validates_on_test &&
        !PrintsTestRows(hints_, *s)) {
      list->guessed = true;
      Say("of rows that validate: see split", list);
    }
    const std::string split = s->label.split == MetricSplit::kTrain ? "train"
                              : facts_.validates && says            ? "validation"
                                                                    : "test";
    return split + (loss ? "_loss" : "_accuracy");
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

  int64_t Last() const {
    return std::max<int64_t>({facts_.epochs_number.value_or(0), out_->last_epoch, 1});
  }

  // The last epoch of the training before a value that was printed once.
  int64_t EndBefore(const PrintedSeries& s) const {
    const ReferenceList* before = nullptr;
    for (const ReferenceList& list : out_->lists) {
      const auto n = static_cast<int64_t>(list.epochs.size());
      const bool whole = n >= static_cast<int64_t>(kFewestValues) && list.epochs.front() == 1 &&
                         list.epochs.back() == n;
      if (whole && list.pass <= s.list && (before == nullptr || list.pass >= before->pass))
        before = &list;
    }
    if (before != nullptr && passes_.trainings() > 1) return before->epochs.back();
    return out_->ended > 0 ? out_->ended : facts_.epochs_number.value_or(Last());
  }

  // The epoch of a value that was printed once.
  void After(const PrintedSeries& s, ReferenceList* list) const {
    list->epochs = {EndBefore(s)};
    const bool known = facts_.epochs_number || std::any_of(out_->lists.begin(), out_->lists.end(),
                                                           [](const auto& l) { return !l.after; });
    if (!known) {
      list->guessed = true;
      Say("how many epochs were before is not known", list);
    }
    Say("after the training", list);
    if (passes_.OfAnother(s.cell, facts_.main_cell)) {
      list->guessed = true;
      Say("perhaps of another one, whose epochs may be others", list);
    }
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
      After(s, list);
      return true;
    }
    if (s.steps.empty()) return Unnumbered(s, list);
    StepCount count = CountSteps(hints_, s, facts_);
    if (s.steps.size() > 1 && s.steps[1] == 1 && passes_.StartsBeforeOthers(s)) count.offset = 0;
    // range(5, 10) in a cell below range(5)
    const auto begun = count.times == 1 ? passes_.FirstOfContinued(s) : std::nullopt;
    if (begun && *begun <= 1) count.offset = 1 - static_cast<int64_t>(*begun);
    const bool one_batch = s.rank == 1 && facts_.rows_per_epoch.guessed;
    if (one_batch) {
      list->guessed = true;
      Say("of one batch: see rows_per_epoch", list);
    }
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
    const bool many =
        offset != 0 && facts_.epochs_number && s.steps.back() > 100 * *facts_.epochs_number;
    const bool elsewhere =
        !facts_.rows_per_epoch.found() && !PrintsSteps(hints_, s) && !FitsScikit(names_);
    if (s.rank == 1 && batches && (many || elsewhere)) {
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
    bool each = false;
    for (const PrintHint* hint : HintsFor(hints_, {s.line_words, s.line_numbers, s.cell})) {
      if (hint->every > 0) every = hint->every;
      each = each || hint->every == kEachEpoch;
      for (const PrintedArgument& a : hint->arguments) {
        if (s.array && a.every > 0) every = a.every;
      }
    }
    const auto n = static_cast<int64_t>(s.values.size());
    const int64_t all = facts_.epochs_number.value_or(0);
    if (s.of_setting && n != all) {
      LeftOut(s, "for each of several settings");
      return false;
    }
    if (s.array && all > 0 && n > all && n % all == 0 && every == 1) {
      LeftOut(s, "of single batches");
      return false;
    }
    if (!each && every == 1 && all > n && all % n == 0 && !s.array) every = all / n;
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

  const std::vector<PrintHint>& hints_;
  const std::map<int, std::vector<std::string>>& names_;  // of each cell's program
  const CodeFacts& facts_;
  ReferenceLists* out_;
  const SeriesPasses passes_;
  const bool tests_;   // the program speaks of other rows than those to train on
  size_t values_ = 0;  // so far
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
  Converter converter(metrics, hints, names, facts, &out);
  // Those that may be of batches give way to others.
  for (const bool after : {false, true}) {
    for (const bool batches : {false, true}) {
      for (const PrintedSeries& s : metrics.series) {
        if (s.after == after && s.counts_batches == batches) converter.Add(s);
      }
    }
  }
  NameLists(&out.lists);
  DoubtRepeated(&out.lists);
  AddMatrices(metrics.matrices, &out);
  return out;
}

}  // namespace nabla
