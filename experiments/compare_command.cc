#include "experiments/compare_command.h"

#include <filesystem>
#include <utility>

#include "experiments/budget_option.h"
#include "experiments/compare.h"
#include "experiments/compared_settings.h"
#include "experiments/json_option.h"
#include "experiments/number_option.h"
#include "experiments/output_file.h"
#include "experiments/shared_options.h"
#include "framework/base/error.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCompareFooter =
    R"(Runs of the same seed are compared with each other by an exact test, and seeds are added until one
setting is better than all others, or the budget ends. docs/compare.md says how.

Examples:
  nabla compare mnist_3layer optimizer.lr=0.001,0.002
  nabla compare mine.yaml theirs.yaml --metric test_loss --budget 1h
  nabla compare lr --no-train)";

// A folder of that name, unless an experiment has it: runs/iris holds the runs of iris.
bool IsFolder(const Program& program, const std::string& word) {
  std::error_code error;
  const fs::path here = program.working_directory;
  if (fs::is_directory(here / word, error)) return true;
  if (!fs::is_directory(here / "runs" / word, error)) return false;
  try {
    FindExperiment(program, word, false);
    return false;
  } catch (const InputError&) {
    return true;
  }
}

struct Inputs {
  std::vector<std::string> names;  // of files and folders
  std::vector<std::string> assignments;
};

Inputs Sorted(const CompareOptions& a, const Program& program) {
  Inputs inputs;
  bool any_file = false;
  for (const std::string& word : a.words) {
    const bool folder = IsFolder(program, word);
    const bool assignment = !folder && word.find('=') != std::string::npos;
    (assignment ? inputs.assignments : inputs.names).push_back(word);
    any_file = any_file || (!folder && !assignment);
  }
  if (inputs.names.empty()) {
    throw InputError("compare needs an experiment file or a folder of runs; see --help");
  }
  if (!any_file && !inputs.assignments.empty()) {
    throw InputError(std::vector<Problem>{
        {{"command line: " + inputs.assignments.front()},
         "a value is for an experiment file, and only folders of finished runs are given"}});
  }
  return inputs;
}

std::vector<ComparedSetting> FindSettings(const CompareOptions& a, const Program& program) {
  const Inputs inputs = Sorted(a, program);
  const bool only = inputs.names.size() == 1;
  const auto read = [&program](const std::string& file) {
    return ReadFoundExperiment(program, file);
  };
  std::vector<ComparedSetting> all;
  for (const std::string& name : inputs.names) {
    std::vector<ComparedSetting> own;
    if (IsFolder(program, name)) {
      own = SettingsIn(FindRunFolder(program, name), name, only, read);
    } else {
      const ExperimentFile file = FindExperiment(program, name, false);
      const Node tree = ReadExperiment(program, file, inputs.assignments);
      own = SettingsOf(tree, fs::path(file.name).stem().string(), only, program.registry);
    }
    for (ComparedSetting& setting : own) all.push_back(std::move(setting));
  }
  return all;
}

}  // namespace

void DeclareCompareCommand(CLI::App& app, CompareOptions* a, RunOptions* run,
                           PluginArguments* plugins) {
  CLI::App& compare = *app.add_subcommand(
      "compare", "test whether settings differ, adding seeds until that is decided");
  compare
      .add_option("settings", a->words,
                  "experiment files, folders of runs or sweeps, and key=value for the files; "
                  "key=a,b compares the values")
      ->required();
  compare.add_option(
      "--metric", a->metric,
      "the metric that decides, such as test_r2 (default: test_accuracy, or else test_loss)");
  DeclareBudget(compare, &run->budget,
                "how long all new runs together may train: 90, 90s, 10m or 1h (default: 10m, or "
                "without a limit if --seeds is given)");
  compare.add_option("--seeds", a->seeds,
                     "the most seeds of each setting: a count, a list 3,5,9 or a range 0..9 "
                     "(default: 64)");
  compare
      .add_option("--difference", a->difference,
                  "also say how many seeds would decide a difference of this size (default: "
                  "the one observed)")
      ->check(PositiveNumber());
  compare.add_flag("--no-train", a->no_train, "compare finished runs only");
  compare.add_option("--out", run->out, "folder for new runs (default: runs/<name>/<time>)")
      ->check(NoDash());
  DeclareJson(compare, &run->json);
  DeclareThreads(compare, run, "runs side by side");
  DeclareData(compare, run);
  compare.add_flag("--quiet", run->quiet, "show only the answer, errors and warnings");
  DeclareLibraries(compare, plugins);
  compare.footer(kCompareFooter);
}

std::optional<int> RunCompareCommand(const CLI::App& app, const CompareOptions& a, RunOptions run,
                                     const Program& program) {
  if (!app.got_subcommand("compare")) return std::nullopt;
  if (!a.seeds.empty()) run.seeds = ParseSeeds(a.seeds, "--seeds");
  const CompareArguments arguments{.settings = FindSettings(a, program),
                                   .metric = a.metric,
                                   .difference = a.difference,
                                   .train = !a.no_train};
  return Compare(arguments, run, program.registry);
}

}  // namespace nabla
