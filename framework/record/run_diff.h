// What differs between two runs.
#ifndef NABLA_FRAMEWORK_RECORD_RUN_DIFF_H_
#define NABLA_FRAMEWORK_RECORD_RUN_DIFF_H_

#include <string>

namespace nabla {

// A table of the keys of config, results and environment that differ, or a line that says that
// nothing does. Throws InputError for a folder that holds no run.
std::string DiffRuns(const std::string& a, const std::string& b);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_RUN_DIFF_H_
