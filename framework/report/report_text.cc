#include "framework/report/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "framework/report/report_parts.h"
#include "framework/terminal/text_plot.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

// A reader cannot tell more curves apart.
constexpr size_t kMostCurves = 4;

// "0.85 ± 0.071" over the last values of the runs; "-" if there are none.
std::string LastText(const ReportGroup& group, const std::string& metric) {
  std::vector<double> values;
  for (const ReportRun* run : group.runs) {
    if (const auto last = LastOf(*run, metric)) values.push_back(*last);
  }
  if (values.empty()) return "-";
  const Distribution d = Describe(values);
  return fmt::format("{:.4g}", d.mean) +
         (values.size() == 1 ? "" : fmt::format(" ± {:.2g}", d.std));
}

// A cell of the metric's column.
std::string Padded(const std::string& text, const std::string& metric) {
  return fmt::format("{:>{}}", text, std::max<size_t>(18, metric.size()));
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
    series.points.emplace_back(static_cast<double>(epoch), Describe(values).mean);
  }
  return series;
}

std::string MetricPlot(const std::vector<ReportGroup>& groups, const std::string& metric) {
  constexpr size_t kColumns = 78;
  constexpr size_t kRows = 10;
  std::vector<TextSeries> series;
  for (size_t i = 0; i < std::min(kMostCurves, groups.size()); ++i) {
    series.push_back(MeanCurve(std::to_string(i + 1), groups[i], metric));
  }
  return TextPlot(series, kColumns, kRows);
}

}  // namespace

std::string ReportText(const Report& report) {
  const std::vector<ReportGroup> groups = GroupsOf(report);
  size_t width = 5;
  for (const ReportGroup& group : groups) width = std::max(width, group.name.size());
  std::vector<std::string> metrics = {"test_accuracy", "test_loss", "train_loss"};
  for (const std::string& name : MetricNames(groups)) {
    const bool usual = name == "train_accuracy" || std::ranges::count(metrics, name) > 0;
    if (!usual) metrics.push_back(name);
  }
  std::string text = fmt::format("     {:<{}}  {:>4}", "group", width, "runs");
  for (const std::string& name : metrics) text += "  " + Padded(MetricTitle(name), name);
  text += "\n";
  for (size_t i = 0; i < groups.size(); ++i) {
    const ReportGroup& group = groups[i];
    text += fmt::format("{:>3}  {:<{}}  {:>4}", i + 1, group.name, width, group.runs.size());
    for (const std::string& name : metrics) text += "  " + Padded(LastText(group, name), name);
    text += "\n";
  }
  for (const char* name : {"validation_loss", "test_loss", "train_loss"}) {
    const std::string plot = MetricPlot(groups, name);
    if (!plot.empty()) return fmt::format("{}\n{} by group\n{}", text, MetricTitle(name), plot);
  }
  return text;
}

}  // namespace nabla
