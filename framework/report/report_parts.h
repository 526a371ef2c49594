// The parts that report.cc assembles.
#ifndef NABLA_FRAMEWORK_REPORT_REPORT_PARTS_H_
#define NABLA_FRAMEWORK_REPORT_REPORT_PARTS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/report/importance.h"
#include "framework/report/report.h"
#include "framework/search/ranking_metric.h"

namespace nabla {

struct ReportGroup {
  std::string name;
  std::vector<const ReportRun*> runs;  // point into the report, in its order
};

std::optional<double> MetricOf(const ReportEpoch& epoch, std::string_view name);
// Of the last epoch that has it.
std::optional<double> LastOf(const ReportRun& run, std::string_view name);

// "test loss" of "test_loss".
std::string MetricTitle(std::string_view name);

// Whether a metric of certain rows, such as "test_mae", is better the smaller it is.
bool SmallerIsBetter(const Report& report, std::string_view name);

// What orders the groups: chosen from the metrics that all groups have, as far as they have runs
// that are complete. Its name is "" if no run has a metric.
RankingMetric RankingOf(const Report& report, const std::vector<ReportGroup>& groups);

// Which keys a metric depends on: where the runs ended or, if a halving left some of them behind,
// where all were still trained. Nothing if it is not one metric for all runs.
struct MetricImportance {
  Importance importance;
  std::optional<double> epochs;  // of the latter
};
std::optional<MetricImportance> ImportanceOf(const Report& report, const std::string& metric);

// Marks the groups that may be the best by the ranking metric, from the pairs of their seeds: those
// that no other one beats, at 95 % (MayBeBest of framework/verdict/comparison.h). Groups that a
// halving left behind are not among them. Empty if runs go on or were stopped, if the seeds of the
// groups differ or are too few to tell anything, if the rows of the data have changed between runs
// (the ranking's note says so), or if the groups have no metric in common.
std::vector<bool> MayBeBest(const Report& report, const std::vector<ReportGroup>& groups);

// The mark, behind what names a group; and what it means, for the marked groups.
inline constexpr const char* kMayBeBest = "≈";
std::string MayBeBestText(const std::vector<bool>& may_be_best, const std::string& metric);

// All metrics of the runs, each once, in the order of their epochs.
std::vector<std::string> MetricNames(const std::vector<ReportGroup>& groups);

// Best first; groups that cannot be compared come last, in the order of the report.
std::vector<ReportGroup> GroupsOf(const Report& report);

// The text with &, <, > and quotes escaped as entities.
std::string EscapeHtml(std::string_view text);

// Metrics of the last epochs: tiles for one group or a table of several, then every run and epoch.
std::string SummaryHtml(const Report& report, const std::vector<ReportGroup>& groups);

// Whether its settings tell each group from all others, so that it needs no name.
bool SettingsTellApart(const Report& report, const std::vector<ReportGroup>& groups);

// The finite number that is all of the text; nothing if it is none.
std::optional<double> NumberOf(const std::string& text);

// Whether all runs that have the key have numbers there.
bool HasNumbers(const Report& report, size_t key);

// The columns of a table of groups or runs that tell their settings: of the first one, a cell that
// heads its row and has `mark`, which is HTML, behind its value.
std::string SettingHeads(const Report& report);
std::string SettingCells(const Report& report, const ReportRun& run, const std::string& mark = "");

// A coloured box for each verdict, with a bar for each mistake.
std::string VerdictsHtml(const std::vector<ReportVerdict>& verdicts);

// The style sheet of all pages.
std::string_view PageCss();

// A page without scripts: a heading, a line below it, and `body`, which is HTML.
std::string PlainPage(const std::string& title, const std::string& hint, const std::string& body,
                      const std::string& version);

// Replaces each {{name}} once; the inserted text is not searched, so it may contain braces.
std::string FillTemplate(std::string_view page, const std::map<std::string_view, std::string>& by);

// The data for the page's JavaScript; contains no '<'.
std::string ReportJson(const Report& report, const std::vector<ReportGroup>& groups);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_REPORT_PARTS_H_
