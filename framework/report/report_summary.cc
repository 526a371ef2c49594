#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "framework/record/finite.h"
#include "framework/report/report_parts.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

// The most rows of the epoch table; longer runs show evenly spaced epochs.
constexpr size_t kMostEpochRows = 200;

// A longer table of runs is folded away, and a longer one of groups scrolls.
constexpr size_t kMostOpenRows = 30;

std::optional<double> Seconds(const ReportRun& run) {
  std::optional<double> sum;
  for (const ReportEpoch& e : run.epochs) {
    if (e.seconds) sum = sum.value_or(0) + *e.seconds;
  }
  return sum;
}

// The mean over the whole run.
std::optional<double> SamplesPerSecond(const ReportRun& run) {
  double samples = 0;
  double seconds = 0;
  for (const ReportEpoch& e : run.epochs) {
    if (!e.seconds || !e.samples_per_second) continue;
    samples += *e.seconds * *e.samples_per_second;
    seconds += *e.seconds;
  }
  if (seconds > 0) return samples / seconds;
  return run.epochs.empty() ? std::nullopt : run.epochs.back().samples_per_second;
}

std::optional<double> Epochs(const ReportRun& run) {
  if (run.epochs.empty()) return std::nullopt;
  return static_cast<double>(run.epochs.back().epoch);
}

std::string Number(double v) { return fmt::format("{:#.4g}", Shown(v)); }
std::string TwoDigits(double v) { return fmt::format("{:.2g}", Shown(v)); }
std::string Percent(double v) { return fmt::format("{:.2f} %", 100 * Shown(v)); }
std::string Whole(double v) {
  std::string text = fmt::format("{:.0f}", Shown(v));
  if (!FiniteOf(v)) return text;
  for (ptrdiff_t at = static_cast<ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<size_t>(at), ",");
  }
  return text;
}
std::string PercentPoints(double v) { return fmt::format("{:.2f}", 100 * Shown(v)); }
std::string Duration(double v) {
  if (v < 0.1) return fmt::format("{:.2g} ms", 1000 * v);
  if (v < 120) return fmt::format("{:.{}f} s", v, v < 10 ? 2 : 1);
  return v < 7200 ? fmt::format("{:.1f} min", v / 60) : fmt::format("{:.1f} h", v / 3600);
}

// The sort key of a table cell; values that are not finite count as missing.
std::string DataValue(double v) {
  return FiniteOf(v) ? fmt::format(" data-value=\"{}\"", v) : " data-value=\"\"";
}

// A number of a run as shown in the tiles and the tables.
struct Column {
  std::string title;
  std::function<std::optional<double>(const ReportRun&)> value;
  std::string (*format)(double);
  std::string (*format_spread)(double);
  bool small_is_good = false;
  std::string metric = {};  // its name, if it is one
};

Column MetricColumn(const Report& report, const std::string& name) {
  const bool share = name.ends_with("accuracy");
  return {MetricTitle(name),
          [name](const ReportRun& run) { return LastOf(run, name); },
          share ? Percent : Number,
          share ? PercentPoints : TwoDigits,
          SmallerIsBetter(report, name),
          name};
}

// The order of tiles and columns: metrics of the test rows first, and accuracy before loss.
int Rank(const std::string& metric) {
  const int rows = metric.starts_with("test_") ? 0 : metric.starts_with("validation_") ? 3 : 6;
  return rows + (metric.ends_with("_accuracy") ? 0 : metric.ends_with("_loss") ? 1 : 2);
}

std::vector<Column> AllColumns(const Report& report, const std::vector<ReportGroup>& groups) {
  std::vector<std::string> names = MetricNames(groups);
  std::ranges::stable_sort(names, {}, Rank);
  std::vector<Column> columns;
  for (const std::string& name : names) columns.push_back(MetricColumn(report, name));
  columns.push_back({"epochs", Epochs, Whole, TwoDigits});
  columns.push_back({"time", Seconds, Duration, Duration, true});
  columns.push_back({"samples/s", SamplesPerSecond, Whole, Whole});
  return columns;
}

std::vector<double> Values(const ReportGroup& group, const Column& column) {
  std::vector<double> values;
  for (const ReportRun* run : group.runs) {
    if (const auto value = column.value(*run)) values.push_back(*value);
  }
  return KnownOf(column.metric, std::move(values));
}

