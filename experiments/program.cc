#include "experiments/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>
#include <utility>

#include "experiments/installation.h"
#include "experiments/latest_run.h"
#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/record/finished_run.h"
#include "framework/record/run_plan.h"
#include "framework/spec/short_key.h"
#include "framework/spec/spec.h"
#include "framework/spec/sweep_points.h"
#include "framework/terminal/output.h"
#include "framework/terminal/shell_word.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  // One byte more than ParseYaml accepts, so that it refuses a longer file.
  std::string text((size_t{1} << 20) + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (!in.good() && !in.eof()) throw InputError("cannot read " + path);
  return text;
}

std::vector<Node> CommandLineLibraries(const std::vector<std::string>& libraries) {
  std::vector<Node> named;
  for (const std::string& library : libraries) named.push_back(Node::Scalar(library, {"--plugin"}));
  return named;
}

// Adds the libraries of the command line to those that the tree names. Where their files have the
// same name, the one of the command line takes the place of the other.
void NameLibraries(const std::vector<std::string>& libraries, Node& tree) {
  if (libraries.empty() || !tree.IsMap()) return;
  if (const Node* list = tree.Find("plugins"); list == nullptr || list->IsNull()) {
    tree.Set("plugins", Node::List());
  }
  std::vector<Node>& named = tree.Find("plugins")->items;
  for (const std::string& library : libraries) {
    std::erase_if(named, [&](const Node& other) {
      return other.IsScalar() && fs::path(other.text).filename() == fs::path(library).filename();
    });
  }
  for (const Node& library : CommandLineLibraries(libraries)) named.push_back(library);
}

void LoadLibraries(const std::vector<Node>& libraries, PluginLoader& loader) {
  for (const Node& library : libraries) {
    try {
      if (library.IsScalar()) loader.Load(library.text);
    } catch (const InputError& e) {
      throw InputError(std::vector<Problem>{{library.place, e.problems().front().message}});
    }
  }
}

// The same with the whole key, where a single key has that name: train.epochs=3 for epochs=3.
std::string WithWholeKey(const std::string& assignment, const Node& tree,
                         const Registry& registry) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals > assignment.find('.')) return assignment;
  return WholeKey(assignment.substr(0, equals), tree, registry, {"command line: " + assignment}) +
         assignment.substr(equals);
}

// *whole_keys, if not null: the assignments with whole keys.
void ApplyAssignments(const Program& program, const std::vector<std::string>& assignments,
                      Node& tree, std::vector<std::string>* whole_keys) {
  Problems problems;
  const auto collect = [&problems](const auto& action) {
    try {
      action();
    } catch (const InputError& e) {
      for (const Problem& p : e.problems()) problems.Add(p.place, p.message);
    }
  };
  for (const std::string& assignment : assignments) {
    collect([&] {
      const std::string whole = WithWholeKey(assignment, tree, program.registry);
      if (whole_keys != nullptr) whole_keys->push_back(whole);
      if (!AddToGrid(tree, whole)) ApplyOverride(tree, whole);
    });
  }
  bool loaded = false;
  collect([&] {
    LoadPlugins(program, tree);
    loaded = true;
  });
  // Without its libraries much of a file would be unknown.
  if (!problems.empty() && loaded) collect([&] { CheckExperiment(tree, program.registry); });
  problems.ThrowIfAny();
}

// A folder was named where an experiment file is meant: says what was probably wanted.
void ThrowIfFolder(const Program& program, const std::string& path) {
  std::error_code error;
  std::string folder;
  for (const fs::path& base :
       {fs::path(program.working_directory), fs::path(program.working_directory) / "runs"}) {
    if (folder.empty() && fs::is_directory(base / path, error)) {
      folder = (base / path).lexically_normal().string();
    }
  }
  if (folder.empty()) return;
  const bool run = fs::exists(fs::path(folder) / "config.yaml", error);
  const std::string latest = run ? folder : FindLatestRun(folder);
  std::string text = run ? "is the folder of a run, not an experiment file"
                         : "is a folder, not an experiment file";
  if (!latest.empty()) {
    const std::string shown =
        ShellWord(fs::path(latest).lexically_proximate(program.working_directory));
    text += fmt::format(
        "; to go on with {0}: {1}/config.yaml --resume --out {1}; to train it again: rerun {1}",
        run ? "it" : "its latest run", shown);
  }
  throw InputError(std::vector<Problem>{{{path}, text}});
}

// What words that other programs have as commands mean here; "" for others.
std::string CallOf(const std::string& word) {
  constexpr std::pair<const char*, const char*> kCalls[] = {
      {"train", "to train: nabla FILE.yaml"},
      {"fit", "to train: nabla FILE.yaml"},
      {"help", "for help: nabla --help, nabla COMMAND --help"},
      {"version", "for the version: nabla --version"},
      {"init", "to begin a file: nabla iris.yaml --print-config > my.yaml"},
      {"new", "to begin a file: nabla iris.yaml --print-config > my.yaml; a plugin: new-plugin"},
      {"test", "to evaluate a trained model: nabla evaluate RUN FILES"},
      {"eval", "to evaluate a trained model: nabla evaluate RUN FILES"},
      {"ls", "for the runs: nabla runs; for the plugins: nabla list"},
      {"resume", "to resume a run: nabla FILE.yaml --resume --out RUN"},
      {"plugins", "for the plugins: nabla list"},
      {"datasets", "for the data sets: nabla list dataset"},
  };
  for (const auto& [name, call] : kCalls) {
    if (word == name) return call;
  }
  return "";
}

