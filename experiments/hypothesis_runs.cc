#include "experiments/hypothesis_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "experiments/kept_metrics.h"
#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/record/finite.h"
#include "framework/verdict/unjudgeable.h"

namespace nabla {
namespace {

constexpr int64_t kSeeds = int64_t{1} << 32;
constexpr int64_t kAllEpochs = std::numeric_limits<int64_t>::max();

bool IsLoss(MetricName metric) {
  return metric == MetricName::kTrainLoss || metric == MetricName::kTestLoss ||
         metric == MetricName::kValidationLoss || metric == MetricName::kInitialLoss;
}

// What a run looks like to a notebook whose loss is `factor` times ours.
RunMetrics WithLossesTimes(double factor, RunMetrics run) {
  for (EpochMetrics& epoch : run.epochs) {
    epoch.train_loss *= factor;
    if (epoch.test_loss) *epoch.test_loss *= factor;
    if (epoch.validation_loss) *epoch.validation_loss *= factor;
  }
  for (auto& [rows, loss] : run.initial_losses) loss *= factor;
  return run;
}

// What changes no training.
void Forget(ExperimentHead* head) {
  head->reproduce = {};
  head->investigate.reset();
  head->checkpoint = {};
  head->sweep.reset();
}

// Trainings with the same text have the same runs, as far as they go: a rate that does not depend
// on the number of epochs is the same in a longer run.
std::string TrainingText(const AnySpec& spec) {
  AnySpec own = spec;
  ExperimentHead& head = HeadOf(own);
  head.name = "any";
  head.description = head.source = head.notes = "";
  head.reference.clear();
  Node tree = ResolvedConfig(own);
  const Node* schedule = tree.Find("schedule");
  if (schedule != nullptr && PluginName(*schedule) == "constant") head.train.epochs = 1;
  return PrintYaml(ResolvedConfig(own));
}

double RowsPerEpoch(const ExperimentHead& head, size_t rows) {
  const auto all = static_cast<double>(rows);
  const auto drawn = static_cast<double>(head.train.rows_per_epoch);
  return drawn > 0 ? std::min(drawn, all) : all;
}

// Whether rows other than the file's are kept only while they are used: those of several scales
// would fill the memory.
bool IsLarge(const PreparedData& data) {
  constexpr size_t kLargeBytes = size_t{16} << 20;
  const auto bytes = [](const Samples& rows) {
    return rows.pixels.size_bytes() + rows.numbers.size_bytes();
  };
  return bytes(data.train) + bytes(data.test) > kLargeBytes;
}

}  // namespace

HypothesisRuns::HypothesisRuns(const Node& tree, const Registry& registry,
                               const RunOptions& options, DataCache& cache, Console& console)
    : tree_(tree), registry_(registry), options_(options), cache_(cache), console_(console) {
  Add({.name = "as written", .family = "", .settings = {}});
  std::set<int64_t> epochs;
  for (const Reference& r : candidates_[0].references()) {
    epochs.insert(r.epochs.list.begin(), r.epochs.list.end());
  }
  if (epochs.empty()) epochs.insert(0);
  printed_epochs_.assign(epochs.begin(), epochs.end());
}

bool HypothesisRuns::Add(const Hypothesis& hypothesis) {
  const bool first = candidates_.empty();
  try {
    const Node tree = Applied(hypothesis, tree_);
    Candidate candidate{.hypothesis = hypothesis, .spec = ParseAnyExperiment(tree, registry_)};
    ExperimentHead& head = HeadOf(candidate.spec);
    Forget(&head);
    const std::string text =
        fmt::format("{}\n{}", PrintYaml(ResolvedConfig(candidate.spec)), hypothesis.loss_factor);
    if (!known_.insert(text).second) return false;
    if (!FindUnjudgeable(head, tree).empty()) return false;
    const std::string rows = PrintYaml(DataConfig(head));
    const auto known = large_.find(rows);
    const PreparedData& data = known == large_.end() ? cache_.Get(head) : *trainings_[0].data;
    if (first) ThrowIfAny(FindUnjudgeable(head, tree, data));
    const bool kept = first || &data == trainings_[0].data || !IsLarge(data);
    const bool large = known != large_.end() || !kept;
    const size_t count = known != large_.end() ? known->second : data.train.count;
    const bool good = CanTrain(candidate, tree, data);
    if (good) candidate.training = TrainingFor(candidate, large ? nullptr : &data, count);
    if (!kept) {
      const Samples& own = trainings_[0].data->train;
      if (data.train.shape == own.shape && data.train.classes == own.classes) large_[rows] = count;
      cache_.Drop(head);
    }
    if (good) candidates_.push_back(std::move(candidate));
    return good;
  } catch (const InputError&) {
    if (first) throw;  // it is the file's
    return false;
  }
}

bool HypothesisRuns::CanTrain(const Candidate& candidate, const Node& tree,
                              const PreparedData& data) const {
  if (!FindUnjudgeable(HeadOf(candidate.spec), tree, data).empty()) return false;
  try {
    CheckBuilds(candidate.spec, registry_, data);
  } catch (const InputError&) {
    if (candidates_.empty()) throw;  // it is the file's
    return false;
  }
  return true;
}

size_t HypothesisRuns::TrainingFor(const Candidate& candidate, const PreparedData* data,
                                   size_t rows) {
  const std::string text = TrainingText(candidate.spec);
  if (const auto found = by_text_.find(text); found != by_text_.end()) {
    int64_t& epochs = HeadOf(trainings_[found->second].spec).train.epochs;
    epochs = std::max(epochs, HeadOf(candidate.spec).train.epochs);
    return found->second;
  }
  trainings_.push_back({.spec = candidate.spec, .rows = rows, .data = data, .runs = {}});
  by_text_[text] = trainings_.size() - 1;
  return trainings_.size() - 1;
}

bool HypothesisRuns::HasExact() const {
  return std::ranges::any_of(candidates_[0].references(),
                             [](const Reference& r) { return r.exact; });
}

bool HypothesisRuns::Includes(size_t reference, size_t index, int64_t last) const {
  const Reference& r = candidates_[0].references()[reference];
  if (r.metric == MetricName::kInitialLoss) return true;
  if (r.IsCurve()) return r.epochs.list[index] <= last;
  return last >= printed_epochs_.back();
}

int64_t HypothesisRuns::EpochsUpTo(const Candidate& candidate, int64_t last) const {
  int64_t epochs = 1;
  for (size_t r = 0; r < candidate.references().size(); ++r) {
    const Reference& reference = candidate.references()[r];
    for (size_t i = 0; i < reference.printed.size(); ++i) {
      if (!Includes(r, i, last) || reference.metric == MetricName::kInitialLoss) continue;
      epochs = std::max(epochs, reference.IsCurve() ? reference.epochs.list[i]
                                                    : HeadOf(candidate.spec).train.epochs);
    }
  }
  return epochs;
}

std::map<size_t, int64_t> HypothesisRuns::EpochsOfTrainings(const std::vector<size_t>& chosen,
                                                            int64_t last) const {
  // A run that comes near to the last epoch goes on to it: it would have to be made again.
  constexpr double kNear = 0.7;
  std::map<size_t, int64_t> epochs;
  for (const size_t c : chosen) {
    const int64_t all = EpochsUpTo(candidates_[c], printed_epochs_.back());
    const int64_t own = EpochsUpTo(candidates_[c], last);
    const bool near = static_cast<double>(own) >= kNear * static_cast<double>(all);
    int64_t& wanted = epochs[candidates_[c].training];
    wanted = std::max(wanted, near ? all : own);
  }
  return epochs;
}

// Before its first run has ended: as long as those of another, row by row, first of all the file's.
// Small batches take longer.
double HypothesisRuns::SecondsPerEpoch(const Training& training) const {
  if (training.epochs > 0) return training.seconds / training.epochs;
  const auto known =
      std::ranges::find_if(trainings_, [](const Training& other) { return other.epochs > 0; });
  if (known == trainings_.end()) return 0;
  const ExperimentHead& own = HeadOf(training.spec);
  const ExperimentHead& other = HeadOf(known->spec);
  const double rows = RowsPerEpoch(own, training.rows) / RowsPerEpoch(other, known->rows);
  const double batch = std::sqrt(static_cast<double>(other.train.batch_size) /
                                 static_cast<double>(own.train.batch_size));
  return known->seconds / known->epochs * rows * std::max(1.0, batch);
}

double HypothesisRuns::Cost(const std::vector<size_t>& chosen, size_t runs, int64_t last) const {
  double seconds = 0;
  for (const auto& [t, wanted] : EpochsOfTrainings(chosen, last)) {
    const Training& training = trainings_[t];
    size_t missing = runs;
    for (size_t i = 0; i < std::min(runs, training.runs.size()); ++i) {
      if (training.runs[i].epochs >= wanted) --missing;
    }
    seconds +=
        SecondsPerEpoch(training) * static_cast<double>(wanted) * static_cast<double>(missing);
  }
  return seconds * overhead_;
}

std::vector<double> HypothesisRuns::Shares(const std::vector<size_t>& chosen, int64_t last) const {
  std::map<size_t, double> alike;
  for (const size_t c : chosen) ++alike[candidates_[c].training];
  const double unit = SecondsPerEpoch(trainings_[0]);
  std::vector<double> shares;
  for (const size_t c : chosen) {
    const size_t t = candidates_[c].training;
    const double cost = SecondsPerEpoch(trainings_[t]) / (unit > 0 ? unit : 1);
    shares.push_back(cost * static_cast<double>(EpochsUpTo(candidates_[c], last)) / alike[t]);
  }
  return shares;
}

double HypothesisRuns::CostOfOne(int64_t last) const {
  return SecondsPerEpoch(trainings_[0]) * static_cast<double>(EpochsUpTo(candidates_[0], last)) *
         overhead_;
}

void HypothesisRuns::Train(const std::vector<size_t>& chosen, size_t runs, int64_t last,
                           Clock::time_point deadline) {
  const std::map<size_t, int64_t> epochs = EpochsOfTrainings(chosen, last);
  std::map<std::string, std::vector<Wanted>> by_data;  // first those in memory
  for (const auto& [t, wanted] : epochs) {
    Training& training = trainings_[t];
    if (training.runs.size() < runs) training.runs.resize(runs);
    const std::string rows =
        training.data != nullptr ? "" : PrintYaml(DataConfig(HeadOf(training.spec)));
    for (size_t run = 0; run < runs; ++run) {
      if (training.runs[run].epochs < wanted) by_data[rows].push_back({t, run, wanted});
    }
  }
  for (auto& [rows, wanted] : by_data) {
    // So that all get some if time runs out.
    std::ranges::stable_sort(wanted, {}, &Wanted::run);
    constexpr size_t kAtOnce = 1024;  // each has a copy of its experiment
    const std::span<const Wanted> all = wanted;
    for (size_t i = 0; i < all.size(); i += kAtOnce) {
      TrainOn(all.subspan(i, std::min(kAtOnce, all.size() - i)), deadline);
    }
  }
}

void HypothesisRuns::TrainOn(std::span<const Wanted> wanted, Clock::time_point deadline) {
  if (Clock::now() >= deadline || CaughtSignal() != 0) return;
  const ExperimentHead& head = HeadOf(trainings_[wanted[0].training].spec);
  const bool kept = trainings_[wanted[0].training].data != nullptr;
  const PreparedData* loaded = kept ? nullptr : &cache_.Get(head);
  std::vector<QueuedRun> queue;
  for (const auto& [t, run, epochs] : wanted) {
    const Training& training = trainings_[t];
    QueuedRun& queued =
        queue.emplace_back(QueuedRun{.spec = training.spec, .data = kept ? training.data : loaded});
    queued.pause = static_cast<double>(epochs);
    queued.stop = [deadline] { return Clock::now() >= deadline; };
    int64_t& seed = HeadOf(queued.spec).seed;
    seed = (seed + static_cast<int64_t>(run)) % kSeeds;
  }
  const Clock::time_point start = Clock::now();
  const std::vector<RunResult> results =
      RunSideBySide(queue, registry_, options_.Workers(), {}, "investigate", console_);
  const double all = std::chrono::duration<double>(Clock::now() - start).count() *
                     static_cast<double>(std::min(options_.Workers(), queue.size()));
  double trained = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    if (!results[i].Ended()) continue;
    Training& training = trainings_[wanted[i].training];
    Made& made = training.runs[wanted[i].run];
    made.metrics = Kept(results[i].metrics.value_or(RunMetrics()));
    made.epochs = results[i].metrics ? wanted[i].epochs : kAllEpochs;
    trained += results[i].seconds;
    ++runs_;
    if (!results[i].metrics) continue;
    training.seconds += results[i].seconds;
    training.epochs += queue[i].Epochs();
  }
  seconds_ += trained;
  if (kept && trained > 0) overhead_ = std::clamp(all / trained, 1.0, 10.0);
  if (!kept) cache_.Drop(head);
}

