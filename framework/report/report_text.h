// What a report says on a terminal.
#ifndef NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_
#define NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_

#include <string>

#include "framework/report/report.h"

namespace nabla {

// A numbered line for each group of runs, best first, with means and standard deviations of last
// epochs, and a plot of the mean losses of the first few: on the test rows, if there are any.
std::string ReportText(const Report& report);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_REPORT_TEXT_H_
