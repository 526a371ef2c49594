#include "experiments/compared_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "framework/base/error.h"
#include "framework/record/environment.h"
#include "framework/record/finished_run.h"
#include "framework/report/run_report.h"
#include "framework/spec/config_edits.h"
#include "framework/spec/spec.h"
#include "framework/spec/sweep_points.h"
#include "framework/training/experiment.h"
#include "framework/training/prepared_data.h"
#include "framework/verdict/paired.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

void Erase(Node* map, std::string_view key) {
  std::erase_if(map->entries, [key](const Node::Entry& entry) { return entry.key == key; });
}

int64_t NumberAt(const Node& tree, const char* section, const char* key) {
  const Node* map = section == nullptr ? &tree : tree.Find(section);
  const Node* number = map == nullptr ? nullptr : map->Find(key);
  return number == nullptr ? 0 : std::strtoll(number->text.c_str(), nullptr, 10);
}

// What runs of the same setting have in common: the config without the seed and the fold.
std::string SettingKey(Node config) {
  Erase(&config, "seed");
  if (Node* split = config.Find("split"); split != nullptr && NumberAt(*split, nullptr, "folds")) {
    Erase(split, "fold");
  }
  return PrintYaml(config);
}

// "0.1" of lr/0.1/seed-3 below lr, "" of lr/seed-3.
std::string PlaceBelow(const std::string& root, const std::string& folder) {
  fs::path place = fs::path(folder).lexically_relative(root);
  if (place.filename().string().starts_with("seed-")) place = place.parent_path();
  return place == "." ? "" : place.string();
}

// Throws InputError for a run on synthetic digits instead of the data set of its config.
void CheckData(const Node& config, const Summary& summary, const std::string& folder) {
  const std::string wanted = PluginName(*config.Find("dataset"));
  if (wanted == kSyntheticDigits || summary.dataset != kSyntheticDigits) return;
  throw InputError(std::vector<Problem>{
      {{folder + "/summary.json"},
       fmt::format("{} was missing, so this run trained on {}: it cannot be compared", wanted,
                   kSyntheticDigits)}});
}

// Throws InputError for runs of a seed that were of the same rows by their configs, but were not: a
// file has changed in between.
void CheckRows(const std::vector<ComparedSetting>& settings, const Registry& registry) {
  std::map<std::pair<std::string, SeedAndFold>, std::pair<std::string, std::string>> seen;
  for (const ComparedSetting& setting : settings) {
    AnySpec spec = SpecOf(setting, {}, registry);
    for (const auto& [run, known] : setting.known) {
      if (known.rows.empty()) continue;
      if (setting.folds > 0) HeadOf(spec).split.fold = run.second;
      const auto [at, is_new] =
          seen.try_emplace({PrintYaml(DataConfig(HeadOf(spec))), run}, known.rows, known.folder);
      if (is_new || at->second.first == known.rows) continue;
      throw InputError(std::vector<Problem>{
          {{known.folder + "/environment.json"},
           fmt::format("the rows of this run are not those of {}, whose config has the same data: "
                       "delete one of them to train it again",
                       at->second.second)}});
    }
  }
}

// Adds the run if it has ended, to the setting that it is one of or as the first one of another.
void AddRun(const std::string& folder, const std::string& label, const ReadConfig& read,
            std::map<std::string, size_t>* places, std::vector<ComparedSetting>* settings) {
  FinishedRun run = ReadRun(folder);
  const Summary& summary = run.summary;
  if (summary.status != "complete" && summary.failure.empty()) return;
  const std::string file = folder + "/config.yaml";
  const Node config = ParseYaml(ReadRunText(file), file);
  const auto [place, is_new] = places->try_emplace(SettingKey(config), settings->size());
  if (is_new) settings->push_back({.label = label, .tree = read(file), .known = {}});
  ComparedSetting& setting = (*settings)[place->second];
  CheckData(setting.tree, summary, folder);
  RunResult result{
      .seed = summary.seed, .metrics = {}, .failure = summary.failure, .seconds = summary.seconds};
  if (summary.failure.empty()) {
    result.metrics = RunMetrics{std::move(run.epochs), summary.initial_losses};
  }
  const bool says_rows = fs::exists(folder + "/environment.json");
  const std::string rows = says_rows ? RowsOf(ReadEnvironment(folder)) : "";
  const SeedAndFold key = {summary.seed, NumberAt(config, "split", "fold")};
  setting.known.try_emplace(key, KnownRun{folder, std::move(result), rows});
}

// A setting whose runs are all of one fold is that fold; otherwise it has all folds.
void FindFolds(ComparedSetting* setting) {
  std::set<int64_t> folds;
  for (const auto& [run, known] : setting->known) folds.insert(run.second);
  if (folds.size() > 1) setting->folds = NumberAt(setting->tree, "split", "folds");
  if (folds.size() > 1 || *folds.begin() == 0) return;
  std::map<SeedAndFold, KnownRun> known;
  for (auto& [run, result] : setting->known) known[{run.first, 0}] = std::move(result);
  setting->known = std::move(known);
}

