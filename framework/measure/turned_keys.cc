#include "framework/measure/turned_keys.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/data/files.h"
#include "framework/measure/parting.h"
#include "framework/record/run_metrics.h"
#include "framework/record/run_plan.h"

namespace nabla {
namespace {

constexpr std::array kPreferred = {"test_accuracy", "test_loss", "train_loss"};

std::optional<double> LastOf(const std::vector<EpochMetrics>& epochs, const std::string& metric) {
  if (epochs.empty()) return std::nullopt;
  for (const auto& [name, value] : MetricsOf(epochs.back())) {
    if (name == metric && std::isfinite(value)) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Both(const std::vector<EpochMetrics>& a,
                              const std::vector<EpochMetrics>& b) {
  std::vector<std::string> names;
  if (a.empty()) return names;
  for (const auto& [name, value] : MetricsOf(a.back())) {
    if (LastOf(a, name) && LastOf(b, name)) names.push_back(name);
  }
  return names;
}

TurnedKey Turned(const Node& a, std::vector<ConfigEdit> edits, const Registry& registry,
                 DataCache& cache) {
  TurnedKey key{.edits = std::move(edits), .name = "", .spec = {}, .error = ""};
  for (const ConfigEdit& edit : key.edits) {
    key.name += (key.name.empty() ? "" : " + ") + edit.path;
  }
  try {
    key.spec = ParseAnyExperiment(WithEdits(a, key.edits), registry);
    CheckBuilds(key.spec, registry, cache.Get(HeadOf(key.spec)));
  } catch (const InputError& e) {
    key.error = e.problems().front().message;
  } catch (const DataUnavailable& e) {
    key.error = e.what();
  }
  return key;
}

}  // namespace

std::optional<MetricGap> FindGap(const std::vector<EpochMetrics>& a,
                                 const std::vector<EpochMetrics>& b, const std::string& wanted) {
  const std::vector<std::string> both = Both(a, b);
  const auto gap = [&](const std::string& name) -> std::optional<MetricGap> {
    if (std::ranges::find(both, name) == both.end()) return std::nullopt;
    const MetricGap found{name, *LastOf(a, name), *LastOf(b, name)};
    return found.a == found.b ? std::nullopt : std::optional(found);
  };
  if (!wanted.empty()) {
    if (std::ranges::find(both, wanted) == both.end()) {
      throw InputError({Problem{
          {"--metric"}, "no last \"" + wanted + "\" in both runs" + Suggest(wanted, both)}});
    }
    return gap(wanted);
  }
  for (const char* name : kPreferred) {
    if (auto found = gap(name)) return found;
  }
  return std::nullopt;
}

std::vector<TurnedKey> TurnKeys(const Node& a, const std::vector<ConfigEdit>& edits,
                                const Registry& registry, DataCache& cache) {
  std::vector<TurnedKey> keys;
  std::vector<ConfigEdit> helpless;
  for (const ConfigEdit& edit : edits) {
    if (!edit.ChangesTraining()) continue;
    keys.push_back(Turned(a, {edit}, registry, cache));
    if (!keys.back().error.empty()) helpless.push_back(edit);
  }
  if (helpless.size() < 2) return keys;
  TurnedKey together = Turned(a, helpless, registry, cache);
  if (!together.error.empty()) return keys;
  std::erase_if(keys, [](const TurnedKey& key) { return !key.error.empty(); });
  keys.push_back(std::move(together));
  return keys;
}

void TrainTurned(const TurnedRuns& how, const std::string& metric, const Registry& registry,
                 const RunOptions& options, DataCache& cache, Console& console,
                 std::vector<TurnedKey>* keys) {
  std::vector<QueuedRun> queue;
  std::vector<TurnedKey*> trained;
  RunPlan plan;
  for (TurnedKey& key : *keys) {
    if (!key.error.empty()) continue;
    QueuedRun queued{.spec = key.spec, .data = &cache.Get(HeadOf(key.spec))};
    if (!how.folder.empty()) {
      // The paths of several keys may be too long for the name of a folder.
      const std::string name = key.edits.size() > 1 ? "together" : key.name;
      queued.folder = how.folder + "/" + name;
      plan.Add(name, ResolvedConfig(key.spec));
    }
    queued.stop = how.stop;
    queue.push_back(std::move(queued));
    trained.push_back(&key);
  }
  if (!how.folder.empty()) plan.Agree(how.folder);
  const std::vector<RunResult> results =
      RunSideBySide(queue, registry, options.Workers(), {}, "keys", console);
  for (size_t i = 0; i < results.size(); ++i) {
    if (!results[i].Ended()) {
      trained[i]->error = "not trained to its end (--budget, or a signal)";
    } else if (!results[i].failure.empty()) {
      trained[i]->error = results[i].failure;
    } else {
      trained[i]->value = LastOf(results[i].metrics->epochs, metric);
      if (!trained[i]->value) trained[i]->error = "its last epoch has no " + metric;
    }
  }
}

}  // namespace nabla
