// One page about a search for what a notebook hides.
#ifndef NABLA_FRAMEWORK_REPORT_INVESTIGATION_PAGE_H_
#define NABLA_FRAMEWORK_REPORT_INVESTIGATION_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nabla {

// How far one hypothesis is off.
struct InvestigationRow {
  std::string name;
  double deviations = 0;  // of the printed values, in standard deviations
  double misfit = 0;
  size_t runs = 0;    // 0: not tried
  int64_t epoch = 0;  // the last one that was compared
  std::string p;      // "= 0.45"; "" = not judged
  bool fits = false;
};

struct InvestigationPage {
  std::string name;  // of the experiment
  std::vector<std::string> answer;
  InvestigationRow written;  // the file as it is
  std::vector<InvestigationRow> others;
};

// Texts may hold any bytes: they are escaped.
std::string RenderInvestigation(const InvestigationPage& page, const std::string& version);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_INVESTIGATION_PAGE_H_
