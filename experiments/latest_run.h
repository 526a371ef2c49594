// The latest of many runs.
#ifndef NABLA_EXPERIMENTS_LATEST_RUN_H_
#define NABLA_EXPERIMENTS_LATEST_RUN_H_

#include <string>

namespace nabla {

// Makes `latest`, a relative link beside `folder`, point to it. Whoever follows the link meanwhile
// gets the old run or the new one. Anything of that name that is no link is left alone, and a file
// system without links goes without.
void PointLatest(const std::string& folder);

// The run in or below `folder` that was started last, but for the runs of sweeps and of other
// folders with many; "" if there is none.
std::string FindLatestRun(const std::string& folder);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_LATEST_RUN_H_
