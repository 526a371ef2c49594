// The weights of another training, from which a training starts.
#ifndef NABLA_FRAMEWORK_TRAINING_INITIAL_WEIGHTS_H_
#define NABLA_FRAMEWORK_TRAINING_INITIAL_WEIGHTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/engine/network.h"
#include "framework/record/environment.h"
#include "framework/spec/spec.h"

namespace nabla {

struct InitialWeights {
  std::string hash;               // of the weights in the file, as its training printed it
  size_t taken = 0;               // parameters of the network that have the file's numbers now
  size_t parameters = 0;          // of the network
  std::vector<std::string> left;  // "2.bias is [1, 3] there and [1, 4] here": what was not taken

  // "took 3 of 4 parameters of weights 0123...; not taken: 2.bias is [1, 3] there and [1, 4] here".
  std::string Text() const;
};

// Replaces each parameter by that of init_from with the same name and shape, rounded to T if it is
// of the other number type; the others keep what they are. Throws InputError, whose message begins
// with the key, for a path that leads to no model, a damaged file, a file none of whose parameters
// fits, and numbers that T cannot hold.
template <typename T>
InitialWeights TakeInitialWeights(const std::string& init_from, Network<T>* network);

// Adds the hash of the weights, under the key init_from, to what the run computes from. Throws the
// same.
void AddInitialWeights(const ExperimentHead& spec, RunInputs* inputs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_INITIAL_WEIGHTS_H_
