// Training rows that are put aside to validate.
#include <algorithm>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

// "0.1" of Keras' fit(validation_split=0.1), which takes the last rows.
Fact KerasPart(const TracedCall& call) {
  const Value share = KeywordArgument(call, {"validation_split"});
  if (!share.IsKnown() || share.number <= 0 || share.number >= 1) return {};
  Fact fact = NumberFact(share, call.place);
  fact.guessed = true;
  fact.why = "the last training rows there; random ones here";
  return fact;
}

// scikit-learn's early_stopping validates with a tenth of the rows, or validation_fraction.
Fact PerceptronPart(const TracedCall& call) {
  const Value early = KeywordArgument(call, {"early_stopping"});
  if (!early.IsKnown() || early.number == 0) return {};
  Fact fact = GivenNumber(call, {"validation_fraction"},
                          {"0.1", call.place, false, "the library's default"});
  return fact;
}

// skorch validates with a fifth of the rows.
Fact SkorchPart(const TracedCall& call) {
  return {"0.2", call.place, true, "the library's default, by the shares of the classes"};
}

// random_split(rows, [55000, 5000]); a third part would test.
Fact RandomPart(const TracedCall& call) {
  Value parts = KeywordArgument(call, {"lengths"});
  if (call.arguments.size() > 1) parts = call.arguments[1];
  if (!parts.Is(ValueKind::kSequence) || parts.object->items.size() != 2) return {};
  const Value &train = parts.object->items[0], &rest = parts.object->items[1];
  const double all = train.number + rest.number;
  if (!train.IsKnown() || !rest.IsKnown() || rest.number <= 0 || rest.number >= all) return {};
  return {NumberText(rest.number / all), call.place, false, ""};
}

// fit(validation_data=(x_test, y_test))
bool ValidatesOnTest(const TracedCall& call) {
  const Value data = KeywordArgument(call, {"validation_data"});
  std::vector<Value> named = {data};
  if (data.Is(ValueKind::kSequence)) named = data.object->items;
  return std::any_of(named.begin(), named.end(),
                     [](const Value& v) { return Contains(LowerCase(v.name), "test"); });
}

// A second train_test_split, of the rows that the first one gave.
void ReadSecondSplit(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall *first = nullptr, *second = nullptr;
  for (const TracedCall& call : trace.calls) {
    if (LastPart(call.path) != "train_test_split") continue;
    if (first != nullptr && second == nullptr) second = &call;
    if (first == nullptr) first = &call;
  }
  if (second == nullptr || second->arguments.empty()) return;
  const std::string of = LowerCase(second->arguments[0].name);
  const Value share = KeywordArgument(*second, {"test_size"});
  const bool rest = Contains(of, "temp") || Contains(of, "test") || Contains(of, "rest") ||
                    Contains(of, "val") ||
                    of == LowerCase(first->arguments.empty() ? "" : first->arguments[0].name);
  if (rest || !share.IsKnown() || share.number <= 0 || share.number >= 1) {
    facts->inexpressible.push_back({"a second train_test_split", second->place});
    return;
  }
  facts->split.push_back({"validation_fraction",
                          {NumberText(share.number), second->place, true,
                           "of a second split, which takes other random rows"}});
  facts->validates = true;
}

}  // namespace

void ReadValidationFacts(const CodeTrace& trace, CodeFacts* facts) {
  int splits = 0;
  for (const TracedCall& call : trace.calls) {
    splits += LastPart(call.path) == "train_test_split" ? 1 : 0;
    facts->validates_on_test = facts->validates_on_test || ValidatesOnTest(call);
  }
  const std::string& data = facts->dataset.text;
  facts->tests_apart = splits > 1 || data == "mnist" || data == "fashion_mnist" ||
                       data == "kmnist" || data == "cifar10";
  for (const TracedCall& call : trace.calls) {
    const std::string name = LastPart(call.path);
    const bool torch = Contains(call.path, "torch") || call.path == name;
    const Fact part = name == "fit"                                       ? KerasPart(call)
                      : name == "MLPClassifier" || name == "MLPRegressor" ? PerceptronPart(call)
                      : name == "random_split" && torch                   ? RandomPart(call)
                      : name.starts_with("NeuralNet") && Contains(call.path, "skorch")
                          ? SkorchPart(call)
                          : Fact{};
    if (!part.found()) continue;
    facts->split.push_back({"validation_fraction", part});
    facts->validates = true;
    return;
  }
  if (facts->split.size() > 1 && facts->split[0].key == "merge") ReadSecondSplit(trace, facts);
}

}  // namespace nabla
