// A report page out of run folders.
#ifndef NABLA_FRAMEWORK_REPORT_RUN_REPORT_H_
#define NABLA_FRAMEWORK_REPORT_RUN_REPORT_H_

#include <string>
#include <vector>

#include "framework/plugin/registry.h"
#include "framework/report/report.h"

namespace nabla {

// The folders of runs at or below `path`, sorted. Throws InputError if there is none.
std::vector<std::string> FindRuns(const std::string& path);

// All runs in the given folders. Those whose folders differ only in their seed make one group. If
// all are of one experiment, its notebook's metrics come with them, judged against the runs of
// other data than synthetic digits if there are enough. Throws InputError for a folder without
// runs or with files that no run wrote.
Report CollectReport(const std::vector<std::string>& paths, const Registry& registry);

// Writes `file`. Throws RunError.
void WriteReport(const Report& report, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_RUN_REPORT_H_
