// What a network is made of: `summary`, `run --verbose` and a table of the page.
#ifndef NABLA_FRAMEWORK_MEASURE_MODEL_SUMMARY_H_
#define NABLA_FRAMEWORK_MEASURE_MODEL_SUMMARY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/engine/network.h"
#include "framework/measure/layer_summary.h"
#include "framework/spec/spec.h"

namespace nabla {

struct ModelSummary {
  std::string name;
  std::string dtype;
  std::vector<size_t> input;         // the shape of a row
  std::vector<LayerSummary> layers;  // first to last; a residual after the layers inside it

  // The sums of all layers; `output` is that of the last one.
  LayerSummary Total() const;
};

template <typename T>
ModelSummary SummariseModel(const ExperimentSpec<T>& spec, const Network<T>& network);

std::string SummaryTable(const ModelSummary& summary);
std::string SummaryJson(const ModelSummary& summary);

// The layer or activation at a path of a network: "linear" for "2.0", the first layer inside the
// residual model.2; "branch" where a further path of a block begins.
template <typename T>
std::string LayerName(const ExperimentSpec<T>& spec, const std::string& path);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_MODEL_SUMMARY_H_
