#include "experiments/tool_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "experiments/installation.h"
#include "experiments/json_option.h"
#include "experiments/measure_commands.h"
#include "experiments/number_option.h"
#include "experiments/output_file.h"
#include "experiments/shared_options.h"
#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/spec/completion.h"
#include "framework/spec/short_key.h"
#include "framework/terminal/output.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kShells = {"bash", "zsh", "fish"};

void DeclareShared(CLI::App& command, ToolArguments* a, RunOptions* run,
                   std::vector<std::string>* libraries) {
  command.add_option("file", a->file, "a path, or the name of a bundled experiment")->required();
  command.add_option("overrides", a->overrides, "key=value, any key of the file");
  command.add_option("--seed", a->seed, "the same as seed=N");
  DeclareThreads(command, run);
  DeclareData(command, run);
  DeclareJson(command, &run->json);
  command.add_option("--plugin", *libraries, "a library of plugins (.so); may be repeated")
      ->allow_extra_args(false);
}

// The kinds, then every plugin as "kind/name".
std::vector<std::string> PluginWords(const Registry& registry) {
  std::vector<std::string> words = Registry::Kinds();
  for (const std::string& kind : Registry::Kinds()) {
    for (const std::string& name : registry.Names(kind)) words.push_back(kind + "/" + name);
  }
  return words;
}

// Adds what can complete `positional`.
void AddPositional(const std::string& positional, const Registry& registry, CompletedCommand* c) {
  if (positional == "file" || positional == "files") {
    c->experiments = true;
  } else if (positional == "kind") {
    c->words = Registry::Kinds();
  } else if (positional == "what") {
    c->words = PluginWords(registry);
  } else if (positional == "shell") {
    c->words = kShells;
  } else {
    c->paths = true;
  }
}

CompletedCommand Completed(const CLI::App& command, const Registry& registry) {
  CompletedCommand completed{.name = command.get_name()};
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      const bool value = option->get_items_expected_max() > 0;
      (value ? completed.options : completed.flags).push_back("--" + name);
    }
    if (option->get_positional()) AddPositional(option->get_name(true), registry, &completed);
  }
  return completed;
}

int PrintCompletion(const CLI::App& app, const std::string& shell, const Program& program) {
  if (std::find(kShells.begin(), kShells.end(), shell) == kShells.end()) {
    throw InputError("unknown shell \"" + shell + "\"" + Suggest(shell, kShells));
  }
  Completions completions{.programs = {"nabla"},
                          .commands = {},
                          .experiments = BundledExperiments(program.bundled),
                          .keys = OverrideKeys(program.registry)};
  if (InstalledPrefix().empty()) completions.programs.push_back("run");  // as Bazel calls it
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    completions.commands.push_back(Completed(*command, program.registry));
  }
  Print(CompletionScript(shell, completions));
  return kGood;
}

// Whether these are a run folder or a model, not an experiment.
bool NamesModel(const Program& program, const std::string& file) {
  std::error_code none;
  const fs::path here = program.working_directory;
  return fs::path(file).extension() == ".safetensors" || fs::is_directory(here / file, none) ||
         fs::is_directory(here / "runs" / file, none);
}

int SummariseTrained(const ToolArguments& a, const std::vector<std::string>& assignments, bool json,
                     const Program& program) {
  if (!assignments.empty()) {
    throw InputError("a trained model is what it is: leave out " + assignments.front());
  }
  LoadOnlyCommandLinePlugins(program);
  const bool file = fs::path(a.file).extension() == ".safetensors";
  const std::string path =
      file ? (fs::path(program.working_directory) / a.file).string() : FindOneRun(program, a.file);
  SummariseModelFile(path, json, program.registry);
  return kGood;
}

}  // namespace

