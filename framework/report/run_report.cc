#include "framework/report/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <iomanip>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/version.h"
#include "framework/config/node.h"
#include "framework/formats/atomic_file.h"
#include "framework/measure/inspection.h"
#include "framework/record/finished_run.h"
#include "framework/record/finite.h"
#include "framework/record/run_folder.h"
#include "framework/record/run_metrics.h"
#include "framework/report/close_look_json.h"
#include "framework/report/run_so_far.h"
#include "framework/spec/differing_settings.h"
#include "framework/spec/metric_results.h"
#include "framework/training/experiment.h"
#include "framework/training/pause.h"
#include "framework/verdict/reproduction.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSeed = "seed-";

// The path without a trailing '/' or ".", so that its last part is the folder's name.
std::string Named(const std::string& folder) {
  const fs::path path = fs::path(folder).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

// The folder with all seeds of a setting: "lr=0.1" for "lr=0.1/seed-3"; other folders stay.
fs::path PlaceOf(const fs::path& folder) {
  const bool seed = folder.filename().string().rfind(kSeed, 0) == 0;
  return seed ? folder.parent_path() : folder;
}

// The name of the run's place, or the experiment's name if the place is the requested folder.
std::string GroupOf(const fs::path& folder, const std::string& name, const std::string& root) {
  const fs::path place = PlaceOf(folder);
  return place != folder && fs::equivalent(place, root) ? name : place.filename().string();
}

std::vector<double> Values(const std::vector<std::pair<std::string, double>>& norms) {
  std::vector<double> values;
  for (const auto& [parameter, value] : norms) values.push_back(value);
  return values;
}

ReportEpoch EpochOf(const EpochMetrics& e) {
  return {.epoch = e.epoch,
          .metrics = MetricsOf(e),
          .learning_rate = e.learning_rate,
          .seconds = e.seconds,
          .samples_per_second = e.samples_per_second,
          .weight_norms = Values(e.weight_norms),
          .gradient_norms = Values(e.gradient_norms)};
}

struct FoundRun {
  fs::path place;  // the folder with all seeds of its setting, or its own folder
  ReportRun shown;
  FinishedRun run;
  Node config;
};

// When the run ended, in seconds since 1970: its environment says when it was started.
std::optional<double> EndOf(const ReportRun& run) {
  for (const auto& [key, value] : run.environment) {
    if (key != "started") continue;
    std::tm time = {};
    std::istringstream text(value);
    text >> std::get_time(&time, "%Y-%m-%dT%H:%M:%SZ");
    if (text.fail()) return std::nullopt;
    double seconds = 0;
    for (const ReportEpoch& e : run.epochs) seconds += FiniteOf(e.seconds).value_or(0);
    return static_cast<double>(timegm(&time)) + seconds;
  }
  return std::nullopt;
}

FoundRun ReadFound(const std::string& folder, const std::string& root, Runs which) {
  FoundRun found{.place = PlaceOf(folder),
                 .shown = {},
                 .run = which == Runs::kSoFar ? ReadRunSoFar(folder) : ReadRun(folder),
                 .config = {}};
  const Summary& s = found.run.summary;
  ReportRun& shown = found.shown;
  shown.name = folder;
  shown.group = GroupOf(folder, s.name, root);
  shown.status = s.status;
  shown.cut_short = s.ended;
  shown.seed = s.seed;
  bool left = false;
  for (const Pause& pause : ReadPauses(folder)) {
    shown.pauses.push_back({pause.epochs, pause.metrics});
    left = pause.left;
  }
  // One that was stopped on its way from a pause is neither.
  const bool on_its_way = !shown.pauses.empty() &&
                          static_cast<double>(found.run.epochs.size()) > shown.pauses.back().epochs;
  if (s.status == "stopped" && !shown.pauses.empty() && (left || !on_its_way)) {
    shown.left_behind = true;
    shown.status =
        fmt::format("{} at epoch {:.4g}", left ? "left" : "paused", shown.pauses.back().epochs);
  }
  shown.weights_hash = s.weights_hash;
  for (const EpochMetrics& e : found.run.epochs) shown.epochs.push_back(EpochOf(e));
  if (!found.run.epochs.empty()) {
    for (const auto& [parameter, norm] : found.run.epochs.front().weight_norms) {
      shown.parameters.push_back(parameter);
    }
  }
  shown.config = ReadRunText(folder + "/config.yaml");
  found.config = ParseYaml(shown.config, folder + "/config.yaml");
  if (fs::exists(folder + "/environment.json")) shown.environment = ReadEnvironment(folder);
  shown.ended = EndOf(shown);
  const std::string inspection = folder + "/inspection.json";
  if (fs::exists(inspection)) {
    shown.look = ParseInspection(ReadRunText(inspection), inspection);
  }
  shown.standouts = FindStandouts(shown, found.config);
  const std::string summary = folder + "/summary.json";
  if (!shown.standouts.empty() && fs::exists(summary)) {
    AddTried(ReadRunText(summary), &shown.standouts);
  }
  return found;
}

std::string TextOf(const Node& config, const char* key) {
  const Node* node = config.Find(key);
  return node != nullptr && node->IsScalar() ? node->text : "";
}

// "fold 2" of a run that tests on one of several parts of the rows.
std::string FoldOf(const Node& config) {
  const Node* split = config.Find("split");
  if (split == nullptr || TextOf(*split, "folds").empty() || TextOf(*split, "folds") == "0") {
    return "";
  }
  return "fold " + TextOf(*split, "fold");
}

// The deepest folder that contains all places.
fs::path CommonFolder(const std::vector<FoundRun>& runs) {
  fs::path common = runs.front().place.parent_path();
  for (const FoundRun& found : runs) {
    const fs::path& place = found.place;
    auto [end, other] = std::mismatch(common.begin(), common.end(), place.begin(), place.end());
    fs::path shared;
    for (auto part = common.begin(); part != end; ++part) shared /= *part;
    common = shared;
  }
  return common;
}

// Adds the results of a run's metrics that are better the smaller they are. Metrics of a library
// that is not loaded are left out.
void AddDirections(const Node& config, const Registry& registry, Report* report) {
  const Node* listed = config.Find("metrics");
  if (listed == nullptr) return;
  Problems ignored;
  std::vector<Plug<Metric<double>>> metrics;
  const auto maker = registry.Maker<double>();
  FieldType<std::vector<Plug<Metric<double>>>>::Parse(*listed, {}, {ignored, maker.get()},
                                                      &metrics);
  std::vector<std::string>& names = report->smaller_is_better;
  for (const auto& [name, smaller] : ResultsOf(metrics)) {
    if (smaller && std::ranges::count(names, name) == 0) names.push_back(name);
  }
}

// Finds in which settings the runs differ; returns the keys.
std::vector<std::string> AddSettings(std::vector<FoundRun>* runs) {
  std::vector<const Node*> configs;
  for (const FoundRun& found : *runs) configs.push_back(&found.config);
  DifferingSettings differing = FindDifferingSettings(configs);
  for (size_t i = 0; i < runs->size(); ++i) {
    (*runs)[i].shown.settings = std::move(differing.values[i]);
  }
  return differing.keys;
}

// Names groups by what differs, or where that says nothing or would be a long text, by their
// folders, with the experiment's name if there are several experiments; uses paths where names
// would still be ambiguous.
void NameGroups(const std::vector<std::string>& keys, bool one_experiment,
                std::vector<FoundRun>* runs) {
  constexpr size_t kMostLetters = 200;
  std::map<fs::path, std::string> names;
  std::map<std::string, std::set<fs::path>> places;
  for (const FoundRun& found : *runs) {
    if (names.contains(found.place)) continue;
    const std::string& experiment = found.run.summary.name;
    std::string name = SettingsText(keys, found.shown.settings);
    if (name.empty() || name.size() > kMostLetters) {
      name = found.shown.group;
      if (!one_experiment && name != experiment) name = experiment + " " + name;
    }
    names[found.place] = name;
    places[name].insert(found.place);
  }
  const fs::path common = CommonFolder(*runs);
  for (FoundRun& found : *runs) {
    std::string& group = found.shown.group;
    group = names[found.place];
    if (places[group].size() > 1) group = found.place.lexically_relative(common).string();
    found.shown.part = FoldOf(found.config);
    found.shown.label = fmt::format("{}, seed {}{}{}", group, found.run.summary.seed,
                                    found.shown.part.empty() ? "" : ", ", found.shown.part);
  }
}

// Whether both runs are of the same experiment, apart from seed and settings.
bool SameReference(const FoundRun& a, const FoundRun& b) {
  const Node* x = a.config.Find("reference");
  const Node* y = b.config.Find("reference");
  return x != nullptr && y != nullptr && PrintYaml(*x) == PrintYaml(*y) &&
         TextOf(a.config, "name") == TextOf(b.config, "name");
}

void AddPrinted(const JudgedMetric& f, const Reference& reference, Report* report) {
  PrintedPoint point{.list = reference.list,
                     .metric = FieldType<MetricName>::Print(reference.metric).text,
                     .value = reference.printed[f.index].value,
                     .text = reference.printed[f.index].text};
  if (reference.IsCurve()) point.epoch = reference.epochs.list[f.index];
  if (f.judgement.has_interval()) {
    point.low = f.judgement.low;
    point.high = f.judgement.high;
  }
  report->printed.push_back(std::move(point));
}

// Where several seeds were trained, the file's own is not known, which exact lists were made with:
// it is the one with their digits, if any is.
void TakeSeedsOfDigits(const std::vector<Reference>& references, const OurRuns& runs,
                       std::vector<JudgedList>* lists) {
  if (runs.by_seed.size() < 2) return;
  for (size_t i = 0; i < lists->size(); ++i) {
    JudgedList& list = (*lists)[i];
    for (auto run = runs.by_seed.begin(); list.exact && run != runs.by_seed.end(); ++run) {
      if (list.finding == Finding::kExactly) break;
      list = Judge(references, run->seed, {.by_seed = {*run}, .nudged = {}})[i];
    }
    if (list.exact && list.finding != Finding::kExactly) list.finding = Finding::kNotJudged;
  }
}

// Adds the notebook's metrics and the verdicts of our runs on them.
void AddReference(const std::vector<FoundRun>& runs, const Registry& registry, Report* report) {
  const AnySpec spec = ParseAnyExperiment(runs.front().config, registry);
  const ExperimentHead& head = HeadOf(spec);
  Reproduction result{.spec = head};
  std::set<fs::path> places;
  for (const FoundRun& found : runs) {
    places.insert(found.place);
    const bool own_data = found.run.summary.dataset == PluginName(head.dataset.config) &&
                          found.run.summary.dataset != kSyntheticDigits;
    const std::string& status = found.run.summary.status;
    if (status == "stopped" || status == "running" || !own_data) continue;
    // A run that diverged counts as one that has no values.
    SeedRun& run = result.runs.by_seed.emplace_back(SeedRun{.seed = found.run.summary.seed});
    if (found.run.summary.status != "complete") continue;
    run.metrics = {found.run.epochs, found.run.summary.initial_losses};
  }
  // A run may be in several places, and is one draw only.
  if (places.size() > 1) result.runs.by_seed.clear();
  result.lists = Judge(head.reference, head.seed, result.runs);
  TakeSeedsOfDigits(head.reference, result.runs, &result.lists);
  for (const JudgedList& list : result.lists) {
    for (const JudgedMetric& f : list.metrics) {
      AddPrinted(f, head.reference[f.reference], report);
    }
  }
  report->verdicts = VerdictsOf(result);
}

Tone ToneOf(Finding finding) {
  switch (finding) {
    case Finding::kReproduced:
    case Finding::kExactly:
    case Finding::kExactThenRounding:
      return Tone::kGood;
    case Finding::kUnusual:
    case Finding::kBeyondAll:
      return Tone::kDoubtful;
    case Finding::kNotReproduced:
      return Tone::kBad;
    case Finding::kTooFew:
    case Finding::kNotJudged:
      break;
  }
  return Tone::kNone;
}

}  // namespace

