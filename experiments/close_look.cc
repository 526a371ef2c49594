#include "experiments/close_look.h"

#include <fmt/format.h>

#include <filesystem>

#include "experiments/scratch_folder.h"
#include "experiments/single_run.h"
#include "framework/base/error.h"
#include "framework/config/override.h"
#include "framework/data/disk.h"
#include "framework/record/finished_run.h"

namespace nabla {

void LookClosely(const std::string& folder, const RunOptions& options, const Program& program,
                 Console& console) {
  const std::string file = folder + "/inspection.json";
  if (std::filesystem::exists(file)) return;
  const Summary before = ReadRun(folder).summary;
  if (before.status != "complete") {
    throw InputError(std::vector<Problem>{
        {{folder}, "is " + before.status + "; only a complete run can be looked at closely"}});
  }
  const ScratchFolder place("--look");
  RunOptions run = options;
  run.out = place.path() + "/run";
  run.quiet = true;
  Node tree = ReadFoundExperiment(program, folder + "/config.yaml");
  ApplyOverride(tree, "train.max_time=null");
  console.Status(fmt::format("training {} again", folder));
  std::string made;
  if (RunExperiment(tree, run, program.registry, &made) != kGood) {
    throw RunError("the run in " + folder + " could not be trained again to its end");
  }
  const Summary now = ReadRun(run.out).summary;
  if (now.dataset != before.dataset || now.weights_hash != before.weights_hash) {
    throw RunError(fmt::format(
        "trained again, the run in {} has the weights {} on {}, not {} on {}, so nothing can be "
        "said of its model; `diff` and `why` say what differs",
        folder, now.weights_hash, now.dataset, before.weights_hash, before.dataset));
  }
  WriteText(file, ReadRunText(run.out + "/inspection.json"));
}

}  // namespace nabla