void DeclareToolCommands(CLI::App& app, ToolArguments* a, RunOptions* run,
                         std::vector<std::string>* libraries) {
  CLI::App& time = *app.add_subcommand("time", "show where the time of a training step goes");
  DeclareShared(time, a, run, libraries);
  CLI::App& summary = *app.add_subcommand(
      "summary", "show the layers of an experiment or a trained model: shapes, parameters, work");
  DeclareShared(summary, a, run, libraries);
  summary.get_option("file")->description(
      "a path, the name of a bundled experiment, a run folder or a model");
  CLI::App& find = *app.add_subcommand("find-lr", "find a good learning rate");
  DeclareShared(find, a, run, libraries);
  find.add_option("--from", a->range.from, "the first rate (default: 1e-6)")
      ->check(PositiveNumber());
  find.add_option("--to", a->range.to, "the last rate (default: 10)")->check(PositiveNumber());
  find.add_option("--steps", a->range.steps, "number of steps (default: 200)")
      ->check(CLI::Range(20, 1000000));
  find.add_option("--out", run->out, "folder for find_lr.csv (default: not written)")
      ->check(NoDash());
  CLI::App& completion =
      *app.add_subcommand("completion", "print a script that completes commands in a shell");
  completion.add_option("shell", a->shell, "bash, zsh or fish")->required();
}

std::optional<int> RunToolCommand(const CLI::App& app, const ToolArguments& a,
                                  const RunOptions& run, const Program& program) {
  if (app.got_subcommand("completion")) return PrintCompletion(app, a.shell, program);
  std::string command;
  for (const char* name : {"time", "find-lr", "summary"}) {
    if (app.got_subcommand(name)) command = name;
  }
  if (command.empty()) return std::nullopt;
  std::vector<std::string> assignments = a.overrides;
  if (!a.seed.empty()) assignments.push_back("seed=" + a.seed);
  if (command == "summary" && NamesModel(program, a.file)) {
    return SummariseTrained(a, assignments, run.json, program);
  }
  const Node tree = ReadExperiment(program, FindExperiment(program, a.file, false), assignments);
  RequireOneSetting(tree, command);
  if (command == "find-lr") return FindLr(tree, run, a.range, program.registry);
  if (command == "time") TimeExperiment(tree, run, program.registry);
  if (command == "summary") SummariseExperiment(tree, run, program.registry);
  return kGood;
}

namespace {

std::vector<std::string> LongOptions(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// The key of an experiment that is written like an option, "lr" of "--lr"; "" if it is none.
std::string KeyOf(const std::string& option) {
  std::string key = option.substr(2);
  std::ranges::replace(key, '-', '_');
  Registry registry;
  RegisterBuiltins(registry);
  try {
    if (WholeKey(key, Node::Map(), registry, {}) != key) return key;
  } catch (const InputError&) {
    return "";  // only nearly a key
  }
  const bool is_key = std::ranges::any_of(
      OverrideKeys(registry), [&](const CompletedKey& known) { return known.key == key; });
  return is_key ? key : "";
}

}  // namespace

std::string SuggestOption(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (const CLI::App* known : app.get_subcommands(nullptr)) {
    if (!words.empty() && words.front() == known->get_name()) command = known;
  }
  const bool has_keys = command->get_option_no_throw("overrides") != nullptr;
  std::vector<std::string> known = LongOptions(*command);
  for (const std::string& name : LongOptions(app)) {
    if (std::ranges::count(known, name) == 0) known.push_back(name);  // "--version"
  }
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string name = words[i].substr(0, words[i].find('='));
    if (name.rfind("--", 0) != 0 || name == "--") continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string key = has_keys ? KeyOf(name) : "";
    if (key.empty()) return fmt::format("unknown option \"{}\"{}", name, Suggest(name, known));
    const bool own = words[i].size() > name.size();
    const bool next = !own && i + 1 < words.size() && words[i + 1].rfind("-", 0) != 0 &&
                      words[i + 1].find('=') == std::string::npos;
    return fmt::format("unknown option \"{}\"; a key has no dashes: {}={}", name, key,
                       own    ? words[i].substr(name.size() + 1)
                       : next ? words[i + 1]
                              : "VALUE");
  }
  return "";
}

}  // namespace nabla
