#include "experiments/why.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "experiments/why_text.h"
#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/config/located.h"
#include "framework/record/environment.h"
#include "framework/record/epoch_json.h"
#include "framework/record/finished_run.h"
#include "framework/record/same_run.h"
#include "framework/terminal/console.h"
#include "framework/terminal/output.h"
#include "framework/training/initial_weights.h"

namespace nabla {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kBudget = 600;       // seconds
constexpr double kReplayShare = 0.5;  // of the budget, at most

// One of the two runs.
struct Side {
  AnySpec spec;
  Node config;  // with every default
  std::optional<Summary> summary;
  std::vector<EpochMetrics> epochs;
  const PreparedData* data = nullptr;

  const ExperimentHead& head() const { return HeadOf(spec); }
  // How many epochs to replay: those that it recorded, and the one in which it diverged.
  int64_t ToReplay() const {
    const bool diverged = summary && summary->status == "diverged";
    const auto recorded = static_cast<int64_t>(epochs.size());
    return std::clamp<int64_t>(recorded + (diverged ? 1 : 0), 1, head().train.epochs);
  }
};

Side ReadSide(const WhyRun& run, const Registry& registry) {
  Side side;
  const std::string metrics = run.folder + "/metrics.jsonl";
  side.epochs = ParseEpochs(ReadRunText(metrics), metrics);
  if (std::filesystem::exists(run.folder + "/summary.json")) {
    side.summary = ReadRun(run.folder).summary;
  }
  side.spec = ParseAnyExperiment(run.tree, registry);
  side.config = ResolvedConfig(side.spec);
  const std::string wanted = PluginName(side.head().dataset.config);
  if (side.summary && side.summary->dataset == kSyntheticDigits && wanted != kSyntheticDigits) {
    throw InputError(std::vector<Problem>{
        {{run.folder + "/summary.json"},
         fmt::format("{} was missing, so this run trained on {}: it cannot be replayed", wanted,
                     kSyntheticDigits)}});
  }
  return side;
}

// What made the run in `folder` that is something else now: "cpu was X, is Y".
std::vector<std::string> ChangedSince(const std::string& folder) {
  constexpr auto kChangeNoBits =
      std::to_array<std::string_view>({"started", "threads", "ranks", "usable_cores"});
  std::vector<std::string> changed;
  if (!std::filesystem::exists(folder + "/environment.json")) return changed;
  const Environment now = FindEnvironment({}, 1);
  for (const auto& [key, then] : ReadEnvironment(folder)) {
    if (std::ranges::find(kChangeNoBits, key) != kChangeNoBits.end()) continue;
    const auto found = std::ranges::find(now, key, [](const auto& own) { return own.first; });
    if (found == now.end() || found->second == then) continue;
    changed.push_back(fmt::format("{} was {}, is {}", key, then, found->second));
  }
  return changed;
}

WhyRecord RecordOf(const WhyRun& run, const Side& side) {
  WhyRecord record;
  record.folder = run.name;
  record.status = side.summary ? side.summary->status : "cut off";
  record.epochs = static_cast<int64_t>(side.epochs.size());
  return record;
}

class WhyCommand {
 public:
  WhyCommand(const WhyArguments& arguments, const RunOptions& options, const Registry& registry)
      : arguments_(arguments),
        options_(options),
        registry_(registry),
        console_(options.quiet, false, options.json),
        files_(console_.WithDownloadsShown(options.files)),
        cache_(files_),
        a_(ReadSide(arguments.a, registry)),
        b_(ReadSide(arguments.b, registry)) {
    result_.a = RecordOf(arguments.a, a_);
    result_.b = RecordOf(arguments.b, b_);
    result_.edits = EditsBetween(a_.config, b_.config);
    // Before any work: the user may have mistyped the metric.
    if (arguments.turn_keys) gap_ = FindGap(a_.epochs, b_.epochs, arguments.metric);
  }

  int Run() {
    // From here on a signal ends the search, not the process.
    std::optional<RunUnderWay> under_way(std::in_place);
    Load();
    ReplayBoth();
    if (!options_.json) {
      console_.Line("");
      PrintFolded(PartingText(result_));
    }
    result_.no_keys = WhyNoKeys();
    if (result_.no_keys.empty()) Turn();
    under_way.reset();
    if (options_.json) {
      PrintJson(WhyJson(result_));
    } else {
      console_.Line("");
      PrintFolded(KeysText(result_));
    }
    return GoodUnlessStopped();
  }

 private:
  double Budget() const { return options_.budget.value_or(kBudget); }
  // Whether this share of the budget is used up.
  bool IsOver(double share) const {
    return std::chrono::duration<double>(Clock::now() - start_).count() >= share * Budget();
  }

