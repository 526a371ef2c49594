// How much the rows of each class count in the loss.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

constexpr size_t kMostClasses = 1000;
constexpr std::string_view kBalancing = "compute_class_weight";

// "[1, 2.5]"; "" if the program does not say one of them.
std::string ListOf(const std::vector<Value>& weights) {
  if (weights.size() < 2 || weights.size() > kMostClasses) return "";
  std::string text;
  for (const Value& w : weights) {
    if (!w.IsKnown() || w.number <= 0) return "";
    text += (text.empty() ? "[" : ", ") + NumberText(w.number);
  }
  return text + "]";
}

// Of {0: 1., 1: 5.}, with the classes from 0 on.
std::vector<Value> InOrder(const Object& dict) {
  std::vector<Value> weights;
  for (size_t i = 0; i < dict.fields.size() && i < kMostClasses; ++i) {
    const auto found = dict.fields.find(std::to_string(static_cast<double>(i)));
    if (found == dict.fields.end()) return {};
    weights.push_back(found->second);
  }
  return weights;
}

// compute_class_weight("balanced", ...), whose result may have been made a dictionary of.
bool Balances(const CodeTrace& trace, const Value& weights) {
  if (weights.Is(ValueKind::kString)) return weights.text == "balanced";
  if (weights.Is(ValueKind::kArray) && !weights.object->made_by.ends_with(kBalancing)) return false;
  const TracedCall* call = FindCall(trace, {kBalancing.data()});
  if (call == nullptr) return false;
  Value how = KeywordArgument(*call, {"class_weight"});
  if (how.Is(ValueKind::kUnknown) && !call->arguments.empty()) how = call->arguments[0];
  return how.Is(ValueKind::kString) && how.text == "balanced";
}

// The line for such weights; nothing if the program computes them.
Fact WeightsBy(const CodeTrace& trace, const Value& given, CellPlace place) {
  std::string text;
  if (given.Is(ValueKind::kDict)) text = ListOf(InOrder(*given.object));
  if (given.Is(ValueKind::kSequence) || given.Is(ValueKind::kArray)) {
    text = ListOf(given.object->items);
  }
  if (text.empty() && Balances(trace, given)) text = "balanced";
  return {text, place, false, ""};
}

bool IsClassLoss(const std::string& path) {
  return path.ends_with("CrossEntropyLoss") || path.ends_with("NLLLoss") ||
         path.ends_with("functional.cross_entropy") || path.ends_with("functional.nll_loss");
}

}  // namespace

void ReadClassWeightFacts(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedCall* call : MainCallsFirst(trace)) {
    const bool keras = LastPart(call->path) == "fit";
    if (!keras && !IsClassLoss(call->path)) continue;
    Value given = KeywordArgument(*call, {keras ? "class_weight" : "weight"});
    const bool first = !keras && call->path.ends_with("Loss") && !call->arguments.empty();
    if (given.Is(ValueKind::kUnknown) && first) given = call->arguments[0];
    const bool none = given.Is(ValueKind::kUnknown) || given.Is(ValueKind::kNone);
    if (none && !call->keywords.contains(keras ? "class_weight" : "weight")) continue;
    if (given.Is(ValueKind::kNone)) continue;
    facts->class_weights = WeightsBy(trace, given, call->place);
    if (!facts->class_weights.found()) {
      if (keras)
        facts->inexpressible.push_back({"class_weight: write it as class_weights", call->place});
      return;
    }
    std::erase_if(facts->inexpressible,
                  [](const Fact& f) { return f.text.starts_with("weight of the loss"); });
    if (!keras) return;
    // Keras divides by the rows of a batch, nabla by the sum of their weights.
    facts->class_weights.guessed = true;
    facts->class_weights.why = "the library divides by the rows, not by the sum of their weights";
    return;
  }
}

}  // namespace nabla
