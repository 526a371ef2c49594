// A report as text for a terminal.
#ifndef NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_
#define NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_

#include <string>

#include "framework/report/report.h"

namespace nabla {

// One numbered line per group of runs, best first, with means and standard deviations at the last
// epoch, then a plot of the mean losses of the first groups (test loss if there is one).
std::string ReportText(const Report& report);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_
