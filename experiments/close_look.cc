#include "experiments/close_look.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "experiments/single_run.h"
#include "framework/base/error.h"
#include "framework/config/override.h"
#include "framework/formats/atomic_file.h"
#include "framework/record/finished_run.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// A folder that is gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(fs::temp_directory_path() / "nabla_look_XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) throw RunError("cannot make the folder " + path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

void LookClosely(const std::string& folder, const RunOptions& options, const Program& program,
                 Console& console) {
  const std::string file = folder + "/inspection.json";
  if (fs::exists(file)) return;
  const Summary before = ReadRun(folder).summary;
  if (before.status != "complete") {
    throw InputError(std::vector<Problem>{
        {{folder}, "is " + before.status + "; only a complete run can be looked at closely"}});
  }
  const TemporaryFolder place;
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
  const std::string text = ReadRunText(run.out + "/inspection.json");
  WriteFileAtomically(file, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace nabla
