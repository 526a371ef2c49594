#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "framework/record/finite.h"
#include "framework/report/report_parts.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

// The most rows of the epoch table; longer runs show evenly spaced epochs.
constexpr size_t kMostEpochRows = 200;

// A longer table of runs is folded away.
constexpr size_t kMostOpenRows = 30;

using Member = std::optional<double> ReportEpoch::*;

std::optional<double> Last(const ReportRun& run, Member member) {
  for (auto epoch = run.epochs.rbegin(); epoch != run.epochs.rend(); ++epoch) {
    if ((*epoch).*member) return (*epoch).*member;
  }
  return std::nullopt;
}

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
  return seconds > 0 ? samples / seconds : Last(run, &ReportEpoch::samples_per_second);
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

// A metric of a run as shown in the tiles and the tables.
struct Column {
  const char* title;
  std::optional<double> (*value)(const ReportRun&);
  std::string (*format)(double);
  std::string (*format_spread)(double);
  bool small_is_good = false;
};

template <Member member>
std::optional<double> LastOf(const ReportRun& run) {
  return Last(run, member);
}

const Column kColumns[] = {
    {"test accuracy", LastOf<&ReportEpoch::test_accuracy>, Percent, PercentPoints},
    {"test loss", LastOf<&ReportEpoch::test_loss>, Number, TwoDigits, true},
    {"train accuracy", LastOf<&ReportEpoch::train_accuracy>, Percent, PercentPoints},
    {"train loss", LastOf<&ReportEpoch::train_loss>, Number, TwoDigits, true},
    {"epochs", Epochs, Whole, TwoDigits},
    {"time", Seconds, Duration, Duration, true},
    {"samples/s", SamplesPerSecond, Whole, Whole},
};

std::vector<double> Values(const ReportGroup& group, const Column& column) {
  std::vector<double> values;
  for (const ReportRun* run : group.runs) {
    if (const auto value = column.value(*run)) values.push_back(*value);
  }
  return values;
}

std::vector<Column> ColumnsWithData(const std::vector<ReportGroup>& groups) {
  std::vector<Column> columns;
  for (const Column& column : kColumns) {
    const bool any = std::any_of(groups.begin(), groups.end(), [&](const ReportGroup& group) {
      return !Values(group, column).empty();
    });
    if (any) columns.push_back(column);
  }
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

// Empty if all runs agree.
std::string Spread(const Distribution& d, const Column& column) {
  return d.runs > 1 && d.std > 0 ? "± " + column.format_spread(d.std) : "";
}

std::string BestEpoch(const ReportGroup& group) {
  if (group.runs.size() != 1 || group.runs[0]->epochs.empty()) return "";
  const ReportEpoch* best = nullptr;
  for (const ReportEpoch& e : group.runs[0]->epochs) {
    if (e.test_accuracy && (!best || *e.test_accuracy > *best->test_accuracy)) best = &e;
  }
  if (!best || best->epoch == group.runs[0]->epochs.back().epoch) return "";
  return fmt::format("best {} at epoch {}", Percent(*best->test_accuracy), best->epoch);
}

std::string TilesHtml(const ReportGroup& group, const std::vector<Column>& columns) {
  std::string html = "<dl class=\"tiles\" id=\"tiles\">\n";
  const auto add = [&](const std::string& name, const std::string& value, const std::string& more) {
    html += fmt::format("<div><dt>{}</dt><dd>{}", name, value);
    if (!more.empty()) html += fmt::format("<small>{}</small>", more);
    html += "</dd></div>\n";
  };
  for (const Column& column : columns) {
    const Distribution d = Describe(Values(group, column));
    const bool accuracy = std::string_view(column.title) == "test accuracy";
    add(column.title, column.format(d.mean),
        Spread(d, column) + (accuracy ? BestEpoch(group) : ""));
  }
  if (group.runs.size() > 1) {
    add("runs", std::to_string(group.runs.size()), "mean ± std. deviation");
  }
  if (!IsComplete(group)) add("status", EscapeHtml(Statuses(group)), "");
  return html + "</dl>\n";
}

std::string Head(const std::string& title, const std::string& attributes) {
  return fmt::format("<th scope=\"col\"{}>{}</th>", attributes, title);
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
  return fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n"
      "<table class=\"sortable\" id=\"{}\">\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n"
      "</table>\n</div>\n",
      label, id, heads, rows);
}

