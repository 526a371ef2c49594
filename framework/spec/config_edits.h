// What has to be changed in one experiment to get another.
#ifndef NABLA_FRAMEWORK_SPEC_CONFIG_EDITS_H_
#define NABLA_FRAMEWORK_SPEC_CONFIG_EDITS_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"

namespace nabla {

// A key in which two experiments with every default, a and b, differ; a or b is absent where the
// experiment does not have the key.
struct ConfigEdit {
  std::string path;  // as overrides name it: "optimizer.lr"
  std::optional<Node> a;
  std::optional<Node> b;

  // Whether a training depends on the key, or only what is said and kept of it.
  bool ChangesTraining() const;
};

// In the order of a's keys, then of those that only b has. One edit is as small as an experiment
// can be changed: two plugins of different names, lists of different lengths and lists without keys
// are replaced as a whole, since the parts of one mean nothing in the other.
std::vector<ConfigEdit> EditsBetween(const Node& a, const Node& b);

// `a` with b's value of each key.
Node WithEdits(Node a, const std::vector<ConfigEdit>& edits);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_CONFIG_EDITS_H_
