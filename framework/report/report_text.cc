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

using Member = std::optional<double> ReportEpoch::*;

// A reader cannot tell more curves apart.
constexpr size_t kMostCurves = 4;

// "0.85 ± 0.071" over the last values of the runs; "-" if there are none.
std::string LastText(const ReportGroup& group, Member member) {
  std::vector<double> values;
  for (const ReportRun* run : group.runs) {
    const auto last = std::find_if(run->epochs.rbegin(), run->epochs.rend(),
                                   [&](const ReportEpoch& e) { return (e.*member).has_value(); });
    if (last != run->epochs.rend()) values.push_back(*((*last).*member));
  }
  if (values.empty()) return "-";
  const Distribution d = Describe(values);
  return fmt::format("{:.4g}", d.mean) +
         (values.size() == 1 ? "" : fmt::format(" ± {:.2g}", d.std));
}

// The mean per epoch, over the runs that have the epoch.
TextSeries MeanCurve(const std::string& name, const ReportGroup& group, Member member) {
  std::map<int64_t, std::vector<double>> by_epoch;
  for (const ReportRun* run : group.runs) {
    for (const ReportEpoch& e : run->epochs) {
      if (e.*member) by_epoch[e.epoch].push_back(*(e.*member));
    }
  }
  TextSeries series{name, {}};
  for (const auto& [epoch, values] : by_epoch) {
    series.points.emplace_back(static_cast<double>(epoch), Describe(values).mean);
  }
  return series;
}

std::string Plot(const std::vector<ReportGroup>& groups, Member member) {
  constexpr size_t kColumns = 78;
  constexpr size_t kRows = 10;
  std::vector<TextSeries> series;
  for (size_t i = 0; i < std::min(kMostCurves, groups.size()); ++i) {
    series.push_back(MeanCurve(std::to_string(i + 1), groups[i], member));
  }
  return TextPlot(series, kColumns, kRows);
}

}  // namespace

std::string ReportText(const Report& report) {
  const std::vector<ReportGroup> groups = GroupsOf(report);
  size_t width = 5;
  for (const ReportGroup& group : groups) width = std::max(width, group.name.size());
  std::string text = fmt::format("     {:<{}}  {:>4}  {:>18}  {:>18}  {:>18}\n", "group", width,
                                 "runs", "test accuracy", "test loss", "train loss");
  for (size_t i = 0; i < groups.size(); ++i) {
    const ReportGroup& group = groups[i];
    text += fmt::format("{:>3}  {:<{}}  {:>4}  {:>18}  {:>18}  {:>18}\n", i + 1, group.name, width,
                        group.runs.size(), LastText(group, &ReportEpoch::test_accuracy),
                        LastText(group, &ReportEpoch::test_loss),
                        LastText(group, &ReportEpoch::train_loss));
  }
  for (const auto& [member, name] : {std::pair(&ReportEpoch::test_loss, "test loss"),
                                     std::pair(&ReportEpoch::train_loss, "train loss")}) {
    const std::string plot = Plot(groups, member);
    if (!plot.empty()) return fmt::format("{}\n{} by group\n{}", text, name, plot);
  }
  return text;
}

}  // namespace nabla
