#include "framework/verdict/unjudgeable.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace nabla {
namespace {

bool OfTestRows(MetricName metric) {
  return metric == MetricName::kTestLoss || metric == MetricName::kTestAccuracy ||
         metric == MetricName::kConfusionMatrix;
}

bool OfValidationRows(MetricName metric) {
  return metric == MetricName::kValidationLoss || metric == MetricName::kValidationAccuracy;
}

bool NeedsClasses(MetricName metric) {
  return metric == MetricName::kTrainAccuracy || metric == MetricName::kTestAccuracy ||
         metric == MetricName::kValidationAccuracy || metric == MetricName::kConfusionMatrix;
}

std::string NameOf(MetricName metric) { return FieldType<MetricName>::Print(metric).text; }

// Collects what is wrong, at the experiment's lists.
class Finder {
 public:
  Finder(const ExperimentHead& spec, const Node& tree) : spec_(spec), tree_(tree) {}

  // reason(reference) is "" or why it cannot be judged; `keys` are those that decide.
  template <typename F>
  void ForEach(const std::vector<std::string>& keys, F&& reason) {
    const bool overwritten = std::any_of(
        keys.begin(), keys.end(), [this](const std::string& key) { return FromCommandLine(key); });
    for (size_t i = 0; i < spec_.reference.size(); ++i) {
      const std::string why = reason(spec_.reference[i]);
      if (why.empty()) continue;
      const Place& place = tree_.Find("reference")->items[i].place;
      found.push_back({{place, "this list cannot be judged: " + why}, overwritten});
    }
  }

  std::vector<Unjudgeable> found;

 private:
  bool FromCommandLine(const std::string& key) const {
    const size_t dot = std::min(key.find('.'), key.size());
    const Node* node = tree_.Find(key.substr(0, dot));
    if (node != nullptr && dot < key.size()) node = node->Find(key.substr(dot + 1));
    return node != nullptr && node->place.origin.starts_with("command line: ");
  }

  const ExperimentHead& spec_;
  const Node& tree_;
};

// Evaluations after an epoch give these; others are there after each.
bool IsEvaluated(MetricName metric, EvaluateSplit split) {
  if (metric == MetricName::kTrainAccuracy) {
    return split == EvaluateSplit::kTrain || split == EvaluateSplit::kBoth;
  }
  return OfTestRows(metric) || OfValidationRows(metric);
}

std::string WrongEpoch(const ExperimentHead& spec, const Reference& r) {
  if (!r.IsCurve()) return "";
  for (const int64_t epoch : r.epochs.list) {
    if (epoch > spec.train.epochs) {
      return fmt::format("epoch {} comes after the last one, {}", epoch, spec.train.epochs);
    }
    const bool due = epoch % spec.evaluate.every == 0 || epoch == spec.train.epochs;
    if (!due && IsEvaluated(r.metric, spec.evaluate.split)) {
      return fmt::format("epoch {} is not evaluated, since evaluate.every is {}", epoch,
                         spec.evaluate.every);
    }
  }
  return "";
}

std::string WrongSplit(const ExperimentHead& spec, const Reference& r) {
  const EvaluateSplit split = spec.evaluate.split;
  if (OfValidationRows(r.metric) && split != EvaluateSplit::kValidation) {
    return fmt::format(
        "{} needs rows that split.validation_fraction puts aside, and evaluate.split "
        "is {}",
        NameOf(r.metric), FieldType<EvaluateSplit>::Print(split).text);
  }
  // Test rows are evaluated once there, at the end.
  const bool last = !r.IsCurve() || r.epochs.list == std::vector<int64_t>{spec.train.epochs};
  const bool at_end = split == EvaluateSplit::kValidation && last;
  if (at_end) return "";
  if (!OfTestRows(r.metric) || split == EvaluateSplit::kTest || split == EvaluateSplit::kBoth) {
    return "";
  }
  return fmt::format("{} needs the test rows, but evaluate.split is {}", NameOf(r.metric),
                     FieldType<EvaluateSplit>::Print(split).text);
}

bool HasMetric(const Node& tree, const std::string& name) {
  const Node* metrics = tree.Find("metrics");
  if (metrics == nullptr) return false;
  return std::any_of(metrics->items.begin(), metrics->items.end(), [&](const Node& metric) {
    const Node* of_map = metric.Find("name");
    return (of_map == nullptr ? metric : *of_map).text == name;
  });
}

std::string WrongRows(const Reference& r, const DataSplits& data) {
  const size_t classes = data.train.classes;
  if (OfTestRows(r.metric) && data.test.count == 0) {
    return NameOf(r.metric) + " needs test rows, and there are none";
  }
  if (NeedsClasses(r.metric) && classes == 0) {
    return NameOf(r.metric) + " needs classes, and the targets are numbers";
  }
  if (r.metric == MetricName::kConfusionMatrix && r.printed.size() != classes * classes) {
    return fmt::format("{} cells are no matrix of {} classes", r.printed.size(), classes);
  }
  if (r.metric == MetricName::kInitialLoss && static_cast<size_t>(r.rows) > data.train.count) {
    return fmt::format("it is of {} rows, and there are only {} to train on", r.rows,
                       data.train.count);
  }
  return "";
}

}  // namespace

std::vector<Unjudgeable> FindUnjudgeable(const ExperimentHead& spec, const Node& tree) {
  Finder finder(spec, tree);
  finder.ForEach({"train.epochs", "evaluate.every"},
                 [&](const Reference& r) { return WrongEpoch(spec, r); });
  finder.ForEach({"evaluate.split"}, [&](const Reference& r) { return WrongSplit(spec, r); });
  const std::string matrix = NameOf(MetricName::kConfusionMatrix);
  finder.ForEach({"metrics"}, [&](const Reference& r) -> std::string {
    if (r.metric != MetricName::kConfusionMatrix || HasMetric(tree, matrix)) return "";
    return "metrics has no " + matrix;
  });
  return finder.found;
}

std::vector<Unjudgeable> FindUnjudgeable(const ExperimentHead& spec, const Node& tree,
                                         const DataSplits& data) {
  Finder finder(spec, tree);
  finder.ForEach({"dataset", "split", "subset"},
                 [&](const Reference& r) { return WrongRows(r, data); });
  return finder.found;
}

void ThrowIfAny(const std::vector<Unjudgeable>& lists) {
  Problems problems;
  for (const Unjudgeable& list : lists) problems.Add(list.problem.place, list.problem.message);
  problems.ThrowIfAny();
}

AnySpec ParseJudgeable(const Node& tree, const Registry& registry, const std::string& lacks) {
  AnySpec spec = ParseAnyExperiment(tree, registry);
  HeadOf(spec).train.max_time.reset();  // a run that its time ends early says nothing
  const ExperimentHead& head = HeadOf(spec);
  if (head.reference.empty()) {
    throw InputError(std::vector<Problem>{
        {tree.place, fmt::format("{} {}: \"reference\" is missing", head.name, lacks)}});
  }
  ThrowIfAny(FindUnjudgeable(head, tree));
  return spec;
}

std::vector<std::string> WarningsOf(const std::vector<Unjudgeable>& lists) {
  std::vector<std::string> lines;
  for (const auto& [problem, overwritten] : lists) {
    if (overwritten) continue;
    lines.push_back(fmt::format("{}: warning: {}", problem.place.ToString(), problem.message));
  }
  return lines;
}

}  // namespace nabla