  void Load() {
    console_.Status("loading data");
    const auto load = [&](const WhyRun& run, Side* side, WhyRecord* record) {
      RunInputs inputs;
      WithLocations(run.tree, [&] {
        side->data = &cache_.Get(side->head());
        inputs = InputsOf(*side->data, registry_.libraries());
        AddInitialWeights(side->head(), &inputs);
      });
      record->changed = ChangedInputs(run.folder, inputs);
    };
    load(arguments_.a, &a_, &result_.a);
    load(arguments_.b, &b_, &result_.b);
    for (const std::string& remark : cache_.remarks()) console_.Warn(remark);
    result_.train_rows = a_.data->train.count;
    result_.validation_rows = a_.data->validation.count;
    result_.test_rows = a_.data->test.count;
    if (a_.data == b_.data) return;
    result_.rows = CompareRows(*a_.data, a_.head().dtype, *b_.data, b_.head().dtype);
  }

  void ReplayBoth() {
    result_.epochs = std::min(a_.ToReplay(), b_.ToReplay());
    Threads threads(options_.Workers());
    WarnOfShortage(threads, console_);
    const auto make = [&](const WhyRun& run, const Side& side) {
      return WithLocations(run.tree, [&] {
        return MakeReplay(side.spec, registry_, *side.data, threads, result_.epochs);
      });
    };
    const std::unique_ptr<Replay> a = make(arguments_.a, a_);
    const std::unique_ptr<Replay> b = make(arguments_.b, b_);
    console_.Line(fmt::format("replaying {} epoch{}, {:.6g} s on {} threads (--budget)",
                              result_.epochs, result_.epochs == 1 ? "" : "s", Budget(),
                              options_.Workers()));
    result_.together = ReplayTogether(*a, *b, [&](int64_t steps) { return GoOn(*a, steps); });
    if (result_.together.cut) result_.limit = "a signal";
    Compare(arguments_.a, a_, *a, &result_.a);
    Compare(arguments_.b, b_, *b, &result_.b);
  }

  bool GoOn(const Replay& replay, int64_t steps) {
    if (CaughtSignal() != 0) {
      result_.limit = "a signal";
    } else if (arguments_.steps > 0 && steps >= arguments_.steps) {
      result_.limit = "--steps";
    } else if (IsOver(kReplayShare)) {
      result_.limit = "--budget";
    }
    if (console_.BarIsDue()) {
      console_.Progress(
          "replay",
          static_cast<double>(replay.history().size()) / static_cast<double>(result_.epochs),
          fmt::format("{} steps", steps));
    }
    return result_.limit.empty();
  }

  // What the replay gave beside what the folder says of the run.
  void Compare(const WhyRun& run, const Side& side, Replay& replay, WhyRecord* record) {
    record->failure = replay.failure();
    record->compared = std::min(replay.history().size(), side.epochs.size());
    record->difference = CompareRecord(side.epochs, replay.history());
    const bool whole = replay.ended() && side.summary && side.summary->status == "complete" &&
                       replay.history().size() == side.epochs.size();
    if (whole && replay.WeightsHash() != side.summary->weights_hash) {
      record->hash_then = side.summary->weights_hash;
      record->hash_now = replay.WeightsHash();
    }
    if (record->IsMissed()) record->elsewhere = ChangedSince(run.folder);
  }

  // Why no key can be turned, or need be; "" = they can.
  std::string WhyNoKeys() const {
    if (CaughtSignal() != 0) return "a signal came";
    if (!arguments_.turn_keys) return "left out (--no-train)";
    for (const WhyRecord* record : {&result_.a, &result_.b}) {
      const char* side = record == &result_.a ? "a" : "b";
      if (record->status != "complete") {
        return fmt::format("{} has no last metrics, since it is {}", side, record->status);
      }
      if (!record->changed.empty()) {
        return fmt::format("{} of {} changed since its run", fmt::join(record->changed, " and "),
                           side);
      }
    }
    const bool any = std::ranges::any_of(
        result_.edits, [](const ConfigEdit& edit) { return edit.ChangesTraining(); });
    if (!any) return "no key that a training depends on differs";
    if (gap_) return "";
    return arguments_.metric.empty()
               ? "the last metrics are the same in both, so that there is no gap to share"
               : fmt::format("the last {} is the same in both", arguments_.metric);
  }

  void Turn() {
    result_.gap = *gap_;
    result_.keys = TurnKeys(a_.config, result_.edits, registry_, cache_);
    if (result_.keys.size() == 1 && result_.keys[0].error.empty()) {
      result_.keys[0].value = gap_->b;  // a with this key is b
      return;
    }
    console_.Line(fmt::format("turning {} keys, {:.6g} s on {} threads (--budget)",
                              result_.keys.size(), Budget(), options_.Workers()));
    TrainTurned({options_.out, [this] { return IsOver(1); }}, gap_->metric, registry_, options_,
                cache_, console_, &result_.keys);
  }

  const WhyArguments& arguments_;
  const RunOptions& options_;
  const Registry& registry_;
  const Clock::time_point start_ = Clock::now();
  Console console_;
  Files files_;
  DataCache cache_;
  Side a_;
  Side b_;
  std::optional<MetricGap> gap_;
  WhyResult result_;
};

}  // namespace

int Why(const WhyArguments& arguments, const RunOptions& options, const Registry& registry) {
  return WhyCommand(arguments, options, registry).Run();
}

}  // namespace nabla
