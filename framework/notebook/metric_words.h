// What the words beside a printed number say of it.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_METRIC_WORDS_H_
#define NABLA_FRAMEWORK_NOTEBOOK_METRIC_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace nabla {

enum class MetricKind { kUnknown, kLoss, kAccuracy, kOther };
enum class MetricSplit { kUnknown, kTrain, kTest };

struct MetricLabel {
  MetricKind kind = MetricKind::kUnknown;
  MetricSplit split = MetricSplit::kUnknown;

  bool operator==(const MetricLabel&) const = default;
};

// The parts of a name in lower case: train_loss, trainLoss and "Train Loss" are train and loss.
std::vector<std::string> NameParts(std::string_view name);

// The kind and split that `parts` name. A word of something else (time, a rate, a norm) makes the
// kind kOther, whatever stands beside it.
MetricLabel LabelOf(const std::vector<std::string>& parts);

// Words that number the steps; 2 for epochs, 1 for iterations and the like, 0 for others.
int StepRank(std::string_view word);

// Batches within an epoch.
bool IsBatchWord(std::string_view word);

// Rows of a data set: "10000 test images".
bool IsRowWord(std::string_view word);

// Neurons: "20 hidden units".
bool IsNeuronWord(std::string_view word);

// Words that say nothing of the metric beside them.
bool IsFiller(std::string_view word);

// The "th" of "5th".
bool IsOrdinal(std::string_view word);

// Units of time and the like: what stands before them is no metric.
bool IsUnit(std::string_view word);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_METRIC_WORDS_H_
