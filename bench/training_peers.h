// Other implementations of the training step, beside ours in one run.
#ifndef NABLA_BENCH_TRAINING_PEERS_H_
#define NABLA_BENCH_TRAINING_PEERS_H_

#include <map>
#include <string>

#include "bench/peer.h"
#include "framework/training/experiment.h"

namespace nabla {

// What all benchmarks of training share; loaded when it is first asked for.
class Bench {
 public:
  const Registry& registry() const { return registry_; }
  Registry& registry() { return registry_; }
  const DataSplits& DataOf(const ExperimentHead& spec);
  // The training rows as numbers.
  const PlainData& PlainDataOf(const ExperimentHead& spec);

 private:
  Registry registry_;
  std::map<std::string, DataSplits> data_;  // by DataConfig's text
  std::map<std::string, PlainData> plain_;
};

// Registers <name>/<peer>/threads:<count> for every peer that is there, if the experiment is one of
// those that all peers can train. Before a peer is measured it trains some steps from our weights
// on our batches: it must learn, and come to the weights that we come to.
void RegisterPeers(Bench& bench, const std::string& name, const Node& tree);

}  // namespace nabla

#endif  // NABLA_BENCH_TRAINING_PEERS_H_
