// One page about all notebooks of a call, with links to their own pages.
#ifndef NABLA_FRAMEWORK_REPORT_OVERVIEW_H_
#define NABLA_FRAMEWORK_REPORT_OVERVIEW_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/report/report.h"

namespace nabla {

struct OverviewRow {
  std::string name;
  std::string source;
  std::string link;  // relative; "" = no page
  size_t runs = 0;
  double seconds = 0;  // of training
  std::vector<ReportVerdict> verdicts;
};

// Texts may hold any bytes: they are escaped.
std::string RenderOverview(const std::vector<OverviewRow>& rows, const std::string& version);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_OVERVIEW_H_