std::vector<Column> ColumnsWithData(const Report& report, const std::vector<ReportGroup>& groups) {
  std::vector<Column> columns = AllColumns(report, groups);
  std::erase_if(columns, [&](const Column& column) {
    return std::ranges::all_of(
        groups, [&](const ReportGroup& group) { return Values(group, column).empty(); });
  });
  return columns;
}

// "complete", or "4 complete, 1 diverged".
std::string Statuses(const ReportGroup& group) {
  std::map<std::string, size_t> counts;
  for (const ReportRun* run : group.runs) ++counts[run->status];
  if (counts.size() == 1) return counts.begin()->first;
  std::string text;
  for (const auto& [status, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, status);
  }
  return text;
}

bool IsComplete(const ReportGroup& group) {
  return std::all_of(group.runs.begin(), group.runs.end(), [](const ReportRun* run) {
    return run->status.empty() || run->status == "complete";
  });
}

// What ended a run before its last epoch, and why; how many of several runs.
std::pair<std::string, std::string> EarlyEnd(const ReportGroup& group) {
  const auto ended = std::ranges::count_if(
      group.runs, [](const ReportRun* run) { return !run->cut_short.empty(); });
  if (ended == 0) return {};
  if (group.runs.size() > 1) {
    return {fmt::format("early_stop: {} of {} runs", ended, group.runs.size()), ""};
  }
  const std::string& text = group.runs[0]->cut_short;
  const size_t colon = std::min(text.find(": "), text.size());
  return {text.substr(0, colon), text.substr(std::min(text.size(), colon + 2))};
}

// Empty if all runs agree.
std::string Spread(const Distribution& d, const Column& column) {
  return d.runs > 1 && d.std > 0 ? "± " + column.format_spread(d.std) : "";
}

// The best epoch, if it is not the last one, by the metric that ranks runs.
std::string BestEpoch(const ReportGroup& group, const Column& column) {
  if (group.runs.size() != 1 || group.runs[0]->epochs.empty()) return "";
  std::vector<RankableMetric> own;
  for (const std::string& name : MetricNames({group})) own.push_back({name});
  if (ChooseRankingMetric(own, {}).name != column.metric) return "";
  const double sign = column.small_is_good ? 1 : -1;
  const ReportEpoch* best = nullptr;
  double least = 0;
  for (const ReportEpoch& e : group.runs[0]->epochs) {
    const std::optional<double> value = MetricOf(e, column.metric);
    if (!value || (best != nullptr && !IsBetter(sign * *value, least))) continue;
    best = &e;
    least = sign * *value;
  }
  const std::optional<double> last = LastOf(*group.runs[0], column.metric);
  if (best == nullptr || !last || !IsBetter(least, sign * *last)) return "";
  return fmt::format("best {} at epoch {}", column.format(sign * least), best->epoch);
}

// No line ends between a number and its unit, nor behind a "±".
std::string Unbroken(std::string text) {
  for (const std::string_view unit : {" %", " ms", " s", " min", " h", "± "}) {
    for (size_t at = text.find(unit); at != std::string::npos; at = text.find(unit, at)) {
      text.replace(text.find(' ', at), 1, "&nbsp;");
    }
  }
  return text;
}

std::string TilesHtml(const ReportGroup& group, const std::vector<Column>& columns) {
  std::string html = "<dl class=\"tiles\" id=\"tiles\">\n";
  const auto add = [&](const std::string& name, const std::string& value, const std::string& more,
                       const char* attributes = "") {
    html += fmt::format("<div><dt>{}</dt><dd{}>{}", name, attributes, Unbroken(value));
    if (!more.empty()) html += fmt::format("<small>{}</small>", Unbroken(more));
    html += "</dd></div>\n";
  };
  for (const Column& column : columns) {
    const Distribution d = Describe(Values(group, column));
    add(EscapeHtml(column.title), column.format(d.mean),
        Spread(d, column) + BestEpoch(group, column));
  }
  if (group.runs.size() > 1) {
    add("runs", std::to_string(group.runs.size()), "mean ± std. deviation");
  }
  if (const auto [value, why] = EarlyEnd(group); !value.empty()) {
    add("ended by", EscapeHtml(value), EscapeHtml(why), " class=\"words\"");
  }
  if (!IsComplete(group)) add("status", EscapeHtml(Statuses(group)), "", " class=\"words\"");
  return html + "</dl>\n";
}

