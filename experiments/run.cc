// The command line: finds the experiment file, applies what the user said, and runs it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plugin_commands.h"
#include "framework/base/nearest.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/reproduce.h"
#include "framework/experiment/signals.h"
#include "framework/experiment/sweep.h"
#include "framework/kernels/simd.h"
#include "framework/plugin/loader.h"
#include "plugins/builtin.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFooter = R"(Examples:
  run mnist_3layer.yaml
  run my.yaml train.epochs=2 optimizer.lr=0.1 --seed 3 --threads 2
  run mnist_3layer.yaml dataset=synthetic_digits
  run reproduce mnist_3layer.yaml --seeds 10
  run list activation
  run describe layer/conv2d

A file as first argument is trained: `run FILE` is short for `run run FILE`.
Exit codes: 0 good, 1 failure, 2 bad input, 3 diverged, 130 or 143 stopped by a signal.)";

struct Arguments {
  std::string file;
  std::vector<std::string> overrides;
  std::string seed;
  std::vector<std::string> reproduce;  // files and overrides
  std::optional<int64_t> seeds;
  bool sweep = false;  // a file without a grid is then a mistake
  RunOptions run;
  PluginArguments plugins;
};

// What is known once the command line is: where things are, and the plugins.
struct Program {
  const Arguments& arguments;
  std::string bundled;  // folder of the experiments that come with the program; "" if unknown
  const Registry& registry;
  PluginLoader& loader;  // into the registry
  std::vector<std::string> commands;
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

void DeclareRun(CLI::App& app, Arguments* a) {
  CLI::App& run = *app.add_subcommand("run", "train an experiment");
  run.add_option("file", a->file, "a path, or the name of a bundled experiment")->required();
  run.add_option("overrides", a->overrides, "key=value, any key of the file: train.epochs=2");
  run.add_option("--seed", a->seed, "the same as seed=N");
  DeclareShared(run, a);
  run.footer(kFooter);
}

void DeclareSweep(CLI::App& app, Arguments* a) {
  CLI::App& sweep = *app.add_subcommand("sweep", "train every setting of an experiment's grid");
  sweep.add_option("file", a->file, "an experiment with a sweep:")->required();
  sweep.add_option("overrides", a->overrides, "key=value, any key of the file");
  sweep.add_option("--seeds", a->seeds, "runs of each setting (default: what the file says)")
      ->check(CLI::Range(1, 10000));
  DeclareShared(sweep, a);
}

void DeclareReproduce(CLI::App& app, Arguments* a) {
  CLI::App& reproduce =
      *app.add_subcommand("reproduce", "judge the figures that notebooks printed");
  reproduce.add_option("files", a->reproduce,
                       "experiments with a reference (default: all bundled ones), and key=value");
  reproduce.add_option("--seeds", a->seeds, "runs to judge by (default: what each file says)")
      ->check(CLI::Range(1, 10000));
  DeclareShared(reproduce, a);
}

// Where experiments that come with the program lie; "" if it cannot be found out.
std::string BundledFolder(const char* argv0) {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv0, &error));
  return runfiles == nullptr ? "" : runfiles->Rlocation("nabla/experiments");
}

std::vector<std::string> Bundled(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct ExperimentFile {
  std::string name;  // as the user knows it, for messages
  std::string path;
};

// Looks in the folder that the user called from, in the process's own (which `bazel run` changes),
// then among the bundled experiments; ".yaml" may be left out. The user may also have meant one of
// `others`.
ExperimentFile FindFile(const Program& program, const std::string& file,
                        const std::vector<std::string>& others = {}) {
  const std::string& working_directory = program.arguments.run.files.working_directory;
  for (const std::string& name : {file, file + ".yaml"}) {
    for (const std::string& folder : {working_directory, std::string(), program.bundled}) {
      std::error_code error;
      const fs::path path = fs::path(folder) / name;
      if (fs::is_regular_file(path, error)) return {name, path.string()};
    }
  }
  std::vector<std::string> known = Bundled(program.bundled);
  known.insert(known.end(), others.begin(), others.end());
  throw InputError(fmt::format("no experiment file \"{}\" in {} or among the bundled ones{}", file,
                               working_directory, Suggest(file, known)));
}

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.good() && !in.eof()) throw InputError("cannot read " + path);
  return text;
}

// Adds the libraries of the command line to those that the tree names.
void NameLibraries(const std::vector<std::string>& libraries, Node& tree) {
  if (libraries.empty() || !tree.IsMap()) return;
  if (const Node* list = tree.Find("plugins"); list == nullptr || list->IsNull()) {
    tree.Set("plugins", Node::List());
  }
  for (const std::string& library : libraries) {
    tree.Find("plugins")->items.push_back(Node::Scalar(library, {"--plugin"}));
  }
}

