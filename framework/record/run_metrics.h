// The metrics of a run by name, and the values that it has for those that references name.
#ifndef NABLA_FRAMEWORK_RECORD_RUN_METRICS_H_
#define NABLA_FRAMEWORK_RECORD_RUN_METRICS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/engine/trainer.h"
#include "framework/spec/reference.h"

namespace nabla {

// Metrics by name: "train_loss", "test_accuracy".
using NamedMetrics = std::vector<std::pair<std::string, double>>;

std::optional<double> MetricOf(const NamedMetrics& metrics, std::string_view name);

// All metrics of an epoch, in the order in which they are shown: "train_loss", "train_accuracy",
// "train_r2", then those of the validation and the test rows. What was not computed is left out.
NamedMetrics MetricsOf(const EpochMetrics& epoch);

// The one of that name, if it was computed.
std::optional<double> MetricOf(const EpochMetrics& epoch, std::string_view name);

struct RunMetrics {
  std::vector<EpochMetrics> epochs;
  std::map<int64_t, double> initial_losses;  // by the number of rows in the reference
};

// A metric of one epoch, if it was computed.
std::optional<double> MetricOf(const EpochMetrics& epoch, MetricName metric);

// One value for each printed value; absent if the run did not get that far, did not evaluate the
// metric, got a number that is not finite, or has a matrix of another size. The matrix is that of
// epoch `end`, or of the last one if there are fewer.
std::vector<std::optional<double>> ValuesOf(const Reference& reference, const RunMetrics& run,
                                            size_t end = std::numeric_limits<size_t>::max());

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_RUN_METRICS_H_