void HypothesisRuns::KeepOnly(const std::vector<size_t>& chosen) {
  constexpr size_t kMostEpochs = 1000000;  // some 250 bytes each
  size_t epochs = 0;
  for (const Training& training : trainings_) {
    for (const Made& run : training.runs) epochs += run.metrics.epochs.size();
  }
  if (epochs < kMostEpochs) return;
  std::set<size_t> kept = {0};
  for (const size_t c : chosen) kept.insert(candidates_[c].training);
  for (size_t t = 0; t < trainings_.size(); ++t) {
    if (!kept.contains(t)) trainings_[t].runs = {};
  }
}

std::vector<double> HypothesisRuns::RowsOfShares(int64_t last) const {
  std::vector<double> rows;
  for (size_t r = 0; r < candidates_[0].references().size(); ++r) {
    const Reference& reference = candidates_[0].references()[r];
    for (size_t i = 0; i < reference.printed.size(); ++i) {
      if (!Includes(r, i, last)) continue;
      rows.push_back(reference.IsAccuracy() ? RowsOf(reference.metric) : 0);
    }
  }
  return rows;
}

bool HypothesisRuns::DigitsAgree(size_t candidate, int64_t last) const {
  const Candidate& own = candidates_[candidate];
  const std::vector<Made>& runs = trainings_[own.training].runs;
  if (runs.empty() || runs[0].epochs < EpochsUpTo(own, last)) return false;
  size_t same = 0;
  for (size_t r = 0; r < own.references().size(); ++r) {
    const Reference& reference = own.references()[r];
    if (!reference.exact) continue;
    const auto ours = ValuesOf(reference, runs[0].metrics);
    for (size_t i = 0; i < reference.printed.size(); ++i) {
      if (!Includes(r, i, last)) continue;
      if (!ours[i] || !reference.printed[i].HasDigitsOf(*ours[i])) return false;
      ++same;
    }
  }
  return same > 0;
}

