#include "experiments/folder_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiments/single_run.h"
#include "framework/record/finished_run.h"
#include "framework/record/run_diff.h"
#include "framework/record/run_folder.h"
#include "framework/record/run_index.h"
#include "framework/report/report_text.h"
#include "framework/report/run_report.h"
#include "framework/terminal/output.h"

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
                     place.string())}});
  }
}

int MakeReport(const FolderArguments& a, const RunOptions& run, const Program& program) {
  LoadOnlyCommandLinePlugins(program);
  std::vector<std::string> folders;
  for (const std::string& path : a.paths) folders.push_back(FindRunFolder(program, path));
  // The page of a single folder goes into it, that of several into the working directory.
  const std::string& place = folders.size() == 1 ? folders.front() : program.working_directory;
  const std::string file = run.out.empty() ? place + "/report.html" : run.out;
  if (run.out.empty() && folders.size() == 1) ThrowIfVerdicts(place);
  const Report report = CollectReport(folders, program.registry);
  WriteReport(report, file);
  if (!run.quiet) {
    Print(fmt::format("{}\n{} run{}; wrote {}\n", ReportText(report), report.runs.size(),
                      report.runs.size() == 1 ? "" : "s", file));
  }
  return kGood;
}

std::string Loss(const std::optional<double>& value) {
  return value ? fmt::format("{:.5g}", *value) : "-";
}

std::string Accuracy(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "-";
}

std::string Metric(const IndexedRun& run, const std::string& name) {
  const auto found = std::ranges::find(run.metrics, name, [](const auto& m) { return m.first; });
  return found == run.metrics.end() ? "-" : fmt::format("{:.5g}", found->second);
}

// The metrics beside the usual ones that the command names: they get columns.
std::vector<std::string> AskedMetrics(const std::vector<IndexedRun>& runs,
                                      const FolderArguments& a) {
  std::vector<std::string> asked = {a.sort.substr(a.sort.starts_with('-') ? 1 : 0)};
  for (const std::string& condition : a.conditions) {
    asked.push_back(condition.substr(0, condition.find_first_of("=!<>")));
  }
  std::vector<std::string> names;
  for (const std::string& name : asked) {
    const bool known =
        std::ranges::any_of(runs, [&](const IndexedRun& run) { return Metric(run, name) != "-"; });
    if (known && std::ranges::count(names, name) == 0) names.push_back(name);
  }
  return names;
}

std::string RunTable(const std::vector<IndexedRun>& runs, const FolderArguments& a) {
  size_t width = 6;
  for (const IndexedRun& run : runs) width = std::max(width, run.path.size());
  const std::vector<std::string> more = AskedMetrics(runs, a);
  std::string heads;
  for (const std::string& name : more) heads += fmt::format("{:>10} ", name);
  std::string text =
      fmt::format("{:<{}}  {:<9} {:>5} {:>6} {:>10} {:>10} {:>8} {}{:>8}  {:<20} {}\n", "folder",
                  width, "status", "seed", "epochs", "train loss", "test loss", "test acc", heads,
                  "seconds", "started (UTC)", "weights");
  for (const IndexedRun& r : runs) {
    std::string cells;
    for (const std::string& name : more) {
      cells += fmt::format("{:>{}} ", Metric(r, name), std::max<size_t>(10, name.size()));
    }
    text += fmt::format("{:<{}}  {:<9} {:>5} {:>6} {:>10} {:>10} {:>8} {}{:>8.2f}  {:<20} {:.8}\n",
                        r.path, width, r.status, r.seed, r.epochs, Loss(r.train_loss),
                        Loss(r.test_loss), Accuracy(r.test_accuracy), cells, r.seconds, r.started,
                        r.weights_hash);
  }
  return text;
}

std::string RunsJson(const std::vector<IndexedRun>& runs) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const IndexedRun& r : runs) {
    nlohmann::ordered_json json = {
        {"folder", r.path},     {"name", r.name}, {"status", r.status}, {"dataset", r.dataset},
        {"started", r.started}, {"seed", r.seed}, {"epochs", r.epochs}, {"seconds", r.seconds}};
    if (r.train_loss) json["train_loss"] = *r.train_loss;
    if (r.test_loss) json["test_loss"] = *r.test_loss;
    if (r.test_accuracy) json["test_accuracy"] = *r.test_accuracy;
    for (const auto& [name, value] : r.metrics) json[name] = value;
    json["samples_per_second"] = r.samples_per_second;
    json["weights_hash"] = r.weights_hash;
    all.push_back(json);
  }
  // Nothing but ASCII: folders may have names of any bytes, and Print changes no JSON.
  return all.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int ListRuns(const FolderArguments& a, const Program& program) {
  const std::string folder = fs::path(program.working_directory) / a.folder;
  const auto runs =
      RunIndex(folder).Find({.conditions = a.conditions, .sort = a.sort, .most = a.most});
  Print(a.json ? RunsJson(runs) : RunTable(runs, a));
  return kGood;
}

