#include "experiments/training_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <variant>

#include "experiments/budget_option.h"
#include "experiments/folder_result.h"
#include "experiments/investigate.h"
#include "experiments/json_option.h"
#include "experiments/output_file.h"
#include "experiments/reproduce.h"
#include "experiments/shared_options.h"
#include "experiments/single_run.h"
#include "experiments/sweep.h"
#include "experiments/trial.h"
#include "framework/engine/threads.h"
#include "framework/mpi/rank.h"
#include "framework/spec/commented_config.h"
#include "framework/terminal/console.h"
#include "framework/terminal/output.h"
#include "framework/training/training_run.h"
#include "framework/verdict/unjudgeable.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// Where the values of options are stored.
struct Options {
  TrainingArguments* a;
  RunOptions* run;
  PluginArguments* plugins;
};

// Options that every command has.
void DeclareShared(CLI::App& command, Options* o) {
  DeclareThreads(command, o->run);
  DeclareData(command, o->run);
  command.add_option("--out", o->run->out, "folder for the results (default: runs/<name>/<time>)")
      ->check(NoDash());
  command.add_flag("--quiet", o->run->quiet,
                   "show only errors, warnings and, at the end, the name of the folder");
  DeclareJson(command, &o->run->json);
  DeclareLibraries(command, o->plugins);
}

// Options of commands that train one experiment.
void DeclareTraining(CLI::App& command, Options* o) {
  command.add_flag("--print-config", o->a->print_config,
                   "print the whole file with every default and its meaning; do not train");
  command.add_flag("--tensorboard", o->run->tensorboard,
                   "also write events for TensorBoard into the run folder");
}

// Options of commands that do many runs.
void DeclareMany(CLI::App& command, Options* o) {
  command.add_option("--seeds", o->a->seeds,
                     "seeds of each setting: a count, a list 3,5,9 or a range 0..9");
  command.add_option("--shard", o->a->shard,
                     "i/n: every n-th run from the i-th on, for machines that share the work");
}

void DeclareSort(CLI::App& command, Options* o) {
  command.add_option("--sort", o->run->sort,
                     "the metric that orders the table of settings, best first, such as test_r2 "
                     "(default: test_accuracy, or else test_loss)");
}

void DeclareRun(CLI::App& app, Options* o) {
  CLI::App& run = *app.add_subcommand("run", "train an experiment");
  run.add_option("file", o->a->file, "a path, or the name of a bundled experiment")->required();
  run.add_option("overrides", o->a->overrides,
                 "key=value, any key of the file: train.epochs=2; key=a,b,c tries each");
  run.add_option("--seed", o->a->seed, "the same as seed=N");
  run.add_flag("--resume", o->run->resume,
               "resume the run in the --out folder from its checkpoint, also to a larger "
               "train.epochs");
  run.add_flag("--verbose", o->run->verbose, "show the layers before training");
  run.add_flag("--try", o->a->try_out,
               "take one batch through training, evaluation and a checkpoint; keep nothing");
  DeclareTraining(run, o);
  DeclareMany(run, o);
  DeclareSort(run, o);
  DeclareShared(run, o);
  run.footer(kHelpFooter);
}

void DeclareSweep(CLI::App& app, Options* o) {
  CLI::App& sweep = *app.add_subcommand("sweep", "train every setting of a sweep");
  sweep
      .add_option("file", o->a->file,
                  "an experiment with a sweep: block, or any experiment with key=a,b,c")
      ->required();
  sweep.add_option("overrides", o->a->overrides,
                   "key=value, any key of the file; key=a,b,c tries each");
  sweep.add_flag("--resume", o->run->resume,
                 "train the runs in the --out folder on to a larger train.epochs");
  DeclareTraining(sweep, o);
  DeclareMany(sweep, o);
  DeclareSort(sweep, o);
  DeclareShared(sweep, o);
}

void DeclareReproduce(CLI::App& app, Options* o) {
  CLI::App& reproduce =
      *app.add_subcommand("reproduce", "compare our metrics with those that notebooks printed");
  reproduce.add_option("files", o->a->reproduce,
                       "experiments with a reference (default: all bundled ones), and key=value");
  DeclareBudget(reproduce, &o->run->budget,
                "how long all runs together may train: 90, 90s, 10m or 1h (default: 60 for each "
                "file, or its reproduce.budget)");
  const auto power = [run = o->run](bool wish) {
    return [run, wish](int64_t) { run->power = wish; };
  };
  CLI::Option* with = reproduce.add_flag_function(
      "--power", power(true),
      "also train deliberate mistakes, to see which the metrics would expose");
  reproduce
      .add_flag_function("--no-power", power(false),
                         "train no deliberate mistakes, even if that takes only seconds")
      ->excludes(with);
  DeclareMany(reproduce, o);
  // The mistakes are judged by all runs, so they wait for a call that has them.
  reproduce.get_option("--shard")->excludes(with);
  DeclareShared(reproduce, o);
}

