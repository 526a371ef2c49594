// What every command needs: the places of experiments, and the plugins.
#ifndef NABLA_EXPERIMENTS_PROGRAM_H_
#define NABLA_EXPERIMENTS_PROGRAM_H_

#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/loader.h"
#include "framework/plugin/registry.h"

namespace nabla {

struct Program {
  std::string working_directory;       // the user's, not the process's
  std::string bundled;                 // folder of the bundled experiments; "" if unknown
  std::vector<std::string> commands;   // names
  std::vector<std::string> libraries;  // --plugin
  Registry& registry;
  PluginLoader& loader;  // into the registry
};

// The folder of the bundled experiments; "" if it is unknown.
std::string BundledFolder(const char* argv0);

// The files in that folder, by name.
std::vector<std::string> BundledExperiments(const std::string& folder);

// The folder that the user named, relative to the working directory or to runs/ in it. Throws
// InputError.
std::string FindRunFolder(const Program& program, const std::string& path);

// The same where one run is meant: of a folder of runs it is the latest, which is said on standard
// error. Throws InputError also for a sweep, none of whose runs is meant more than another.
std::string FindOneRun(const Program& program, const std::string& path);

struct ExperimentFile {
  std::string name;  // as the user knows it, for messages
  std::string path;
};

// Looks in the user's working directory, in the process's own (`bazel run` changes it), then among
// the bundled experiments. ".yaml" is optional. Throws InputError, which with `or_command` also
// suggests commands.
ExperimentFile FindExperiment(const Program& program, const std::string& file, bool or_command);

// Adds the libraries of --plugin to those that `tree` names, and loads them all. The tree must be
// one that the user typed or named on the command line. Throws InputError placed at the first bad
// one.
void LoadPlugins(const Program& program, Node& tree);

// The same where the tree came with data (a model, a run folder): the libraries that it names are
// never loaded, and ParseExperiment says which --plugin it needs.
void LoadOnlyCommandLinePlugins(const Program& program);

// Parses a file, applies each key=value, adds each key=a,b,c to the grid, and loads the plugin
// libraries. *whole_keys, if it is asked for: the assignments with the whole keys that short ones
// stand for. Throws InputError with the problems of all these steps.
Node ReadExperiment(const Program& program, const ExperimentFile& file,
                    const std::vector<std::string>& assignments,
                    std::vector<std::string>* whole_keys = nullptr);

// The tree of a file that came with a run. Throws what ReadRunText throws, and InputError for one
// that needs more libraries than the command line names.
Node ReadFoundExperiment(const Program& program, const std::string& file);

// Throws InputError if a tree has a sweep, from its file or from key=a,b on the command line, for a
// command that takes a single setting.
void RequireOneSetting(const Node& tree, const std::string& command);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_PROGRAM_H_
