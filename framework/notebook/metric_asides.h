// What stands in brackets or behind a slash directly behind a metric, and is about it.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_METRIC_ASIDES_H_
#define NABLA_FRAMEWORK_NOTEBOOK_METRIC_ASIDES_H_

#include <string>
#include <vector>

#include "framework/notebook/metric_words.h"
#include "framework/notebook/printed_items.h"
#include "framework/notebook/printed_line.h"

namespace nabla {

constexpr const char* kSecond = " second";  // behind the words of a number that has none itself

// "0.93 +- 0.02", "0.93 (+/- 0.02)", "0.93 ± 0.02": whether the number at `at` is a deviation.
bool IsDeviation(const std::vector<PrintedItem>& items, size_t at);

// Whether the whole number at `at` is no metric and no step but says which one is meant: "accuracy
// (k=5)", "top 5 accuracy", "acc@5", whose label becomes that of something else, or "accuracy of
// model 2:" and "accuracy of 3:", where the line `compares` several.
bool SaysWhich(const std::vector<PrintedItem>& items, size_t at, std::vector<std::string>* label,
               bool* compares);

// "Train 0.5 0.93 Test 0.6 0.91": labels a bare number directly behind one that only names a split.
void TakeSplitBefore(const std::vector<PrintedItem>& items, size_t at, const PrintedMetric& before,
                     PrintedMetric* metric);

// "train 0.5/93.1%": whether the number at `at` is the accuracy of the loss `before`, directly in
// front of it.
bool IsShareOfLoss(const std::vector<PrintedItem>& items, size_t at, const PrintedMetric& before);

// "train: 0.5 (93.1%)": adds the accuracy behind a loss, not behind counts.
void AddShare(PrintedMetric share, std::vector<PrintedMetric>* metrics);

// "98% (9818/10000)": counts say the same, in more digits than a percentage. False if they do not.
bool TakeCounts(const std::string& count, const std::string& total, PrintedMetric* before);

// "0.31 (avg 0.42)": whether the number at `at` is the mean of which the metric whose number is at
// `metric` is the last part.
bool IsMeanBehind(const std::vector<PrintedItem>& items, size_t metric, size_t at, MetricKind kind);

// "Train loss 0.5, acc 0.8 | Val loss 0.4, acc 0.9": metrics of one line with the same label each
// get the split of the last metric before them that has one.
void SplitRepeated(std::vector<PrintedMetric>* metrics);

// The split of "0.5 (train)", whose number is at `at`; kUnknown if nothing of the kind follows.
MetricSplit SplitBehind(const std::vector<PrintedItem>& items, size_t at);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_METRIC_ASIDES_H_
