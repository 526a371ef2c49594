// What the command line says about runs, and how the program ends.
#ifndef NABLA_FRAMEWORK_TRAINING_RUN_OPTIONS_H_
#define NABLA_FRAMEWORK_TRAINING_RUN_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/data/files.h"
#include "framework/engine/ranks.h"
#include "framework/record/run_plan.h"

namespace nabla {

// Exit codes of the program.
enum ExitCode { kGood = 0, kFailure = 1, kBadInput = 2, kDiverged = 3, kSignalBase = 128 };

// kGood, or kSignalBase plus the number of the signal that was caught.
int GoodUnlessStopped();

// Seeds to run with: a count of seeds that start at the experiment's own, or a list.
struct Seeds {
  int64_t count = 1;
  std::vector<int64_t> list;  // empty if `count` applies

  // Throws InputError where they pass the largest seed.
  std::vector<int64_t> From(int64_t first) const;
};

// "10", "3,5,9" or "0..9". Throws InputError placed at `option`.
Seeds ParseSeeds(const std::string& text, const std::string& option);

// Every count-th of many runs, starting at `index`, for machines that share the work.
struct Shard {
  size_t index = 0;
  size_t count = 1;

  bool Has(size_t run) const { return run % count == index; }
};

// "2/8", counting from 1. Throws InputError placed at `option`.
Shard ParseShard(const std::string& text, const std::string& option);

struct RunOptions {
  std::string out;     // "" = runs/<name>/<time> in the working directory
  size_t threads = 0;  // 0 = one for each usable core
  bool quiet = false;
  bool json = false;             // print the result as JSON; see json_output.h
  bool verbose = false;          // show the layers of a single run
  bool resume = false;           // resume the run in `out`; more epochs for many runs there
  bool tensorboard = false;      // write events into every run folder
  std::optional<Seeds> seeds;    // instead of what the file says
  std::optional<double> budget;  // seconds for all runs, instead of what the files say
  std::optional<bool> power;     // whether to train mistakes, instead of what the files say
  std::string sort;              // the metric that orders a sweep's table; "" = the usual one
  Shard shard;                   // of a sweep's or a reproduction's runs
  Ranks* ranks = nullptr;        // the processes that were started together, if this build has MPI
  FilesOptions files;

  size_t Workers() const;
  // Whether only another rank prints and writes files.
  bool silent() const { return ranks != nullptr && ranks->index() > 0; }
  // `out`, or a new folder, made by this call.
  std::string FolderFor(const std::string& name) const;
  // The same folder on every rank, where `plan` is agreed upon. Throws what RunPlan::Agree throws,
  // RanksFailed if a rank does not see the folder.
  std::string SharedFolderFor(const std::string& name, RunPlan& plan) const;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_RUN_OPTIONS_H_