void DeclareInvestigate(CLI::App& app, Options* o) {
  CLI::App& investigate = *app.add_subcommand(
      "investigate", "search for what a notebook hides: changes that make its metrics fit");
  investigate.add_option("file", o->a->file, "an experiment with a reference")->required();
  investigate.add_option("overrides", o->a->overrides, "key=value, any key of the file");
  DeclareBudget(investigate, &o->run->budget,
                "how long to search: 90, 90s, 10m or 1h (default: 10m, or its investigate.budget)");
  investigate
      .add_option("--write", o->a->write, "write the experiment that fits best to this new file")
      ->check(NoDash());
  investigate
      .add_option("--page", o->a->page, "write a page with all hypotheses to this file (.html)")
      ->check(NoDash());
  DeclareJson(investigate, &o->run->json);
  DeclareThreads(investigate, o->run, "runs side by side");
  DeclareData(investigate, o->run);
  investigate.add_flag("--quiet", o->run->quiet, "show only the answer, errors and warnings");
  DeclareLibraries(investigate, o->plugins);
}

// The assignments of the command line, including --seed.
std::vector<std::string> Assignments(const TrainingArguments& a) {
  std::vector<std::string> assignments = a.overrides;
  if (!a.seed.empty()) assignments.push_back("seed=" + a.seed);
  return assignments;
}

int PrintConfig(const Program& program, const TrainingArguments& a, const RunOptions& run) {
  if (run.json) throw InputError("--print-config prints YAML: leave out --json");
  const ExperimentFile file = FindExperiment(program, a.file, true);
  const Node tree = ReadExperiment(program, file, Assignments(a));
  const AnySpec any = ParseAnyExperiment(tree, program.registry);
  for (const std::string& warning : WarningsOf(FindUnjudgeable(HeadOf(any), tree))) {
    PrintError(warning + "\n");
  }
  Print(CommentedConfig(ResolvedConfig(any), program.registry));
  return kGood;
}

// This rank's share of the cores: ranks on one host that may use the same cores divide them
// equally.
size_t FairThreads(Ranks& ranks) {
  const std::string mine = ranks.host() + " " + CoreSet();
  const std::vector<std::string> all = ranks.Gather(mine);
  const auto sharers = static_cast<size_t>(std::count(all.begin(), all.end(), mine));
  return std::max<size_t>(1, UsableCores() / sharers);
}

// Under mpirun or srun every process takes runs that no other has; only the first one prints.
void ShareAmongRanks(RunOptions* run) {
  const Rank rank = RankFromEnvironment();
  if (rank.count == 1) return;
  if (run->out.empty() && run->ranks == nullptr) {
    throw InputError(fmt::format(
        "{} processes were started together: they need --out, a folder to share", rank.count));
  }
  if (rank.index > 0) run->quiet = true;
  if (run->ranks == nullptr) return;
  const size_t fair = FairThreads(*run->ranks);
  if (run->threads == 0) run->threads = fair;
}

// Several processes can share many runs, or with MPI the shards of one run.
void CheckOneRun(const RunOptions& run, const Node& tree) {
  const size_t count = RankFromEnvironment().count;
  if (count == 1) return;
  const std::string many = fmt::format("{} processes were started together for one run: ", count);
  if (run.ranks == nullptr) {
    throw InputError(many +
                     "nabla was built without MPI (--config=mpi), so they can only share "
                     "many runs: give --seeds or a sweep");
  }
  const Node* train = tree.Find("train");
  if (train == nullptr || train->Find("gradient_shards") == nullptr) {
    throw InputError(
        fmt::format("{}give train.gradient_shards={} or more to share its batches, or --seeds "
                    "or a sweep to share many runs",
                    many, count));
  }
}

