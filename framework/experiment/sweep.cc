#include "framework/experiment/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "framework/config/override.h"
#include "framework/data/disk.h"
#include "framework/experiment/signals.h"
#include "framework/experiment/statistics.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

// One key of the grid.
struct Axis {
  std::vector<std::string> paths;
  const Node* values;
};

std::vector<std::string> PathsOf(const std::string& key) {
  std::vector<std::string> paths;
  size_t begin = 0;
  while (begin <= key.size()) {
    const size_t end = std::min(key.find(',', begin), key.size());
    const size_t first = key.find_first_not_of(' ', begin);
    const size_t last = key.find_last_not_of(' ', end - 1);
    if (first < end) paths.push_back(key.substr(first, last - first + 1));
    begin = end + 1;
  }
  return paths;
}

std::vector<Axis> AxesOf(const Node& tree) {
  const Node* sweep = tree.Find("sweep");
  const Node* grid = sweep == nullptr ? nullptr : sweep->Find("grid");
  if (grid == nullptr || !grid->IsMap() || grid->entries.empty()) {
    throw InputError(
        std::vector<Problem>{{grid != nullptr ? grid->place : tree.place,
                              "a sweep needs `sweep: {grid: {key: [value, ...], ...}}`"}});
  }
  Problems problems;
  std::vector<Axis> axes;
  for (const Node::Entry& entry : grid->entries) {
    if (!entry.value.IsList() || entry.value.items.empty()) {
      problems.Add(entry.value.place,
                   "expected a list of values to try, found " + entry.value.Describe());
    }
    axes.push_back({PathsOf(entry.key), &entry.value});
  }
  problems.ThrowIfAny();
  return axes;
}

// "adam" of {name: adam, lr: 0.1}; other values as they are written.
std::string ShortText(const Node& value) {
  const Node* name = value.Find("name");
  if (name == nullptr) {
    std::string text = PrintYaml(value);
    text.pop_back();
    return text;
  }
  std::string text = name->text;
  for (const Node::Entry& entry : value.entries) {
    if (entry.key != "name") text += " " + entry.key + "=" + ShortText(entry.value);
  }
  return text;
}

std::vector<double> Last(const std::vector<SideRun>& runs, FigureName figure) {
  std::vector<double> values;
  for (const SideRun& run : runs) {
    if (!run.figures) continue;
    if (const auto value = FigureOf(run.figures->epochs.back(), figure)) values.push_back(*value);
  }
  return values;
}

std::string MeanText(const std::vector<double>& values, const char* format) {
  if (values.empty()) return "-";
  const Distribution d = Describe(values);
  const std::string mean = fmt::format(fmt::runtime(format), d.mean);
  return values.size() == 1 ? mean : mean + fmt::format(" ± {:.2g}", d.std);
}

// The mean training loss of each epoch as a row of bars, from the highest to the lowest.
std::string Curve(const std::vector<SideRun>& runs) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr size_t kWidth = 20;
  std::vector<double> losses;
  for (const SideRun& run : runs) {
    if (!run.figures) continue;
    losses.resize(run.figures->epochs.size());
    for (size_t e = 0; e < losses.size(); ++e) losses[e] += run.figures->epochs[e].train_loss;
  }
  if (losses.empty()) return "";
  const auto [low, high] = std::minmax_element(losses.begin(), losses.end());
  std::string text;
  const size_t width = std::min(kWidth, losses.size());
  for (size_t i = 0; i < width; ++i) {
    const double value = losses[i * losses.size() / width];
    const double share = *high > *low ? (value - *low) / (*high - *low) : 0;
    text += kBars[static_cast<size_t>(share * 7.0 + 0.5)];
  }
  return text;
}

// Better points come first: more accurate, or, without classes, of lower loss; failures last.
double Rank(const SweepResult& result) {
  const std::vector<double> accuracy = Last(result.runs, FigureName::kTestAccuracy);
  if (!accuracy.empty()) return -Describe(accuracy).mean;
  const std::vector<double> loss = Last(result.runs, FigureName::kTrainLoss);
  return loss.empty() ? std::numeric_limits<double>::infinity() : Describe(loss).mean;
}

Json RunJson(const SideRun& run) {
  Json json;
  json["seed"] = run.seed;
  if (!run.failure.empty()) json["failure"] = run.failure;
  if (!run.figures) return json;
  for (const EpochFigures& e : run.figures->epochs) {
    json["train_loss"].push_back(e.train_loss);
    if (e.train_accuracy) json["train_accuracy"].push_back(*e.train_accuracy);
    if (e.test_loss) json["test_loss"].push_back(*e.test_loss);
    if (e.test_accuracy) json["test_accuracy"].push_back(*e.test_accuracy);
  }
  return json;
}

std::string SweepJson(const std::string& name, const std::vector<SweepResult>& results) {
  Json json;
  json["name"] = name;
  for (const SweepResult& result : results) {
    Json point;
    point["label"] = result.label;
    for (const SideRun& run : result.runs) point["runs"].push_back(RunJson(run));
    json["points"].push_back(point);
  }
  return json.dump(2) + "\n";
}

