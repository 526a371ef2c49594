#include "framework/report/standout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

#include "framework/record/finite.h"
#include "framework/report/attempts.h"
#include "framework/report/report_parts.h"

namespace nabla {
namespace {

// The values of a metric by epoch, where it is finite.
struct Curve {
  std::vector<int64_t> epochs;
  std::vector<double> values;

  size_t size() const { return values.size(); }
  double first() const { return values.front(); }
  double last() const { return values.back(); }
  size_t Lowest() const {
    return static_cast<size_t>(std::ranges::min_element(values) - values.begin());
  }
};

Curve CurveOf(const ReportRun& run, std::string_view metric) {
  Curve curve;
  for (const ReportEpoch& e : run.epochs) {
    const std::optional<double> value = FiniteOf(MetricOf(e, metric));
    if (!value) continue;
    curve.epochs.push_back(e.epoch);
    curve.values.push_back(*value);
  }
  return curve;
}

double MeanOf(const std::vector<double>& values, size_t begin, size_t end) {
  return std::accumulate(values.begin() + static_cast<ptrdiff_t>(begin),
                         values.begin() + static_cast<ptrdiff_t>(end), 0.0) /
         static_cast<double>(end - begin);
}

// Sums over the confusion matrix.
struct ClassRows {
  std::vector<int64_t> rows;       // of each class
  std::vector<int64_t> predicted;  // as each class
  int64_t right = 0;
  int64_t all = 0;
};

ClassRows RowsByClass(const ConfusionTable& confusion) {
  const size_t classes = confusion.classes.size();
  ClassRows sums{.rows = std::vector<int64_t>(classes), .predicted = std::vector<int64_t>(classes)};
  for (size_t truth = 0; truth < classes; ++truth) {
    for (size_t guess = 0; guess < classes; ++guess) {
      const int64_t count = confusion.counts[truth * classes + guess];
      sums.rows[truth] += count;
      sums.predicted[guess] += count;
      sums.all += count;
      if (truth == guess) sums.right += count;
    }
  }
  return sums;
}

// Rows of a batch whose mean loss says how large the losses were.
constexpr double kEnough = 8;

std::string Percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

class Finder {
 public:
  Finder(const ReportRun& run, const Node& config)
      : run_(run),
        attempts_(config),
        loss_(CurveOf(run, "train_loss")),
        held_(CurveOf(run, "validation_loss").size() > 0 ? "validation" : "test"),
        held_loss_(CurveOf(run, held_ + "_loss")),
        sums_(RowsByClass(run.look.confusion)) {}

  std::vector<Standout> Find() {
    if (run_.status == "diverged") {
      Add(true, attempts_.SmallerRate(), "The loss is no longer finite: the steps are too large.");
    } else {
      FindRise();
    }
    FindLargeStart();
    const size_t before = found_.size();
    FindDeadUnits();
    FindOneClass();
    FindOneValue();
    if (found_.size() == before || !found_.back().serious) FindMissingClasses();
    FindByHeart();
    FindPastBest();
    FindStillFalling();
    std::ranges::stable_sort(found_, {}, [](const Standout& s) { return !s.serious; });
    return std::move(found_);
  }

 private:
  void Add(bool serious, std::string attempt, std::string text) {
    found_.push_back({std::move(text), std::move(attempt), serious});
  }

  // The classes of a mean cross entropy that nothing is added to; 0: it is another loss.
  size_t ClassesOfLoss() const {
    if (!attempts_.HasPlainCrossEntropy()) return 0;
    if (!run_.look.confusion.classes.empty()) return run_.look.confusion.classes.size();
    if (run_.look.layers.empty()) return 0;
    const std::vector<size_t>& dims = run_.look.layers.back().output;
    return dims.size() == 1 ? dims[0] : 0;
  }

  // A loss that is above this at the end has risen since the first batch, where its rows are enough
  // to tell how large the losses were then.
  std::optional<double> MostSinceStart() const {
    if (!run_.look.first_loss || !attempts_.HasBatchesOf(kEnough)) return std::nullopt;
    const size_t classes = ClassesOfLoss();
    if (classes < 2) return 3 * *run_.look.first_loss;
    return 1.5 * std::max(*run_.look.first_loss, std::log(static_cast<double>(classes)));
  }

