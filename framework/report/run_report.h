// Makes a report page from run folders.
#ifndef NABLA_FRAMEWORK_REPORT_RUN_REPORT_H_
#define NABLA_FRAMEWORK_REPORT_RUN_REPORT_H_

#include <string>
#include <vector>

#include "framework/plugin/registry.h"
#include "framework/report/report.h"
#include "framework/verdict/reproduction.h"

namespace nabla {

// Those that have ended, or also those that were begun.
enum class Runs { kEnded, kSoFar };

// The folders of runs at or below `path`, sorted. Throws InputError if there is none.
std::vector<std::string> FindRuns(const std::string& path, Runs which = Runs::kEnded);

// All runs in the given folders. Runs whose folders differ only in the seed form one group. If all
// belong to one experiment, the report includes its notebook's metrics, judged against the runs if
// enough of them are complete; runs on synthetic digits do not count. Throws InputError for a
// folder without runs or with files that no run wrote.
Report CollectReport(const std::vector<std::string>& paths, const Registry& registry,
                     Runs which = Runs::kEnded);

// What the report says of the notebook's lists that were judged.
std::vector<ReportVerdict> VerdictsOf(const Reproduction& reproduction);

// Writes `file`. Throws RunError.
void WriteReport(const Report& report, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_RUN_REPORT_H_
