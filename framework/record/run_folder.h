// The folder that a run writes.
#ifndef NABLA_FRAMEWORK_RECORD_RUN_FOLDER_H_
#define NABLA_FRAMEWORK_RECORD_RUN_FOLDER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"
#include "framework/engine/trainer.h"
#include "framework/formats/appended_file.h"
#include "framework/record/environment.h"

namespace nabla {

// The contents of summary.json. Accuracies are fractions, seconds are training time.
struct Summary {
  std::string name;
  std::string status;   // "complete", "stopped" or "diverged"
  std::string dataset;  // the one that was used
  std::string dtype;
  int64_t seed = 0;
  size_t threads = 0;
  std::string simd;
  int64_t epochs = 0;                                   // trained
  std::vector<std::pair<std::string, double>> metrics;  // MetricsOf the last epoch
  double seconds = 0;
  double samples_per_second = 0;
  std::string weights_hash;
  std::string failure;                       // why it diverged; "" if it did not
  std::string ended;                         // "early_stop after epoch 11 of 200: why"; or ""
  std::map<int64_t, double> initial_losses;  // by number of rows, as references name it
  std::vector<std::string> matrices;         // the files <name>.json beside it
};

// When it ends, removes a folder that MakeRunPath made, and those above it, if nothing was put into
// them. "" is no folder.
class RemovedIfEmpty {
 public:
  explicit RemovedIfEmpty(const std::string& path) : path_(path) {}
  ~RemovedIfEmpty();
  RemovedIfEmpty(const RemovedIfEmpty&) = delete;
  RemovedIfEmpty& operator=(const RemovedIfEmpty&) = delete;

 private:
  const std::string path_;
};

// What to do if a folder already holds a run.
enum class Existing {
  kRefuse,  // throw InputError
  kResume,  // resume a run of the same config unless it is complete
};

// Another process is running in the folder.
class FolderBusy : public InputError {
 public:
  explicit FolderBusy(const std::string& path);
};

// The folder already holds the complete run.
class FolderComplete : public InputError {
 public:
  explicit FolderComplete(const std::string& path);
};

// Waits until no process is running in the folder, or a signal is caught.
void WaitForFolder(const std::string& path);

// While it exists, no other process can use the same folder.
class RunFolder {
 public:
  // Creates `path`. Throws InputError if it holds a run that must not be resumed, FolderBusy if
  // another process is running there, FolderComplete if the run is complete, RunError if the folder
  // cannot be written.
  RunFolder(const std::string& path, const Node& config, const RunInputs& inputs,
            Existing existing);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::string& path() const { return path_; }

  // Call it before the functions below. Writes config.yaml, and metrics files with these epochs.
  void BeginWith(const std::vector<EpochMetrics>& epochs);
  // Adds a line to metrics.jsonl and to metrics.csv; both are written when this returns.
  void AddEpoch(const EpochMetrics& metrics);
  void WriteSummary(const Summary& summary);
  void WriteEnvironment(const Environment& environment);
  void WriteInspection(const std::string& json);
  // <matrix.name>.json and .csv, replacing those of an earlier epoch.
  void WriteMatrix(const NamedMatrix& matrix);

 private:
  void Claim();
  // What a failure of power may do to a file: nothing, or empty it.
  enum class Power { kLasts, kMayFail };
  // A reader sees the whole file or none, even if the process crashes.
  void WriteWhole(const std::string& file, const std::string& text, Power power);
  // metrics.csv of these epochs, with a column for each metric that one of them has.
  void WriteCsv(const std::vector<EpochMetrics>& epochs);

  const std::string path_;
  const Node config_;
  int claim_ = -1;                        // descriptor of the locked file
  AppendedFile metrics_lines_;            // metrics.jsonl
  AppendedFile metrics_table_;            // metrics.csv
  std::vector<std::string> csv_metrics_;  // that have a column in metrics.csv
};

// Makes <working_directory>/runs/<name>/<time>, a folder that no other call gets, in any process.
// Throws RunError.
std::string MakeRunPath(const std::string& working_directory, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_RUN_FOLDER_H_