std::string Head(const std::string& title, const std::string& attributes) {
  return fmt::format("<th scope=\"col\"{}>{}</th>", attributes, EscapeHtml(title));
}

constexpr const char* kTextHead = " class=\"text\" data-first=\"ascending\"";

std::string ColumnHeads(const std::vector<Column>& columns) {
  std::string html;
  for (const Column& column : columns) {
    html += Head(column.title, column.small_is_good ? " data-first=\"ascending\"" : "");
  }
  return html;
}

std::string Cells(const ReportGroup& group, const std::vector<Column>& columns) {
  std::string html;
  for (const Column& column : columns) {
    const std::vector<double> values = Values(group, column);
    if (values.empty()) {
      html += "<td data-value=\"\">–</td>";
      continue;
    }
    const Distribution d = Describe(values);
    const std::string spread = Spread(d, column);
    html += fmt::format("<td{}>{}", DataValue(d.mean), column.format(d.mean));
    if (!spread.empty()) html += fmt::format(" <small>{}</small>", spread);
    html += "</td>";
  }
  return html;
}

std::string Table(const std::string& id, const std::string& label, const std::string& heads,
                  const std::string& rows) {
  const bool tall = std::ranges::count(rows, '\n') > static_cast<ptrdiff_t>(kMostOpenRows);
  return fmt::format(
      "<div class=\"scroll{}\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n"
      "<table class=\"sortable\" id=\"{}\">\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n"
      "</table>\n</div>\n",
      tall ? " tall" : "", label, id, heads, rows);
}

// `mark` is HTML.
std::string NameCell(const std::string& name, const std::string& title = "",
                     const std::string& mark = "") {
  return fmt::format("<th class=\"text\" scope=\"row\"{}>{}{}</th>",
                     title.empty() ? "" : " title=\"" + EscapeHtml(title) + "\"", EscapeHtml(name),
                     mark);
}

// "Best first by test accuracy; "
std::string OrderText(const RankingMetric& ranking) {
  if (ranking.name.empty()) return "";
  return fmt::format("{} by {}; ", ranking.against.empty() ? "Best first" : "In order",
                     EscapeHtml(MetricTitle(ranking.name)));
}

std::string GroupTable(const Report& report, const std::vector<ReportGroup>& groups,
                       const std::vector<Column>& columns) {
  const bool statuses = !std::all_of(groups.begin(), groups.end(), IsComplete);
  const bool named = !SettingsTellApart(report, groups);
  const std::vector<bool> may_be_best = MayBeBest(report, groups);
  const RankingMetric ranking = RankingOf(report, groups);
  const std::string meaning = EscapeHtml(MayBeBestText(may_be_best, MetricTitle(ranking.name)));
  std::string rows;
  for (size_t g = 0; g < groups.size(); ++g) {
    const ReportGroup& group = groups[g];
    const bool marked = !may_be_best.empty() && may_be_best[g];
    const std::string mark =
        marked ? fmt::format("&nbsp;<span title=\"{}\">{}</span>", meaning, kMayBeBest) : "";
    rows += fmt::format("<tr>{}{}<td>{}</td>{}", named ? NameCell(group.name, "", mark) : "",
                        SettingCells(report, *group.runs.front(), named ? "" : mark),
                        group.runs.size(), Cells(group, columns));
    if (statuses) rows += "<td class=\"text\">" + EscapeHtml(Statuses(group)) + "</td>";
    rows += "</tr>\n";
  }
  const std::string heads = (named ? Head("group", kTextHead) : "") + SettingHeads(report) +
                            Head("runs", "") + ColumnHeads(columns) +
                            (statuses ? Head("status", kTextHead) : "");
  const bool left = std::ranges::any_of(groups, [](const ReportGroup& group) {
    return std::ranges::any_of(group.runs, &ReportRun::left_behind);
  });
  const std::string hint =
      OrderText(ranking) +
      "mean ± standard deviation over the runs of a group, at their last epoch." +
      (ranking.note.empty() ? "" : " " + EscapeHtml(ranking.note) + ".");
  return "<h2>Comparison</h2>\n<p class=\"hint\">" + hint +
         (left ? " Groups that were not trained to the end come last." : "") +
         (meaning.empty() ? "" : " " + meaning + ".") + "</p>\n" +
         Table("groups", "Comparison", heads, rows);
}

