#include "framework/report/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "framework/record/finite.h"
#include "framework/report/report_parts.h"
#include "framework/report/settings_json.h"
#include "framework/terminal/text_plot.h"
#include "framework/terminal/text_table.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

// A reader cannot tell more curves apart.
constexpr size_t kMostCurves = 4;

// The last values of the runs.
std::vector<double> LastValues(const ReportGroup& group, const std::string& metric) {
  std::vector<double> values;
  for (const ReportRun* run : group.runs) {
    if (const auto last = LastOf(*run, metric)) values.push_back(*last);
  }
  return KnownOf(metric, std::move(values));
}

// "0.85 ± 0.071"; "-" if there are none.
std::string LastText(const ReportGroup& group, const std::string& metric) {
  const std::vector<double> values = LastValues(group, metric);
  if (values.empty()) return "-";
  const Distribution d = Describe(values);
  return fmt::format("{:.4g}", d.mean) +
         (values.size() == 1 ? "" : fmt::format(" ± {:.2g}", d.std));
}

// The mean per epoch, over the runs that have the epoch.
TextSeries MeanCurve(const std::string& name, const ReportGroup& group, const std::string& metric) {
  std::map<int64_t, std::vector<double>> by_epoch;
  for (const ReportRun* run : group.runs) {
    for (const ReportEpoch& e : run->epochs) {
      if (const auto value = MetricOf(e, metric)) by_epoch[e.epoch].push_back(*value);
    }
  }
  TextSeries series{name, {}};
  for (const auto& [epoch, values] : by_epoch) {
    series.points.emplace_back(static_cast<double>(epoch), Describe(KnownOf(metric, values)).mean);
  }
  return series;
}

std::string MetricPlot(const std::vector<ReportGroup>& groups, const std::string& metric,
                       size_t width) {
  constexpr size_t kRows = 10;
  std::vector<TextSeries> series;
  for (size_t i = 0; i < std::min(kMostCurves, groups.size()); ++i) {
    series.push_back(MeanCurve(std::to_string(i + 1), groups[i], metric));
  }
  return TextPlot(series, PlotColumns(width), kRows);
}

// The settings of the groups, or their names where settings do not tell them apart.
void AddNames(const Report& report, const std::vector<ReportGroup>& groups,
              std::vector<TextColumn>* columns) {
  if (!SettingsTellApart(report, groups)) {
    TextColumn& names = columns->emplace_back();
    names = {.title = "group", .cells = {}, .left = true};
    for (const ReportGroup& group : groups) names.cells.push_back(group.name);
    return;
  }
  for (size_t k = 0; k < report.keys.size(); ++k) {
    TextColumn& column = columns->emplace_back();
    column = {.title = report.keys[k],
              .cells = {},
              .left = !HasNumbers(report, k),
              .spare = k == 0 ? 0 : 1};
    for (const ReportGroup& group : groups) {
      column.cells.push_back(group.runs.front()->settings[k].value_or("-"));
    }
  }
}

