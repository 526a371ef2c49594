// Lists of printed values that no run of their experiment can be judged by.
#ifndef NABLA_FRAMEWORK_VERDICT_UNJUDGEABLE_H_
#define NABLA_FRAMEWORK_VERDICT_UNJUDGEABLE_H_

#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"
#include "framework/model/dataset.h"
#include "framework/spec/spec.h"

namespace nabla {

struct Unjudgeable {
  Problem problem;   // at the list in the experiment's tree
  bool overwritten;  // by the command line, so that the file is not to blame
};

// What the experiment alone shows: epochs after the last one, metrics that are not evaluated then
// or at all, a matrix that is not asked for.
std::vector<Unjudgeable> FindUnjudgeable(const ExperimentHead& spec, const Node& tree);

// What its rows show as well: metrics of rows or classes that there are none of, a matrix of
// another size, an initial loss of more rows than there are.
std::vector<Unjudgeable> FindUnjudgeable(const ExperimentHead& spec, const Node& tree,
                                         const DataSplits& data);

// Throws InputError with all of them.
void ThrowIfAny(const std::vector<Unjudgeable>& lists);

// An experiment with printed values, none of which is seen to be unjudgeable before its data is
// loaded. Throws InputError; `lacks` is what is said where `reference` is missing: "has nothing to
// explain".
AnySpec ParseJudgeable(const Node& tree, const Registry& registry, const std::string& lacks);

// A line for each of those that the file is to blame for: whoever changes a key on the command line
// knows.
std::vector<std::string> WarningsOf(const std::vector<Unjudgeable>& lists);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_UNJUDGEABLE_H_
