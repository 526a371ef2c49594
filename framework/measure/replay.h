// Trains an experiment again, one step at a time, so that every step can be looked at.
#ifndef NABLA_FRAMEWORK_MEASURE_REPLAY_H_
#define NABLA_FRAMEWORK_MEASURE_REPLAY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "framework/plugin/registry.h"
#include "framework/tensor/matrix.h"
#include "framework/training/experiment.h"

namespace nabla {

// Numbers of either type; each float is a double, too.
using AnyMatrix = std::variant<Matrix<const float>, Matrix<const double>>;

// A parameter of the network, trained or not.
struct ReplayedTensor {
  std::string name;   // "model.0.weight"
  std::string layer;  // the plugin that it belongs to: "linear"
  AnyMatrix value;    // a view, which every step changes
};

// The step that was trained last.
struct ReplayedStep {
  int64_t step = 0;  // counts from 1, as do these:
  int64_t epoch = 0;
  size_t batch = 0;                // in this epoch
  double loss = 0;                 // before the update
  std::span<const uint32_t> rows;  // of the batch; gone with the next step
};

class Replay {
 public:
  virtual ~Replay() = default;

  // Trains the next step, and evaluates the epoch before it if that has ended. Returns false where
  // there is none, since the replay has ended or diverged, or a signal came.
  virtual bool Step() = 0;
  // Whether it has come to its end, which a signal is not.
  virtual bool ended() const = 0;
  virtual const ReplayedStep& at() const = 0;
  // In the order of the layers; the same ones at all times.
  virtual const std::vector<ReplayedTensor>& tensors() const = 0;
  // Of the epochs that have ended and were evaluated.
  virtual const std::vector<EpochMetrics>& history() const = 0;
  // Why it diverged; "" if it did not.
  virtual const std::string& failure() const = 0;
  virtual std::string WeightsHash() = 0;
};

// Replays at most the first `epochs` epochs, with the bits of a run. All arguments but `spec` must
// outlive it. Throws what Experiment throws.
std::unique_ptr<Replay> MakeReplay(const AnySpec& spec, const Registry& registry,
                                   const DataSplits& data, Threads& threads, int64_t epochs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_REPLAY_H_