std::vector<ReportVerdict> VerdictsOf(const Reproduction& reproduction) {
  std::vector<ReportVerdict> verdicts;
  for (const JudgedList& list : reproduction.lists) {
    const bool digits = list.exactly.begins_alike;  // and others, which rounding may explain
    if (list.finding == Finding::kNotJudged && !digits) continue;
    ReportVerdict& verdict = verdicts.emplace_back();
    verdict.list = list.name;
    verdict.text = Sentence(list, reproduction) + ".";
    verdict.tone = ToneOf(list.finding);
    for (const MistakePower& power : list.power) {
      verdict.power.push_back({power.mistake, power.share()});
    }
  }
  return verdicts;
}

std::vector<std::string> FindRuns(const std::string& path, Runs which) {
  std::error_code error;
  std::vector<std::string> runs;
  const bool so_far = which == Runs::kSoFar;
  if (fs::exists(path + "/summary.json", error)) return {path};
  if (so_far && HoldsRunSoFar(path)) return {path};
  for (auto it = fs::recursive_directory_iterator(
           path, fs::directory_options::skip_permission_denied, error);
       it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (error) break;
    const fs::path file = it->path().filename();
    if (file != (so_far ? "metrics.jsonl" : "summary.json")) continue;
    const std::string folder = it->path().parent_path();
    if (!so_far || HoldsRunSoFar(folder)) runs.push_back(folder);
  }
  if (runs.empty()) {
    throw InputError(std::vector<Problem>{{{path},
                                           "no run found: expected a run folder or a "
                                           "folder of run folders"}});
  }
  std::sort(runs.begin(), runs.end());
  return runs;
}