  void FindRise() {
    if (loss_.size() < 2) return;
    const size_t low = loss_.Lowest();
    const double least = loss_.values[low];
    if (least <= 0) return;
    const bool since_epoch = loss_.last() > 1.1 * loss_.first();
    const std::optional<double> most = MostSinceStart();
    if (since_epoch || (most && *most > 0 && loss_.last() > *most)) {
      rose_ = true;
      Add(true, attempts_.SmallerRate(),
          fmt::format("The training loss rose, from {:.4g}{} to {:.4g}: the steps are too large.",
                      since_epoch ? loss_.first() : *run_.look.first_loss,
                      since_epoch ? "" : " in the first batch", loss_.last()));
    } else if (loss_.size() >= 5 && loss_.last() > 1.5 * least &&
               loss_.last() - least > 0.3 * (loss_.first() - least)) {
      Add(false, attempts_.SmallerRate(),
          fmt::format("The training loss rose again, from {:.4g} after epoch {} to {:.4g}: the "
                      "steps may be too large.",
                      least, loss_.epochs[low], loss_.last()));
    }
  }

  void FindLargeStart() {
    const size_t classes = ClassesOfLoss();
    if (classes < 2 || loss_.size() == 0) return;
    const double guess = std::log(static_cast<double>(classes));
    // A row by itself often costs that much.
    const std::optional<double> batch =
        attempts_.HasBatchesOf(kEnough) ? run_.look.first_loss : std::nullopt;
    const double start = batch.value_or(loss_.first());
    if (!(start > 2.5 * guess)) return;
    Add(loss_.last() > guess, attempts_.SmallerStart(),
        fmt::format(
            "The loss of the first {} was {:.3g}, where knowing nothing costs log {} = "
            "{:.3g}: the first outputs are too large, and so are the weights or the inputs.",
            batch ? "batch" : "epoch", start, classes, guess));
  }

  std::string NameOf(const std::string& layer) const {
    const auto at = std::ranges::find(run_.look.layers, layer, &LayerSummary::path);
    return at == run_.look.layers.end() ? "" : at->name;
  }

  // Later layers follow the first that is dead.
  void FindDeadUnits() {
    for (const LayerValues& v : run_.look.values) {
      const std::string name = NameOf(v.layer);
      const auto still = static_cast<double>(v.still);
      if (v.rows < 50 || v.units < 4 || !IsActivationThatDies(name)) continue;
      if (still < 0.5 * static_cast<double>(v.units)) continue;
      Add(still >= 0.9 * static_cast<double>(v.units), attempts_.LivingActivation(v.layer, name),
          fmt::format(
              "{} of the {} units of layer {} ({}) are dead: they give the same value for all "
              "of {} rows.",
              v.still, v.units, v.layer, name, v.rows));
      return;
    }
  }

  // Where the loss still falls, steps are not too large, but rather too small.
  std::string AwayFromConstant() const {
    const std::string attempt = attempts_.AwayFromConstant();
    const bool falls = loss_.size() >= 5 && loss_.Lowest() + 1 == loss_.size();
    const bool slow = falls && LateShare() >= 0.1;
    return slow && attempt == attempts_.SmallerRate() ? attempts_.LargerRate() : attempt;
  }

  // Those that are not of the commonest class: too few of them may all be missed by chance.
  int64_t OtherRows() const {
    return sums_.rows.empty() ? 0 : sums_.all - std::ranges::max(sums_.rows);
  }

  void FindOneClass() {
    if (sums_.all < 10 || OtherRows() < 5) return;
    const auto guessed = std::ranges::find_if(sums_.predicted, [](int64_t n) { return n > 0; });
    if (*guessed != sums_.all) return;
    const auto at = static_cast<size_t>(guessed - sums_.predicted.begin());
    Add(true, AwayFromConstant(),
        fmt::format("Each of the {} test rows is predicted as \"{}\".", sums_.all,
                    run_.look.confusion.classes[at]));
  }

  void FindOneValue() {
    if (!run_.look.output_spread || *run_.look.output_spread >= 0.01) return;
    if (TestRows().value_or(10) < 10) return;
    Add(true, AwayFromConstant(),
        "The outputs are almost the same for all test rows, whatever their inputs are.");
  }

