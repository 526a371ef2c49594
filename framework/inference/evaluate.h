// The metrics of a trained model on rows whose targets are known.
#ifndef NABLA_FRAMEWORK_INFERENCE_EVALUATE_H_
#define NABLA_FRAMEWORK_INFERENCE_EVALUATE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/engine/evaluation.h"
#include "framework/engine/threads.h"
#include "framework/inference/model_file.h"
#include "framework/plugin/registry.h"
#include "framework/record/model_input.h"

namespace nabla {

// The rows as the model's training had them, with their targets; those of an autoencoder are its
// inputs.
template <typename T>
Samples EvaluationRows(const Model<T>& model, RawRows rows);

// The loss, those metrics that the model's experiment lists, and all other metrics that fit its
// task, with their defaults: those of classes, or those of values where targets are numbers. Of the
// test rows these are the bits of the run's last epoch, unless each split was scaled by its own
// moments (`standardise_by: each_split`): a model knows those of its training rows alone. `samples`
// come from EvaluationRows. Throws RunError where the loss is not finite.
template <typename T>
EvaluationResult EvaluateModel(const Model<T>& model, const Registry& registry,
                               const Samples& samples, Threads& threads);

// What was evaluated, and on which rows.
struct EvaluatedFile {
  std::string model;
  std::vector<std::string> data;  // files
  size_t rows = 0;
};

std::string EvaluationText(const EvaluatedFile& file, const EvaluationResult& result);
std::string EvaluationJson(const EvaluatedFile& file, const EvaluationResult& result);

// The column of CSV files that says how much a row counts in the loss, as in the training; "" if
// all count the same.
template <typename T>
std::string WeightColumn(const Model<T>& model);

// Columns of a CSV file.
struct ColumnChoice {
  std::vector<std::string> columns;
  bool numbered = false;  // these are numbers, whatever the names of columns
};

// The columns that hold the targets of a CSV file, as far as the model knows: those that it was
// trained on, otherwise the first ones.
template <typename T>
ColumnChoice TargetColumns(const Model<T>& model);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_EVALUATE_H_