std::string SweepCsv(const std::vector<SweepResult>& results) {
  const auto cell = [](const std::optional<double>& v) { return v ? fmt::format("{}", *v) : ""; };
  std::string text = "point,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy\n";
  for (const SweepResult& result : results) {
    for (const SideRun& run : result.runs) {
      if (!run.figures) continue;
      for (const EpochFigures& e : run.figures->epochs) {
        text +=
            fmt::format("\"{}\",{},{},{},{},{},{}\n", result.label, run.seed, e.epoch, e.train_loss,
                        cell(e.train_accuracy), cell(e.test_loss), cell(e.test_accuracy));
      }
    }
  }
  return text;
}

void Write(const std::string& path, const std::string& text) {
  WriteFile(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

template <typename T>
std::vector<SweepResult> RunPoints(const std::vector<SweepPoint>& points, size_t seeds,
                                   const SweepOptions& options, const Registry& registry,
                                   Console& console, std::string* name) {
  Files files(options.files);
  DataShelf shelf(files);
  std::vector<ExperimentSpec<T>> specs;
  std::vector<const DataSplits*> data;
  for (const SweepPoint& point : points) {
    ExperimentSpec<T> spec = ParseExperiment<T>(point.tree, registry);
    *name = spec.name;
    const int64_t first_seed = spec.seed;
    for (size_t s = 0; s < seeds; ++s) {
      spec.seed = first_seed + static_cast<int64_t>(s);
      specs.push_back(spec);
      data.push_back(&shelf.Get(spec));
    }
  }
  const size_t threads = options.threads > 0 ? options.threads : UsableCores();
  console.Line(fmt::format("{}: {} settings, {} seed{} each, {} runs at a time", *name,
                           points.size(), seeds, seeds == 1 ? "" : "s",
                           std::min(threads, specs.size())));
  std::vector<SideRun> runs = RunSideBySide<T>(specs, data, registry, threads, *name, console);
  std::vector<SweepResult> results;
  for (size_t p = 0; p < points.size(); ++p) {
    SweepResult& result = results.emplace_back();
    result.label = points[p].label;
    for (size_t s = 0; s < seeds; ++s) result.runs.push_back(std::move(runs[p * seeds + s]));
  }
  return results;
}

}  // namespace

std::vector<SweepPoint> SweepPoints(const Node& tree, const Registry& registry) {
  const std::vector<Axis> axes = AxesOf(tree);
  Node base = tree;
  std::erase_if(base.entries, [](const Node::Entry& entry) { return entry.key == "sweep"; });
  std::vector<SweepPoint> points = {{"", base}};
  for (const Axis& axis : axes) {
    std::vector<SweepPoint> longer;
    for (const SweepPoint& point : points) {
      for (const Node& value : axis.values->items) {
        SweepPoint& next = longer.emplace_back(point);
        for (const std::string& path : axis.paths) SetAtPath(next.tree, path, value);
        const std::string text =
            axes.size() == 1 ? ShortText(value) : axis.paths.front() + "=" + ShortText(value);
        next.label += (next.label.empty() ? "" : ", ") + text;
      }
    }
    points = std::move(longer);
  }
  for (const SweepPoint& point : points) CheckExperiment(point.tree, registry);
  return points;
}

std::string SweepTable(const std::vector<SweepResult>& results) {
  std::vector<const SweepResult*> sorted;
  size_t width = 8;
  for (const SweepResult& result : results) {
    sorted.push_back(&result);
    width = std::max(width, result.label.size());
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const SweepResult* a, const SweepResult* b) { return Rank(*a) < Rank(*b); });
  std::string text = fmt::format("{:<{}}  {:>20}  {:>20}  {}\n", "setting", width, "train loss",
                                 "test accuracy", "loss by epoch");
  for (const SweepResult* result : sorted) {
    text += fmt::format("{:<{}}  {:>20}  {:>20}  {}\n", result->label, width,
                        MeanText(Last(result->runs, FigureName::kTrainLoss), "{:.4g}"),
                        MeanText(Last(result->runs, FigureName::kTestAccuracy), "{:.4f}"),
                        Curve(result->runs));
    for (const SideRun& run : result->runs) {
      if (!run.failure.empty()) text += fmt::format("  seed {}: {}\n", run.seed, run.failure);
    }
  }
  return text;
}

int Sweep(const Node& tree, const SweepOptions& options, const Registry& registry) {
  Console console(options.quiet);
  const std::vector<SweepPoint> points = SweepPoints(tree, registry);
  SweepSection section;
  Problems problems;
  TableOf<SweepSection>().Parse(&section, *tree.Find("sweep"), {problems});
  problems.ThrowIfAny();
  const auto count = static_cast<size_t>(options.seeds.value_or(section.seeds));
  std::string name;
  const std::vector<SweepResult> results =
      DtypeOf(points.front().tree) == Dtype::kFloat64
          ? RunPoints<double>(points, count, options, registry, console, &name)
          : RunPoints<float>(points, count, options, registry, console, &name);
  const std::string folder =
      options.out.empty() ? NewRunPath(options.files.working_directory, name) : options.out;
  Write(folder + "/sweep.json", SweepJson(name, results));
  Write(folder + "/sweep.csv", SweepCsv(results));
  console.Line(SweepTable(results));
  console.Line("written: " + folder + "/sweep.json, sweep.csv");
  return CaughtSignal() != 0 ? kSignalBase + CaughtSignal() : kGood;
}

}  // namespace nabla
