// Deliberate mistakes in an experiment: what a verdict on it should find.
#ifndef NABLA_FRAMEWORK_VERDICT_MISTAKES_H_
#define NABLA_FRAMEWORK_VERDICT_MISTAKES_H_

#include <string>
#include <vector>

#include "framework/config/node.h"

namespace nabla {

struct Mistake {
  std::string name;    // "rate / 2"
  std::string folder;  // a name for its runs: "rate_half"
  Node tree;           // the experiment with the mistake
};

// `resolved` has every default. Tries, in this order, what it has a key for:
//   the rate halved, doubled; the units (channels) of each hidden layer halved, doubled; no biases,
//   or biases where there are none; the initial weights doubled (halved where no initializer can
//   double them), drawn from another distribution of the same mean and variance; no shuffling, or
//   shuffling where there is none; batches halved, doubled; inputs halved, or not standardised; the
//   loss summed where it is averaged, or averaged over classes where it is summed.
// `rows` is the number of training rows: a batch of all has no order, and cannot grow. Not every
// tree is an experiment that can be trained, since layers may depend on others' units.
std::vector<Mistake> MistakesIn(const Node& resolved, size_t rows);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_MISTAKES_H_
