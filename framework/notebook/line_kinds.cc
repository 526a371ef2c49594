#include "framework/notebook/line_kinds.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace nabla {
namespace {

// "Early stopping at epoch 5 with loss 0.3", "Loaded the best model, epoch 3, accuracy 0.9": a
// report on one epoch, by its first words.
bool ReportsOnEpoch(const PrintedLine& line) {
  static constexpr std::string_view kFirst[] = {"best",     "early",     "stopping",  "stopped",
                                                "loaded",   "loading",   "saved",     "saving",
                                                "restored", "restoring", "checkpoint"};
  constexpr size_t kFirstWords = 2;  // "New best"
  if (!line.step || line.step->rank == 0) return false;
  const auto end = line.words.begin() + static_cast<long>(std::min(line.words.size(), kFirstWords));
  return std::any_of(line.words.begin(), end, [](const std::string& word) {
    return std::find(std::begin(kFirst), std::end(kFirst), word) != std::end(kFirst);
  });
}

}  // namespace

bool IsRemark(const PrintedLine& line) {
  // An object: "<TextTestResult run=5 errors=0>".
  if (line.object || ReportsOnEpoch(line)) return true;
  // A state before the last of a bar of Keras': "532/540 [====>.] - ETA: 0s - loss: 0.4".
  if (!line.step && std::find(line.words.begin(), line.words.end(), "eta") != line.words.end()) {
    return true;
  }
  if (std::find(line.words.begin(), line.words.end(), "warning") != line.words.end()) return true;
  for (const char* word :
       {"decreased", "increased", "improved", "saving", "saved", "restoring", "restored",
        "stopping", "stopped", "loading", "loaded", "extracting", "downloading"}) {
    const bool there = std::find(line.words.begin(), line.words.end(), word) != line.words.end();
    const bool before = std::any_of(
        line.metrics.begin(), line.metrics.end(),
        [&](const PrintedMetric& metric) { return metric.words.find(word) != std::string::npos; });
    if (there && (before || line.metrics.empty())) return true;
  }
  return false;
}

bool IsOfSetting(const PrintedLine& line) {
  static constexpr std::string_view kSettings[] = {
      "lr",   "lrate", "rate",   "alpha", "lambda",  "reg",     "regularization",
      "beta", "size",  "hidden", "units", "layers",  "dropout", "momentum",
      "seed", "fold",  "gamma",  "eps",   "epsilon", "decay"};
  return std::any_of(line.metrics.begin(), line.metrics.end(), [](const PrintedMetric& metric) {
    const std::vector<std::string> parts = NameParts(metric.words);
    const bool named =
        metric.label.kind == MetricKind::kLoss || metric.label.kind == MetricKind::kAccuracy;
    return !named && !parts.empty() &&
           std::find(std::begin(kSettings), std::end(kSettings), parts.back()) !=
               std::end(kSettings);
  });
}

}  // namespace nabla
