// What every command knows: where experiments are, and the plugins.
#ifndef NABLA_EXPERIMENTS_PROGRAM_H_
#define NABLA_EXPERIMENTS_PROGRAM_H_

#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/loader.h"
#include "framework/plugin/registry.h"

namespace nabla {

struct Program {
  std::string working_directory;       // that the user called from
  std::string bundled;                 // folder of the program's own experiments; "" if unknown
  std::vector<std::string> commands;   // names
  std::vector<std::string> libraries;  // --plugin
  Registry& registry;
  PluginLoader& loader;  // into the registry
};

// Where experiments that come with the program lie; "" if it cannot be found out.
std::string BundledFolder(const char* argv0);

// The files in that folder, by name.
std::vector<std::string> BundledExperiments(const std::string& folder);

struct ExperimentFile {
  std::string name;  // as the user knows it, for messages
  std::string path;
};

// Looks in the folder that the user called from, in the process's own (which `bazel run` changes),
// then among the bundled experiments; ".yaml" may be left out. Throws InputError, which also
// suggests commands if the user may have meant one.
ExperimentFile FindExperiment(const Program& program, const std::string& file, bool or_command);

// Loads the libraries that `tree` names, which the user typed or a file that the user named, after
// adding those of --plugin to it. Throws InputError with the place of the first bad one.
void LoadPlugins(const Program& program, Node& tree);

// The same where the tree came with data (a model, a run folder): what that names is never loaded,
// and ParseExperiment says which --plugin it needs.
void LoadOnlyCommandLinePlugins(const Program& program);

// The tree of a file with key=value applied, key=a,b,c made a grid, and its libraries of plugins
// loaded. Throws InputError with what is wrong in all of them together.
Node ReadExperiment(const Program& program, const ExperimentFile& file,
                    const std::vector<std::string>& assignments);

// The tree of a file that came with a run. Throws InputError also for one that needs more libraries
// than the command line names.
Node ReadFoundExperiment(const Program& program, const std::string& file);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_PROGRAM_H_