// Trains the experiment of a run's config.yaml again and compares the weights.
int Rerun(const FolderArguments& a, RunOptions run, const Program& program) {
  const std::string before = FindRunFolder(program, a.paths.front());
  const Summary old = ReadRun(before).summary;
  Node tree = ReadFoundExperiment(program, before + "/config.yaml");
  // A run that was resumed until its end had as much time as it needed.
  if (old.status == "complete") ApplyOverride(tree, "train.max_time=null");
  run.out = run.FolderFor(old.name);
  const int code = RunExperiment(tree, run, program.registry);
  if (code != kGood && code != kDiverged) return code;
  const Summary now = ReadRun(run.out).summary;
  if (old.status != now.status || old.dataset != now.dataset) {
    Print(fmt::format("not comparable: the old run is {} on {}, the new one is {} on {}\n",
                      old.status, old.dataset, now.status, now.dataset));
    return kFailure;
  }
  const bool same = old.weights_hash == now.weights_hash;
  Print(fmt::format("{}: weights {} then, {} now\n", same ? "bit-identical" : "NOT bit-identical",
                    old.weights_hash, now.weights_hash));
  if (!same) Print(DiffRuns(before, run.out));
  return same ? kGood : kFailure;
}

}  // namespace

void DeclareFolderCommands(CLI::App& app, FolderArguments* a, RunOptions* run,
                           PluginArguments* plugins) {
  CLI::App& report = *app.add_subcommand("report", "draw one or more runs as one page");
  report.add_option("folders", a->paths, "run folders, or folders that contain run folders")
      ->required();
  report.add_option("--out", run->out,
                    "the file (default: report.html in the folder, or here if there are several)");
  report.add_flag("--quiet", run->quiet, "show only errors and warnings");
  DeclareLibraries(report, plugins);

  CLI::App& runs = *app.add_subcommand("runs", "list runs, latest first");
  runs.add_option("conditions", a->conditions,
                  "conditions such as name=mnist_3layer \"test_accuracy>0.9\" optimizer.lr=0.1");
  runs.add_option("--folder", a->folder, "the folder that holds the runs (default: runs)");
  runs.add_option("--sort", a->sort,
                  "a key, largest first; -KEY for the smallest first (default: started)");
  runs.add_option("--top", a->most, "show at most this many runs");
  runs.add_flag("--json", a->json, "print JSON");

  CLI::App& diff = *app.add_subcommand("diff", "show what differs between two runs");
  diff.add_option("folders", a->paths, "two run folders")->required()->expected(2);

  CLI::App& rerun =
      *app.add_subcommand("rerun", "repeat a run, and say whether the bits are the same");
  rerun.add_option("folder", a->paths, "a run folder")->required()->expected(1);
  rerun.add_option("--threads", run->threads, "worker threads (default: one for each core)")
      ->check(CLI::Range(1, 1024));
  rerun.add_option("--data", run->files.data_dir, "the folder that contains mnist/");
  rerun.add_option("--out", run->out, "folder for the results (default: runs/<name>/<time>)");
  rerun.add_flag("--offline", run->files.offline, "never use the network");
  rerun.add_flag("--quiet", run->quiet, "show only errors and the verdict");
  DeclareLibraries(rerun, plugins);
}

std::optional<int> RunFolderCommand(const CLI::App& app, const FolderArguments& a,
                                    const RunOptions& run, const Program& program) {
  if (app.got_subcommand("report")) return MakeReport(a, run, program);
  if (app.got_subcommand("runs")) return ListRuns(a, program);
  if (app.got_subcommand("diff")) {
    Print(DiffRuns(FindRunFolder(program, a.paths[0]), FindRunFolder(program, a.paths[1])));
    return kGood;
  }
  if (app.got_subcommand("rerun")) return Rerun(a, run, program);
  return std::nullopt;
}

}  // namespace nabla
