// The settings that a sweep tries.
#ifndef NABLA_FRAMEWORK_SPEC_SWEEP_POINTS_H_
#define NABLA_FRAMEWORK_SPEC_SWEEP_POINTS_H_

#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// One setting of every swept key: what it is called, and the whole experiment.
struct SweepPoint {
  std::string label;  // "" where nothing is swept
  Node tree;
};

// Every combination of the grid's values, the last key changing fastest, each with so many random
// draws; the experiment itself where there is neither. A key may name several paths that change
// together, with commas between. Draws depend on the experiment's seed alone. Throws InputError for
// a grid that is no map of lists, for a random that is no map of ranges or lists, and for every
// point that is no good experiment.
std::vector<SweepPoint> SweepPoints(const Node& tree, const Registry& registry);

// Puts "key=a,b,c" of the command line into the tree's grid; false if it has no comma outside
// brackets and quotes, or its key is one of free text.
bool AddToGrid(Node& tree, const std::string& assignment);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SWEEP_POINTS_H_
