// The command line: finds the experiment file, applies what the user said, and runs it.
#include "framework/experiment/run.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/folder_commands.h"
#include "experiments/model_commands.h"
#include "experiments/plugin_commands.h"
#include "experiments/program.h"
#include "experiments/tool_commands.h"
#include "framework/base/nearest.h"
#include "framework/experiment/commented_config.h"
#include "framework/experiment/job.h"
#include "framework/experiment/rank.h"
#include "framework/experiment/reproduce.h"
#include "framework/experiment/signals.h"
#include "framework/experiment/sweep.h"
#include "framework/kernels/simd.h"
#include "framework/plugin/loader.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFooter = R"(Examples:
  run mnist_3layer.yaml
  run my.yaml train.epochs=2 optimizer.lr=0.1 --seed 3 --threads 2
  run mnist_3layer.yaml dataset=synthetic_digits
  run reproduce mnist_3layer.yaml --seeds 10
  run predict runs/mnist_3layer/20250301-101500 seven.png
  run list activation
  run describe layer/conv2d

A file as first argument is trained: `run FILE` is short for `run run FILE`.
Exit codes: 0 good, 1 failure, 2 bad input, 3 diverged, 130 or 143 stopped by a signal.)";

struct Arguments {
  std::string file;
  std::vector<std::string> overrides;
  std::string seed;
  std::vector<std::string> reproduce;  // files and overrides
  std::string seeds;
  std::string shard;
  bool sweep = false;  // a file without a grid is then a mistake
  bool print_config = false;
  RunOptions run;
  PluginArguments plugins;
  ModelArguments models;
  FolderArguments folders;
  ToolArguments tools;
};

// Options that every command has.
void DeclareShared(CLI::App& command, Arguments* a) {
  command
      .add_option("--threads", a->run.threads, "workers (default: the cores this process may use)")
      ->check(CLI::Range(1, 1024));
  command.add_option("--data", a->run.files.data_dir, "folder with mnist/ in it");
  command.add_option("--out", a->run.out, "folder for the results (default: runs/<name>/<time>)");
  command.add_flag("--offline", a->run.files.offline, "never try the network");
  command.add_flag("--quiet", a->run.quiet, "show nothing but errors and warnings");
  DeclareLibraries(command, &a->plugins);
}

// Of commands that train one experiment.
void DeclareTraining(CLI::App& command, Arguments* a) {
  command.add_flag("--print-config", a->print_config,
                   "print the whole file, every default and what it means, and do nothing else");
  command.add_flag("--tensorboard", a->run.tensorboard,
                   "also write events for TensorBoard into the run folder");
}

// Options of commands that do many runs.
void DeclareMany(CLI::App& command, Arguments* a) {
  command.add_option("--seeds", a->seeds,
                     "runs of each setting: how many, a list 3,5,9 or a range 0..9");
  command.add_option("--shard", a->shard, "i/n: every n-th run, for machines that share the work");
}

void DeclareRun(CLI::App& app, Arguments* a) {
  CLI::App& run = *app.add_subcommand("run", "train an experiment");
  run.add_option("file", a->file, "a path, or the name of a bundled experiment")->required();
  run.add_option("overrides", a->overrides,
                 "key=value, any key of the file: train.epochs=2; key=a,b,c tries each");
  run.add_option("--seed", a->seed, "the same as seed=N");
  run.add_flag("--resume", a->run.resume,
               "go on with the run in the --out folder, from its checkpoint");
  DeclareTraining(run, a);
  DeclareMany(run, a);
  DeclareShared(run, a);
  run.footer(kFooter);
}

void DeclareSweep(CLI::App& app, Arguments* a) {
  CLI::App& sweep = *app.add_subcommand("sweep", "train every setting of an experiment's sweep:");
  sweep.add_option("file", a->file, "an experiment with a sweep:, or any with key=a,b,c")
      ->required();
  sweep.add_option("overrides", a->overrides,
                   "key=value, any key of the file; key=a,b,c tries each");
  DeclareTraining(sweep, a);
  DeclareMany(sweep, a);
  DeclareShared(sweep, a);
}

void DeclareReproduce(CLI::App& app, Arguments* a) {
  CLI::App& reproduce =
      *app.add_subcommand("reproduce", "judge the figures that notebooks printed");
  reproduce.add_option("files", a->reproduce,
                       "experiments with a reference (default: all bundled ones), and key=value");
  DeclareMany(reproduce, a);
  DeclareShared(reproduce, a);
}

// Assignments of the command line, --seed among them.
std::vector<std::string> Assignments(const Arguments& a) {
  std::vector<std::string> assignments = a.overrides;
  if (!a.seed.empty()) assignments.push_back("seed=" + a.seed);
  return assignments;
}

std::string ConfigText(const Node& tree, const Registry& registry) {
  return std::visit(
      [&](const auto& spec) { return CommentedConfig(ResolvedConfig(spec), registry); },
      ParseAnyExperiment(tree, registry));
}

// Under mpirun or srun every process takes what it finds to do; the first one speaks for all.
void ShareAmongRanks(Arguments* a) {
  const Rank rank = RankFromEnvironment();
  if (rank.count == 1) return;
  if (a->run.out.empty()) {
    throw InputError(fmt::format(
        "{} processes were started together: they need --out, a folder to share", rank.count));
  }
  if (rank.index > 0) a->run.quiet = true;
}

