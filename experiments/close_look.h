// What the page of a single run shows beyond its metrics, for runs that did not keep it.
#ifndef NABLA_EXPERIMENTS_CLOSE_LOOK_H_
#define NABLA_EXPERIMENTS_CLOSE_LOOK_H_

#include <string>

#include "experiments/program.h"
#include "framework/terminal/console.h"
#include "framework/training/run_options.h"

namespace nabla {

// Trains the finished run in `folder` again, as one alone, and adds inspection.json to the folder:
// layers, units, pictures, the decision boundary by epoch. Nothing is done if it is there already.
// Throws InputError for a run that is not complete, RunError if the weights are not those of the
// run to the last bit.
void LookClosely(const std::string& folder, const RunOptions& options, const Program& program,
                 Console& console);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_CLOSE_LOOK_H_