  void FindMissingClasses() {
    const auto commonest = std::ranges::max_element(sums_.rows);
    if (sums_.all < 10) return;
    if (sums_.right <= *commonest && OtherRows() >= 10) {
      Add(true, AwayFromConstant(),
          fmt::format(
              "The test accuracy, {}, is no better than always naming \"{}\".",
              Percent(static_cast<double>(sums_.right) / static_cast<double>(sums_.all)),
              run_.look.confusion.classes[static_cast<size_t>(commonest - sums_.rows.begin())]));
    }
    constexpr size_t kMostNamed = 5;
    std::string names;
    size_t missing = 0;
    int64_t rows = 0;
    for (size_t c = 0; c < sums_.rows.size(); ++c) {
      if (sums_.predicted[c] > 0 || sums_.rows[c] < 5) continue;
      if (++missing <= kMostNamed)
        names += (missing > 1 ? ", \"" : "\"") + run_.look.confusion.classes[c] + "\"";
      rows = std::max(rows, sums_.rows[c]);
    }
    if (missing == 0) return;
    if (missing > kMostNamed) names += ", ...";
    const bool swings =
        rose_ || (loss_.size() > 0 && loss_.last() > 1.25 * loss_.values[loss_.Lowest()]);
    const auto fair = static_cast<double>(sums_.all) / static_cast<double>(sums_.rows.size());
    const bool rare = static_cast<double>(rows) < 0.5 * fair;
    Add(!rare,
        rare     ? attempts_.BalancedClasses()
        : swings ? attempts_.SmallerRate()
                 : attempts_.MoreEpochs(run_.epochs.size()),
        fmt::format("{} of {} classes {} never predicted: {}.", missing, sums_.rows.size(),
                    missing == 1 ? "is" : "are", names));
  }

  // As far as the run folder says it: the speed is that of all rows of an epoch.
  std::optional<double> TrainRows() const {
    double rows = 0;
    for (const ReportEpoch& e : run_.epochs) {
      if (e.seconds && e.samples_per_second) {
        rows = std::max(rows, FiniteOf(*e.seconds * *e.samples_per_second).value_or(0));
      }
    }
    return rows > 0 ? std::optional(std::round(rows)) : std::nullopt;
  }

  std::optional<double> TestRows() const {
    if (sums_.all > 0) return static_cast<double>(sums_.all);
    if (run_.look.values.empty()) return std::nullopt;
    return static_cast<double>(run_.look.values.front().rows);
  }

  // Of the rows that are not trained on.
  std::optional<double> HeldRows() const {
    if (held_ == "test") return TestRows();
    const double part = attempts_.ValidationFraction();
    const std::optional<double> train = TrainRows();
    if (!train || !(part > 0 && part < 1)) return std::nullopt;
    return std::round(*train * part / (1 - part));
  }

  // The accuracy of naming the commonest class always.
  double CommonestShare() const {
    if (sums_.all == 0) return 0.5;
    return static_cast<double>(std::ranges::max(sums_.rows)) / static_cast<double>(sums_.all);
  }

  void FindByHeart() {
    const auto train = FiniteOf(LastOf(run_, "train_accuracy"));
    const auto other = FiniteOf(LastOf(run_, held_ + "_accuracy"));
    if (!train || !other) return;
    const std::optional<double> held = HeldRows();
    const double seen = TrainRows().value_or(held.value_or(0));
    constexpr double kFewest = 20;
    if (!held || std::min(*held, seen) < kFewest) return;
    // A model that knows half of its rows, where a guess knows as many, has learned none of them.
    if (*train < (1 + CommonestShare()) / 2) return;
    const double gap = *train - *other;
    // Pooled, so that no accuracy is taken for certain, whichever it is.
    const double share = (*train * seen + *other * *held) / (seen + *held);
    const double error = std::sqrt(share * (1 - share) * (1 / seen + 1 / *held));
    if (gap < 0.1 || gap < 3 * error) return;
    Add(gap >= 0.2, attempts_.Restraint(),
        fmt::format("The accuracy is {} on the training rows and {} on the {} rows: the model has "
                    "learned its rows by heart.",
                    Percent(*train), Percent(*other), held_));
  }

