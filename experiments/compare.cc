#include "experiments/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "experiments/comparison_runs.h"
#include "experiments/comparison_text.h"
#include "experiments/folder_result.h"
#include "experiments/latest_run.h"
#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/base/signals.h"
#include "framework/data/disk.h"
#include "framework/record/run_metrics.h"
#include "framework/terminal/console.h"
#include "framework/terminal/output.h"
#include "framework/training/prepared_data.h"
#include "framework/verdict/budget.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr double kUsualBudget = 600;  // seconds

// The specs of the settings, as they are before the seed.
std::vector<AnySpec> SpecsOf(const std::vector<ComparedSetting>& settings,
                             const Registry& registry) {
  std::vector<AnySpec> specs;
  for (const ComparedSetting& setting : settings) {
    specs.push_back(ParseAnyExperiment(setting.tree, registry));
  }
  return specs;
}

// The looks of earlier comparisons, in ascending order: of this --out, and of the folders that hold
// the runs, which are <out>/<setting>/seed-<seed> or <out>/seed-<seed>.
std::vector<size_t> EarlierLooks(const std::vector<ComparedSetting>& settings,
                                 const std::string& out) {
  std::set<fs::path> folders;
  if (!out.empty()) folders.insert(fs::path(out));
  for (const ComparedSetting& setting : settings) {
    for (const auto& [run, known] : setting.known) {
      const fs::path above = fs::path(known.folder).parent_path();
      folders.insert({above, above.parent_path()});
    }
  }
  std::set<size_t> looks;
  for (const fs::path& folder : folders) {
    const std::vector<size_t> own = LooksIn(folder.string());
    looks.insert(own.begin(), own.end());
  }
  return {looks.begin(), looks.end()};
}

// What pairs of a seed do not share, and what of the settings does not count.
std::vector<std::string> NotesOn(const std::vector<ComparedSetting>& settings,
                                 const Registry& registry) {
  std::set<std::string> rows;
  std::set<std::string> weights;
  bool timed = false;
  for (const ComparedSetting& setting : settings) {
    const AnySpec spec = SpecOf(setting, {}, registry);
    rows.insert(PrintYaml(DataConfig(HeadOf(spec))) + std::to_string(setting.folds));
    weights.insert(PrintYaml(*ResolvedConfig(spec).Find("model")));
    const Node* train = setting.tree.Find("train");
    const Node* time = train == nullptr ? nullptr : train->Find("max_time");
    timed = timed || (time != nullptr && !time->IsNull());
  }
  std::vector<std::string> notes;
  if (rows.size() > 1) {
    notes.emplace_back("note: the settings have different data: pairs share only the seed");
  } else if (weights.size() > 1) {
    notes.emplace_back(
        "note: the settings have different models: pairs share the order of the rows");
  }
  if (timed) {
    notes.emplace_back("note: train.max_time is ignored here: every run trains to its last epoch");
  }
  return notes;
}

class SettingsComparison {
 public:
  SettingsComparison(const CompareArguments& arguments, const RunOptions& options,
                     const Registry& registry, Console& console)
      : arguments_(arguments),
        options_(options),
        registry_(registry),
        console_(console),
        wanted_(OrderOf({"--metric"}, arguments.metric, SpecsOf(arguments.settings, registry),
                        registry)),
        earlier_(EarlierLooks(arguments.settings, options.out)),
        runs_(arguments.settings, ChosenSeeds(), options, registry, console) {
    CheckIsOneMetric({"--metric"}, wanted_);
  }

  // Returns the exit code.
  int Run();

 private:
  const std::vector<ComparedSetting>& settings() const { return arguments_.settings; }
  std::vector<int64_t> ChosenSeeds() const;
  void LimitSeeds();
  void MakeRuns(size_t seeds);
  void FindMetric();
  void CheckLosses();
  void LookUntilDecided();
  void Look(size_t seeds);
  size_t SeedsAfter(size_t seeds) const;
  ComparisonResult Result() const;
  void Show(const ComparisonResult& result) const;
  bool AllDiverged() const;

  const CompareArguments& arguments_;
  const RunOptions& options_;
  const Registry& registry_;
  Console& console_;
  SweepOrder wanted_;
  SweepOrder order_;                   // with a metric that the runs have
  const std::vector<size_t> earlier_;  // looks of earlier calls
  ComparisonRuns runs_;
  size_t first_ = 0;  // seeds at the first look
  size_t last_ = 0;   // seeds that the budget allows
  std::optional<Comparison> comparison_;
  std::vector<size_t> looks_;
  std::string ended_;
};

