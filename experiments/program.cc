#include "experiments/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/spec/spec.h"
#include "framework/spec/sweep_points.h"
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

void ApplyAssignments(const Program& program, const std::vector<std::string>& assignments,
                      Node& tree) {
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
      if (!AddToGrid(tree, assignment)) ApplyOverride(tree, assignment);
    });
  }
  collect([&] { LoadPlugins(program, tree); });
  if (!problems.empty()) collect([&] { CheckExperiment(tree, program.registry); });
  problems.ThrowIfAny();
}

}  // namespace

std::string BundledFolder(const char* argv0) {
  using bazel::tools::cpp::runfiles::Runfiles;
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

ExperimentFile FindExperiment(const Program& program, const std::string& file, bool or_command) {
  for (const std::string& name : {file, file + ".yaml"}) {
    for (const std::string& folder : {program.working_directory, std::string(), program.bundled}) {
      std::error_code error;
      const fs::path path = fs::path(folder) / name;
      if (fs::is_regular_file(path, error)) return {name, path.string()};
    }
  }
  std::vector<std::string> known = BundledExperiments(program.bundled);
  if (or_command) known.insert(known.end(), program.commands.begin(), program.commands.end());
  throw InputError(fmt::format("no experiment file \"{}\" in {} or among the bundled ones{}", file,
                               program.working_directory, Suggest(file, known)));
}

void LoadPlugins(const Program& program, Node& tree) {
  NameLibraries(program.libraries, tree);
  LoadLibraries(tree, program.loader);
}

Node ReadExperiment(const Program& program, const ExperimentFile& file,
                    const std::vector<std::string>& assignments) {
  Node tree = ParseYaml(ReadText(file.path), file.name);
  ApplyAssignments(program, assignments, tree);
  return tree;
}

}  // namespace nabla
