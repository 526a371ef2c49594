#include "framework/python/activation_names.h"

#include <algorithm>
#include <utility>

namespace nabla {
namespace {

bool Contains(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

// The name without marks between its words.
std::string Folded(std::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c != '_' && c != '-' && c != ' ') {
      folded += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
  }
  return folded;
}

}  // namespace

std::string ActivationOf(std::string_view name) {
  // Longer names before those that they contain.
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"logsoftmax", "log_softmax"},
      {"logsigmoid", "log_sigmoid"},
      {"softmax", "softmax"},
      {"leakyrelu", "leaky_relu"},
      {"lrelu", "leaky_relu"},
      {"relu6", "relu6"},
      {"gelu", "gelu"},
      {"selu", "selu"},
      {"relu", "relu"},
      {"elu", "elu"},
      {"hardtanh", "hardtanh"},
      {"tanh", "tanh"},
      {"hardswish", "hardswish"},
      {"swish", "silu"},
      {"silu", "silu"},
      {"softplus", "softplus"},
      {"softsign", "softsign"},
      {"mish", "mish"},
      {"sigmoid", "sigmoid"},
      {"logistic", "sigmoid"},
      {"expit", "sigmoid"}};
  const std::string folded = Folded(name);
  static constexpr std::string_view kOthers[] = {
      "deriv",   "prime",   "grad",  "back",       "loss",  "cost",    "cross",
      "inverse", "predict", "train", "regression", "model", "entropy", "jacob"};
  for (const std::string_view other : kOthers) {
    if (Contains(folded, other)) return "";
  }
  // "d_sigmoid", "dsigmoid" and "sigmoid_d" are derivatives.
  for (const auto& [part, activation] : kNames) {
    const size_t at = folded.find(part);
    if (at == std::string::npos) continue;
    const std::string_view before = std::string_view(folded).substr(0, at);
    const std::string_view after = std::string_view(folded).substr(at + part.size());
    if (before == "d" || after == "d" || after == "der" || before == "der") return "";
    if (part == "elu" && before.size() > 6) return "";
    return std::string(activation);
  }
  return "";
}

}  // namespace nabla
