// What `compare` compares: settings of experiment files, and those of finished runs.
#ifndef NABLA_EXPERIMENTS_COMPARED_SETTINGS_H_
#define NABLA_EXPERIMENTS_COMPARED_SETTINGS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/spec/spec.h"
#include "framework/training/run_options.h"
#include "framework/training/side_by_side.h"

namespace nabla {

inline constexpr size_t kMostComparedSettings = 8;

// A run by its seed and its fold, which is 0 without folds.
using SeedAndFold = std::pair<int64_t, int64_t>;

struct KnownRun {
  std::string folder;
  RunResult result;
  std::string rows;  // their checksums, "" if they are not known
};

struct ComparedSetting {
  std::string label;
  Node tree;                              // the experiment without a sweep
  int64_t folds = 0;                      // of each seed; 0: none
  std::map<SeedAndFold, KnownRun> known;  // runs that were finished before
};

// The settings of an experiment file's sweep, or the file itself. Labels begin with `name`, but for
// those of a sweep if it is the only input. Throws what SweepPoints throws.
std::vector<ComparedSetting> SettingsOf(const Node& tree, const std::string& name, bool only_input,
                                        const Registry& registry);

// Reads a run's config.yaml; throws InputError.
using ReadConfig = std::function<Node(const std::string& file)>;

// The settings of all finished runs at or below `folder`: runs that differ only in their seed, or
// in their fold where there are several, are of the same setting. Throws InputError if there are
// none, for files that no run wrote, and for runs on replaced data.
std::vector<ComparedSetting> SettingsIn(const std::string& folder, const std::string& name,
                                        bool only_input, const ReadConfig& read);

// Throws InputError unless there are 2 to kMostComparedSettings settings that differ in more than
// their seeds and names, and finished runs of the same seed and data are of the same rows.
void CheckSettings(const std::vector<ComparedSetting>& settings, const Registry& registry);

// The tree with a seed and a fold of the setting, and without train.max_time.
AnySpec SpecOf(const ComparedSetting& setting, SeedAndFold run, const Registry& registry);

// The seeds of the comparison, in the order in which they are used: first those that all settings
// have finished, then those that some have, then new ones, from `own` on. So many as `asked` says;
// otherwise kUsualSeeds, or more if more are finished. Throws InputError if that is more than the
// test takes.
inline constexpr int64_t kUsualSeeds = 64;
std::vector<int64_t> SeedsInOrder(const std::vector<ComparedSetting>& settings, int64_t own,
                                  const std::optional<Seeds>& asked);

// How many of these seeds, from the first one on, all settings have finished.
size_t FinishedSeeds(const std::vector<ComparedSetting>& settings,
                     const std::vector<int64_t>& seeds);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_COMPARED_SETTINGS_H_
