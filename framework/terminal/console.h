// What a run shows: a progress bar on a terminal, plain lines in a pipe, nothing when quiet.
#ifndef NABLA_FRAMEWORK_TERMINAL_CONSOLE_H_
#define NABLA_FRAMEWORK_TERMINAL_CONSOLE_H_

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "framework/data/download.h"
#include "framework/data/files.h"
#include "framework/engine/threads.h"
#include "framework/engine/trainer.h"
#include "framework/record/run_metrics.h"
#include "framework/spec/reference.h"
#include "framework/terminal/output.h"
#include "framework/terminal/progress.h"

namespace nabla {

class Console {
 public:
  // `silent` drops warnings too: only the first of several ranks prints. `json`: standard output is
  // for JSON alone, so what is shown goes to standard error.
  explicit Console(bool quiet, bool silent = false, bool json = false);
  ~Console();

  // Adds all earlier and later lines to `file`, even when quiet, but no bars. Ignores errors of
  // writing: they must not end a training run.
  void KeepIn(const std::string& file);

  // LineColumns of where lines are shown.
  size_t Columns() const;

  void Line(const std::string& text);
  // Prints an error, a warning or a note ("place: note: what") to standard error: notes unless
  // quiet, the others unless silent.
  void Warn(const std::string& text);

  // Whether to call one of the next two functions: up to ten times a second on a terminal, never
  // elsewhere.
  // Reads the clock about once a millisecond, however often it is called.
  bool BarIsDue();
  // Draws a progress bar with the time that is left.
  void Progress(const std::string& what, double fraction, const std::string& metrics);
  // Shows a text instead of a bar, for work of unknown length.
  void Status(const std::string& text);

  // The same options, with downloads shown: a bar on a terminal, otherwise a line for each.
  FilesOptions WithDownloadsShown(FilesOptions options);

  void Epoch(const EpochMetrics& metrics, int64_t epochs);
  // Our metrics beside those that the notebook printed.
  void Compare(const RunMetrics& run, const std::vector<Reference>& references);

 private:
  void Keep(const std::string& text);
  void Show(const std::string& text);
  // Leaves room for the "^C" of an interrupt, which would otherwise wrap and leave the bar behind.
  size_t BarColumns() const;
  void PrintMoves(const std::string& text) const;
  void ShowDownload(const nabla::Progress& p);
  void Draw(const std::string& text);
  void ClearBar();
  void CompareCurve(const Reference& reference, const std::vector<std::optional<double>>& ours);
  void CompareMatrix(const Reference& reference, const std::vector<std::optional<double>>& ours);

  const bool quiet_;
  const bool silent_;
  const Stream stream_;
  const bool terminal_;
  bool bar_shown_ = false;
  std::chrono::steady_clock::time_point next_bar_;
  std::chrono::steady_clock::time_point last_look_;
  int calls_a_look_ = 1;
  int calls_to_look_ = 1;
  TimeLeft left_;
  std::string downloading_;  // the URL shown last
  std::string said_;         // lines before there was a log
  std::ofstream log_;
};

// Says so where there are fewer threads than were asked for.
void WarnOfShortage(const Threads& threads, Console& console);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_CONSOLE_H_