std::string WithoutExtension(const std::string& file) {
  return file.ends_with(".yaml") ? file.substr(0, file.size() - 5) : file;
}

// The experiment files of a folder that a path names, by such paths.
std::vector<std::string> ExperimentsBeside(const Program& program, const std::string& file) {
  const fs::path beside = fs::path(file).parent_path();
  std::vector<std::string> names =
      BundledExperiments((fs::path(program.working_directory) / beside).string());
  for (std::string& name : names) name = (beside / name).string();
  return names;
}

// "; did you mean ...? known: ..." of a name that no file has. Files of the user's folder are not
// listed, since they may be many, but may be meant.
std::string Known(const Program& program, const std::string& file, bool or_command) {
  std::vector<std::string> known = BundledExperiments(program.bundled);
  if (or_command) known.insert(known.end(), program.commands.begin(), program.commands.end());
  // The extension is not what is mistyped, and would make all names alike.
  std::string nearest;
  for (const auto& names : {ExperimentsBeside(program, file), known}) {
    std::vector<std::string> plain;
    for (const std::string& name : names) plain.push_back(WithoutExtension(name));
    const std::string near = Nearest(WithoutExtension(file), plain);
    const auto at = std::ranges::find(plain, near) - plain.begin();
    if (!near.empty() && nearest.empty()) nearest = names[static_cast<size_t>(at)];
  }
  const std::string meant = nearest.empty() ? "" : "did you mean \"" + nearest + "\"? ";
  return fmt::format("; {}known: {}", meant, fmt::join(known, ", "));
}

}  // namespace

std::string BundledFolder(const char* argv0) {
  using bazel::tools::cpp::runfiles::Runfiles;
  const std::string prefix = InstalledPrefix();
  if (!prefix.empty()) return InstalledExperiments(prefix);
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv0, &error));
  return runfiles == nullptr ? "" : runfiles->Rlocation("nabla/experiments");
}

std::vector<std::string> BundledExperiments(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string FindRunFolder(const Program& program, const std::string& path) {
  for (const fs::path& base :
       {fs::path(program.working_directory), fs::path(program.working_directory) / "runs"}) {
    std::error_code error;
    if (fs::is_directory(base / path, error)) return (base / path).lexically_normal();
  }
  throw InputError(std::vector<Problem>{{{path}, "no such run folder"}});
}

std::string FindOneRun(const Program& program, const std::string& path) {
  const std::string folder = FindRunFolder(program, path);
  if (HoldsRunPlan(folder)) {
    throw InputError(
        std::vector<Problem>{{{path}, "this folder holds many runs: name one of them"}});
  }
  std::error_code error;
  for (const char* file : {"config.yaml", "summary.json"}) {  // what a run has, whole or not
    if (fs::exists(fs::path(folder) / file, error)) return folder;
  }
  const std::string latest = FindLatestRun(folder);
  if (latest.empty()) return folder;
  PrintError(fmt::format("{}: note: this is a folder of runs; the latest one is taken, {}\n", path,
                         fs::path(latest).lexically_relative(folder).string()));
  return latest;
}

ExperimentFile FindExperiment(const Program& program, const std::string& file, bool or_command) {
  for (const std::string& name : {file, file + ".yaml"}) {
    for (const std::string& folder : {program.working_directory, std::string(), program.bundled}) {
      std::error_code error;
      const fs::path path = fs::path(folder) / name;
      if (fs::is_regular_file(path, error)) return {name, path.string()};
    }
  }
  ThrowIfFolder(program, file);
  const std::string call = or_command ? CallOf(file) : "";
  throw InputError(fmt::format("no experiment file \"{}\" in {} or among the bundled ones{}", file,
                               program.working_directory,
                               call.empty() ? Known(program, file, or_command) : "; " + call));
}

void LoadPlugins(const Program& program, Node& tree) {
  NameLibraries(program.libraries, tree);
  const Node* list = tree.Find("plugins");
  if (list != nullptr && list->IsList()) LoadLibraries(list->items, program.loader);
}

void LoadOnlyCommandLinePlugins(const Program& program) {
  LoadLibraries(CommandLineLibraries(program.libraries), program.loader);
}

Node ReadExperiment(const Program& program, const ExperimentFile& file,
                    const std::vector<std::string>& assignments,
                    std::vector<std::string>* whole_keys) {
  Node tree = ParseYaml(ReadText(file.path), file.name);
  ApplyAssignments(program, assignments, tree, whole_keys);
  return tree;
}

Node ReadFoundExperiment(const Program& program, const std::string& file) {
  LoadOnlyCommandLinePlugins(program);
  Node tree = ParseYaml(ReadRunText(file), file);
  CheckExperiment(tree, program.registry);
  NameLibraries(program.libraries, tree);
  return tree;
}

void RequireOneSetting(const Node& tree, const std::string& command) {
  const Node* sweep = tree.Find("sweep");
  if (sweep == nullptr || sweep->IsNull()) return;
  throw InputError(std::vector<Problem>{
      {sweep->place, fmt::format("{} takes one value of each key, and this is a sweep, which `run` "
                                 "does; sweep=null leaves it out",
                                 command)}});
}

}  // namespace nabla
