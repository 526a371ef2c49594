#include "experiments/investigate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "experiments/hypothesis_search.h"
#include "experiments/investigation_text.h"
#include "experiments/output_file.h"
#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/base/signals.h"
#include "framework/config/edit_text.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/terminal/console.h"
#include "framework/terminal/output.h"
#include "framework/verdict/unjudgeable.h"

namespace nabla {
namespace {

constexpr size_t kMostFileBytes = 1 << 20;

// The file's own must be experiments: whoever writes them wants to know if they are not.
std::vector<Hypothesis> GridOf(const InvestigateSection& section, const Node& tree,
                               const Registry& registry) {
  Problems problems;
  for (const Node::Entry& entry : section.grid.entries) {
    if (entry.value.IsList() && !entry.value.items.empty()) continue;
    problems.Add(entry.value.place,
                 "expected a list of values to try, found " + entry.value.Describe());
  }
  problems.ThrowIfAny();
  std::vector<Hypothesis> grid = HypothesesOfGrid(section.grid);
  for (const Hypothesis& one : grid) ParseAnyExperiment(Applied(one, tree), registry);
  return grid;
}

// Drops what the file rules out. Throws InputError for a name that nothing has.
void LeaveOut(const std::vector<std::string>& without, const Node& tree,
              std::vector<Hypothesis>* hypotheses) {
  const std::vector<std::string> families = HypothesisFamilies();
  Problems problems;
  for (size_t i = 0; i < without.size(); ++i) {
    const std::string& name = without[i];
    const size_t dropped = std::erase_if(
        *hypotheses, [&](const Hypothesis& one) { return one.name == name || one.family == name; });
    if (dropped > 0 || std::ranges::find(families, name) != families.end()) continue;
    problems.Add(tree.Find("investigate")->Find("without")->items[i].place,
                 "no hypothesis or family of hypotheses is called \"" + name + "\"" +
                     Suggest(name, families));
  }
  problems.ThrowIfAny();
}

std::vector<Hypothesis> AllHypotheses(const HypothesisRuns& runs, const AnySpec& spec,
                                      const Node& tree, const Registry& registry) {
  const auto section = HeadOf(spec).investigate.value_or(InvestigateSection());
  std::vector<Hypothesis> all = GridOf(section, tree, registry);
  const Samples& train = runs.data().train;
  const auto own = HypothesesOn(ResolvedConfig(spec), {train.count, train.classes}, registry);
  all.insert(all.end(), own.begin(), own.end());
  LeaveOut(section.without, tree, &all);
  return all;
}

// Other rows than the file's have to be loaded, which takes time. Those that are left out are the
// less likely ones.
void AddUntil(Clock::time_point end, const std::vector<Hypothesis>& hypotheses,
              HypothesisRuns* runs) {
  for (const Hypothesis& one : hypotheses) {
    if (CaughtSignal() != 0 || Clock::now() >= end) break;
    runs->Add(one);
  }
}

// The file with the settings of the hypothesis, its comments kept where that is possible.
std::string FileOf(const Candidate& candidate, const InvestigateArguments& arguments) {
  const auto bytes = ReadFile(arguments.path, kMostFileBytes);
  const Node tree = Applied(candidate.hypothesis, arguments.tree);
  if (!bytes) return PrintYaml(tree);
  std::string text(bytes->span().begin(), bytes->span().end());
  std::vector<Setting> settings;
  for (const std::string& assignment : arguments.assignments) {
    const size_t equals = assignment.find('=');
    settings.push_back({assignment.substr(0, equals),
                        ParseYamlValue(assignment.substr(equals + 1), "command line")});
  }
  const Hypothesis& own = candidate.hypothesis;
  settings.insert(settings.end(), own.settings.begin(), own.settings.end());
  for (const auto& [path, value] : settings) text = WithValueAt(text, path, value);
  return SameYaml(text, tree) ? text : PrintYaml(tree);
}

// What gives exact digits: a seed, where the file is right but for that, or another hypothesis.
// Otherwise what fits best if the file does not fit as it is.
const Candidate* BestOf(const SearchResult& result, const HypothesisRuns& runs) {
  if (result.digits && !result.digits->agree.empty()) {
    const Candidate& first = runs.candidates()[result.digits->agree[0]];
    if (first.hypothesis.family != "seed" || result.written.fits()) return &first;
  }
  if (result.written.stands()) return nullptr;
  if (result.others.empty() || !result.others[0].fits()) return nullptr;
  return &runs.candidates()[result.others[0].candidate];
}

void WriteBest(const SearchResult& result, const HypothesisRuns& runs,
               const InvestigateArguments& arguments, Console& console) {
  const Candidate* best = BestOf(result, runs);
  if (best == nullptr) {
    console.Warn(
        fmt::format("not written: {}, since {}", arguments.write,
                    result.written.stands() ? "the file fits as it is" : "nothing else fits"));
    return;
  }
  WriteText(arguments.write, FileOf(*best, arguments));
  console.Line("wrote " + arguments.write);
  if (best->hypothesis.loss_factor == 1) return;
  console.Warn(
      fmt::format("{}: its losses are still those printed: no key says that they are {:g} "
                  "times ours",
                  arguments.write, best->hypothesis.loss_factor));
}

}  // namespace

int Investigate(const InvestigateArguments& arguments, const RunOptions& options,
                const Registry& registry) {
  if (!arguments.write.empty()) {
    CheckOutputFile({.option = "--write", .path = arguments.write, .what = "an experiment"});
  }
  if (!arguments.page.empty()) {
    CheckOutputFile({"--page", arguments.page, "a page", IsPage});
  }
  Console console(options.quiet, false, options.json);
  const Node& tree = arguments.tree;
  const AnySpec spec = ParseJudgeable(tree, registry, "has nothing to explain");
  const Clock::time_point start = Clock::now();
  const double seconds =
      options.budget.value_or(HeadOf(spec).investigate.value_or(InvestigateSection()).budget);
  Files files(console.WithDownloadsShown(options.files));
  DataCache cache(files);
  console.Status("loading data");
  // From here on a signal ends the search, not the process.
  std::optional<RunUnderWay> under_way(std::in_place);
  auto runs = WithLocations(tree, [&] {
    return std::make_unique<HypothesisRuns>(tree, registry, options, cache, console);
  });
  for (const std::string& remark : cache.remarks()) console.Warn(remark);
  AddUntil(start + Seconds(0.25 * seconds), AllHypotheses(*runs, spec, tree, registry), runs.get());
  console.Line(fmt::format("{}: {} hypotheses, {:.6g} s on {} threads (--budget)",
                           HeadOf(spec).name, runs->candidates().size() - 1, seconds,
                           options.Workers()));
  const SearchResult result =
      HypothesisSearch(*runs, start + Seconds(seconds), options.Workers(), console)
          .Run(SeedHypotheses(ResolvedConfig(spec)));
  under_way.reset();
  if (options.json) {
    PrintJson(InvestigationJson(result, *runs));
  } else {
    console.Line("");
    PrintFolded(InvestigationText(result, *runs));
  }
  if (!arguments.page.empty()) {
    WriteText(arguments.page, InvestigationHtml(result, *runs));
    console.Line("wrote " + arguments.page);
  }
  if (!arguments.write.empty()) WriteBest(result, *runs, arguments, console);
  return GoodUnlessStopped();
}

}  // namespace nabla
