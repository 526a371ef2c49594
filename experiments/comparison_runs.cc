#include "experiments/comparison_runs.h"

#include <algorithm>
#include <utility>

#include "experiments/judged_metric.h"
#include "experiments/setting_folders.h"
#include "framework/config/located.h"
#include "framework/record/run_metrics.h"
#include "framework/training/task_defaults.h"

namespace nabla {
namespace {

size_t RunsPerSeed(const ComparedSetting& setting) {
  return static_cast<size_t>(std::max<int64_t>(1, setting.folds));
}

}  // namespace

ComparisonRuns::ComparisonRuns(const std::vector<ComparedSetting>& settings,
                               std::vector<int64_t> seeds, const RunOptions& options,
                               const Registry& registry, Console& console)
    : settings_(settings),
      seeds_(std::move(seeds)),
      options_(options),
      registry_(registry),
      console_(console),
      files_(console.WithDownloadsShown(options.files)),
      cache_(files_) {
  std::vector<std::string> labels;
  for (const ComparedSetting& setting : settings) {
    labels.push_back(setting.label);
    configs_.push_back(ResolvedConfig(SpecOf(setting, {}, registry)));
    auto& own = runs_.emplace_back(seeds_.size());
    for (size_t seed = 0; seed < seeds_.size(); ++seed) {
      own[seed].resize(RunsPerSeed(setting));
      for (size_t fold = 0; fold < own[seed].size(); ++fold) {
        const auto known = setting.known.find({seeds_[seed], static_cast<int64_t>(fold)});
        own[seed][fold] =
            known == setting.known.end() ? RunResult{.seed = seeds_[seed]} : known->second.result;
      }
    }
  }
  setting_folders_ = SettingFolders(labels);
}

const KnownRun* ComparisonRuns::Known(const RunAt& run) const {
  const auto& known = settings_[run.setting].known;
  const auto found = known.find({seeds_[run.seed], run.fold});
  return found == known.end() ? nullptr : &found->second;
}

std::string ComparisonRuns::NewFolder(const RunAt& run) const {
  return setting_folders_[run.setting] +
         SeedFolder(seeds_[run.seed], settings_[run.setting].folds > 0, run.fold);
}

// The spec as the folder of the run has it, with its data.
QueuedRun ComparisonRuns::Queued(const RunAt& run) {
  const ComparedSetting& setting = settings_[run.setting];
  const KnownRun* known = Known(run);
  QueuedRun queued{.spec = SpecOf(setting, {seeds_[run.seed], run.fold}, registry_),
                   .folder = known == nullptr ? folder_ + "/" + NewFolder(run) : known->folder,
                   .tree = &setting.tree};
  WithLocations(setting.tree, [&] {
    queued.data = &cache_.Get(HeadOf(queued.spec));
    FitTask(*queued.data, registry_, &queued.spec);
  });
  configs_[run.setting] = ResolvedConfig(queued.spec);
  return queued;
}

std::vector<ComparisonRuns::RunAt> ComparisonRuns::Load() {
  console_.Status("loading data");
  std::vector<RunAt> known;
  for (size_t setting = 0; setting < settings_.size(); ++setting) {
    for (size_t seed = 0; seed < seeds_.size(); ++seed) {
      for (size_t fold = 0; fold < runs_[setting][seed].size(); ++fold) {
        const RunAt run{setting, seed, static_cast<int64_t>(fold)};
        if (Known(run) != nullptr) {
          known.push_back(run);
        } else {
          plan_.Add(NewFolder(run), ResolvedConfig(Queued(run).spec));
        }
      }
    }
  }
  for (const std::string& remark : cache_.remarks()) console_.Warn(remark);
  const AnySpec first = SpecOf(settings_.front(), {seeds_.front(), 0}, registry_);
  folder_ = options_.SharedFolderFor(HeadOf(first).name, plan_);
  return known;
}

void ComparisonRuns::Make(const std::vector<RunAt>& queue) {
  std::vector<QueuedRun> queued;
  for (const RunAt& run : queue) queued.push_back(Queued(run));
  std::vector<RunResult> results =
      RunSideBySide(queued, registry_, options_.Workers(), {}, "comparison", console_);
  for (size_t i = 0; i < queue.size(); ++i) {
    const RunAt& run = queue[i];
    runs_[run.setting][run.seed][static_cast<size_t>(run.fold)] = std::move(results[i]);
  }
}

void ComparisonRuns::RunUpTo(size_t count, const std::function<bool(size_t setting)>& wanted) {
  std::vector<RunAt> queue;
  for (size_t seed = 0; seed < count; ++seed) {
    for (size_t setting = 0; setting < settings_.size(); ++setting) {
      if (!wanted(setting)) continue;
      const std::vector<RunResult>& own = runs_[setting][seed];
      for (size_t fold = 0; fold < own.size(); ++fold) {
        if (own[fold].Ended()) continue;
        queue.push_back({setting, seed, static_cast<int64_t>(fold)});
      }
    }
  }
  if (queue.empty()) return;
  if (folder_.empty()) {
    const std::vector<RunAt> known = Load();
    queue.insert(queue.begin(), known.begin(), known.end());
  }
  Make(queue);
}

bool ComparisonRuns::Have(const std::string& metric) const {
  bool any = false;
  for (size_t setting = 0; setting < settings_.size(); ++setting) {
    size_t complete = 0;
    size_t with = 0;
    for (const RunResult& run : RunsOf(setting)) {
      if (!run.metrics) continue;
      ++complete;
      with += MetricOf(run.metrics->epochs.back(), metric).has_value();
    }
    if (complete > 0 && with == 0) return false;
    any = any || with > 0;
  }
  return any;
}

UnitKeys ComparisonRuns::Units() const {
  UnitKeys keys;
  for (const Node& config : configs_) keys.Add(config);
  return keys;
}

ComparedValues ComparisonRuns::Values(const std::string& metric) const {
  ComparedValues values;
  for (const auto& setting : runs_) {
    auto& own = values.emplace_back();
    for (const std::vector<RunResult>& seed : setting) own.push_back(MetricOfSeed(seed, metric));
  }
  return values;
}

std::vector<RunResult> ComparisonRuns::RunsOf(size_t setting) const {
  std::vector<RunResult> all;
  for (const auto& seed : runs_[setting]) all.insert(all.end(), seed.begin(), seed.end());
  return all;
}

double ComparisonRuns::SecondsOfSeed() const {
  double seconds = 0;
  for (size_t setting = 0; setting < settings_.size(); ++setting) {
    double sum = 0;
    double count = 0;
    for (const RunResult& run : RunsOf(setting)) {
      if (!run.Ended()) continue;
      sum += run.seconds;
      ++count;
    }
    if (count > 0) seconds += sum / count * static_cast<double>(RunsPerSeed(settings_[setting]));
  }
  return seconds;
}

}  // namespace nabla