std::string RunTable(const Report& report, const std::vector<ReportGroup>& groups,
                     const std::vector<Column>& columns) {
  const bool named = !SettingsTellApart(report, groups);
  std::string rows;
  for (const ReportGroup& group : groups) {
    for (const ReportRun* run : group.runs) {
      const std::string label = run->label.empty() ? run->name : run->label;
      const std::string seed =
          fmt::format("<td title=\"{}\">{}{}{}</td>", EscapeHtml(run->name), run->seed,
                      run->part.empty() ? "" : ", ", EscapeHtml(run->part));
      rows += fmt::format(
          "<tr>{}{}{}{}<td class=\"text\">{}</td><td class=\"text\"><code>{}</code></td></tr>\n",
          named ? NameCell(label, run->name) : "", SettingCells(report, *run), named ? "" : seed,
          Cells({"", {run}}, columns), EscapeHtml(run->status), EscapeHtml(run->weights_hash));
    }
  }
  return fmt::format(
      "<details{}><summary>Every run</summary>\n{}</details>\n",
      groups.size() == 1 && groups[0].runs.size() <= kMostOpenRows ? " open" : "",
      Table("runs", "Every run",
            (named ? Head("run", kTextHead) : "") + SettingHeads(report) +
                (named ? "" : Head("seed", " data-first=\"ascending\"")) + ColumnHeads(columns) +
                Head("status", kTextHead) + Head("weights hash", kTextHead),
            rows));
}

struct EpochColumn {
  std::string title;
  std::function<std::optional<double>(const ReportEpoch&)> value;
  std::string (*format)(double);
};

std::vector<EpochColumn> EpochColumns(const ReportRun& run) {
  std::vector<EpochColumn> columns;
  for (const std::string& name : MetricNames({{"", {&run}}})) {
    columns.push_back({MetricTitle(name),
                       [name](const ReportEpoch& e) { return MetricOf(e, name); },
                       name.ends_with("accuracy") ? Percent : Number});
  }
  columns.push_back(
      {"learning rate", [](const ReportEpoch& e) { return e.learning_rate; }, Number});
  columns.push_back({"time", [](const ReportEpoch& e) { return e.seconds; }, Duration});
  columns.push_back(
      {"samples/s", [](const ReportEpoch& e) { return e.samples_per_second; }, Whole});
  std::erase_if(columns, [&](const EpochColumn& column) {
    return std::ranges::none_of(run.epochs,
                                [&](const ReportEpoch& e) { return column.value(e).has_value(); });
  });
  return columns;
}

std::string EpochRow(const ReportEpoch& epoch, const std::vector<EpochColumn>& columns) {
  std::string html = fmt::format("<tr><th scope=\"row\">{}</th>", epoch.epoch);
  for (const EpochColumn& column : columns) {
    const std::optional<double> value = column.value(epoch);
    html += value ? fmt::format("<td{}>{}</td>", DataValue(*value), column.format(*value))
                  : "<td data-value=\"\">–</td>";
  }
  return html + "</tr>\n";
}

std::string EpochTable(const ReportRun& run) {
  if (run.epochs.empty()) return "";
  const std::vector<EpochColumn> columns = EpochColumns(run);
  std::string heads = Head("epoch", " data-first=\"ascending\"");
  for (const EpochColumn& column : columns) heads += Head(column.title, "");
  const size_t stride = (run.epochs.size() + kMostEpochRows - 1) / kMostEpochRows;
  std::string rows;
  for (size_t i = 0; i < run.epochs.size(); ++i) {
    if (i % stride == 0 || i + 1 == run.epochs.size()) rows += EpochRow(run.epochs[i], columns);
  }
  const std::string title = stride == 1 ? "Every epoch" : fmt::format("One epoch in {}", stride);
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", title,
                     Table("epochs", title, heads, rows));
}

}  // namespace

std::string SummaryHtml(const Report& report, const std::vector<ReportGroup>& groups) {
  if (groups.empty()) return "";
  const std::vector<Column> columns = ColumnsWithData(report, groups);
  size_t runs = 0;
  for (const ReportGroup& group : groups) runs += group.runs.size();
  std::string html =
      groups.size() == 1 ? TilesHtml(groups[0], columns) : GroupTable(report, groups, columns);
  if (runs > groups.size()) html += RunTable(report, groups, columns);
  if (runs == 1) html += EpochTable(*groups[0].runs[0]);
  return html;
}

}  // namespace nabla
