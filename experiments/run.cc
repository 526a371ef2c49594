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

#include "framework/base/nearest.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/signals.h"
#include "framework/kernels/simd.h"
#include "plugins/builtin.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFooter = R"(Examples:
  run mnist_3layer.yaml
  run my.yaml train.epochs=2 optimizer.lr=0.1 --seed 3 --threads 2
  run mnist_3layer.yaml dataset=synthetic_digits

A file as first argument is trained: `run FILE` is short for `run run FILE`.
Exit codes: 0 good, 1 failure, 2 bad input, 3 diverged, 130 or 143 stopped by a signal.)";

struct Arguments {
  std::string file;
  std::vector<std::string> overrides;
  std::string seed;
  RunOptions run;
};

// What is known once the command line is: where things are, and the plugins.
struct Program {
  const Arguments& arguments;
  std::string bundled;  // folder of the experiments that come with the program; "" if unknown
  Registry registry;
};

void DeclareRun(CLI::App& app, Arguments* a) {
  CLI::App& run = *app.add_subcommand("run", "train an experiment");
  run.add_option("file", a->file, "a path, or the name of a bundled experiment")->required();
  run.add_option("overrides", a->overrides, "key=value, any key of the file: train.epochs=2");
  run.add_option("--threads", a->run.threads, "workers (default: the cores this process may use)")
      ->check(CLI::Range(1, 1024));
  run.add_option("--seed", a->seed, "the same as seed=N");
  run.add_option("--data", a->run.files.data_dir, "folder with mnist/ in it");
  run.add_option("--out", a->run.out, "run folder (default: runs/<name>/<time>)");
  run.add_flag("--offline", a->run.files.offline, "never try the network");
  run.add_flag("--quiet", a->run.quiet, "show nothing but errors and warnings");
  run.footer(kFooter);
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

std::string FindFile(const std::string& file, const std::string& working_directory,
                     const std::string& bundled) {
  for (const std::string& name : {file, file + ".yaml"}) {
    for (const std::string& folder : {std::string(), working_directory, bundled}) {
      const std::string path = folder.empty() ? name : (fs::path(folder) / name).string();
      if (fs::is_regular_file(path)) return path;
    }
  }
  throw InputError(fmt::format("no experiment file \"{}\" here, in {} or among the bundled ones{}",
                               file, working_directory, Suggest(file, Bundled(bundled))));
}

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.good() && !in.eof()) throw InputError("cannot read " + path);
  return text;
}

int Run(const Program& program) {
  const Arguments& arguments = program.arguments;
  RunOptions options = arguments.run;
  const std::string path =
      FindFile(arguments.file, options.files.working_directory, program.bundled);
  if (!options.quiet) fmt::print("experiment: {}\n", path);
  Node tree = ParseYaml(ReadText(path), arguments.file);
  if (!arguments.seed.empty()) ApplyOverride(tree, "seed=" + arguments.seed);
  for (const std::string& assignment : arguments.overrides) ApplyOverride(tree, assignment);
  if (!options.out.empty()) {
    options.out = (fs::path(options.files.working_directory) / options.out).string();
  }
  return RunExperiment(tree, options, program.registry);
}

// The arguments with "run" put in where the first one is a file.
std::vector<std::string> WithCommand(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words[0] == "-h" || words[0] == "--help") return words;
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
  app.require_subcommand(1);
  app.footer(kFooter);
  try {
    std::vector<std::string> words = WithCommand(app, argc, argv);
    std::reverse(words.begin(), words.end());  // CLI11 takes them last first
    app.parse(words);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kGood : kBadInput;
  }
  CatchSignals();
  SetSimdFromEnvironment();
  Program program{arguments, BundledFolder(argv[0]), {}};
  RegisterBuiltins(program.registry);
  return Run(program);
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
