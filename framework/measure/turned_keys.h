// Which key makes how much of the gap between the last metrics of two runs, a and b: a is trained
// again with one key of b at a time.
#ifndef NABLA_FRAMEWORK_MEASURE_TURNED_KEYS_H_
#define NABLA_FRAMEWORK_MEASURE_TURNED_KEYS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/engine/trainer.h"
#include "framework/plugin/registry.h"
#include "framework/spec/config_edits.h"
#include "framework/terminal/console.h"
#include "framework/training/run_options.h"
#include "framework/training/side_by_side.h"

namespace nabla {

// The metric of the last epochs.
struct MetricGap {
  std::string metric;  // "test_accuracy"
  double a = 0;
  double b = 0;

  // Of a run with this value: (value - a) / (b - a); 0 (never -0) is a, and 1 is b.
  double Share(double value) const { return (value - a) / (b - a) + 0.0; }
};

// The gap of the wanted metric; of "", of the first of test_accuracy, test_loss and train_loss that
// is finite in both and differs. Nothing if there is no such metric, or no gap. Throws InputError
// for a wanted metric that not both have.
std::optional<MetricGap> FindGap(const std::vector<EpochMetrics>& a,
                                 const std::vector<EpochMetrics>& b, const std::string& wanted);

struct TurnedKey {
  // One, or several that make no experiment alone, such as the data set and the number of outputs.
  std::vector<ConfigEdit> edits;
  std::string name;   // their paths
  AnySpec spec;       // a with these edits; not to be used where there is an error
  std::string error;  // why it has no value
  std::optional<double> value;
};

// All edits that a training depends on, each one alone. Those that make no experiment alone are
// turned together if that makes one; otherwise each has its error. `a` has every default.
std::vector<TurnedKey> TurnKeys(const Node& a, const std::vector<ConfigEdit>& edits,
                                const Registry& registry, DataCache& cache);

struct TurnedRuns {
  std::string folder;          // where each gets a run folder of its own; "" = nowhere
  std::function<bool()> stop;  // as in QueuedRun
};

// Trains those without an error, and gives each the metric of its last epoch, or an error.
void TrainTurned(const TurnedRuns& how, const std::string& metric, const Registry& registry,
                 const RunOptions& options, DataCache& cache, Console& console,
                 std::vector<TurnedKey>* keys);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_TURNED_KEYS_H_
