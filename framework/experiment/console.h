// What a run shows: a progress bar on a terminal, plain lines in a pipe, nothing when quiet.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_CONSOLE_H_
#define NABLA_FRAMEWORK_EXPERIMENT_CONSOLE_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/engine/trainer.h"
#include "framework/experiment/figures.h"
#include "framework/experiment/reference.h"

namespace nabla {

class Console {
 public:
  explicit Console(bool quiet);
  ~Console();

  void Line(const std::string& text);
  // To standard error, also when quiet.
  void Warn(const std::string& text);

  // Redraws the bar a few times a second at most; the clock is read each call, which takes 25 ns.
  void Progress(const std::string& what, double fraction, const std::string& figures);
  void Epoch(const EpochFigures& figures, int64_t epochs);
  // Our figures beside those that the notebook printed.
  void Compare(const RunFigures& run, const std::vector<Reference>& references);

 private:
  void ClearBar();
  void CompareCurve(const Reference& reference, const std::vector<std::optional<double>>& ours);
  void CompareMatrix(const Reference& reference, const std::vector<std::optional<double>>& ours);

  const bool quiet_;
  const bool terminal_;
  bool bar_shown_ = false;
  std::chrono::steady_clock::time_point next_bar_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_CONSOLE_H_
