// The folder that a run leaves behind.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_RUN_FOLDER_H_
#define NABLA_FRAMEWORK_EXPERIMENT_RUN_FOLDER_H_

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

#include "framework/config/node.h"
#include "framework/engine/trainer.h"

namespace nabla {

// What summary.json says. Accuracies are fractions, seconds are of training.
struct Summary {
  std::string name;
  std::string status;   // "complete", "stopped" or "diverged"
  std::string dataset;  // the one really used
  std::string dtype;
  int64_t seed = 0;
  size_t threads = 0;
  std::string simd;
  int64_t epochs = 0;  // trained
  std::optional<double> train_loss;
  std::optional<double> test_accuracy;
  double seconds = 0;
  double samples_per_second = 0;
  std::string weights_hash;
};

class RunFolder {
 public:
  // Makes `path` and writes config.yaml. Throws InputError if it already holds a run, RunError if
  // it cannot be written.
  RunFolder(const std::string& path, const Node& config);

  const std::string& path() const { return path_; }

  // A line in metrics.jsonl and in metrics.csv, on disk when this returns.
  void AddEpoch(const EpochFigures& figures);
  void WriteSummary(const Summary& summary);
  // <matrix.name>.json and .csv, replacing those of an earlier epoch.
  void WriteMatrix(const NamedMatrix& matrix);

 private:
  void Append(const std::string& file, const std::string& line);

  std::string path_;
};

// <working_directory>/runs/<name>/<time>, a folder that is not there yet.
std::string NewRunPath(const std::string& working_directory, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_RUN_FOLDER_H_