int Train(const Program& program, const TrainingArguments& a, const RunOptions& run,
          bool sweep_wanted) {
  ExperimentFile file;
  Together(run.ranks, [&] { file = FindExperiment(program, a.file, true); });
  // Bundled experiments are links into the sources, where a user can edit them.
  Console(run.quiet, run.silent(), run.json)
      .Line("experiment: " + fs::canonical(file.path).string());
  Node tree;
  Together(run.ranks, [&] { tree = ReadExperiment(program, file, Assignments(a)); });
  const Node* sweep = tree.Find("sweep");
  const bool swept = sweep != nullptr && !sweep->IsNull();
  if (sweep_wanted && !swept) {
    throw InputError(std::vector<Problem>{
        {tree.place, "a sweep needs `sweep: {grid: {key: [value, ...], ...}}` or key=a,b,c"}});
  }
  if (run.resume && run.out.empty()) {
    throw InputError("--resume needs --out, the folder of the run to resume");
  }
  if (run.verbose && (swept || run.seeds)) {
    throw InputError("--verbose shows the layers of one run; `summary` shows them for many");
  }
  if (a.try_out) {
    if (swept || run.seeds) throw InputError("--try takes one setting and one seed");
    if (!run.out.empty()) throw InputError("--try keeps nothing, so it takes no --out");
    if (run.json) throw InputError("--try keeps nothing, so it has no result for --json");
    return TryExperiment(tree, run, program.registry);
  }
  if (swept || run.seeds) return Sweep(tree, run, program.registry);
  if (!run.sort.empty()) throw InputError("--sort orders many runs: give --seeds or a sweep");
  if (!a.shard.empty()) throw InputError("--shard splits many runs: give --seeds or a sweep");
  Together(run.ranks, [&] { CheckOneRun(run, tree); });
  std::string folder;
  const int code = RunExperiment(tree, run, program.registry, &folder);
  if (!folder.empty()) PrintFolderResultOf(folder, "summary.json", run);
  return code;
}

// Reproduces the named experiments, or all bundled ones with a reference.
int RunReproduce(const Program& program, const TrainingArguments& a, const RunOptions& run) {
  std::vector<std::string> names;
  std::vector<std::string> assignments;
  for (const std::string& word : a.reproduce) {
    (word.find('=') == std::string::npos ? names : assignments).push_back(word);
  }
  const bool all = names.empty();
  if (all) names = BundledExperiments(program.bundled);
  std::vector<Node> trees;
  Together(run.ranks, [&] {
    for (const std::string& name : names) {
      // A file of that name in the user's folder is not what was asked for.
      const ExperimentFile file = all ? ExperimentFile{name, program.bundled + "/" + name}
                                      : FindExperiment(program, name, false);
      if (all && ReadExperiment(program, file, {}).Find("reference") == nullptr) continue;
      trees.push_back(ReadExperiment(program, file, assignments));
      RequireOneSetting(trees.back(), "reproduce");
    }
  });
  return Reproduce(trees, run, program.registry);
}

int RunInvestigate(const Program& program, const TrainingArguments& a, const RunOptions& run) {
  const ExperimentFile file = FindExperiment(program, a.file, false);
  InvestigateArguments arguments{
      .tree = {}, .path = file.path, .assignments = {}, .write = a.write};
  arguments.tree = ReadExperiment(program, file, a.overrides, &arguments.assignments);
  RequireOneSetting(arguments.tree, "investigate");
  const fs::path here = program.working_directory;
  if (!a.write.empty()) arguments.write = (here / a.write).string();
  if (!a.page.empty()) arguments.page = (here / a.page).string();
  return Investigate(arguments, run, program.registry);
}

}  // namespace

const char* const kHelpFooter = R"(Examples:
  nabla mnist_3layer.yaml
  nabla my.yaml train.epochs=2 optimizer.lr=0.1 --seed 3 --threads 2
  nabla mnist_3layer.yaml dataset=synthetic_digits
  nabla reproduce mnist_3layer.yaml --seeds 10
  nabla investigate my.yaml --budget 10m --write found.yaml
  nabla predict runs/mnist_3layer/20250301-101500 seven.png
  nabla list activation
  nabla describe layer/conv2d

`nabla FILE` trains the experiment in FILE: it is short for `nabla run FILE`.
`nabla COMMAND --help` shows the options of a command.
Exit codes: 0 success, 1 failure, 2 bad input, 3 diverged, 130 or 143 stopped by a signal.)";

void DeclareTrainingCommands(CLI::App& app, TrainingArguments* a, RunOptions* run,
                             PluginArguments* plugins) {
  Options options{a, run, plugins};
  DeclareRun(app, &options);
  DeclareSweep(app, &options);
  DeclareReproduce(app, &options);
  DeclareInvestigate(app, &options);
}

bool Trains(const CLI::App& app, const TrainingArguments& a) {
  return !a.print_config && !a.try_out &&
         (app.got_subcommand("run") || app.got_subcommand("sweep") ||
          app.got_subcommand("reproduce"));
}

int RunTrainingCommand(const CLI::App& app, const TrainingArguments& a, RunOptions run,
                       const Program& program) {
  if (a.print_config) return PrintConfig(program, a, run);
  if (app.got_subcommand("investigate")) return RunInvestigate(program, a, run);
  if (!a.seeds.empty()) run.seeds = ParseSeeds(a.seeds, "--seeds");
  if (!a.shard.empty()) run.shard = ParseShard(a.shard, "--shard");
  ShareAmongRanks(&run);
  if (app.got_subcommand("reproduce")) return RunReproduce(program, a, run);
  return Train(program, a, run, app.got_subcommand("sweep"));
}

}  // namespace nabla