// Whether a training of one is another than that of the other.
bool Differ(const Node& a, const Node& b) {
  return std::ranges::any_of(EditsBetween(a, b),
                             [](const ConfigEdit& edit) { return edit.ChangesTraining(); });
}

bool HasFinished(const ComparedSetting& setting, int64_t seed) {
  for (int64_t fold = 0; fold < std::max<int64_t>(1, setting.folds); ++fold) {
    if (!setting.known.contains({seed, fold})) return false;
  }
  return true;
}

}  // namespace

std::vector<ComparedSetting> SettingsOf(const Node& tree, const std::string& name, bool only_input,
                                        const Registry& registry) {
  const AnySpec spec = ParseAnyExperiment(tree, registry);
  const int64_t folds = HeadOf(spec).sweep.value_or(SweepSection()).folds;
  std::vector<ComparedSetting> settings;
  for (SweepPoint& point : SweepPoints(tree, registry)) {
    std::string label = point.label.empty() ? name : point.label;
    if (!only_input && !point.label.empty()) label = name + " " + label;
    settings.push_back({label, std::move(point.tree), folds, {}});
  }
  return settings;
}

std::vector<ComparedSetting> SettingsIn(const std::string& folder, const std::string& name,
                                        bool only_input, const ReadConfig& read) {
  std::map<std::string, size_t> places;
  std::vector<ComparedSetting> settings;
  for (const std::string& run : FindRuns(folder)) {
    const std::string place = PlaceBelow(folder, run);
    const bool whole = place.empty() || only_input;
    const std::string label = place.empty() ? name : place;
    AddRun(run, whole ? label : name + "/" + label, read, &places, &settings);
  }
  if (settings.empty()) {
    throw InputError(std::vector<Problem>{{{name}, "no run here has ended; --resume goes on"}});
  }
  for (ComparedSetting& setting : settings) FindFolds(&setting);
  return settings;
}

void CheckSettings(const std::vector<ComparedSetting>& settings, const Registry& registry) {
  if (settings.size() < 2) {
    throw InputError(
        "compare takes two settings or more: give key=a,b, another file or a folder of runs");
  }
  if (settings.size() > kMostComparedSettings) {
    throw InputError(
        fmt::format("these are {} settings, and compare takes {} at most: `sweep` finds the few "
                    "that are worth it",
                    settings.size(), kMostComparedSettings));
  }
  std::vector<Node> configs;
  for (const ComparedSetting& setting : settings) {
    configs.push_back(ResolvedConfig(SpecOf(setting, {}, registry)));
    for (size_t other = 0; other + 1 < configs.size(); ++other) {
      if (settings[other].folds != setting.folds || Differ(configs[other], configs.back()))
        continue;
      throw InputError(
          fmt::format("{} and {} are the same setting; compare adds the seeds by itself (--seeds)",
                      settings[other].label, setting.label));
    }
  }
  CheckRows(settings, registry);
}

AnySpec SpecOf(const ComparedSetting& setting, SeedAndFold run, const Registry& registry) {
  AnySpec spec = ParseAnyExperiment(setting.tree, registry);
  ExperimentHead& head = HeadOf(spec);
  head.seed = run.first;
  // What a clock ends is another run each time, and never one that need not be made again.
  head.train.max_time.reset();
  if (setting.folds > 0) {
    head.split.folds = setting.folds;
    head.split.fold = run.second;
  }
  return spec;
}

std::vector<int64_t> SeedsInOrder(const std::vector<ComparedSetting>& settings, int64_t own,
                                  const std::optional<Seeds>& asked) {
  std::map<int64_t, size_t> finished;  // by how many settings
  for (const ComparedSetting& setting : settings) {
    for (const auto& [run, known] : setting.known) {
      if (run.second == 0) finished[run.first] += HasFinished(setting, run.first);
    }
  }
  std::vector<int64_t> seeds = asked.value_or(Seeds{.count = kUsualSeeds}).From(own);
  size_t most = seeds.size();
  if (!asked || asked->list.empty()) {
    size_t common = 0;
    for (const auto& [seed, count] : finished) {
      if (std::ranges::find(seeds, seed) == seeds.end()) seeds.push_back(seed);
      common += count == settings.size();
    }
    if (!asked) most = std::min(std::max(most, common), kMostExactPairs);
  }
  if (most > kMostExactPairs) {
    throw InputError(std::vector<Problem>{
        {{"--seeds"}, fmt::format("compare takes {} seeds at most", kMostExactPairs)}});
  }
  std::ranges::stable_sort(seeds, std::greater(), [&](int64_t seed) { return finished[seed]; });
  seeds.resize(most);
  return seeds;
}

size_t FinishedSeeds(const std::vector<ComparedSetting>& settings,
                     const std::vector<int64_t>& seeds) {
  const auto missing = std::ranges::find_if(seeds, [&](int64_t seed) {
    return std::ranges::any_of(settings,
                               [seed](const ComparedSetting& s) { return !HasFinished(s, seed); });
  });
  return static_cast<size_t>(missing - seeds.begin());
}

}  // namespace nabla
