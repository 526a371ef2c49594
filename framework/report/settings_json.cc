#include "framework/report/settings_json.h"

#include <algorithm>
#include <optional>
#include <string>

#include "framework/record/finite.h"
#include "framework/record/json_number.h"
#include "framework/record/run_metrics.h"
#include "framework/report/importance.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDigits = 4;      // of a share
constexpr int kMostDigits = 7;  // of a metric
constexpr const char* kDiverged = "diverged";

// Where the run ended or, `paused`, where it first paused; nothing if it has not got there.
std::optional<double> Outcome(const ReportRun& run, const std::string& metric, bool paused) {
  if (run.status == kDiverged) return kNaN;
  if (!paused) return run.status == "complete" ? LastOf(run, metric) : std::nullopt;
  return run.pauses.empty() ? std::nullopt : MetricOf(run.pauses.front().metrics, metric);
}

}  // namespace

std::optional<MetricImportance> ImportanceOf(const Report& report, const std::string& metric) {
  if (!report.units.Against(metric).empty()) return std::nullopt;
  const double sign = SmallerIsBetter(report, metric) ? 1 : -1;
  const bool paused = std::ranges::any_of(report.runs, &ReportRun::left_behind);
  MetricImportance found;
  std::vector<RankedRun> ranked;
  for (const ReportRun& run : report.runs) {
    const std::optional<double> value = Outcome(run, metric, paused);
    if (!value || run.settings.size() != report.keys.size()) continue;
    if (paused && !run.pauses.empty()) found.epochs = run.pauses.front().epochs;
    RankedRun& one = ranked.emplace_back(RankedRun{.settings = {}, .cost = Cost(sign * *value)});
    for (const auto& setting : run.settings) one.settings.push_back(setting.value_or(""));
  }
  auto importance = FindImportance(report.keys, ranked);
  if (!importance) return std::nullopt;
  found.importance = std::move(*importance);
  return found;
}

Json ImportanceJson(const MetricImportance& found) {
  const Importance& importance = found.importance;
  Json json = {{"runs", importance.runs}, {"settings", importance.settings}};
  if (found.epochs) json["epochs"] = *found.epochs;
  json["keys"] = Json::array();
  for (const KeyImportance& key : importance.keys) {
    json["keys"].push_back({{"key", key.key},
                            {"share", Rounded(key.share, kDigits)},
                            {"chance", Rounded(key.chance, kDigits)}});
  }
  if (importance.combinations) json["combinations"] = Rounded(*importance.combinations, kDigits);
  if (importance.seeds) json["seeds"] = Rounded(*importance.seeds, kDigits);
  return json;
}

void AddRunSettings(const ReportRun& run, Json* json) {
  if (run.settings.empty()) return;
  Json& settings = (*json)["settings"] = Json::array();
  for (const auto& value : run.settings) settings.push_back(value ? Json(*value) : Json(nullptr));
  (*json)["seed"] = run.seed;
  (*json)["status"] = run.status;
  if (run.ended) (*json)["ended"] = *run.ended;
  if (!run.left_behind) return;
  for (const auto& [name, value] : run.pauses.back().metrics) {
    (*json)["left"][name] = FiniteOf(value) ? Json(Rounded(value, kMostDigits)) : Json("nan");
  }
}

void AddSettings(const Report& report, const std::vector<ReportGroup>& groups, Json* json) {
  if (report.keys.empty()) return;
  (*json)["keys"] = report.keys;
  (*json)["ranking"] = RankingOf(report, groups).name;
  Json& smaller = (*json)["smaller"] = Json::array();
  Json& apart = (*json)["apart"] = Json::array();  // that are not one metric
  Json& importance = (*json)["importance"] = Json::object();
  for (const std::string& metric : MetricNames(groups)) {
    if (SmallerIsBetter(report, metric)) smaller.push_back(metric);
    if (!report.units.Against(metric).empty()) apart.push_back(metric);
    if (const auto found = ImportanceOf(report, metric))
      importance[metric] = ImportanceJson(*found);
  }
}

}  // namespace nabla