// Loads the libraries that the tree names. Throws InputError with the place of the first bad one.
void LoadLibraries(const Node& tree, PluginLoader& loader) {
  const Node* list = tree.Find("plugins");
  if (list == nullptr || !list->IsList()) return;
  for (const Node& library : list->items) {
    try {
      if (library.IsScalar()) loader.Load(library.text);
    } catch (const InputError& e) {
      throw InputError(std::vector<Problem>{{library.place, e.problems().front().message}});
    }
  }
}

// Applies every override and loads libraries of plugins. Throws InputError with what is wrong in
// them and in the file, together.
void ApplyOverrides(const Arguments& arguments, const Program& program, Node& tree) {
  std::vector<std::string> assignments = arguments.overrides;
  if (!arguments.seed.empty()) assignments.push_back("seed=" + arguments.seed);
  Problems problems;
  const auto collect = [&problems](const auto& action) {
    try {
      action();
    } catch (const InputError& e) {
      for (const Problem& p : e.problems()) problems.Add(p.place, p.message);
    }
  };
  for (const std::string& assignment : assignments) {
    collect([&] { ApplyOverride(tree, assignment); });
  }
  NameLibraries(program.arguments.plugins.libraries, tree);
  collect([&] { LoadLibraries(tree, program.loader); });
  if (!problems.empty()) collect([&] { CheckExperiment(tree, program.registry); });
  problems.ThrowIfAny();
}

int Run(const Program& program) {
  const Arguments& arguments = program.arguments;
  const RunOptions& options = arguments.run;
  const ExperimentFile file = FindFile(program, arguments.file, program.commands);
  // Bundled experiments are links into the sources, where a user can edit them.
  if (!options.quiet) fmt::print("experiment: {}\n", fs::canonical(file.path).string());
  Node tree = ParseYaml(ReadText(file.path), file.name);
  ApplyOverrides(arguments, program, tree);
  const Node* sweep = tree.Find("sweep");
  if (!arguments.sweep && (sweep == nullptr || sweep->IsNull())) {
    return RunExperiment(tree, options, program.registry);
  }
  return Sweep(tree,
               {.seeds = arguments.seeds,
                .threads = options.threads,
                .out = options.out,
                .quiet = options.quiet,
                .files = options.files},
               program.registry);
}

// The experiments that are named, or all bundled ones that have figures to reproduce.
std::vector<Node> ReproducedTrees(const Program& program, const std::vector<std::string>& names) {
  std::vector<Node> trees;
  for (const std::string& name : names.empty() ? Bundled(program.bundled) : names) {
    const ExperimentFile file = FindFile(program, name);
    Node tree = ParseYaml(ReadText(file.path), file.name);
    if (!names.empty() || tree.Find("reference") != nullptr) trees.push_back(std::move(tree));
  }
  return trees;
}

int RunReproduce(const Program& program) {
  const Arguments& a = program.arguments;
  std::vector<std::string> files;
  Arguments overrides;
  for (const std::string& word : a.reproduce) {
    (word.find('=') == std::string::npos ? files : overrides.overrides).push_back(word);
  }
  std::vector<Node> trees = ReproducedTrees(program, files);
  for (Node& tree : trees) ApplyOverrides(overrides, program, tree);
  return Reproduce(trees,
                   {.seeds = a.seeds,
                    .threads = a.run.threads,
                    .out = a.run.out,
                    .quiet = a.run.quiet,
                    .files = a.run.files},
                   program.registry);
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
  DeclarePluginCommands(app, &arguments.plugins);
  app.require_subcommand(1);
  app.footer(kFooter);
  const std::string bundled = BundledFolder(argv[0]);
  if (argc == 1) {
    throw InputError(fmt::format("expected an experiment file or a command{}; --help shows more",
                                 Suggest("", Bundled(bundled))));
  }
  try {
    std::vector<std::string> words = WithCommand(app, argc, argv);
    std::reverse(words.begin(), words.end());  // CLI11 takes them last first
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help("", CLI::AppFormatMode::All));
    return kGood;
  } catch (const CLI::ParseError& e) {
    throw InputError(fmt::format("{}; --help shows what there is", e.what()));
  }
  arguments.sweep = app.got_subcommand("sweep");
  std::string& out = arguments.run.out;
  if (!out.empty()) out = (fs::path(folder) / out).string();
  CatchSignals();
  SetSimdFromEnvironment();
  Registry registry;
  RegisterBuiltins(registry);
  if (const auto code = RunPluginCommand(app, arguments.plugins, folder, registry)) return *code;
  PluginLoader loader(folder, registry);
  Program program{arguments, bundled, registry, loader, {}};
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    program.commands.push_back(command->get_name());
  }
  return app.got_subcommand("reproduce") ? RunReproduce(program) : Run(program);
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
