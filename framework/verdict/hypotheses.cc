#include "framework/verdict/hypotheses.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "framework/config/override.h"
#include "framework/spec/spec.h"
#include "framework/spec/sweep_points.h"
#include "framework/verdict/hypothesis_list.h"

namespace nabla {
namespace {

double At(HypothesisList* list, const char* section, const char* key) {
  const Node* node = Find(list->tree, section, key);
  return node != nullptr ? NumberOf(*node) : 0;
}

double Rows(const HypothesisList& list) { return static_cast<double>(list.facts.rows); }

double BatchRows(HypothesisList* list) {
  return std::min(At(list, "train", "batch_size"), Rows(*list));
}

// A sum over rows or classes instead of a mean acts as a factor, too.
void AddRates(HypothesisList* list) {
  const double rate = At(list, "optimizer", "lr");
  std::vector<double> rates;
  const double own[] = {2,           10,
                        5,           4,
                        3,           100,
                        20,          8,
                        50,          BatchRows(list),
                        Rows(*list), static_cast<double>(list->facts.classes)};
  for (const double factor : own) {
    if (factor <= 1) continue;
    rates.push_back(rate * factor);
    rates.push_back(rate / factor);
  }
  list->Numbers("rate", "optimizer.lr", rates, false, 1e9);
}

void AddRows(HypothesisList* list) {
  const double all = Rows(*list);
  if (At(list, "train", "rows_per_epoch") > 0) {
    list->Set("rows", "train.rows_per_epoch", Node::Scalar("0"));
  }
  const double own[] = {10000,
                        std::floor(all / 2),
                        std::floor(all / 10),
                        5000,
                        1000,
                        20000,
                        std::floor(all / 5),
                        2500,
                        50000,
                        std::floor(all / 4),
                        100};
  list->Numbers("rows", "train.rows_per_epoch", own, true, all - 1);
}

void AddBatches(HypothesisList* list) {
  const double b = BatchRows(list);
  const double own[] = {2 * b,       std::floor(b / 2),
                        4 * b,       std::floor(b / 4),
                        8 * b,       std::floor(b / 8),
                        32,          64,
                        100,         128,
                        16,          10,
                        50,          256,
                        Rows(*list), 1};
  list->Numbers("batch", "train.batch_size", own, true, Rows(*list));
}

// The epochs of a reference, in ascending order; empty if it is no curve.
std::vector<int64_t> EpochsOf(const Node& reference) {
  const Node* node = reference.Find("epochs");
  Epochs epochs;
  Problems problems;
  if (node == nullptr || node->IsNull()) return {};
  const bool good = FieldType<Epochs>::Parse(*node, {}, {problems}, &epochs);
  return good && problems.empty() ? epochs.list : std::vector<int64_t>();
}

// Nothing if an epoch would come before the first.
std::vector<Setting> Shifted(HypothesisList* list, int64_t by) {
  std::vector<Setting> settings;
  const Node* references = list->tree.Find("reference");
  for (size_t i = 0; references != nullptr && i < references->items.size(); ++i) {
    Epochs epochs{EpochsOf(references->items[i])};
    if (epochs.list.empty()) continue;
    if (epochs.list.front() + by < 1) return {};
    for (int64_t& epoch : epochs.list) epoch += by;
    settings.push_back({fmt::format("reference.{}.epochs", i), FieldType<Epochs>::Print(epochs)});
  }
  if (settings.empty()) return {};
  const double epochs = At(list, "train", "epochs") + std::max<double>(0, static_cast<double>(by));
  settings.push_back({"train.epochs", Node::Scalar(fmt::format("{:.0f}", epochs))});
  if (At(list, "evaluate", "every") > 1) {
    settings.push_back({"evaluate.every", Node::Scalar("1")});
  }
  return settings;
}

// The training cell ran before, as long each time; or epochs are counted from elsewhere.
void AddShifts(HypothesisList* list) {
  constexpr int64_t kRunsBefore = 5;
  std::set<int64_t> printed;
  const Node* references = list->tree.Find("reference");
  for (size_t i = 0; references != nullptr && i < references->items.size(); ++i) {
    for (const int64_t epoch : EpochsOf(references->items[i])) printed.insert(epoch);
  }
  if (printed.empty()) return;
  std::vector<int64_t> shifts = {1, -1};
  const auto epochs = static_cast<int64_t>(At(list, "train", "epochs"));
  for (const int64_t length : {epochs, *printed.rbegin(), static_cast<int64_t>(printed.size())}) {
    for (int64_t run = 1; run <= kRunsBefore; ++run) shifts.push_back(run * length);
  }
  for (const int64_t by : shifts) {
    list->Add(
        "epochs",
        fmt::format("the printed epochs are {} {}", std::abs(by), by > 0 ? "later" : "earlier"),
        Shifted(list, by));
  }
}

const char* OtherSplit(const std::string& metric) {
  return metric.starts_with("test_") ? "train" : "test";
}

// References of `metric` name the same metric of the other rows.
std::vector<Setting> Renamed(HypothesisList* list, const std::vector<std::string>& metrics,
                             const char* split) {
  std::vector<Setting> settings;
  const Node* references = list->tree.Find("reference");
  for (size_t i = 0; references != nullptr && i < references->items.size(); ++i) {
    const Node* metric = references->items[i].Find("metric");
    if (metric == nullptr || std::ranges::find(metrics, metric->text) == metrics.end()) continue;
    const std::string what = metric->text.substr(metric->text.find('_'));
    settings.push_back(
        {fmt::format("reference.{}.metric", i), Node::Scalar(OtherSplit(metric->text) + what)});
  }
  if (!settings.empty()) settings.push_back({"evaluate.split", Node::Scalar(split)});
  return settings;
}

void AddMetrics(HypothesisList* list) {
  const std::vector<std::string> all = {"test_accuracy", "train_accuracy", "test_loss",
                                        "train_loss"};
  // train_accuracy is of all rows with `both`, otherwise of each batch before its step.
  for (const char* split : {"both", "test"}) {
    const std::string how = std::string(split) == "test" ? ", of each batch" : "";
    for (const std::string& metric : all) {
      const std::string other = OtherSplit(metric) + metric.substr(metric.find('_'));
      list->Add("metric", metric + " is " + other + (other == "train_accuracy" ? how : ""),
                Renamed(list, {metric}, split));
    }
    list->Add("metric", "train_accuracy and test_accuracy are exchanged" + how,
              Renamed(list, {"test_accuracy", "train_accuracy"}, split));
    list->Set("metric", "evaluate.split", Node::Scalar(split));
  }
}

void AddOrder(HypothesisList* list) {
  list->Try("order", "train", "shuffle", {"false", "true"});
  list->Try("order", "train", "drop_last", {"false", "true"});
  if (At(list, "augment", "shift") > 0) list->Set("data", "augment.shift", Node::Scalar("0"));
  if (At(list, "augment", "rotate") > 0) list->Set("data", "augment.rotate", Node::Scalar("0"));
}

void AddLosses(HypothesisList* list) {
  list->Try("loss", "loss", "reduction", {"mean", "sum", "sum_classes"});
  const Node* loss = list->tree.Find("loss");
  for (const std::string& name : list->registry.Names("loss")) {
    if (loss == nullptr || name == PluginName(*loss)) continue;
    list->Set("loss", "loss", Node::Scalar(name));
    const bool elements = name == "mse" || name == "bce" || name == "l1";
    if (!elements) continue;
    Node summed = Node::Map();
    summed.Set("name", Node::Scalar(name));
    summed.Set("reduction", Node::Scalar("sum_classes"));
    list->Set("loss", "loss", summed);
  }
  for (const char* key : {"epsilon", "clamp"}) {
    list->Try("loss", "loss", key,
              {"0", "1e-12", "1e-8", "1e-7", "1e-10", "1e-15", "1e-6", "1e-5"});
  }
  list->Try("loss", "loss", "label_smoothing", {"0", "0.1"});
}

bool PrintsLoss(const Node& tree) {
  const Node* references = tree.Find("reference");
  return references != nullptr && std::ranges::any_of(references->items, [](const Node& r) {
           const Node* metric = r.Find("metric");
           return metric != nullptr && metric->text.ends_with("_loss");
         });
}

// A mean of what the notebook sums, or the reverse. Needs no training of its own.
void AddPrintedLosses(HypothesisList* list) {
  if (!PrintsLoss(list->tree)) return;
  const double b = std::max(1.0, BatchRows(list));
  const double drawn = At(list, "train", "rows_per_epoch");
  const double rows = drawn > 0 ? std::min(drawn, Rows(*list)) : Rows(*list);
  const std::pair<const char*, double> factors[] = {
      {"rows of a batch", b},
      {"batches", std::ceil(rows / b)},
      {"rows", rows},
      {"classes", static_cast<double>(list->facts.classes)},
      {"2", 2}};
  for (const auto& [what, factor] : factors) {
    if (factor <= 1) continue;
    for (const bool times : {true, false}) {
      list->found.push_back(
          {.name =
               fmt::format("the printed losses are {} {}", times ? "multiplied by" : "divided by",
                           factor == 2 ? "2" : fmt::format("{:g} ({})", factor, what)),
           .family = "printed loss",
           .settings = {},
           .loss_factor = times ? factor : 1 / factor});
    }
  }
}

Node Mapped(const Node& rows, double scale, double shift) {
  Node mapped = rows;
  for (Node& row : mapped.items) {
    for (Node& x : row.items) x.text = fmt::format("{}", NumberOf(x) * scale + shift);
  }
  return mapped;
}

void AddInputs(HypothesisList* list) {
  if (const Node* standardise = list->tree.Find("standardise"); standardise != nullptr) {
    const bool is = standardise->text == "true";
    list->Set("inputs", "standardise", Node::Scalar(is ? "false" : "true"));
  }
  // Each needs rows of its own in memory.
  list->Try("inputs", "dataset", "scale", {"1", "255", "2", "127.5"});
  if (Find(list->tree, "dataset", "std") != nullptr) {
    for (const auto& [mean, std] : {std::pair("0", "1"), std::pair("0.5", "0.5"),
                                    std::pair("0.1307", "0.3081"), std::pair("0.5", "1")}) {
      list->Add("inputs", fmt::format("inputs (x - {}) / {}", mean, std),
                {{"dataset.mean", Node::Scalar(mean)}, {"dataset.std", Node::Scalar(std)}});
    }
  }
  const Node* rows = Find(list->tree, "dataset", "inputs");
  if (rows == nullptr || !rows->IsList()) return;
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const Node& row : rows->items) {
    for (const Node& x : row.items) {
      low = std::min(low, NumberOf(x));
      high = std::max(high, NumberOf(x));
    }
  }
  for (const double f : {0.5, 2.0, 0.1, 10.0, 1 / 255.0, 255.0}) {
    list->Add("inputs", fmt::format("inputs x {:.4g}", f),
              {{"dataset.inputs", Mapped(*rows, f, 0)}});
  }
  if (high > low) {
    const double width = high - low;
    list->Add("inputs", "inputs from 0 to 1",
              {{"dataset.inputs", Mapped(*rows, 1 / width, -low / width)}});
    list->Add("inputs", "inputs from -1 to 1",
              {{"dataset.inputs", Mapped(*rows, 2 / width, -2 * low / width - 1)}});
  }
}

void AddData(HypothesisList* list) {
  const double all = Rows(*list);
  if (const Node* own = Find(list->tree, "subset", "train"); own != nullptr && !own->IsNull()) {
    list->Set("data", "subset.train", Node());
    list->found.back().name = "all training rows";
  }
  const double sizes[] = {std::floor(all / 2), 10000, std::floor(all / 10), 1000,
                          std::floor(all * 0.8)};
  list->Numbers("data", "subset.train", sizes, true, all - 1);
  if (At(list, "split", "test_fraction") <= 0) return;
  list->Try("data", "split", "test_fraction", {"0.2", "0.25", "0.3", "0.1", "0.33", "0.5"});
  list->Try("data", "split", "permutation", {"numpy", "torch", "none"});
  list->Try("data", "split", "seed", {"0", "1", "42", "123", "2", "3", "10", "1234"});
}

void AddOptimizers(HypothesisList* list) {
  list->Try("optimizer", "optimizer", "momentum", {"0.9", "0", "0.5", "0.99", "0.95", "0.8"});
  list->Try("optimizer", "optimizer", "weight_decay", {"0", "0.0001", "0.001", "0.01", "0.1"});
  const Node* rate = Find(list->tree, "optimizer", "lr");
  for (const char* name : {"sgd", "adam", "rmsprop", "adagrad", "adamw"}) {
    list->Set("optimizer", "optimizer", Node::Scalar(name));  // with its own rate
    Node other = Node::Map();
    other.Set("name", Node::Scalar(name));
    if (rate != nullptr) other.Set("lr", *rate);
    list->Set("optimizer", "optimizer", other);
  }
  list->Set("optimizer", "schedule", Node::Scalar("constant"));
  const std::vector<LayerAt> dropouts = LayersWith(list->tree, "p");
  for (const char* p : {"0", "0.5", "0.2", "0.25", "0.1", "0.3", "0.8"}) {
    std::vector<Setting> settings;
    for (const LayerAt& layer : dropouts) settings.push_back({layer.path + ".p", Node::Scalar(p)});
    list->Add("optimizer", fmt::format("dropout p = {}", p), std::move(settings));
  }
}

}  // namespace

