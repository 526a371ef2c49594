#include "framework/facts/library_losses.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

// The loss of a library, by the name of a class, function or text.
std::string LibraryLoss(const std::string& name) {
  const std::pair<const char*, const char*> kNames[] = {
      {"BCEWithLogits", "bce_with_logits"},
      {"binary_cross_entropy_with_logits", "bce_with_logits"},
      {"sigmoid_binary_cross_entropy", "bce_with_logits"},
      {"sigmoid_cross_entropy_with_logits", "bce_with_logits"},
      {"BCELoss", "bce"},
      {"binary_cross", "bce"},
      {"BinaryCross", "bce"},
      {"CrossEntropyLoss", "cross_entropy"},
      {"categorical_crossentropy", "cross_entropy"},
      {"categorical_cross_entropy", "cross_entropy"},
      {"softmax_cross_entropy_with_logits", "cross_entropy"},
      {"CategoricalCrossentropy", "cross_entropy"},
      {"categoricalcrossentropy", "cross_entropy"},
      {"binarycrossentropy", "bce"},
      {"cross_entropy", "cross_entropy"},
      {"NLLLoss", "nll"},
      {"nll_loss", "nll"},
      {"MSELoss", "mse"},
      {"mse_loss", "mse"},
      {"mean_squared_error", "mse"},
      {"MeanSquaredError", "mse"},
      {"SmoothL1Loss", "smooth_l1"},
      {"smooth_l1_loss", "smooth_l1"},
      {"L1Loss", "l1"},
      {"l1_loss", "l1"},
      {"mean_absolute_error", "l1"},
      {"MeanAbsoluteError", "l1"},
      {"HuberLoss", "huber"},
      {"huber_loss", "huber"},
      {"KLDivLoss", "kl_div"},
      {"MultiMarginLoss", "multi_margin"}};
  for (const auto& [part, loss] : kNames) {
    if (Contains(name, part)) return loss;
  }
  return name == "mse" ? "mse" : name == "mae" ? "l1" : "";
}

// CrossEntropyLoss(reduction='sum', label_smoothing=0.1).
bool AddLibraryLoss(const TracedCall& call, const std::string& loss, CodeFacts* facts) {
  const Value reduction = KeywordArgument(call, {"reduction"});
  const Fact smoothing = GivenNumber(call, {"label_smoothing"}, {});
  const bool smooths = smoothing.found() && smoothing.text != "0" && loss == "cross_entropy";
  const bool sums = reduction.Is(ValueKind::kString) && reduction.text == "sum";
  std::string text = loss;
  if (sums || smooths) {
    text = fmt::format("{{name: {}{}{}}}", loss, sums ? ", reduction: sum" : "",
                       smooths ? ", label_smoothing: " + smoothing.text : "");
  }
  facts->loss = {text, call.place, smooths && smoothing.guessed,
                 smooths ? smoothing.why : std::string()};
  for (const char* other : {"weight", "pos_weight", "class_weight", "ignore_index"}) {
    const Value v = KeywordArgument(call, {other});
    if (v.Is(ValueKind::kUnknown) || v.Is(ValueKind::kNone)) continue;
    const bool by_class = std::string_view(other).ends_with("weight") && other[0] != 'p';
    facts->inexpressible.push_back(
        {std::string(other) + " of the loss" + (by_class ? ": write it as class_weights" : ""),
         call.place});
  }
  return true;
}

}  // namespace

std::string LossOf(std::string_view name) {
  const std::string lower = LowerCase(std::string(name));
  for (const char* other : {"grad", "deriv", "prime", "back", "delta"}) {
    if (Contains(lower, other)) return "";
  }
  const std::string loss = LibraryLoss(lower);
  if (!loss.empty()) return loss;
  if (Contains(lower, "mse") || Contains(lower, "squared_error")) return "mse";
  if (Contains(lower, "quadratic")) return "half_mse";
  return Contains(lower, "crossentropy") ? "cross_entropy" : "";
}

bool ReadLibraryLoss(const CodeTrace& trace, bool sums, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    std::string loss;
    const Value reduction = KeywordArgument(call, {"reduction"});
    if (!sums && reduction.Is(ValueKind::kString) && reduction.text == "sum") continue;
    if (Contains(call.path, "torch") || Contains(call.path, "keras") ||
        Contains(call.path, "tensorflow") || call.path.starts_with("optax.")) {
      loss = LibraryLoss(LastPart(call.path));
      if (!loss.empty()) return AddLibraryLoss(call, loss, facts);
    }
    if (LastPart(call.path) == "compile") {
      Value given = KeywordArgument(call, {"loss"});
      if (given.Is(ValueKind::kUnknown) && call.arguments.size() > 1) given = call.arguments[1];
      loss =
          LibraryLoss(given.Is(ValueKind::kArray) ? LastPart(given.object->made_by) : given.text);
    }
    if (loss.empty()) continue;
    facts->loss = {loss, call.place, false, ""};
    return true;
  }
  return false;
}

Fact GivenLoss(const CodeTrace& trace) {
  const auto name = [](const Value& v) {
    if (v.Is(ValueKind::kLibrary) || v.Is(ValueKind::kString)) return LastPart(v.text);
    if (v.Is(ValueKind::kClass) || v.Is(ValueKind::kInstance)) return v.object->name;
    return v.Is(ValueKind::kArray) ? LastPart(v.object->made_by) : "";
  };
  for (const TracedCall& call : trace.calls) {
    const std::string type = LowerCase(LastPart(call.path));
    if (type == "softmaxwithloss" || type == "softmaxcrossentropy") {
      return {"cross_entropy", call.place, true, "by its name"};
    }
    std::vector<Value> given = {
        KeywordArgument(call, {"loss", "loss_func", "loss_function", "loss_fn", "criterion", "cost",
                               "cost_function", "cost_fn"})};
    for (const Value& v : call.arguments) {
      const bool object = v.Is(ValueKind::kClass) || v.Is(ValueKind::kInstance);
      if (v.Is(ValueKind::kLibrary) || object) given.push_back(v);
    }
    for (const Value& v : given) {
      const std::string loss = LossOf(name(v));
      if (!loss.empty()) return {loss, call.place, true, "by its name"};
    }
  }
  return {};
}

const TracedCall* LossCall(const CodeTrace& trace, int layer) {
  constexpr std::string_view kCall = ".__call__";
  for (const TracedCall* call : MainCallsFirst(trace)) {
    if (!Contains(call->path, "torch") || call->arguments.size() < 2) continue;
    std::string path = call->path;
    if (path.ends_with(kCall)) path.resize(path.size() - kCall.size());
    const Value& outputs = call->arguments[0];
    const bool of_layer = outputs.Is(ValueKind::kArray) && outputs.object->layer == layer;
    if (of_layer && !LibraryLoss(LastPart(path)).empty()) return call;
  }
  return nullptr;
}

}  // namespace nabla