std::string GroupTable(const std::vector<ReportGroup>& groups, const std::vector<Column>& columns) {
  const bool statuses = !std::all_of(groups.begin(), groups.end(), IsComplete);
  std::string rows;
  for (const ReportGroup& group : groups) {
    rows += fmt::format("<tr><th class=\"text\" scope=\"row\">{}</th><td>{}</td>{}",
                        EscapeHtml(group.name), group.runs.size(), Cells(group, columns));
    if (statuses) rows += "<td class=\"text\">" + EscapeHtml(Statuses(group)) + "</td>";
    rows += "</tr>\n";
  }
  const std::string heads = Head("group", kTextHead) + Head("runs", "") + ColumnHeads(columns) +
                            (statuses ? Head("status", kTextHead) : "");
  return "<h2>Comparison</h2>\n<p class=\"hint\">Best first; mean ± standard deviation over the "
         "runs of a group, at their last epoch.</p>\n" +
         Table("groups", "Comparison", heads, rows);
}

std::string RunTable(const std::vector<ReportGroup>& groups, const std::vector<Column>& columns) {
  std::string rows;
  for (const ReportGroup& group : groups) {
    for (const ReportRun* run : group.runs) {
      rows += fmt::format(
          "<tr><th class=\"text\" scope=\"row\" title=\"{}\">{}</th>{}<td class=\"text\">{}</td>"
          "<td class=\"text\"><code>{}</code></td></tr>\n",
          EscapeHtml(run->name), EscapeHtml(run->label.empty() ? run->name : run->label),
          Cells({"", {run}}, columns), EscapeHtml(run->status), EscapeHtml(run->weights_hash));
    }
  }
  return fmt::format("<details{}><summary>Every run</summary>\n{}</details>\n",
                     groups.size() == 1 && groups[0].runs.size() <= kMostOpenRows ? " open" : "",
                     Table("runs", "Every run",
                           Head("run", kTextHead) + ColumnHeads(columns) +
                               Head("status", kTextHead) + Head("weights hash", kTextHead),
                           rows));
}

struct EpochColumn {
  const char* title;
  Member member;
  std::string (*format)(double);
};

constexpr EpochColumn kEpochColumns[] = {
    {"train loss", &ReportEpoch::train_loss, Number},
    {"train accuracy", &ReportEpoch::train_accuracy, Percent},
    {"test loss", &ReportEpoch::test_loss, Number},
    {"test accuracy", &ReportEpoch::test_accuracy, Percent},
    {"learning rate", &ReportEpoch::learning_rate, Number},
    {"time", &ReportEpoch::seconds, Duration},
    {"samples/s", &ReportEpoch::samples_per_second, Whole},
};

std::string EpochRow(const ReportEpoch& epoch, const std::vector<EpochColumn>& columns) {
  std::string html = fmt::format("<tr><th scope=\"row\">{}</th>", epoch.epoch);
  for (const EpochColumn& column : columns) {
    const std::optional<double> value = epoch.*column.member;
    html += value ? fmt::format("<td{}>{}</td>", DataValue(*value), column.format(*value))
                  : "<td data-value=\"\">–</td>";
  }
  return html + "</tr>\n";
}

std::string EpochTable(const ReportRun& run) {
  if (run.epochs.empty()) return "";
  std::vector<EpochColumn> columns;
  std::string heads = Head("epoch", " data-first=\"ascending\"");
  for (const EpochColumn& column : kEpochColumns) {
    if (!Last(run, column.member)) continue;
    columns.push_back(column);
    heads += Head(column.title, "");
  }
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

std::string SummaryHtml(const std::vector<ReportGroup>& groups) {
  if (groups.empty()) return "";
  const std::vector<Column> columns = ColumnsWithData(groups);
  size_t runs = 0;
  for (const ReportGroup& group : groups) runs += group.runs.size();
  std::string html =
      groups.size() == 1 ? TilesHtml(groups[0], columns) : GroupTable(groups, columns);
  if (runs > groups.size()) html += RunTable(groups, columns);
  if (runs == 1) html += EpochTable(*groups[0].runs[0]);
  return html;
}

}  // namespace nabla
