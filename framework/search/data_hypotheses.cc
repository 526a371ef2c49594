// How the rows and their inputs may differ.
#include <algorithm>
#include <cmath>

#include "framework/search/hypothesis_list.h"

namespace nabla {
namespace {

// The rows of the file themselves.
Node Mapped(const Node& rows, double scale, double shift) {
  Node mapped = rows;
  for (Node& row : mapped.items) {
    for (Node& x : row.items) x.text = fmt::format("{}", NumberOf(x) * scale + shift);
  }
  return mapped;
}

void AddMapped(HypothesisList* list, const Node& rows) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const Node& row : rows.items) {
    for (const Node& x : row.items) {
      low = std::min(low, NumberOf(x));
      high = std::max(high, NumberOf(x));
    }
  }
  for (const double f : {0.5, 2.0, 0.1, 10.0, 1 / 255.0, 255.0}) {
    list->Add("inputs", fmt::format("inputs x {:.4g}", f),
              {{"dataset.inputs", Mapped(rows, f, 0)}});
  }
  if (high <= low) return;
  const double width = high - low;
  list->Add("inputs", "inputs from 0 to 1",
            {{"dataset.inputs", Mapped(rows, 1 / width, -low / width)}});
  list->Add("inputs", "inputs from -1 to 1",
            {{"dataset.inputs", Mapped(rows, 2 / width, -2 * low / width - 1)}});
}

// A data set of a name has its numbers from somewhere: pixels up to 255, or measures.
void AddScales(HypothesisList* list) {
  const double own = NumberAt(list, "dataset", "scale");
  if (own <= 0) return;
  for (const double scale :
       {1.0, 255.0, 2 * own, own / 2, 127.5, 16.0, 10 * own, own / 10, 256.0}) {
    list->rarity = scale == 1 || scale == 255 ? 0 : 1;
    if (scale == own) continue;
    list->Set("inputs", "dataset.scale", Node::Scalar(fmt::format("{:.6g}", scale)));
  }
  list->rarity = 0;
  for (const auto& [mean, std] : {std::pair("0", "1"), std::pair("0.5", "0.5"),
                                  std::pair("0.1307", "0.3081"), std::pair("0.5", "1")}) {
    list->Add("inputs", fmt::format("inputs (x - {}) / {}", mean, std),
              {{"dataset.mean", Node::Scalar(mean)}, {"dataset.std", Node::Scalar(std)}});
  }
}

// Standardised or not, by whose rows; a range instead may be given up.
void AddMoments(HypothesisList* list) {
  const Node* standardise = list->tree.Find("standardise");
  const Node* range = list->tree.Find("min_max");
  if (standardise == nullptr) return;
  const bool ranged = range != nullptr && !range->IsNull();
  const bool is = ranged || standardise->text == "true";
  if (ranged) {
    list->Set("inputs", "min_max", Node());
  } else {
    list->Set("inputs", "standardise", Node::Scalar(is ? "false" : "true"));
  }
  for (const char* by : {"train", "each_split", "all_rows"}) {
    const Setting own = {"standardise_by", Node::Scalar(by)};
    if (is) {
      list->Add("inputs", fmt::format("standardise_by = {}", by), {own});
    } else {
      list->Add("inputs", fmt::format("standardise = true, standardise_by = {}", by),
                {{"standardise", Node::Scalar("true")}, own});
    }
  }
}

// Measures are brought to a range, too; pixels have one.
void AddRanges(HypothesisList* list) {
  const Node* standardise = list->tree.Find("standardise");
  if (standardise == nullptr || NumberAt(list, "dataset", "scale") > 1) return;
  const bool is = standardise->text == "true";
  for (const char* low : {"0", "-1"}) {
    Node range = Node::List();
    for (const char* end : {low, "1"}) range.items.push_back(Node::Scalar(end));
    std::vector<Setting> settings = {{"min_max", range}};
    if (is) settings.push_back({"standardise", Node::Scalar("false")});
    list->Add("inputs", fmt::format("inputs from {} to 1 (min_max)", low), std::move(settings));
  }
  list->rarity = 1;
  for (const char* how : {"norm", "standardise", "max", "none"}) {
    list->Set("inputs", "scale_rows", Node::Scalar(how));
  }
  list->rarity = 0;
}

// Rows that are drawn may be others, and more or less noisy ones.
void AddDrawn(HypothesisList* list) {
  list->rarity = 1;
  const double points = NumberAt(list, "dataset", "points");
  const double counts[] = {2 * points, points / 2, 100, 200, 1000, 500, 400, 300};
  list->Numbers("data", "dataset.points", counts, true, points > 0 ? 1e5 : 0);
  list->Try("data", "dataset", "noise", {"0", "0.1", "0.2", "0.05", "0.3", "0.15", "0.25", "0.02"});
  if (points > 0) list->Try("data", "dataset", "seed", {"0", "1", "42", "2", "3", "10", "123"});
  list->rarity = 0;
}

}  // namespace

void AddInputs(HypothesisList* list) {
  AddMoments(list);
  AddRanges(list);
  AddScales(list);
  const Node* rows = Find(list->tree, "dataset", "inputs");
  if (rows != nullptr && rows->IsList()) AddMapped(list, *rows);
  list->rarity = 1;
  const Node* rounded = list->tree.Find("float32_inputs");
  if (rounded != nullptr) {
    list->Set("inputs", "float32_inputs", Node::Scalar(rounded->text == "true" ? "false" : "true"));
  }
}

void AddData(HypothesisList* list) {
  const double all = Rows(*list);
  if (const Node* own = Find(list->tree, "subset", "train"); own != nullptr && !own->IsNull()) {
    list->Set("data", "subset.train", Node());
    list->found.back().name = "all training rows";
  }
  if (NumberAt(list, "augment", "shift") > 0) list->Set("data", "augment.shift", Node::Scalar("0"));
  if (NumberAt(list, "augment", "rotate") > 0)
    list->Set("data", "augment.rotate", Node::Scalar("0"));
  const double sizes[] = {std::floor(all / 2),  10000, std::floor(all / 10), 1000, 5000,
                          std::floor(all * 0.8)};
  list->Numbers("data", "subset.train", sizes, true, all - 1);
  AddDrawn(list);
  list->rarity = 1;
  list->Try("data", "subset", "test", {"1000", "100", "500"});
  list->rarity = 0;
  if (NumberAt(list, "split", "test_fraction") <= 0) return;
  list->Try("data", "split", "test_fraction", {"0.2", "0.25", "0.3", "0.1", "0.33", "0.5", "0.4"});
  const Node* stratify = Find(list->tree, "split", "stratify");
  const bool stratified = stratify != nullptr && stratify->text == "true";
  list->Try("data", "split", "stratify", {stratified ? "false" : "true"});
  list->Try("data", "split", "permutation", {"numpy", "torch", "none"});
  list->Try("data", "split", "seed", {"0", "1", "42", "123", "2", "3", "10", "1234"});
}

}  // namespace nabla
