// A report as text for a terminal.
#ifndef NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_
#define NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_

#include <cstddef>
#include <limits>
#include <string>

#include "framework/report/report.h"

namespace nabla {

// One numbered line per group of runs, best first, with its settings, means and standard deviations
// at the last epoch, then a plot of the mean losses of the first groups (test loss if there is
// one). FitTable makes the lines fit `width`.
std::string ReportText(const Report& report, size_t width = std::numeric_limits<size_t>::max());

// The same groups as JSON: {"file", "ranking": {"metric", "note"}, "groups": [{"group", "settings":
// {key: text}, "runs", metric:
// {"mean", "std"}}], "importance": {metric: ...}}, where a single run has no "std"; `file` is the
// page.
std::string GroupsJson(const Report& report, const std::string& file);

// "differences of rank by test_accuracy come from: optimizer.lr 71 %, seeds 15 %", a line; "" where
// nothing can be told (importance.h).
std::string ImportanceText(const Report& report);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_