std::string Listed(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string ImportanceText(const Report& report) {
  const std::string metric = RankingOf(report, GroupsOf(report)).name;
  const auto found = ImportanceOf(report, metric);
  if (!found) return "";
  const Importance& importance = found->importance;
  std::vector<std::string> parts;
  std::vector<std::string> faint;
  const auto add = [](const std::string& name, double share, std::vector<std::string>* to) {
    const std::string percent = fmt::format("{:.0f}", 100 * share);
    if (percent != "0") to->push_back(fmt::format("{} {} %", name, percent));
  };
  for (const KeyImportance& key : importance.keys) {
    add(key.key, key.share, key.beyond_chance() ? &parts : &faint);
  }
  if (importance.combinations) add("combinations", *importance.combinations, &parts);
  if (importance.seeds) add("seeds", *importance.seeds, &parts);
  if (parts.empty() && faint.empty()) return "";
  std::string text =
      fmt::format("differences of rank by {}{} come from: ", metric,
                  found->epochs ? fmt::format(" at epoch {:.4g}", *found->epochs) : "");
  text += Listed(parts);
  if (!faint.empty()) {
    text += (parts.empty() ? "" : "; ") + ("cannot be told from chance: " + Listed(faint));
  }
  return text + "\n";
}

std::string ReportText(const Report& report, size_t width) {
  const std::vector<ReportGroup> groups = GroupsOf(report);
  std::vector<std::string> metrics = {"test_accuracy", "test_loss", "train_loss"};
  for (const std::string& name : MetricNames(groups)) {
    const bool usual = name == "train_accuracy" || std::ranges::count(metrics, name) > 0;
    if (!usual) metrics.push_back(name);
  }
  std::vector<TextColumn> columns = {{.title = "", .cells = {}}};
  for (size_t i = 0; i < groups.size(); ++i) {
    columns[0].cells.push_back(fmt::format("{:>3}", i + 1));
  }
  const std::vector<bool> may_be_best = MayBeBest(report, groups);
  for (size_t g = 0; g < may_be_best.size(); ++g) {
    columns[0].cells[g] += std::string(" ") + (may_be_best[g] ? kMayBeBest : " ");
  }
  AddNames(report, groups, &columns);
  TextColumn& runs = columns.emplace_back();
  runs.title = "runs";
  for (const ReportGroup& group : groups) runs.cells.push_back(std::to_string(group.runs.size()));
  for (const std::string& name : metrics) {
    const int spare = static_cast<int>(columns.size());  // the first ones matter most
    TextColumn& column = columns.emplace_back();
    column = {.title = MetricTitle(name), .cells = {}, .spare = spare};
    for (const ReportGroup& group : groups) column.cells.push_back(LastText(group, name));
  }
  const TextTable table = FitTable(columns, width);
  std::string text = table.text + OmittedText(table);
  const RankingMetric ranking = RankingOf(report, groups);
  if (groups.size() > 1 && !ranking.name.empty()) {
    text += fmt::format("{} by {}\n", ranking.against.empty() ? "best first" : "in order",
                        ranking.name);
  }
  if (groups.size() > 1 && !ranking.note.empty()) text += ranking.note + "\n";
  const std::string marks = MayBeBestText(may_be_best, ranking.name);
  const bool open = std::ranges::count(may_be_best, true) > 1;
  if (!marks.empty()) text += marks + (open ? "; `compare` adds seeds\n" : "\n");
  text += ImportanceText(report);
  for (const char* name : {"validation_loss", "test_loss", "train_loss"}) {
    const std::string plot = MetricPlot(groups, name, width);
    if (!plot.empty()) return fmt::format("{}\n{} by group\n{}", text, MetricTitle(name), plot);
  }
  return text;
}

std::string GroupsJson(const Report& report, const std::string& file) {
  using Json = nlohmann::ordered_json;
  const std::vector<ReportGroup> groups = GroupsOf(report);
  Json json = {{"file", file}};
  if (const RankingMetric ranking = RankingOf(report, groups); groups.size() > 1) {
    json["ranking"] = {{"metric", ranking.name}, {"note", ranking.note}};
  }
  json["groups"] = Json::array();
  const std::vector<bool> may_be_best = MayBeBest(report, groups);
  for (size_t g = 0; g < groups.size(); ++g) {
    const ReportGroup& group = groups[g];
    Json& one = json["groups"].emplace_back();
    one = {{"group", group.name}};
    if (!may_be_best.empty()) one["may_be_best"] = bool{may_be_best[g]};
    for (size_t k = 0; k < report.keys.size(); ++k) {
      const auto& value = group.runs.front()->settings[k];
      one["settings"][report.keys[k]] = value ? Json(*value) : Json(nullptr);
    }
    one["runs"] = group.runs.size();
    for (const std::string& name : MetricNames(groups)) {
      const std::vector<double> values = LastValues(group, name);
      if (values.empty()) continue;
      const Distribution d = Describe(values);
      one[name]["mean"] = d.mean;
      if (values.size() > 1) one[name]["std"] = d.std;
    }
  }
  for (const std::string& name : MetricNames(groups)) {
    if (const auto found = ImportanceOf(report, name)) {
      json["importance"][name] = ImportanceJson(*found);
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla
