// What an experiment leaves to its rows: the loss and the metrics, and balanced class weights; and
// whether those that it names fit them.
#ifndef NABLA_FRAMEWORK_TRAINING_TASK_DEFAULTS_H_
#define NABLA_FRAMEWORK_TRAINING_TASK_DEFAULTS_H_

#include <cstddef>
#include <string>

#include "framework/config/node.h"
#include "framework/model/dataset.h"
#include "framework/model/output_kind.h"
#include "framework/plugin/registry.h"
#include "framework/spec/spec.h"

namespace nabla {

// The name of the activation or layer that a layer's config ends with: "relu" of
// {name: activation, function: relu}.
std::string LastFunction(const Node& layer);

// The meaning of the outputs follows from the loss or, if that leaves it open, from the last layer.
// `classes` is 0 if the targets are numbers.
template <typename T>
OutputKind OutputKindOf(const ExperimentSpec<T>& spec, size_t classes);

// Fills in a loss and metrics that the experiment leaves open. What the last layer gives decides
// with the targets:
//   classes       softmax: nll; log_softmax: nll of log probabilities; one output for two classes:
//                 as labels; otherwise cross_entropy
//   labels        sigmoid: bce; otherwise bce_with_logits; metrics: multilabel
//   numbers       mse; metrics: mae, rmse, r2
//   the inputs    mse
// Metrics of probabilities learn what the outputs are. Balanced class weights become numbers: N /
// (C N_c) for N_c of N training rows. Throws InputError if no training row has one of the classes
// then, and for a metric that takes logits for probabilities. It changes nothing else, and nothing
// when it is called again.
template <typename T>
void FitTask(const DataSplits& data, const Registry& registry, ExperimentSpec<T>* spec);
void FitTask(const DataSplits& data, const Registry& registry, AnySpec* spec);

// ResolvedConfig, with the numbers of balanced class weights: of a model, which is evaluated
// without the rows that it was trained on.
template <typename T>
Node ModelConfig(const ExperimentSpec<T>& spec);

// Throws InputError placed at the loss, or at the metric, that cannot take a target of some row:
// one outside 0 to 1 where the loss is of probabilities, or other than 0 and 1 where the metric
// counts labels. `spec` has its loss and metrics.
template <typename T>
void CheckTargets(const DataSplits& data, const ExperimentSpec<T>& spec);

// Throws InputError placed at a metric that gives a result of the name that another one has, or is
// listed twice without a result: only one of them would be kept. `spec` has its metrics; `classes`
// is 0 if the targets are numbers.
template <typename T>
void CheckResults(const ExperimentSpec<T>& spec, size_t classes);

// "loss: mse; metrics: mae, rmse, r2": what FitTask fills in; "" if nothing is left open.
template <typename T>
std::string FittedText(const ExperimentSpec<T>& open, const ExperimentSpec<T>& fitted);

// A warning where the last layer computes what the loss does again, such as softmax in front of
// cross_entropy; "" otherwise.
template <typename T>
std::string TwiceText(const ExperimentSpec<T>& fitted);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_TASK_DEFAULTS_H_
