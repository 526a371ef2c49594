// The program: reads the command line and calls the command that it names.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "experiments/compare_command.h"
#include "experiments/folder_commands.h"
#include "experiments/import_command.h"
#include "experiments/model_commands.h"
#include "experiments/plugin_commands.h"
#include "experiments/program.h"
#include "experiments/tool_commands.h"
#include "experiments/training_commands.h"
#include "experiments/watch_command.h"
#include "experiments/why_command.h"
#include "framework/base/nearest.h"
#include "framework/base/signals.h"
#include "framework/base/version.h"
#include "framework/kernels/simd.h"
#include "framework/mpi/rank.h"
#include "framework/mpi/start.h"
#include "framework/plugin/loader.h"
#include "framework/terminal/output.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  RunOptions run;
  TrainingArguments training;
  PluginArguments plugins;
  ModelArguments models;
  ImportArguments imported;
  FolderArguments folders;
  WatchOptions watch;
  WhyOptions why;
  CompareOptions compare;
  ToolArguments tools;
};

// The arguments, after "run" if the first one is a file.
std::vector<std::string> WithCommand(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words[0] == "-h" || words[0] == "--help" || words[0] == "--version") return words;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (words[0] == command->get_name()) return words;
  }
  words.insert(words.begin(), "run");
  return words;
}

void Declare(CLI::App& app, Arguments* a) {
  DeclareTrainingCommands(app, &a->training, &a->run, &a->plugins);
  DeclareFolderCommands(app, &a->folders, &a->run, &a->plugins);
  DeclareWatchCommand(app, &a->watch, &a->plugins);
  DeclareWhyCommand(app, &a->why, &a->run, &a->plugins);
  DeclareCompareCommand(app, &a->compare, &a->run, &a->plugins);
  DeclareModelCommands(app, &a->models, &a->plugins);
  DeclareImportCommand(app, &a->imported);
  DeclarePluginCommands(app, &a->plugins);
  DeclareToolCommands(app, &a->tools, &a->run, &a->plugins.libraries);
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("nabla ") + kVersion);
  app.footer(kHelpFooter);
}

// "at least one file is required" of "files is required".
std::string RequiredText(const std::string& said) {
  const size_t end = said.find(" is required");
  const std::string name = said.substr(0, end);
  if (end == std::string::npos || name.find_first_of("- ") != std::string::npos) return said;
  if (name == "what") return "the name of a plugin" + said.substr(end);
  if (name.ends_with("s")) {
    return "at least one " + name.substr(0, name.size() - 1) + said.substr(end);
  }
  const bool vowel = std::string_view("aeiou").find(name[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + said;
}

// Returns false if the user asked for help or the version, which it shows unless `silent`. Throws
// InputError.
bool Parse(CLI::App& app, const std::vector<std::string>& given, bool silent) {
  try {
    std::vector<std::string> words = given;
    std::reverse(words.begin(), words.end());  // CLI11 expects the last one first
    app.parse(words);
    return true;
  } catch (const CLI::CallForHelp&) {
    if (!silent) PrintFolded(app.help());
    return false;
  } catch (const CLI::CallForVersion&) {
    if (!silent) Print(app.version() + "\n");
    return false;
  } catch (const CLI::ParseError& e) {
    const std::string option = SuggestOption(app, given);
    throw InputError((option.empty() ? RequiredText(e.what()) : option) + "; see --help");
  }
}

int Dispatch(const CLI::App& app, const Arguments& a, const Program& program) {
  if (const auto code = RunToolCommand(app, a.tools, a.run, program)) return *code;
  if (const auto code = RunModelCommand(app, a.models, program)) return *code;
  if (const auto code = RunImportCommand(app, a.imported, program)) return *code;
  if (const auto code = RunFolderCommand(app, a.folders, a.run, program)) return *code;
  if (const auto code = RunWatchCommand(app, a.watch, program)) return *code;
  if (const auto code = RunWhyCommand(app, a.why, a.run, program)) return *code;
  if (const auto code = RunCompareCommand(app, a.compare, a.run, program)) return *code;
  return RunTrainingCommand(app, a.training, a.run, program);
}

// *only_trains: what the command makes is a folder, and its output tells people of that, not
// scripts.
int Main(int argc, char** argv, Ranks* ranks, bool* only_trains) {
  CLI::App app("nabla trains small neural networks from a YAML file.", "nabla");
  Arguments arguments;
  arguments.run.files = FilesOptions::FromEnvironment();
  std::string& folder = arguments.run.files.working_directory;
  if (folder.empty()) folder = fs::current_path().string();
  Declare(app, &arguments);
  const std::string bundled = BundledFolder(argv[0]);
  if (argc == 1) {
    throw InputError(fmt::format("expected an experiment file or a command{}; see --help",
                                 Suggest("", BundledExperiments(bundled))));
  }
  bool parsed = false;
  const bool first = RankFromEnvironment().index == 0;
  Together(ranks, [&] { parsed = Parse(app, WithCommand(app, argc, argv), !first); });
  if (!parsed) return kGood;
  const bool trains = Trains(app, arguments.training);
  *only_trains = trains && !arguments.run.json && !arguments.run.quiet;
  if (!first && !trains) return kGood;  // only the first rank does work that is not shared
  arguments.run.ranks = trains ? ranks : nullptr;
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
  return Dispatch(app, arguments, program);
}

// A rank that fails alone reports it and ends all ranks, which would otherwise wait for it forever.
// If all fail alike, one report is enough: the others give the first rank time to end them.
int Fail(Ranks* ranks, const std::string& text, int code) {
  if (ranks != nullptr) {
    if (ranks->index() > 0) std::this_thread::sleep_for(std::chrono::seconds(3));
    PrintError(fmt::format("{}: {}\n", ranks->Name(), text));
    ranks->Abort(code);
  }
  PrintError(text + "\n");
  return code;
}

constexpr const char* kNoMemory =
    "error: out of memory; fewer rows (subset), smaller batches or layers take less";

int Guarded(int argc, char** argv, bool* trains) {
  std::unique_ptr<Ranks> ranks;
  try {
    ranks = StartRanks();
    return Main(argc, argv, ranks.get(), trains);
  } catch (const RanksFailed& e) {
    if (ranks->index() == 0) PrintError(e.what() + std::string("\n"));
    return e.bad_input() ? kBadInput : kFailure;
  } catch (const InputError& e) {
    return Fail(ranks.get(), e.what(), kBadInput);
  } catch (const std::bad_alloc&) {
    return Fail(ranks.get(), kNoMemory, kFailure);
  } catch (const std::length_error&) {  // of a size that no memory has
    return Fail(ranks.get(), kNoMemory, kFailure);
  } catch (const std::exception& e) {
    const int signal = CaughtSignal();
    return Fail(ranks.get(), fmt::format("error: {}", e.what()),
                signal != 0 ? kSignalBase + signal : kFailure);
  } catch (...) {  // of a plugin
    return Fail(ranks.get(), "error: something other than a std::exception was thrown", kFailure);
  }
}

// A command whose output is incomplete has failed, unless nobody wants the rest: `| head`.
int Run(int argc, char** argv) {
  PrepareOutput();
  bool trains = false;
  const int code = Guarded(argc, argv, &trains);
  const Delivery delivery = OutputDelivery();
  if (trains || delivery.complete || delivery.reader_gone || code != kGood) return code;
  PrintError(fmt::format("error: cannot write the output: {}\n", delivery.why));
  return kFailure;
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) { return nabla::Run(argc, argv); }
