// Collects hypotheses on one experiment.
#ifndef NABLA_FRAMEWORK_SEARCH_HYPOTHESIS_LIST_H_
#define NABLA_FRAMEWORK_SEARCH_HYPOTHESIS_LIST_H_

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/edit_text.h"
#include "framework/search/hypotheses.h"
#include "framework/spec/tree_edits.h"

namespace nabla {

// The digits of a number without leading and trailing zeros: 0.030 has one.
size_t Digits(const std::string& number);

class HypothesisList {
 public:
  HypothesisList(const Node& resolved, const DataFacts& facts, const Registry& registry)
      : tree(resolved), facts(facts), registry(registry) {}

  // One that sets several keys; none if it sets nothing.
  void Add(const char* family, const std::string& name, std::vector<Setting> settings) {
    if (settings.empty()) return;
    found.push_back(
        {.name = name, .family = family, .settings = std::move(settings), .rarity = rarity});
  }

  // One that sets one key, and is called after it.
  void Set(const char* family, const std::string& path, Node value) {
    const std::string text = InlineYaml(value);
    Add(family, path + " = " + text, {{path, std::move(value)}});
  }

  // section.key with each of the values, if the experiment has it.
  void Try(const char* family, const char* section, const char* key,
           std::initializer_list<const char*> values) {
    if (Find(tree, section, key) == nullptr) return;
    for (const char* value : values) {
      Set(family, fmt::format("{}.{}", section, key), Node::Scalar(value));
    }
  }

  // The numbers that are whole and in [1, most], or that are positive. Those with many digits are
  // rarer, unless they are powers of 2.
  void Numbers(const char* family, const std::string& path, std::span<const double> numbers,
               bool whole, double most) {
    for (const double number : numbers) {
      if (number <= 0 || number > most || (whole && number < 1)) continue;
      const std::string text =
          whole ? fmt::format("{:.0f}", number) : fmt::format("{:.6g}", number);
      Set(family, path, Node::Scalar(text));
      const bool power = whole && std::exp2(std::round(std::log2(number))) == number;
      if (Digits(text) > 2 && !power) found.back().rarity = 1;
      found.back().narrows = true;
      found.back().whole = whole;
    }
  }

  Node tree;  // with every default
  const DataFacts& facts;
  const Registry& registry;
  std::vector<Hypothesis> found;
  int rarity = 0;  // of those that are added next
};

// section.key as a number; 0 if there is none.
inline double NumberAt(HypothesisList* list, const char* section, const char* key) {
  const Node* node = Find(list->tree, section, key);
  return node != nullptr ? NumberOf(*node) : 0;
}

inline double Rows(const HypothesisList& list) { return static_cast<double>(list.facts.rows); }

inline double BatchRows(HypothesisList* list) {
  return std::min(NumberAt(list, "train", "batch_size"), Rows(*list));
}

// How the network is trained: one function for each family, likeliest first.
void AddRates(HypothesisList* list);
void AddRows(HypothesisList* list);
void AddBatches(HypothesisList* list);
void AddOrder(HypothesisList* list);
void AddLosses(HypothesisList* list);
void AddOptimizers(HypothesisList* list);
void AddPenalties(HypothesisList* list);
void AddGradients(HypothesisList* list);

// What the printed figures are.
void AddShifts(HypothesisList* list);
void AddExecutions(HypothesisList* list);
void AddMetrics(HypothesisList* list);
void AddAverages(HypothesisList* list);
void AddPrintedLosses(HypothesisList* list);

// What the rows are.
void AddInputs(HypothesisList* list);
void AddData(HypothesisList* list);

// What layers may be: their weights, biases, units and activations. Those that change one layer
// alone come last.
void AddWeights(HypothesisList* list);
void AddActivations(HypothesisList* list);
void AddUnits(HypothesisList* list);
void AddBiases(HypothesisList* list);
void AddSingleLayers(HypothesisList* list);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SEARCH_HYPOTHESIS_LIST_H_
