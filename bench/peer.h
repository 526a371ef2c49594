// An experiment as plain arrays, so that others can train the same network from the same weights on
// the same rows.
#ifndef NABLA_BENCH_PEER_H_
#define NABLA_BENCH_PEER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "framework/training/experiment.h"

namespace nabla {

struct PlainLayer {
  size_t inputs = 0;
  size_t outputs = 0;
  std::vector<float> weight;  // (I, O)
  std::vector<float> bias;    // (O), or empty
};

enum class PlainActivation { kNone, kRelu, kSigmoid };  // behind every layer but the last

struct PlainNetwork {
  std::vector<PlainLayer> layers;
  PlainActivation activation = PlainActivation::kNone;
  bool squared_error = false;  // of softmax, summed over classes; else cross-entropy of softmax
  float rate = 0;              // of stochastic gradient descent
  float bias_rate = 0;
  size_t batch = 0;  // B
};

// N rows of inputs, normalised.
struct PlainData {
  size_t count = 0;             // N
  size_t width = 0;             // I
  std::vector<float> inputs;    // (N, I)
  std::vector<int64_t> labels;  // (N)
};

// What `spec` says with the weights of `network`. Throws RunError where it is more than linear
// layers with one activation between them.
PlainNetwork MakePlain(const ExperimentSpec<float>& spec, const Network<float>& network);
PlainData MakePlain(const Samples& samples);

// Another implementation of the training step.
class Peer {
 public:
  virtual ~Peer() = default;
  // One step on B rows of the data; returns their mean loss before the update.
  virtual double Train(std::span<const uint32_t> rows) = 0;
  // All weights and biases, layer by layer.
  virtual std::vector<float> Weights() const = 0;
};

// Makes a peer with `threads` threads; network and data outlive it.
using MakePeer = std::function<std::unique_ptr<Peer>(const PlainNetwork& network,
                                                     const PlainData& data, int threads)>;

struct NamedPeer {
  std::string name;
  MakePeer make;
};

// The weights of a network of ours in the order of Peer::Weights.
std::vector<float> WeightsOf(const Network<float>& network);

}  // namespace nabla

#endif  // NABLA_BENCH_PEER_H_
