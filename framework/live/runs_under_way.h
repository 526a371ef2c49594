// Which runs below a folder go on.
#ifndef NABLA_FRAMEWORK_LIVE_RUNS_UNDER_WAY_H_
#define NABLA_FRAMEWORK_LIVE_RUNS_UNDER_WAY_H_

#include <string>
#include <vector>

namespace nabla {

struct RunsUnderWay {
  // Folders of runs, or of many runs, that processes of this machine work on: the one that was
  // begun last comes first, and runs of such a folder of many are not listed beside it.
  std::vector<std::string> folders;
  std::string change;  // another text once a run below the folder has written something
};

// Looks at the folder and all below it. Takes no lock, since a run would stumble over it.
RunsUnderWay LookForRuns(const std::string& folder);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_LIVE_RUNS_UNDER_WAY_H_
