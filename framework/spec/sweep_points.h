// The settings that a sweep tries.
#ifndef NABLA_FRAMEWORK_SPEC_SWEEP_POINTS_H_
#define NABLA_FRAMEWORK_SPEC_SWEEP_POINTS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// One setting of every swept key: its name, and the whole experiment.
struct SweepPoint {
  std::string label;  // "" if nothing is swept
  Node tree;
  // By the first path of its key; without what a later key has overwritten.
  std::vector<std::pair<std::string, Node>> settings = {};
};

// Every combination of the grid's values, the last key changing fastest, each with the given number
// of random draws; the experiment itself if there is neither. A key may name several paths,
// separated by commas, that change together. Draws depend only on the experiment's seed; those that
// give a setting again are left out, and `repeats` is how many they were. Throws InputError for a
// grid that is not a map of lists, for a random section that is not a map of ranges or lists, and
// for every point that is not a valid experiment.
std::vector<SweepPoint> SweepPoints(const Node& tree, const Registry& registry,
                                    size_t* repeats = nullptr);

// The paths that the key of an entry of a grid names: "a.b, a.c". Throws InputError if it names
// none.
std::vector<std::string> PathsOf(const Node::Entry& entry);

// Adds "key=a,b,c" from the command line to the tree's grid. Returns false if there is no comma
// outside brackets and quotes, or if the key holds free text.
bool AddToGrid(Node& tree, const std::string& assignment);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SWEEP_POINTS_H_