std::vector<std::string> HypothesisFamilies() {
  return {"grid",  "rate",   "rows",         "batch",     "epochs",     "metric",
          "order", "loss",   "printed loss", "weights",   "activation", "units",
          "bias",  "inputs", "data",         "optimizer", "dtype",      "layer"};
}

std::vector<Hypothesis> HypothesesOn(const Node& resolved, const DataFacts& facts,
                                     const Registry& registry) {
  HypothesisList list(resolved, facts, registry);
  for (const auto add :
       {AddRates, AddRows, AddBatches, AddShifts, AddMetrics, AddOrder, AddLosses, AddPrintedLosses,
        AddWeights, AddActivations, AddUnits, AddBiases, AddInputs, AddData, AddOptimizers}) {
    add(&list);
  }
  for (const char* dtype : {"float32", "float64"}) {
    list.Set("dtype", "dtype", Node::Scalar(dtype));
  }
  AddSingleLayers(&list);
  return std::move(list.found);
}

std::vector<Hypothesis> HypothesesOfGrid(const Node& grid) {
  std::vector<Hypothesis> found;
  for (const auto& [key, place, values] : grid.entries) {
    for (const Node& value : values.items) {
      Hypothesis& one = found.emplace_back();
      one.name = key + " = " + InlineYaml(value);
      one.family = "grid";
      for (const std::string& path : PathsOf(key)) one.settings.push_back({path, value});
    }
  }
  return found;
}

