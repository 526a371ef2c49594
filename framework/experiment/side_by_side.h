// Many runs at once, one worker each: that scales with cores where one small batch cannot.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_SIDE_BY_SIDE_H_
#define NABLA_FRAMEWORK_EXPERIMENT_SIDE_BY_SIDE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/data/files.h"
#include "framework/experiment/console.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/figures.h"

namespace nabla {

// Data sets as experiments ask for them, each loaded once.
class DataShelf {
 public:
  explicit DataShelf(Files& files) : files_(files) {}

  // Throws InputError and DataUnavailable as the data set does.
  const DataSplits& Get(const ExperimentHead& spec);

 private:
  Files& files_;
  std::map<std::string, DataSplits> prepared_;
};

// How one of many runs ended: with figures, with a failure, or with neither if it was stopped.
struct SideRun {
  int64_t seed = 0;
  std::optional<RunFigures> figures;
  std::string failure;  // "" = none
};

// Trains every spec on its data (specs[i] on *data[i]), `threads` at a time; results in the order
// of the specs. A run that diverges fails alone; a signal stops all; any other error is thrown when
// the runs under way have ended. `name` heads the progress bar.
template <typename T>
std::vector<SideRun> RunSideBySide(const std::vector<ExperimentSpec<T>>& specs,
                                   const std::vector<const DataSplits*>& data,
                                   const Registry& registry, size_t threads,
                                   const std::string& name, Console& console);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_SIDE_BY_SIDE_H_
