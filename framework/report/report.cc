#include "framework/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>

#include "framework/record/environment.h"
#include "framework/record/finite.h"
#include "framework/record/run_metrics.h"
#include "framework/report/report_parts.h"
#include "framework/training/prepared_data.h"
#include "framework/verdict/comparison.h"

namespace nabla {
namespace {

// Defines kHtml, kCss, kJs and kLiveJs; each starts with a line break.
#include "framework/report/report_page/page.inc"

// Mean of a metric's last values; NaN if a run of the group has no finite one.
double MeanOf(const ReportGroup& group, std::string_view metric) {
  double sum = 0;
  for (const ReportRun* run : group.runs) {
    sum += LastOf(*run, metric).value_or(kNaN);
  }
  return sum / static_cast<double>(group.runs.size());
}

void SortBestFirst(const Report& report, std::vector<ReportGroup>& groups) {
  const RankingMetric metric = RankingOf(report, groups);
  const double sign = metric.smaller_is_better ? 1 : -1;
  std::map<std::string, double> badness;
  for (const ReportGroup& group : groups) {
    badness[group.name] = Cost(sign * MeanOf(group, metric.name));
  }
  std::stable_sort(groups.begin(), groups.end(), [&](const ReportGroup& a, const ReportGroup& b) {
    return badness[a.name] < badness[b.name];
  });
}

// Those of its runs that have trained to the end; all if none has.
std::vector<const ReportRun*> RankedRuns(const ReportGroup& group) {
  std::vector<const ReportRun*> runs;
  std::ranges::copy_if(group.runs, std::back_inserter(runs),
                       [](const ReportRun* run) { return run->status == "complete"; });
  return runs.empty() ? group.runs : runs;
}

// Whether runs of the same seed and of the same settings of data had different rows, by their
// checksums: a file has changed in between, so that they are no pair.
bool HaveChangedRows(const Report& report) {
  using Place = std::tuple<int64_t, std::string, std::vector<std::optional<std::string>>>;
  std::map<Place, std::string> seen;
  for (const ReportRun& run : report.runs) {
    const std::string rows = RowsOf(run.environment);
    if (rows.empty()) continue;
    std::vector<std::optional<std::string>> data;
    for (size_t k = 0; k < std::min(report.keys.size(), run.settings.size()); ++k) {
      if (IsOfData(report.keys[k])) data.push_back(run.settings[k]);
    }
    const auto [at, is_new] = seen.try_emplace({run.seed, run.part, std::move(data)}, rows);
    if (!is_new && at->second != rows) return true;
  }
  return false;
}

std::string HeaderHtml(const Report& report) {
  std::string html = "<h1>" + EscapeHtml(report.title) + "</h1>\n";
  if (!report.description.empty()) html += "<p>" + EscapeHtml(report.description) + "</p>\n";
  if (!report.source.empty()) {
    html += "<p class=\"muted\">Source: " + EscapeHtml(report.source) + "</p>\n";
  }
  return html + VerdictsHtml(report.verdicts);
}

// `connect`: what the page may ask, for its policy.
std::string Render(const Report& report, const std::string& connect, const std::string& js) {
  const std::vector<ReportGroup> groups = GroupsOf(report);
  const std::string page(kHtml);
  return FillTemplate(page.substr(1), {{"title", EscapeHtml(report.title)},
                                       {"connect", connect},
                                       {"css", kCss},
                                       {"header", HeaderHtml(report)},
                                       {"summary", SummaryHtml(report, groups)},
                                       {"footer", EscapeHtml("Made with nabla " + report.version)},
                                       {"data", ReportJson(report, groups)},
                                       {"js", js}});
}

}  // namespace

std::optional<double> MetricOf(const ReportEpoch& epoch, std::string_view name) {
  return MetricOf(epoch.metrics, name);
}

std::optional<double> LastOf(const ReportRun& run, std::string_view name) {
  for (auto epoch = run.epochs.rbegin(); epoch != run.epochs.rend(); ++epoch) {
    if (const auto value = MetricOf(*epoch, name)) return value;
  }
  return std::nullopt;
}

std::string MetricTitle(std::string_view name) {
  std::string title(name);
  if (const size_t rows = title.find('_'); rows != std::string::npos) title[rows] = ' ';
  return title;
}

bool SmallerIsBetter(const Report& report, std::string_view name) {
  const std::string_view result = name.substr(name.find('_') + 1);
  return result == "loss" || std::ranges::count(report.smaller_is_better, result) > 0;
}

RankingMetric RankingOf(const Report& report, const std::vector<ReportGroup>& groups) {
  const bool complete = std::ranges::any_of(
      report.runs, [](const ReportRun& run) { return run.status == "complete"; });
  std::map<std::string, size_t> counts;  // of the groups that have a metric
  size_t most = 0;
  for (const ReportGroup& group : groups) {
    const std::vector<const ReportRun*> runs = RankedRuns(group);
    if (complete && runs.front()->status != "complete") continue;
    for (const std::string& name : MetricNames({{"", runs}})) {
      most = std::max(most, ++counts[name]);
    }
  }
  std::vector<RankableMetric> common;
  for (const std::string& name : MetricNames(groups)) {
    const auto count = counts.find(name);
    if (count == counts.end() || count->second < most) continue;
    common.push_back({name, SmallerIsBetter(report, name)});
  }
  if (common.empty()) return {};
  RankingMetric metric = ChooseRankingMetric(common, report.units);
  if (!counts.contains(metric.name)) return {};
  if (metric.note.empty() && HaveChangedRows(report)) {
    metric.note =
        "note: runs with the same settings of data had different rows, by their checksums: nothing "
        "is marked as the best";
  }
  return metric;
}

std::vector<std::string> MetricNames(const std::vector<ReportGroup>& groups) {
  std::vector<std::string> names;
  for (const ReportGroup& group : groups) {
    for (const ReportRun* run : group.runs) {
      for (const ReportEpoch& epoch : run->epochs) {
        for (const auto& [name, value] : epoch.metrics) {
          if (std::ranges::count(names, name) == 0) names.push_back(name);
        }
      }
    }
  }
  return names;
}

std::vector<bool> MayBeBest(const Report& report, const std::vector<ReportGroup>& groups) {
  const RankingMetric ranking = RankingOf(report, groups);
  if (!ranking.against.empty() || HaveChangedRows(report)) return {};
  const std::string& metric = ranking.name;
  ComparedValues values;
  std::vector<int64_t> seeds;
  for (const ReportGroup& group : groups) {
    if (std::ranges::any_of(group.runs, &ReportRun::left_behind)) continue;
    std::map<int64_t, std::vector<double>> of_seeds;
    for (const ReportRun* run : group.runs) {
      const bool diverged = run->status == "diverged";
      const std::optional<double> last = LastOf(*run, metric);
      if (!diverged && (run->status != "complete" || !last)) return {};
      of_seeds[run->seed].push_back(diverged ? kNaN : *last);
    }
    std::vector<int64_t> own_seeds;
    std::vector<std::optional<double>>& own = values.emplace_back();
    for (const auto& [seed, parts] : of_seeds) {
      own_seeds.push_back(seed);
      const std::vector<double> known = KnownOf(metric, parts);
      own.push_back(Shown(std::accumulate(known.begin(), known.end(), 0.0) /
                          static_cast<double>(known.size())));
    }
    if (values.size() == 1) seeds = own_seeds;
    if (own_seeds != seeds) return {};
  }
  if (values.size() < 2) return {};
  std::vector<bool> marks = MayBeBest(values, ranking.smaller_is_better);
  if (!marks.empty()) marks.resize(groups.size());  // those that were left behind come last
  return marks;
}

std::string MayBeBestText(const std::vector<bool>& may_be_best, const std::string& metric) {
  const auto count = std::ranges::count(may_be_best, true);
  if (count == 0) return "";
  const std::string best = fmt::format("the best by {} at 95 %", metric);
  return count == 1 ? fmt::format("{} {}", kMayBeBest, best)
                    : fmt::format("{} cannot be told from {}", kMayBeBest, best);
}

std::string_view PageCss() { return kCss; }

std::string FillTemplate(std::string_view page, const std::map<std::string_view, std::string>& by) {
  std::string html;
  while (true) {
    const size_t open = page.find("{{");
    if (open == std::string_view::npos) break;
    const size_t close = page.find("}}", open);
    html += page.substr(0, open);
    html += by.at(page.substr(open + 2, close - open - 2));
    page.remove_prefix(close + 2);
  }
  return html.append(page);
}

std::vector<ReportGroup> GroupsOf(const Report& report) {
  std::vector<ReportGroup> groups;
  for (const ReportRun& run : report.runs) {
    const std::string label = run.label.empty() ? run.name : run.label;
    const std::string& name = run.group.empty() ? label : run.group;
    const auto at = std::find_if(groups.begin(), groups.end(),
                                 [&](const ReportGroup& group) { return group.name == name; });
    if (at == groups.end()) {
      groups.push_back({name, {&run}});
    } else {
      at->runs.push_back(&run);
    }
  }
  SortBestFirst(report, groups);
  std::stable_partition(groups.begin(), groups.end(), [](const ReportGroup& group) {
    return std::ranges::none_of(group.runs, &ReportRun::left_behind);
  });
  return groups;
}

std::string EscapeHtml(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string RenderReport(const Report& report) { return Render(report, "", kJs); }

std::string RenderLiveReport(const Report& report) {
  return Render(report, "; connect-src 'self'", std::string(kJs) + kLiveJs);
}

}  // namespace nabla