Hypothesis WithNumber(Hypothesis hypothesis, double number) {
  Setting& setting = hypothesis.settings.front();
  setting.value.text =
      hypothesis.whole ? fmt::format("{:.0f}", number) : fmt::format("{:.6g}", number);
  hypothesis.name = setting.path + " = " + setting.value.text;
  return hypothesis;
}

bool Agree(const Hypothesis& a, const Hypothesis& b) {
  if (a.family == b.family) return false;
  for (const Setting& one : a.settings) {
    for (const Setting& other : b.settings) {
      const std::string& shorter = std::min(one.path, other.path);
      const std::string& longer = std::max(one.path, other.path);
      if (longer == shorter || longer.starts_with(shorter + ".")) return false;
    }
  }
  return true;
}

Hypothesis Joined(const Hypothesis& a, const Hypothesis& b) {
  Hypothesis both = a;
  both.name += " and " + b.name;
  both.family += " and " + b.family;
  both.settings.insert(both.settings.end(), b.settings.begin(), b.settings.end());
  both.loss_factor *= b.loss_factor;
  both.narrows = false;
  return both;
}

Node Applied(const Hypothesis& hypothesis, Node tree) {
  for (const auto& [path, value] : hypothesis.settings) SetAtPath(tree, path, value);
  return tree;
}

}  // namespace nabla
