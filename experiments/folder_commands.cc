#include "experiments/folder_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiments/budget_option.h"
#include "experiments/close_look.h"
#include "experiments/json_option.h"
#include "experiments/latest_run.h"
#include "experiments/output_file.h"
#include "experiments/run_table.h"
#include "experiments/shared_options.h"
#include "experiments/single_run.h"
#include "experiments/standout_trials.h"
#include "framework/record/finished_run.h"
#include "framework/record/run_diff.h"
#include "framework/record/run_folder.h"
#include "framework/record/run_index.h"
#include "framework/report/report_text.h"
#include "framework/report/run_report.h"
#include "framework/terminal/console.h"
#include "framework/terminal/output.h"
#include "framework/terminal/shell_word.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// A page of `reproduce` says more than one of ours would: it has the verdicts.
void ThrowIfVerdicts(const std::string& folder) {
  const fs::path own = (fs::path(folder) / "").parent_path();  // without a slash at its end
  for (const fs::path& place : {own, own.parent_path()}) {
    if (!fs::exists(place / "reproduction.json") || !fs::exists(folder + "/report.html")) continue;
    throw InputError(std::vector<Problem>{
        {{folder + "/report.html"},
         fmt::format("holds verdicts, which this page would not; `reproduce FILES --out {}` draws "
                     "it again, and --out writes this one elsewhere",
                     ShellWord(place))}});
  }
}

int MakeReport(const FolderArguments& a, const RunOptions& run, const Program& program) {
  if (!run.out.empty()) CheckOutputFile({"--out", run.out, "a page", IsPage});
  LoadOnlyCommandLinePlugins(program);
  std::vector<std::string> folders;
  if (a.look || a.confirm) {
    if (a.paths.size() > 1) throw InputError("--look and --confirm are about one run");
    folders.push_back(FindOneRun(program, a.paths.front()));
    Console console(run.quiet, false, run.json);
    if (a.look) LookClosely(folders.front(), run, program, console);
    if (a.confirm) TryStandouts(folders.front(), run, program, console);
    if (const int code = GoodUnlessStopped(); code != kGood) return code;
  } else {
    for (const std::string& path : a.paths) folders.push_back(FindRunFolder(program, path));
  }
  // The page of a single folder goes into it, that of several into the working directory.
  const std::string& place = folders.size() == 1 ? folders.front() : program.working_directory;
  const std::string file = run.out.empty() ? fs::path(place) / "report.html" : fs::path(run.out);
  if (run.out.empty() && folders.size() == 1) ThrowIfVerdicts(place);
  if (run.out.empty()) CheckOutputFile({"", file, "a page", IsPage});
  const Report report = CollectReport(folders, program.registry);
  WriteReport(report, file);
  if (run.json) {
    PrintJson(GroupsJson(report, file));
  } else if (!run.quiet) {
    PrintFolded(fmt::format("{}\n{} run{}; wrote {}\n", ReportText(report, LineColumns()),
                            report.runs.size(), report.runs.size() == 1 ? "" : "s", file));
  }
  return kGood;
}

// What the command names, and what therefore gets a column if it is a metric.
std::vector<std::string> AskedMetrics(const FolderArguments& a) {
  std::vector<std::string> asked = {a.sort.substr(a.sort.starts_with('-') ? 1 : 0)};
  for (const std::string& condition : a.conditions) {
    asked.push_back(condition.substr(0, condition.find_first_of("=!<>")));
  }
  return asked;
}

int ListRuns(const FolderArguments& a, bool json, const Program& program) {
  const std::string folder = fs::path(program.working_directory) / a.folder;
  const RunIndex index(folder);
  const auto runs = index.Find({.conditions = a.conditions, .sort = a.sort, .most = a.most});
  const bool chosen = !a.columns.empty();
  RunTable table;
  table.keys = chosen          ? a.columns
               : json || a.csv ? AllKeys(index, runs)
                               : UsualKeys(index, runs, AskedMetrics(a));
  table.rows = index.Values(runs, table.keys);
  if (json) {
    PrintJson(RunJson(table));
  } else {
    a.csv ? Print(RunCsv(table)) : PrintFolded(RunText(table, chosen, LineColumns()));
  }
  return kGood;
}

nlohmann::ordered_json SideJson(const std::string& folder, const Summary& summary) {
  return {{"folder", folder},
          {"status", summary.status},
          {"dataset", summary.dataset},
          {"weights_hash", summary.weights_hash}};
}

