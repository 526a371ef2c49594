// What stands out in a run, told at its end.
#ifndef NABLA_EXPERIMENTS_STANDOUT_LINES_H_
#define NABLA_EXPERIMENTS_STANDOUT_LINES_H_

#include <string>
#include <vector>

#include "framework/report/standout.h"
#include "framework/terminal/console.h"

namespace nabla {

// Replaces those in `folder`/summary.json. Throws RunError.
void KeepStandouts(const std::string& folder, const std::vector<Standout>& standouts);

// Says the serious ones, two at most, and adds all to `folder`/summary.json as
// "standouts": [{"text", "try", "serious"}], if there are any. Throws RunError.
void TellStandouts(const std::string& folder, const std::vector<Standout>& standouts,
                   Console& console);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_STANDOUT_LINES_H_
