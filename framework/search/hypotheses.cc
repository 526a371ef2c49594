#include "framework/search/hypotheses.h"

#include <algorithm>
#include <cstdlib>

#include "framework/config/override.h"
#include "framework/config/tree.h"
#include "framework/search/hypothesis_list.h"
#include "framework/spec/sweep_points.h"

namespace nabla {
namespace {

constexpr const char* kSeeds[] = {"0",    "1",    "42",   "123",  "1234", "2",     "3",  "1337",
                                  "10",   "7",    "5",    "100",  "2020", "2021",  "99", "4",
                                  "2019", "2022", "2023", "2024", "2025", "12345", "8",  "1000",
                                  "6",    "9",    "11",   "12",   "13",   "21",    "24", "101"};

// SetAtPath, where a reference may tell its epochs by steps: it cannot have both.
void Set(const Setting& setting, Node* tree) {
  SetAtPath(*tree, setting.path, setting.value);
  if (!setting.path.starts_with("reference.") || !setting.path.ends_with(".epochs")) return;
  const size_t index = std::strtoul(setting.path.c_str() + sizeof("reference"), nullptr, 10);
  std::erase_if(tree->Find("reference")->items[index].entries, [](const Node::Entry& entry) {
    return entry.key == "steps" || entry.key == "first_step";
  });
}

}  // namespace

size_t Digits(const std::string& number) {
  std::string digits;
  for (const char c : number.substr(0, number.find('e'))) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return 0;
  return digits.find_last_not_of('0') + 1 - first;
}

std::vector<std::string> HypothesisFamilies() {
  return {"grid",       "rate",     "rows",  "batch",  "epochs",       "executions",
          "metric",     "average",  "order", "loss",   "printed loss", "weights",
          "activation", "units",    "bias",  "inputs", "data",         "optimizer",
          "penalty",    "gradient", "dtype", "layer",  "seed"};
}

std::vector<Hypothesis> HypothesesOn(const Node& resolved, const DataFacts& facts,
                                     const Registry& registry) {
  HypothesisList list(resolved, facts, registry);
  for (const auto add :
       {AddRates, AddRows, AddBatches, AddShifts, AddExecutions, AddMetrics, AddAverages, AddOrder,
        AddLosses, AddPrintedLosses, AddWeights, AddActivations, AddUnits, AddBiases, AddInputs,
        AddData, AddOptimizers, AddPenalties, AddGradients}) {
    list.rarity = 0;
    add(&list);
  }
  list.rarity = 0;
  for (const char* dtype : {"float32", "float64"}) {
    list.Set("dtype", "dtype", Node::Scalar(dtype));
  }
  list.rarity = 1;
  AddSingleLayers(&list);
  return std::move(list.found);
}

std::vector<Hypothesis> SeedHypotheses(const Node& resolved) {
  const Node* references = resolved.Find("reference");
  const auto is_exact = [](const Node& reference) {
    const Node* exact = reference.Find("exact");
    return exact != nullptr && exact->text == "true";
  };
  std::vector<Hypothesis> found;
  if (references == nullptr || std::ranges::none_of(references->items, is_exact)) return found;
  std::vector<const char*> generators = {"numpy", "torch", "numpy_default_rng"};
  const Node* own = resolved.Find("rng");
  if (own->text == "nabla") generators.push_back("nabla");
  std::ranges::stable_sort(generators, [&](const char* a, const char* b) {
    return (own->text == a) > (own->text == b);
  });
  for (const char* generator : generators) {
    for (const char* seed : kSeeds) {
      Hypothesis& one = found.emplace_back();
      one.name = fmt::format("seed = {}, rng = {}", seed, generator);
      one.family = "seed";
      one.settings = {{"seed", Node::Scalar(seed)}, {"rng", Node::Scalar(generator)}};
    }
  }
  return found;
}

std::vector<Hypothesis> HypothesesOfGrid(const Node& grid) {
  std::vector<Hypothesis> found;
  for (const Node::Entry& entry : grid.entries) {
    const std::vector<std::string> paths = PathsOf(entry);
    for (const Node& value : entry.value.items) {
      Hypothesis& one = found.emplace_back();
      one.name = entry.key + " = " + InlineYaml(value);
      one.family = "grid";
      for (const std::string& path : paths) one.settings.push_back({path, value});
    }
  }
  return found;
}

Hypothesis WithNumber(Hypothesis hypothesis, double number) {
  Setting& setting = hypothesis.settings.front();
  setting.value.text =
      hypothesis.whole ? fmt::format("{:.0f}", number) : fmt::format("{:.6g}", number);
  hypothesis.name = setting.path + " = " + setting.value.text;
  hypothesis.rarity = Digits(setting.value.text) > 1 ? 1 : 0;
  return hypothesis;
}

std::optional<double> WrittenNumber(const Node& resolved, const std::string& path, size_t rows) {
  const Node* node = NodeAt(resolved, path);
  if (node == nullptr || !node->IsScalar()) return std::nullopt;
  const double number = NumberOf(*node);
  return path == "train.rows_per_epoch" && number == 0 ? static_cast<double>(rows) : number;
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
  both.changes += b.changes;
  both.rarity += b.rarity;
  return both;
}

Node Applied(const Hypothesis& hypothesis, Node tree) {
  for (const Setting& setting : hypothesis.settings) Set(setting, &tree);
  return tree;
}

}  // namespace nabla