Report CollectReport(const std::vector<std::string>& paths, const Registry& registry, Runs which) {
  std::vector<FoundRun> runs;
  for (const std::string& path : paths) {
    for (const std::string& folder : FindRuns(Named(path), which)) {
      runs.push_back(ReadFound(folder, Named(path), which));
    }
  }
  const bool one_experiment = std::all_of(runs.begin(), runs.end(), [&](const FoundRun& found) {
    return found.run.summary.name == runs.front().run.summary.name;
  });
  const std::vector<std::string> keys = AddSettings(&runs);
  NameGroups(keys, one_experiment, &runs);
  // Sort seeds as numbers; folder names sort as text.
  std::stable_sort(runs.begin(), runs.end(), [](const FoundRun& a, const FoundRun& b) {
    return a.shown.group == b.shown.group && a.run.summary.seed < b.run.summary.seed;
  });
  const Node& first = runs.front().config;
  Report report{.title = TextOf(first, "name"), .version = kVersion, .keys = keys};
  if (one_experiment) {
    report.description = TextOf(first, "description");
    report.source = TextOf(first, "source");
  } else {
    report.title = "comparison";
  }
  const Node* reference = first.Find("reference");
  // The settings of a sweep are different experiments, and which of them is the notebook's is
  // written nowhere.
  const bool has_reference = reference != nullptr && !reference->items.empty() && keys.empty();
  if (has_reference && std::all_of(runs.begin(), runs.end(), [&](const FoundRun& f) {
        return SameReference(runs.front(), f);
      })) {
    AddReference(runs, registry, &report);
  }
  for (FoundRun& found : runs) {
    AddDirections(found.config, registry, &report);
    report.units.Add(found.config);
    report.runs.push_back(std::move(found.shown));
  }
  return report;
}

void WriteReport(const Report& report, const std::string& file) {
  const std::string page = RenderReport(report);
  WriteFileAtomically(file, {reinterpret_cast<const uint8_t*>(page.data()), page.size()});
}

}  // namespace nabla