// Whether the weights are the same. Prints the answer, and what else differs.
bool CompareRerun(const std::string& before, const std::string& now, bool json) {
  const Summary a = ReadRun(before).summary;
  const Summary b = ReadRun(now).summary;
  const bool comparable = a.status == b.status && a.dataset == b.dataset;
  const bool same = comparable && a.weights_hash == b.weights_hash;
  if (json) {
    const nlohmann::ordered_json answer = {
        {"bit_identical", same}, {"then", SideJson(before, a)}, {"now", SideJson(now, b)}};
    PrintJson(answer.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else if (!comparable) {
    PrintFolded(fmt::format("not comparable: the old run is {} on {}, the new one is {} on {}\n",
                            a.status, a.dataset, b.status, b.dataset));
  } else {
    PrintFolded(fmt::format("{}: weights {} then, {} now\n",
                            same ? "bit-identical" : "NOT bit-identical", a.weights_hash,
                            b.weights_hash));
    if (!same) PrintFolded(DiffRuns(before, now));
  }
  return same;
}

// Trains the experiment of a run's config.yaml again and compares the weights.
int Rerun(const FolderArguments& a, RunOptions run, const Program& program) {
  const std::string before = FindOneRun(program, a.paths.front());
  const Summary old = ReadRun(before).summary;
  Node tree = ReadFoundExperiment(program, before + "/config.yaml");
  // A run that was resumed until its end had as much time as it needed.
  if (old.status == "complete") ApplyOverride(tree, "train.max_time=null");
  const bool named = !run.out.empty();
  run.out = run.FolderFor(old.name);
  const int code = RunExperiment(tree, run, program.registry, &run.out);
  if (code != kGood && code != kDiverged) return code;
  if (!named) PointLatest(run.out);
  return CompareRerun(before, run.out, run.json) ? kGood : kFailure;
}

}  // namespace

void DeclareFolderCommands(CLI::App& app, FolderArguments* a, RunOptions* run,
                           PluginArguments* plugins) {
  CLI::App& report = *app.add_subcommand("report", "write one page about one or more runs");
  report.add_option("folders", a->paths, "run folders, or folders that contain run folders")
      ->required();
  report
      .add_option("--out", run->out,
                  "the file (default: report.html in the folder, or here if there are several)")
      ->check(NoDash());
  report.add_flag("--look", a->look,
                  "for one run of a sweep: train it again, to show its layers, units and pictures");
  report.add_flag("--confirm", a->confirm,
                  "for one run: try its remedies in short runs, and say by how much they help");
  DeclareBudget(report, &run->budget, "how long --confirm may take (default: 60s)");
  DeclareThreads(report, run);
  DeclareData(report, run);
  report.add_flag("--quiet", run->quiet, "show only errors and warnings");
  DeclareJson(report, &run->json);
  DeclareLibraries(report, plugins);

  CLI::App& runs = *app.add_subcommand("runs", "list runs, latest first");
  runs.add_option("conditions", a->conditions,
                  "conditions such as name=mnist_3layer \"test_accuracy>0.9\" optimizer.lr=0.1");
  runs.add_option("--folder", a->folder, "the folder that holds the runs (default: runs)");
  runs.add_option("--sort", a->sort,
                  "sort by this key, largest first; -KEY: smallest first (default: started)");
  runs.add_option("--top", a->most, "show at most this many runs")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 40));
  runs.add_option("--columns", a->columns,
                  "keys to show, separated by commas: folder,optimizer.lr,test_accuracy")
      ->delimiter(',')
      ->allow_extra_args(false);
  CLI::Option* csv = runs.add_flag("--csv", a->csv, "print CSV");
  DeclareJson(runs, &run->json);
  runs.get_option("--json")->excludes(csv);

  CLI::App& diff = *app.add_subcommand("diff", "show what differs between two runs");
  diff.add_option("folders", a->paths, "two run folders")->required()->expected(2);
  DeclareJson(diff, &run->json);

  CLI::App& rerun =
      *app.add_subcommand("rerun", "repeat a run, and say whether the bits are the same");
  rerun.add_option("folder", a->paths, "a run folder")->required()->expected(1);
  DeclareThreads(rerun, run);
  DeclareData(rerun, run);
  rerun.add_option("--out", run->out, "folder for the results (default: runs/<name>/<time>)")
      ->check(NoDash());
  rerun.add_flag("--quiet", run->quiet, "show only errors and the verdict");
  DeclareJson(rerun, &run->json);
  DeclareLibraries(rerun, plugins);
}

std::optional<int> RunFolderCommand(const CLI::App& app, const FolderArguments& a,
                                    const RunOptions& run, const Program& program) {
  if (app.got_subcommand("report")) return MakeReport(a, run, program);
  if (app.got_subcommand("runs")) return ListRuns(a, run.json, program);
  if (app.got_subcommand("diff")) {
    const std::string first = FindOneRun(program, a.paths[0]);
    const std::string second = FindOneRun(program, a.paths[1]);
    run.json ? PrintJson(DiffJson(first, second)) : PrintFolded(DiffRuns(first, second));
    return kGood;
  }
  if (app.got_subcommand("rerun")) return Rerun(a, run, program);
  return std::nullopt;
}

}  // namespace nabla
