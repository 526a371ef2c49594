#include "experiments/why_command.h"

#include <filesystem>

#include "experiments/budget_option.h"
#include "experiments/json_option.h"
#include "experiments/output_file.h"
#include "experiments/shared_options.h"
#include "experiments/why.h"
#include "framework/base/error.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWhyFooter =
    R"(Both runs are trained again from their config.yaml, step by step together, until a weight or a row of
a batch differs. Then a is trained with one key of b at a time, to see how much of the gap between the
last metrics each key makes.

Examples:
  nabla why mnist_3layer/20250301-101500 mnist_3layer/20250301-101622
  nabla why runs/a runs/b --no-train
  nabla why runs/a runs/b --metric test_loss --budget 5m --out turned)";

WhyRun FindWhyRun(const std::string& name, const Program& program) {
  WhyRun run{.name = name, .folder = FindOneRun(program, name), .tree = {}};
  run.tree = ReadFoundExperiment(program, run.folder + "/config.yaml");
  return run;
}

}  // namespace

void DeclareWhyCommand(CLI::App& app, WhyOptions* a, RunOptions* run, PluginArguments* plugins) {
  CLI::App& why = *app.add_subcommand(
      "why", "find the step and weights where two runs part, and the keys that cause it");
  why.add_option("folders", a->folders, "two run folders, a and b")->required()->expected(2);
  why.add_option("--steps", a->steps, "replay at most this many steps (default: all)")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 40));
  DeclareBudget(why, &run->budget,
                "how long it may take, half of it for the replay: 90, 90s, 10m or 1h (default: "
                "10m)");
  why.add_flag("--no-train", a->no_train, "only replay; do not train a with each key of b");
  why.add_option(
      "--metric", a->metric,
      "the metric whose gap the keys share (default: the first of test_accuracy, test_loss and "
      "train_loss that differs)");
  why.add_option("--out", run->out, "a folder for the runs with one key of b (default: not kept)")
      ->check(NoDash());
  DeclareJson(why, &run->json);
  DeclareThreads(why, run);
  DeclareData(why, run);
  why.add_flag("--quiet", run->quiet, "show only the answer, errors and warnings");
  DeclareLibraries(why, plugins);
  why.footer(kWhyFooter);
}

std::optional<int> RunWhyCommand(const CLI::App& app, const WhyOptions& a, const RunOptions& run,
                                 const Program& program) {
  if (!app.got_subcommand("why")) return std::nullopt;
  const WhyArguments arguments{.a = FindWhyRun(a.folders[0], program),
                               .b = FindWhyRun(a.folders[1], program),
                               .steps = a.steps,
                               .metric = a.metric,
                               .turn_keys = !a.no_train};
  std::error_code error;
  if (fs::equivalent(arguments.a.folder, arguments.b.folder, error)) {
    throw InputError(std::vector<Problem>{
        {{a.folders[1]}, "this is the folder of the other run: `rerun` repeats a single one"}});
  }
  return Why(arguments, run, program.registry);
}

}  // namespace nabla
