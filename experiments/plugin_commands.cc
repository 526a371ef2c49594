#include "experiments/plugin_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "experiments/installation.h"
#include "experiments/json_option.h"
#include "experiments/output_file.h"
#include "framework/base/error.h"
#include "framework/check/catalog.h"
#include "framework/check/conformance.h"
#include "framework/plugin/loader.h"
#include "framework/plugin/new_plugin.h"
#include "framework/spec/schema.h"
#include "framework/terminal/output.h"
#include "framework/terminal/shell_word.h"
#include "framework/training/run_options.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// The plugins that came from libraries.
std::vector<PluginId> Loaded(const Registry& registry, const std::vector<std::string>& libraries) {
  std::vector<PluginId> loaded;
  for (const std::string& kind : Registry::Kinds()) {
    VisitKind<float>(kind, [&]<typename I>(const I*) {
      for (const std::string& name : registry.table<I>().Names()) {
        const std::string& origin = registry.table<I>().Find(name)->origin;
        if (std::find(libraries.begin(), libraries.end(), origin) != libraries.end()) {
          loaded.push_back({kind, name});
        }
      }
    });
  }
  return loaded;
}

// Checks the named plugin or kind, otherwise the loaded plugins, otherwise all plugins.
int Check(const PluginArguments& a, const Registry& registry) {
  std::vector<PluginId> wanted = {{}};
  if (!a.what.empty()) {
    wanted = {FindPluginOrKind(registry, a.what)};
  } else if (!a.libraries.empty()) {
    wanted = Loaded(registry, a.libraries);
  }
  std::vector<CheckResult> results;
  for (const PluginId& id : wanted) {
    const auto more = CheckPlugins(registry, {.kind = id.kind, .name = id.name});
    results.insert(results.end(), more.begin(), more.end());
  }
  a.json ? PrintJson(CheckReportJson(results)) : PrintFolded(CheckReport(results));
  const bool good =
      std::all_of(results.begin(), results.end(), [](const auto& r) { return r.passed; });
  return good ? kGood : kFailure;
}

int Describe(const PluginArguments& a, const Registry& registry) {
  const PluginId id = FindPlugin(registry, a.what);
  a.json ? PrintJson(DescribePluginJson(registry, id)) : PrintFolded(DescribePlugin(registry, id));
  return kGood;
}

int List(const PluginArguments& a, const Registry& registry) {
  a.json ? PrintJson(ListPluginsJson(registry, a.what))
         : PrintFolded(ListPlugins(registry, a.what));
  return kGood;
}

// The sources that `bazel run` was called in.
std::string Workspace() {
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (workspace != nullptr && *workspace != '\0') return workspace;
  throw InputError(
      "the folder of nabla's sources is unknown; run `bazel run //experiments:run -- new-plugin` "
      "there");
}

// How to build and check a source with an installed nabla. Names in the folder that the user called
// from stay short.
std::string NextSteps(const std::string& prefix, const fs::path& source, const fs::path& folder) {
  const fs::path near = source.parent_path() == folder ? source.filename() : source;
  const std::string library = fs::path(near).replace_extension(".so");
  return fmt::format("next:  {}\n       nabla check --plugin {}\n",
                     CompilerCall(prefix, near, library), ShellWord(library));
}

int MakePlugin(const PluginArguments& a, const std::string& folder) {
  const std::string prefix = InstalledPrefix();
  std::string out = a.out.empty() ? "" : (fs::path(folder) / a.out).lexically_normal();
  if (out.empty() && !prefix.empty()) out = folder;
  const auto written = WriteNewPlugin({a.what, a.name, prefix.empty() ? Workspace() : "", out});
  for (const std::string& path : written) Print(fmt::format("wrote {}\n", path));
  const std::string check = "bazel run //experiments:run -- check ";
  if (!prefix.empty()) {
    Print(NextSteps(prefix, written.front(), folder));
  } else if (out.empty()) {
    Print(fmt::format("next:  {}{}/{}\n", check, a.what, a.name));
  } else {
    Print(fmt::format(
        "next:  (cd {0} && bazel build {1}.so)\n       {2}--plugin {0}/bazel-bin/{1}.so\n",
        ShellWord(out), a.name, check));
  }
  return kGood;
}

}  // namespace

void DeclareLibraries(CLI::App& command, PluginArguments* a) {
  command.add_option("--plugin", a->libraries, "a library of plugins (.so); may be repeated")
      ->allow_extra_args(false);
}

void DeclarePluginCommands(CLI::App& app, PluginArguments* a) {
  CLI::App& list = *app.add_subcommand("list", "list the available plugins");
  list.add_option("kind", a->what, "only this kind: layer, activation, loss, ...");
  CLI::App& describe = *app.add_subcommand("describe", "show a plugin's formula and parameters");
  describe.add_option("what", a->what, "kind/name, or the name")->required();
  CLI::App& check = *app.add_subcommand("check", "test plugins, without a test of your own");
  check.add_option("what", a->what,
                   "kind/name, a name or a kind (default: the plugins of --plugin, otherwise all)");
  CLI::App& schema = *app.add_subcommand("schema", "print a JSON schema of experiment files");
  for (CLI::App* command : {&list, &describe, &check, &schema}) DeclareLibraries(*command, a);
  for (CLI::App* command : {&list, &describe, &check}) DeclareJson(*command, &a->json);
  CLI::App& make = *app.add_subcommand("new-plugin", "write the source file of a new plugin");
  make.add_option("kind", a->what, "layer, activation, loss, ...")->required();
  make.add_option("name", a->name, "as in experiment files: my_swish")->required();
  make.add_option("--out", a->out,
                  "a folder of your own (default: plugins/<kind> of nabla's sources, or, if nabla "
                  "is installed, this folder)")
      ->check(NoDash());
}

std::optional<int> RunPluginCommand(const CLI::App& app, const PluginArguments& a,
                                    const std::string& folder, Registry& registry) {
  if (app.got_subcommand("new-plugin")) return MakePlugin(a, folder);
  const auto given = app.get_subcommands();
  const std::string command = given.empty() ? "" : given.front()->get_name();
  for (const char* known : {"list", "describe", "check", "schema"}) {
    if (command != known) continue;
    PluginLoader loader(folder, registry);
    for (const std::string& library : a.libraries) loader.Load(library);
    if (command == "check") return Check(a, registry);
    if (command == "describe") return Describe(a, registry);
    if (command == "list") return List(a, registry);
    PrintJson(ExperimentSchema(registry));
    return kGood;
  }
  return std::nullopt;
}

}  // namespace nabla