int Run(const Program& program, const Arguments& a) {
  const ExperimentFile file = FindExperiment(program, a.file, true);
  // Bundled experiments are links into the sources, where a user can edit them.
  if (a.print_config) {
    fmt::print("{}", ConfigText(ReadExperiment(program, file, Assignments(a)), program.registry));
    return kGood;
  }
  if (!a.run.quiet) fmt::print("experiment: {}\n", fs::canonical(file.path).string());
  const Node tree = ReadExperiment(program, file, Assignments(a));
  const Node* sweep = tree.Find("sweep");
  const bool swept = sweep != nullptr && !sweep->IsNull();
  if (a.sweep && !swept) {
    throw InputError(std::vector<Problem>{
        {tree.place, "a sweep needs `sweep: {grid: {key: [value, ...], ...}}` or key=a,b,c"}});
  }
  if (a.run.resume && a.run.out.empty()) {
    throw InputError("--resume needs --out, the folder of the run to go on with");
  }
  if (swept || a.run.seeds) return Sweep(tree, a.run, program.registry);
  if (!a.shard.empty()) throw InputError("--shard splits many runs: give --seeds or a sweep");
  if (RankFromEnvironment().count > 1) {
    throw InputError("several processes share many runs: give --seeds or a sweep");
  }
  return RunExperiment(tree, a.run, program.registry);
}

// The experiments that are named, or all bundled ones that have figures to reproduce.
int RunReproduce(const Program& program, const Arguments& a) {
  std::vector<std::string> names;
  std::vector<std::string> assignments;
  for (const std::string& word : a.reproduce) {
    (word.find('=') == std::string::npos ? names : assignments).push_back(word);
  }
  const bool all = names.empty();
  if (all) names = BundledExperiments(program.bundled);
  std::vector<Node> trees;
  for (const std::string& name : names) {
    const ExperimentFile file = FindExperiment(program, name, false);
    if (all && ReadExperiment(program, file, {}).Find("reference") == nullptr) continue;
    trees.push_back(ReadExperiment(program, file, assignments));
  }
  return Reproduce(trees, a.run, program.registry);
}

// The arguments with "run" put in where the first one is a file.
std::vector<std::string> WithCommand(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words[0] == "-h" || words[0] == "--help") return words;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (words[0] == command->get_name()) return words;
  }
  words.insert(words.begin(), "run");
  return words;
}

int Main(int argc, char** argv) {
  CLI::App app("nabla trains small neural networks from a YAML file.", "run");
  Arguments arguments;
  arguments.run.files = FilesOptions::FromEnvironment();
  std::string& folder = arguments.run.files.working_directory;
  if (folder.empty()) folder = fs::current_path().string();
  DeclareRun(app, &arguments);
  DeclareSweep(app, &arguments);
  DeclareReproduce(app, &arguments);
  DeclareFolderCommands(app, &arguments.folders, &arguments.run);
  DeclareModelCommands(app, &arguments.models, &arguments.plugins);
  DeclarePluginCommands(app, &arguments.plugins);
  DeclareToolCommands(app, &arguments.tools, &arguments.run, &arguments.plugins.libraries);
  app.require_subcommand(1);
  app.footer(kFooter);
  const std::string bundled = BundledFolder(argv[0]);
  if (argc == 1) {
    throw InputError(fmt::format("expected an experiment file or a command{}; --help shows more",
                                 Suggest("", BundledExperiments(bundled))));
  }
  try {
    std::vector<std::string> words = WithCommand(app, argc, argv);
    std::reverse(words.begin(), words.end());  // CLI11 takes them last first
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help("", CLI::AppFormatMode::All));
    return kGood;
  } catch (const CLI::ParseError& e) {
    const std::string option = SuggestOption(app, WithCommand(app, argc, argv));
    throw InputError((option.empty() ? e.what() : option) + "; --help shows what there is");
  }
  arguments.sweep = app.got_subcommand("sweep");
  if (!arguments.seeds.empty()) arguments.run.seeds = ParseSeeds(arguments.seeds, "--seeds");
  if (!arguments.shard.empty()) arguments.run.shard = ParseShard(arguments.shard, "--shard");
  std::string& out = arguments.run.out;
  if (!out.empty()) out = (fs::path(folder) / out).string();
  CatchSignals();
  SetSimdFromEnvironment();
  Registry registry;
  RegisterBuiltins(registry);
  if (const auto code = RunPluginCommand(app, arguments.plugins, folder, registry)) return *code;
  PluginLoader loader(folder, registry);
  Program program{.working_directory = folder,
                  .bundled = bundled,
                  .commands = {},
                  .libraries = arguments.plugins.libraries,
                  .registry = registry,
                  .loader = loader};
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    program.commands.push_back(command->get_name());
  }
  if (const auto code = RunToolCommand(app, arguments.tools, arguments.run, program)) return *code;
  if (const auto code = RunModelCommand(app, arguments.models, program)) return *code;
  if (const auto code = RunFolderCommand(app, arguments.folders, arguments.run, program)) {
    return *code;
  }
  ShareAmongRanks(&arguments);
  return app.got_subcommand("reproduce") ? RunReproduce(program, arguments)
                                         : Run(program, arguments);
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) {
  try {
    return nabla::Main(argc, argv);
  } catch (const nabla::InputError& e) {
    fmt::print(stderr, "{}\n", e.what());
    return nabla::kBadInput;
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: {}\n", e.what());
    const int signal = nabla::CaughtSignal();
    return signal != 0 ? nabla::kSignalBase + signal : nabla::kFailure;
  }
}