std::vector<int64_t> SettingsComparison::ChosenSeeds() const {
  const AnySpec first = ParseAnyExperiment(settings().front().tree, registry_);
  std::vector<int64_t> seeds = SeedsInOrder(settings(), HeadOf(first).seed, options_.seeds);
  const size_t count = settings().size();
  const size_t least = arguments_.train ? FirstLook(count) : LeastSeeds(count);
  if (!arguments_.train) seeds.resize(FinishedSeeds(settings(), seeds));
  if (seeds.size() >= least) return seeds;
  const std::string what =
      fmt::format("needs at least {} seeds to tell {} settings apart, and ", least, count);
  if (arguments_.train) {
    throw InputError(
        std::vector<Problem>{{{"--seeds"}, what + fmt::format("these are {}", seeds.size())}});
  }
  throw InputError(std::vector<Problem>{
      {{"--no-train"},
       what + fmt::format("{} {} finished for all of them; without --no-train, compare trains more",
                          seeds.size(), seeds.size() == 1 ? "is" : "are")}});
}

// The budget decides before any metric is looked at: when to look must not depend on them.
void SettingsComparison::LimitSeeds() {
  const size_t most = runs_.seeds().size();
  const size_t finished = FinishedSeeds(settings(), runs_.seeds());
  first_ =
      arguments_.train ? std::min(most, std::max(FirstLook(settings().size()), finished)) : most;
  last_ = most;
  if (finished == most || (options_.seeds && !options_.budget)) return;
  const double budget = options_.budget.value_or(kUsualBudget);
  console_.Line(fmt::format("budget: {:.6g} s on {} thread{}, up to {} seeds (--budget, --seeds)",
                            budget, options_.Workers(), options_.Workers() == 1 ? "" : "s", most));
  MakeRuns(std::min(kPilotRuns, most));
  const double seconds = runs_.SecondsOfSeed() / static_cast<double>(options_.Workers());
  if (seconds <= 0) return;
  const double more = std::floor(budget / seconds);
  if (more >= static_cast<double>(most - finished)) return;
  last_ = std::max(finished + static_cast<size_t>(more), std::min(kPilotRuns, most));
  ended_ = fmt::format("the budget allows {} seeds of {:.2g} s each (--budget)", last_, seconds);
  if (last_ < first_) ended_ += fmt::format("; the first look is at {} seeds", first_);
}

void SettingsComparison::MakeRuns(size_t seeds) {
  runs_.RunUpTo(seeds, [&](size_t setting) {
    return arguments_.train && !(comparison_ && comparison_->IsBeaten(setting));
  });
}

// The metric if none is named, and whether the runs have it.
void SettingsComparison::FindMetric() {
  const auto have = [&](const std::string& metric) { return runs_.Have(metric); };
  wanted_.units = runs_.Units();
  CheckIsOneMetric({"--metric"}, wanted_);
  order_ = UsualOrder(wanted_, have);
  if (!order_.against.empty() && have(order_.metric)) {
    throw InputError(NotOneMetric(order_.against, order_.metric) +
                     ", and they have no other: add `metrics` in fixed units, such as rmse");
  }
  if (have(order_.metric) || AllDiverged()) return;
  std::vector<std::string> names;
  for (size_t setting = 0; setting < settings().size(); ++setting) {
    for (const RunResult& run : runs_.RunsOf(setting)) {
      if (!run.metrics) continue;
      for (const auto& [name, value] : MetricsOf(run.metrics->epochs.back())) {
        if (have(name) && std::ranges::count(names, name) == 0) names.push_back(name);
      }
    }
  }
  if (names.empty()) return;  // nothing has ended
  throw InputError(
      std::vector<Problem>{{{"--metric"},
                            fmt::format("not all of these settings have {}{}", order_.metric,
                                        Suggest(order_.metric, names))}});
}

// Settings with several losses may have no metric to be compared by, which a seed of each tells.
void SettingsComparison::CheckLosses() {
  if (wanted_.units.Against("train_loss").empty()) return;
  MakeRuns(1);
  if (CaughtSignal() == 0) FindMetric();
}

void SettingsComparison::Look(size_t seeds) {
  looks_.push_back(seeds);
  ComparedValues values = runs_.Values(order_.metric);
  for (auto& own : values) own.resize(seeds);
  // Finished runs that nobody has looked at are looked at once.
  const bool once = !arguments_.train && earlier_.empty();
  comparison_->Look(values, once ? kComparisonError : ErrorOfLook(looks_.size()));
}

