// Searches for what a notebook hides, where its experiment does not reproduce its figures.
#ifndef NABLA_EXPERIMENTS_INVESTIGATE_H_
#define NABLA_EXPERIMENTS_INVESTIGATE_H_

#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

struct InvestigateArguments {
  Node tree;
  std::string path;                      // the file that it came from
  std::vector<std::string> assignments;  // whole key=value of the command line, which it contains
  std::string write;                     // where to write the experiment that fits; "" = nowhere
  std::string page;  // where to write a page with every hypothesis; "" = nowhere
};

// Prints which hypotheses make the figures fit, and writes the experiment of the best one. Keeps no
// runs. Returns the exit code: 0 whatever the answer, 130 or 143 if a signal ended the search,
// whose answer is then what was known. Throws InputError for a file without reference or with a bad
// `investigate`, and where `write` exists already or `page` is no page; DataUnavailable if real
// data is missing.
int Investigate(const InvestigateArguments& arguments, const RunOptions& options,
                const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_INVESTIGATE_H_
