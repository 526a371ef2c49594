#include "framework/spec/spec.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/file_name.h"
#include "framework/spec/metric_results.h"

namespace nabla {
namespace {

constexpr size_t kLongestName = 100;

// The name becomes the name of a folder.
void CheckName(const ExperimentHead& head, const Node& tree, Problems& problems) {
  const Node* node = tree.Find("name");
  if (node == nullptr) return;
  if (!IsFileName(head.name)) {
    problems.Add(node->place,
                 "a name consists of letters, digits, '_', '-' and '.', found " + node->Describe());
  } else if (head.name.size() > kLongestName) {
    problems.Add(node->place, "a name has at most " + std::to_string(kLongestName) +
                                  " characters, but this one has " +
                                  std::to_string(head.name.size()));
  }
}

// More would take minutes before the first step.
void CheckSkippedDraws(const std::vector<SkippedDraw>& draws, const Node& tree,
                       Problems& problems) {
  constexpr int64_t kMost = int64_t{1} << 30;
  const Node* list = tree.Find("skip_draws");
  if (list == nullptr || list->items.size() != draws.size()) return;
  int64_t left = kMost;
  for (size_t i = 0; i < draws.size(); ++i) {
    if (draws[i].count > left / draws[i].times) {
      problems.Add(list->items[i].place,
                   "skip_draws draws more than " + std::to_string(kMost) + " numbers");
      return;
    }
    left -= draws[i].count * draws[i].times;
  }
}

bool IsSquare(size_t count) {
  const auto side = static_cast<size_t>(std::lround(std::sqrt(static_cast<double>(count))));
  return side * side == count;
}

// The nodes of single values, row by row.
void AddScalars(const Node& printed, std::vector<const Node*>* scalars) {
  if (!printed.IsList()) scalars->push_back(&printed);
  for (const Node& item : printed.items) AddScalars(item, scalars);
}

// Accuracies are fractions, and only they are printed per cent.
void CheckPrinted(const Reference& r, const Node& printed, Problems& problems) {
  std::vector<const Node*> nodes;
  AddScalars(printed, &nodes);
  if (nodes.size() != r.printed.size()) return;  // an error that has been reported
  for (size_t i = 0; i < nodes.size(); ++i) {
    const auto& [text, value] = r.printed[i];
    const bool per_cent = r.printed[i].IsPerCent();
    if (per_cent && !r.IsAccuracy()) {
      problems.Add(nodes[i]->place, "only accuracies are printed per cent, found " + text);
    } else if (r.IsAccuracy() && (value < 0 || value > 1)) {
      const bool may_be_per_cent = !per_cent && value > 1 && value <= 100;
      problems.Add(
          nodes[i]->place,
          "an accuracy lies between 0 and 1, found " + text +
              (may_be_per_cent ? "; did the notebook print per cent? Then it is " + text + "%"
                               : ""));
    }
  }
}

// Steps become epochs.
void CountEpochs(const Node& tree, std::vector<Reference>* references, Problems& problems) {
  const Node* list = tree.Find("reference");
  if (list == nullptr || list->items.size() != references->size()) return;
  for (size_t i = 0; i < references->size(); ++i) {
    const std::string wrong = (*references)[i].CountFromOne();
    if (!wrong.empty()) problems.Add(list->items[i].place, wrong);
  }
}

// How many epochs a node lists; 0 if it is wrong, which parsing reports.
size_t CountOfEpochs(const Node& node) {
  Problems problems;
  Epochs epochs;
  FieldType<Epochs>::Parse(node, {.min = 0}, {problems}, &epochs);
  return epochs.list.size();
}

// Ahead of parsing, which keeps every epoch: a few bytes could list a million, many times.
void CheckEpochsHaveValues(const Node& tree) {
  constexpr size_t kFew = 100;
  const Node* list = tree.Find("reference");
  if (list == nullptr) return;
  for (const Node& entry : list->items) {
    std::vector<const Node*> values;
    if (const Node* printed = entry.Find("printed")) AddScalars(*printed, &values);
    for (const char* key : {"epochs", "steps"}) {
      const Node* epochs = entry.Find(key);
      const size_t count = epochs == nullptr ? 0 : CountOfEpochs(*epochs);
      if (count <= std::max(kFew, values.size())) continue;
      throw InputError(std::vector<Problem>{
          {entry.place, std::to_string(count) + " " + key + ", but " +
                            std::to_string(values.size()) + " printed values"}});
    }
  }
}

// Reports that a curve has no epochs, unless what it says of them has been reported. An empty list
// is parsed, because a resolved config has one for values without epochs.
void AddNoEpochs(const Node& entry, Problems& problems) {
  const Node* empty = nullptr;
  for (const char* key : {"epochs", "steps"}) {
    const Node* node = entry.Find(key);
    if (node == nullptr) continue;
    if (!node->IsList() || !node->items.empty()) return;
    if (empty == nullptr) empty = node;
  }
  const std::string wanted = ": the epochs that the values were printed for";
  if (empty != nullptr) return problems.Add(empty->place, "the list is empty" + wanted);
  problems.Add(entry.place, "\"epochs\" is missing" + wanted);
}

void CheckReferences(const std::vector<Reference>& references, const Node& tree,
                     Problems& problems) {
  const Node* list = tree.Find("reference");
  if (list == nullptr || list->items.size() != references.size()) return;
  for (size_t i = 0; i < references.size(); ++i) {
    const Reference& r = references[i];
    const Place& place = list->items[i].place;
    const size_t epochs = r.epochs.list.size();
    if (r.IsCurve() && epochs == 0) {
      AddNoEpochs(list->items[i], problems);
    } else if (r.IsCurve() && r.printed.size() != epochs) {
      problems.Add(place, std::to_string(epochs) + " epochs, but " +
                              std::to_string(r.printed.size()) + " printed values");
    } else if (r.metric == MetricName::kInitialLoss && r.printed.size() != 1) {
      problems.Add(place,
                   "initial_loss is a single value, found " + std::to_string(r.printed.size()));
    } else if (r.metric == MetricName::kConfusionMatrix && !IsSquare(r.printed.size())) {
      problems.Add(place, "a confusion matrix has as many rows as columns, found " +
                              std::to_string(r.printed.size()) + " cells");
    }
    const Node* printed = list->items[i].Find("printed");
    if (printed != nullptr) CheckPrinted(r, *printed, problems);
  }
}

// The metrics that are followed must be among those that a run can have.
void CheckMonitored(const std::vector<MetricResult>& known, const Node& tree,
                    const Registry& registry, Problems& problems) {
  std::vector<std::string> names;
  for (const MetricResult& result : known) names.push_back(result.name);
  for (const auto& [section, key] : {std::pair("checkpoint", "best"),
                                     {"early_stop", "metric"},
                                     {"reduce_on_plateau", "metric"}}) {
    const Node* map = tree.Find(section);
    const Node* node = map == nullptr ? nullptr : map->Find(key);
    if (node == nullptr || !node->IsScalar() || FindResult(known, node->text) != nullptr) continue;
    problems.Add(node->place, UnknownMetric(node->text, names, registry));
  }
}

// Inputs are numbers of type T.
template <typename T>
void CheckMinMax(const ExperimentHead& head, const Node& tree, Problems& problems) {
  const Node* node = tree.Find("min_max");
  if (node == nullptr || !head.min_max) return;
  const std::vector<double>& range = *head.min_max;
  if (range.size() != 2 || range[0] >= range[1]) {
    problems.Add(node->place, "expected a range, as [0, 1]: two numbers, the lower one first");
  } else if (const T most = std::numeric_limits<T>::max();
             range[0] < -most || range[1] > most || range[1] - range[0] > most) {
    problems.Add(node->place, "the range is wider than the numbers of this dtype reach");
  } else if (static_cast<T>(range[0]) == static_cast<T>(range[1])) {
    problems.Add(node->place, "the two numbers are the same in this dtype");
  } else if (head.standardise) {
    problems.Add(node->place, "standardise and min_max exclude each other: remove one of them");
  }
}

// An entry that changes nothing was meant to.
void CheckLayerUpdates(const Node& tree, Problems& problems) {
  const Node* list = tree.Find("layer_updates");
  if (list == nullptr || !list->IsList()) return;
  for (const Node& entry : list->items) {
    if (!entry.IsMap()) continue;  // an error that has been reported
    const Node* layers = entry.Find("layers");
    if (layers != nullptr && layers->IsList() && layers->items.empty()) {
      problems.Add(layers->place, "the list is empty: expected positions in model, from 0");
    }
    // A key that is unknown has been reported.
    const bool says = std::ranges::any_of(entry.entries, [](const Node::Entry& given) {
      return given.key != "layers" && !given.value.IsNull();
    });
    if (layers == nullptr || says) continue;
    problems.Add(entry.place,
                 "the entry changes nothing: add lr_scale (0 freezes the layers) or "
                 "weight_decay");
  }
}

// Libraries are loaded for what the user typed, before it is parsed. A tree that came with data
// loads none: it says which it needs.
void RequireLibraries(const Node& tree, const Registry& registry) {
  const Node* list = tree.Find("plugins");
  if (list == nullptr || !list->IsList()) return;
  Problems problems;
  for (const Node& library : list->items) {
    if (!library.IsScalar() || registry.HasLibrary(library.text)) continue;
    problems.Add(library.place, "needs --plugin " + library.text +
                                    ": only the command line, and an experiment file that it "
                                    "names, may load a library");
  }
  problems.ThrowIfAny();
}

// `target: input` in a data set that knows no targets by name stands for `targets: inputs`.
Node WithInputsAsTargets(Node tree, const Registry& registry) {
  Node* dataset = tree.Find("dataset");
  const Node* target = dataset == nullptr ? nullptr : dataset->Find("target");
  if (target == nullptr || target->text != "input" || tree.Find("targets") != nullptr) return tree;
  const Entry<Dataset>* entry = registry.table<Dataset>().Find(PluginName(*dataset));
  if (entry == nullptr || entry->make().fields->Find("target") != nullptr) return tree;
  const Place place = target->place;
  std::erase_if(dataset->entries, [](const Node::Entry& e) { return e.key == "target"; });
  tree.Set("targets", Node::Scalar("inputs", place), place);
  return tree;
}

bool IsWritten(const Node& tree, const char* section, const char* key) {
  const Node* map = tree.Find(section);
  return map != nullptr && map->Find(key) != nullptr;
}

// Rows that are put aside are there to choose by. A notebook's file says itself what is evaluated.
void CompleteValidation(const Node& tree, ExperimentHead* head) {
  const bool aside = head->split.validation_fraction > 0 && head->split.tested == TestedPart::kTest;
  if (aside && head->reference.empty() && !IsWritten(tree, "evaluate", "split")) {
    head->evaluate.split = EvaluateSplit::kValidation;
  }
  const bool validates = head->evaluate.split == EvaluateSplit::kValidation;
  if (head->early_stop && validates && !IsWritten(tree, "early_stop", "metric")) {
    head->early_stop->metric = "validation_loss";
  }
  if (head->reduce_on_plateau && validates && !IsWritten(tree, "reduce_on_plateau", "metric")) {
    head->reduce_on_plateau->metric = "validation_loss";
  }
}

}  // namespace

Dtype DtypeOf(const Node& tree) {
  const Node* node = tree.Find("dtype");
  return node != nullptr && node->text == "float64" ? Dtype::kFloat64 : Dtype::kFloat32;
}

template <typename T>
ExperimentSpec<T> ParseExperiment(const Node& written, const Registry& registry) {
  Problems problems;
  if (!written.IsMap()) {
    throw InputError(std::vector<Problem>{
        {written.place, "expected an experiment (a map of keys), found " + written.Describe()}});
  }
  const Node tree = WithInputsAsTargets(written, registry);
  RequireLibraries(tree, registry);
  CheckEpochsHaveValues(tree);
  ExperimentSpec<T> spec;
  const auto maker = registry.Maker<T>();
  TableOf<ExperimentSpec<T>>().Parse(&spec, tree, {problems, maker.get()});
  CompleteValidation(tree, &spec);
  CheckName(spec, tree, problems);
  CheckSkippedDraws(spec.skip_draws, tree, problems);
  CheckMinMax<T>(spec, tree, problems);
  CheckLayerUpdates(tree, problems);
  CountEpochs(tree, &spec.reference, problems);
  CheckReferences(spec.reference, tree, problems);
  CheckMonitored(OfAllRows(PossibleResults(spec.metrics, *maker)), tree, registry, problems);
  if (const Node* model = tree.Find("model"); model != nullptr && model->IsList()) {
    if (model->items.empty()) problems.Add(model->place, "a model needs at least one layer");
  }
  problems.ThrowIfAny();
  return spec;
}

template ExperimentSpec<float> ParseExperiment(const Node&, const Registry&);
template ExperimentSpec<double> ParseExperiment(const Node&, const Registry&);

AnySpec ParseAnyExperiment(const Node& tree, const Registry& registry) {
  if (DtypeOf(tree) == Dtype::kFloat64) return ParseExperiment<double>(tree, registry);
  return ParseExperiment<float>(tree, registry);
}

ExperimentHead& HeadOf(AnySpec& spec) {
  return std::visit([](auto& s) -> ExperimentHead& { return s; }, spec);
}

const ExperimentHead& HeadOf(const AnySpec& spec) {
  return std::visit([](const auto& s) -> const ExperimentHead& { return s; }, spec);
}

const FieldTable& ExperimentFields() { return TableOf<ExperimentSpec<float>>(); }

Node ExperimentDefaults() { return ResolvedConfig(ExperimentSpec<float>()); }

void CheckExperiment(const Node& tree, const Registry& registry) {
  ParseAnyExperiment(tree, registry);
}

std::string PluginName(const Node& config) {
  const Node* name = config.Find("name");
  return name != nullptr ? name->text : config.text;
}

template <typename T>
Node ResolvedConfig(const ExperimentSpec<T>& spec) {
  Node config = TableOf<ExperimentSpec<T>>().Print(&spec);
  // What the file says: the numbers that it becomes follow from the rows, and would make each fold
  // an experiment of its own.
  const auto& weights = spec.class_weights;
  if (weights && weights->balanced) config.Set("class_weights", Node::Scalar("balanced"));
  return config;
}

Node ResolvedConfig(const AnySpec& spec) {
  return std::visit([](const auto& s) { return ResolvedConfig(s); }, spec);
}

template Node ResolvedConfig(const ExperimentSpec<float>&);
template Node ResolvedConfig(const ExperimentSpec<double>&);

}  // namespace nabla