// Of the next look. Without new seeds only earlier calls are a reason to look more than once.
size_t SettingsComparison::SeedsAfter(size_t seeds) const {
  if (arguments_.train) return NextLook(seeds, last_, earlier_);
  const auto next = std::ranges::upper_bound(earlier_, seeds);
  return next == earlier_.end() ? last_ : std::min(*next, last_);
}

void SettingsComparison::LookUntilDecided() {
  size_t seeds = earlier_.empty() ? first_ : std::min(first_, earlier_.front());
  while (seeds <= last_) {
    MakeRuns(seeds);
    if (CaughtSignal() != 0) return;
    if (looks_.empty()) {
      FindMetric();
      comparison_.emplace(settings().size(), order_.smaller_is_better);
    }
    Look(seeds);
    if (comparison_->IsDecided() || seeds == last_) break;
    seeds = SeedsAfter(seeds);
  }
  if (!ended_.empty()) return;
  ended_ = arguments_.train ? fmt::format("all {} seeds are used (--seeds)", last_)
                            : "only finished runs count (--no-train)";
}

bool SettingsComparison::AllDiverged() const {
  for (size_t setting = 0; setting < settings().size(); ++setting) {
    for (const RunResult& run : runs_.RunsOf(setting)) {
      if (run.metrics) return false;
    }
  }
  return true;
}

ComparisonResult SettingsComparison::Result() const {
  std::vector<size_t> looks;
  std::ranges::set_union(looks_, earlier_, std::back_inserter(looks));
  ComparisonResult result{.labels = {},
                          .seeds = runs_.seeds(),
                          .order = order_,
                          .values = runs_.Values(order_.metric),
                          .failures = {},
                          .comparison = *comparison_,
                          .looks = std::move(looks),
                          .first_look = first_,
                          .trained = arguments_.train,
                          .difference = arguments_.difference,
                          .ended = comparison_->IsDecided() ? "" : ended_,
                          .notes = NotesOn(settings(), registry_)};
  if (!order_.note.empty()) result.notes.push_back(order_.note);
  for (size_t setting = 0; setting < settings().size(); ++setting) {
    result.labels.push_back(settings()[setting].label);
    auto& failures = result.failures.emplace_back();
    for (size_t seed = 0; seed < runs_.seeds().size(); ++seed) {
      std::string& failure = failures.emplace_back();
      for (const RunResult& run : runs_.RunsOf(setting, seed)) {
        if (failure.empty()) failure = run.failure;
      }
    }
  }
  return result;
}

void SettingsComparison::Show(const ComparisonResult& result) const {
  if (options_.json) {
    const std::string& folder = runs_.folder();
    PrintJson(folder.empty() ? ComparisonJson(result) : WithFolder(folder, ComparisonJson(result)));
  } else {
    console_.Line("");
    PrintFolded(ComparisonText(result, LineColumns()));
  }
  if (runs_.folder().empty()) return;
  const std::string file = runs_.folder() + "/comparison.json";
  if (!runs_.PlanStands()) {
    console_.Line("not written: another process has added runs to " + runs_.folder());
    return;
  }
  WriteText(file, ComparisonJson(result));
  if (options_.out.empty()) PointLatest(runs_.folder());
  console_.Line("wrote " + file + " and a folder for each new run");
}

int SettingsComparison::Run() {
  CheckLosses();
  LimitSeeds();
  LookUntilDecided();
  if (!comparison_) {
    FindMetric();
    comparison_.emplace(settings().size(), order_.smaller_is_better);
  }
  if (CaughtSignal() != 0) ended_ = "stopped by a signal; the same command with --out goes on";
  const bool looked = !looks_.empty() && CaughtSignal() == 0;
  if (!looked) {
    comparison_->Glance(runs_.Values(order_.metric), ErrorOfLook(looks_.size() + 1));
  }
  Show(Result());
  return CaughtSignal() == 0 && AllDiverged() ? static_cast<int>(kDiverged) : GoodUnlessStopped();
}

}  // namespace

int Compare(const CompareArguments& arguments, const RunOptions& options,
            const Registry& registry) {
  CheckSettings(arguments.settings, registry);
  Console console(options.quiet, false, options.json);
  // From here on a signal ends the comparison, not the process.
  RunUnderWay under_way;
  return SettingsComparison(arguments, options, registry, console).Run();
}

}  // namespace nabla
