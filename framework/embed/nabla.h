// nabla inside another program: an experiment becomes a trained model, and a model predicts.
// examples/embed.cc shows all of it.
//
// A Registry holds the plugins: RegisterBuiltins (plugins/builtin.h) adds those of nabla, and
// Registry::Add a class of the program's own, also a data set. An experiment is what ParseYaml
// (framework/config/node.h) makes of text, or a Node built in code; ApplyOverride changes a key.
// LoadModel (framework/inference/model_file.h) reads what SaveModel or a run wrote. Mistakes in
// experiments, files and rows are InputError, failures at run time RunError. Nothing is printed.
#ifndef NABLA_FRAMEWORK_EMBED_NABLA_H_
#define NABLA_FRAMEWORK_EMBED_NABLA_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"
#include "framework/data/files.h"
#include "framework/engine/evaluation.h"
#include "framework/engine/trainer.h"
#include "framework/inference/model_file.h"
#include "framework/plugin/registry.h"
#include "framework/record/model_input.h"
#include "framework/training/summarise.h"

namespace nabla {

// Where functions take `threads`, 0 means one for each usable core.
struct TrainingOptions {
  size_t threads = 0;
  std::string folder;  // the run folder, as `run --out` fills it; "": none
  FilesOptions files;  // where data sets are sought
  // Called from the thread that trains, each optional: after every epoch, with what looks wrong,
  // and after every step, to stop there.
  std::function<void(const EpochMetrics&)> on_epoch;
  std::function<void(const std::string&)> warn;
  std::function<bool()> stop;
};

struct TrainedModel {
  AnyModel model;
  std::vector<EpochMetrics> history;  // of every epoch
  Status status = Status::kComplete;
};

// Trains one run: the bits are those of `run` with the same file. Throws also RunError if the
// training diverges.
TrainedModel TrainModel(const Node& experiment, const Registry& registry,
                        const TrainingOptions& options = {});

// What the network computes for each row, as `run predict` does: outputs (N, O), in the units of
// the data set, whatever the rows say of their targets and weights. Throws InputError for rows that
// are not of the model's shape.
std::vector<std::vector<double>> Predict(const AnyModel& model, const RawRows& rows,
                                         size_t threads = 1);

// The loss and metrics on rows with their targets, as `run evaluate` does. Throws InputError also
// for targets and weights that do not fit.
EvaluationResult Evaluate(const AnyModel& model, const Registry& registry, const RawRows& rows,
                          size_t threads = 1);

// Writes what `run export --format safetensors` does.
void SaveModel(const AnyModel& model, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EMBED_NABLA_H_
