// Compares two runs.
#ifndef NABLA_FRAMEWORK_RECORD_RUN_DIFF_H_
#define NABLA_FRAMEWORK_RECORD_RUN_DIFF_H_

#include <string>

namespace nabla {

// For each of config, results and environment: a table of the keys that differ, or a line that says
// that none do. Throws InputError for a folder that does not hold a run.
std::string DiffRuns(const std::string& a, const std::string& b);

// The same as JSON: {"config": {key: [a's text, b's text]}, "result": ..., "environment": ...},
// with null where a run has no such key.
std::string DiffJson(const std::string& a, const std::string& b);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_RUN_DIFF_H_
