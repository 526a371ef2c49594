// The folder that a run leaves behind.
#ifndef NABLA_FRAMEWORK_RECORD_RUN_FOLDER_H_
#define NABLA_FRAMEWORK_RECORD_RUN_FOLDER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"
#include "framework/engine/trainer.h"
#include "framework/record/environment.h"

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
  std::string failure;                       // why it is not complete; "" if it is
  std::map<int64_t, double> initial_losses;  // by how many rows, where references name them
  std::vector<std::string> matrices;         // the files <name>.json beside it
};

// What a folder that already holds a run means.
enum class Existing {
  kRefuse,  // bad input
  kResume,  // resume a run of the same config that did not end
};

// Another process has a run under way in the folder.
class FolderBusy : public InputError {
 public:
  explicit FolderBusy(const std::string& path);
};

// The folder holds the same run, complete.
class FolderComplete : public InputError {
 public:
  explicit FolderComplete(const std::string& path);
};

// Returns when no process is at work in the folder, or a signal was caught.
void WaitForFolder(const std::string& path);

// While it lives, no other process can have the same folder.
class RunFolder {
 public:
  // Makes `path`. Throws InputError if it holds a run that must not be
  // resumed, FolderBusy if another process is at work there, FolderComplete if the run is complete,
  // RunError if it cannot be written.
  RunFolder(const std::string& path, const Node& config, Existing existing);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::string& path() const { return path_; }

  // Before all that follows: writes config.yaml, and metrics files that hold just these epochs.
  void BeginWith(const std::vector<EpochMetrics>& epochs);
  // A line in metrics.jsonl and in metrics.csv, on disk when this returns.
  void AddEpoch(const EpochMetrics& metrics);
  void WriteSummary(const Summary& summary);
  void WriteEnvironment(const Environment& environment);
  void WriteInspection(const std::string& json);
  // <matrix.name>.json and .csv, replacing those of an earlier epoch.
  void WriteMatrix(const NamedMatrix& matrix);

 private:
  void Claim();
  // A reader sees the whole file or none, whenever the process ends.
  void WriteWhole(const std::string& file, const std::string& text);
  void Append(const std::string& file, const std::string& line);

  const std::string path_;
  const Node config_;
  int claim_ = -1;  // a file in it, open and locked
};

// <working_directory>/runs/<name>/<time>, a folder that is not there yet.
std::string NewRunPath(const std::string& working_directory, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_RUN_FOLDER_H_