  void FindPastBest() {
    if (held_loss_.size() < 5 || loss_.size() != run_.epochs.size()) return;
    const size_t low = held_loss_.Lowest();
    const double least = held_loss_.values[low];
    const int64_t best = held_loss_.epochs[low];
    const auto epochs = static_cast<double>(run_.epochs.back().epoch);
    if (least <= 0 || static_cast<double>(best) > 0.7 * epochs) return;
    if (held_loss_.last() < 1.25 * least || HeldRows().value_or(20) < 20) return;
    const auto then = std::ranges::find(loss_.epochs, best) - loss_.epochs.begin();
    if (loss_.last() >= loss_.values[static_cast<size_t>(then)]) return;
    Add(held_loss_.last() >= 2 * least, attempts_.Epochs(best),
        fmt::format("The {} loss was lowest after epoch {}, {:.4g}, and rose to {:.4g} while the "
                    "training loss kept falling.",
                    held_, best, least, held_loss_.last()));
  }

  // What the last fifth of the epochs brought, as a share of the whole fall.
  double LateShare() const {
    const size_t n = loss_.size();
    const size_t fifth = std::max<size_t>(1, n / 5);
    const double before = MeanOf(loss_.values, n - 2 * fifth, n - fifth);
    const double now = MeanOf(loss_.values, n - fifth, n);
    return (before - now) / (loss_.first() - now);
  }

  bool HeldLossFell() const {
    const size_t n = held_loss_.size();
    if (n < 2) return true;
    const size_t before = n - 1 - std::min(n - 1, std::max<size_t>(1, n / 5));
    return held_loss_.last() < held_loss_.values[before] && held_loss_.Lowest() + 1 >= n - n / 5;
  }

  void FindStillFalling() {
    constexpr double kAlmostAll = 0.995;
    if (run_.status != "complete" || loss_.size() < 5 || attempts_.StopsEarly()) return;
    if (rose_ || loss_.last() >= loss_.first() || !HeldLossFell()) return;
    if (LastOf(run_, "train_accuracy").value_or(0) > kAlmostAll) return;
    const double share = LateShare();
    if (!(share >= 0.05)) return;
    Add(share >= 0.1 && loss_.size() >= 10, attempts_.MoreEpochs(run_.epochs.size()),
        fmt::format("The training loss was still falling: the last fifth of the epochs brought {} "
                    "of its whole fall.",
                    Percent(share)));
  }

  const ReportRun& run_;
  const Attempts attempts_;
  const Curve loss_;
  const std::string held_;  // the rows that are not trained on: "validation" or "test"
  const Curve held_loss_;
  const ClassRows sums_;
  bool rose_ = false;  // the training loss
  std::vector<Standout> found_;
};

std::string ValueText(double value, const std::string& metric) {
  return metric.ends_with("accuracy") ? Percent(value) : fmt::format("{:.4g}", value);
}

// "test accuracy 97.2 % instead of 11.3 %", or which of them diverged.
std::string TriedValues(const Tried& t) {
  const std::string title = MetricTitle(t.metric);
  if (!t.after) {
    return t.before
               ? fmt::format("diverged instead of {} {}", title, ValueText(*t.before, t.metric))
               : "diverged as before";
  }
  const std::string after = title + " " + ValueText(*t.after, t.metric);
  return t.before ? after + " instead of " + ValueText(*t.before, t.metric)
                  : after + " where it diverged";
}

}  // namespace

std::string TriedText(const Tried& t) {
  const auto count = [](int64_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  const std::string epochs = t.epochs == t.epochs_with
                                 ? count(t.epochs, "epoch")
                                 : fmt::format("{} instead of {}", count(t.epochs_with, "epoch"),
                                               count(t.epochs, "epoch"));
  const std::string values = TriedValues(t);
  const std::string how = fmt::format("with {} and {}", count(t.seeds, "seed"), epochs);
  if (t.Helped()) return fmt::format("Confirmed: {}, {}.", how, values);
  if (t.better == 0) return fmt::format("Not confirmed: {}, {}.", how, values);
  return fmt::format("Not clear: better for {} of {} and {}, {}.", t.better, count(t.seeds, "seed"),
                     epochs, values);
}

std::vector<Standout> FindStandouts(const ReportRun& run, const Node& config) {
  if (run.epochs.empty() && run.status != "diverged") return {};
  return Finder(run, config).Find();
}

}  // namespace nabla