std::vector<const RunMetrics*> HypothesisRuns::MadeRuns(size_t candidate, size_t runs,
                                                        int64_t last) const {
  const Training& training = trainings_[candidates_[candidate].training];
  const int64_t wanted = EpochsUpTo(candidates_[candidate], last);
  std::vector<const RunMetrics*> made;
  for (const Made& run : training.runs) {
    if (run.epochs >= wanted && made.size() < runs) made.push_back(&run.metrics);
  }
  return made;
}

double HypothesisRuns::RowsOf(MetricName metric) const {
  const Samples& rows = metric == MetricName::kTrainAccuracy        ? data().train
                        : metric == MetricName::kValidationAccuracy ? data().validation
                                                                    : data().test;
  return static_cast<double>(std::max<size_t>(1, rows.count));
}

std::vector<ReferenceMetric> HypothesisRuns::Values(size_t candidate, size_t runs,
                                                    int64_t last) const {
  const Candidate& own = candidates_[candidate];
  const std::vector<const RunMetrics*> made = MadeRuns(candidate, runs, last);
  std::vector<ReferenceMetric> values;
  for (size_t r = 0; !made.empty() && r < own.references().size(); ++r) {
    const Reference& reference = own.references()[r];
    const double factor = IsLoss(reference.metric) ? own.hypothesis.loss_factor : 1;
    // Few runs of few rows may all have one accuracy: another row right or wrong is no news.
    const double row = reference.IsAccuracy() ? 1 / RowsOf(reference.metric) : 0;
    const size_t first = values.size();
    std::vector<size_t> places;
    for (size_t i = 0; i < reference.printed.size(); ++i) {
      if (!Includes(r, i, last)) continue;
      places.push_back(i);
      const PrintedValue& printed = reference.printed[i];
      values.push_back({printed.value, std::max(row, printed.Rounding()), {}});
    }
    for (const RunMetrics* run : made) {
      const auto all = ValuesOf(reference, *run);
      for (size_t i = 0; i < places.size(); ++i) {
        values[first + i].runs.push_back(factor * all[places[i]].value_or(kNaN));
      }
    }
  }
  return values;
}

std::vector<JudgedList> HypothesisRuns::Verdicts(size_t candidate, size_t runs) const {
  const Candidate& own = candidates_[candidate];
  std::vector<Reference> references = own.references();
  for (Reference& r : references) r.exact = false;
  OurRuns ours;
  int64_t seed = 0;
  for (const RunMetrics* run : MadeRuns(candidate, runs, printed_epochs_.back())) {
    ours.by_seed.push_back({seed++, WithLossesTimes(own.hypothesis.loss_factor, *run)});
  }
  return Judge(references, 0, ours);
}

}  // namespace nabla
