#include "framework/verdict/initializer_mistakes.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace nabla {
namespace {

constexpr double kHalfWidth = 1.7320508075688772;  // of a uniform distribution of variance 1

std::string NameOf(const Node& initializer) {
  const Node* name = initializer.Find("name");
  return name != nullptr ? name->text : initializer.text;
}

double NumberAt(const Node& initializer, std::string_view key, double fallback) {
  const Node* node = initializer.Find(key);
  return node != nullptr ? std::strtod(node->text.c_str(), nullptr) : fallback;
}

Node Made(const std::string& name,
          std::initializer_list<std::pair<const char*, double>> parameters) {
  Node initializer = Node::Map();
  initializer.Set("name", Node::Scalar(name));
  for (const auto& [key, value] : parameters) {
    initializer.Set(key, Node::Scalar(fmt::format("{}", value)));
  }
  return initializer;
}

Node With(Node initializer, const char* key, double value) {
  if (!initializer.IsMap()) return Made(initializer.text, {{key, value}});
  initializer.Set(key, Node::Scalar(fmt::format("{}", value)));
  return initializer;
}

Node Renamed(Node initializer, const std::string& name) {
  if (!initializer.IsMap()) return Node::Scalar(name);
  initializer.Set("name", Node::Scalar(name));
  return initializer;
}

// The slope `a` with which Kaiming's initializers have the variance 2 / (1 + a^2) / I = v / I.
double SlopeFor(double v) { return std::sqrt(2 / v - 1); }

}  // namespace

std::optional<OtherWeights> Rescaled(const Node& initializer) {
  const std::string name = NameOf(initializer);
  for (const auto& [owner, key, fallback] :
       {std::tuple("xavier_normal", "gain", 1.0), std::tuple("xavier_uniform", "gain", 1.0),
        std::tuple("orthogonal", "gain", 1.0), std::tuple("scaled_randn", "scale", 0.01)}) {
    if (name != owner) continue;
    return OtherWeights{With(initializer, key, 2 * NumberAt(initializer, key, fallback)), 2};
  }
  if (name == "normal") {
    return OtherWeights{With(initializer, "std", 2 * NumberAt(initializer, "std", 1)), 2};
  }
  if (name == "uniform") {
    const double low = NumberAt(initializer, "low", 0);
    const double high = NumberAt(initializer, "high", 1);
    return OtherWeights{With(With(initializer, "low", 2 * low), "high", 2 * high), 2};
  }
  if (name == "randn") return OtherWeights{Made("scaled_randn", {{"scale", 2}}), 2};
  if (name == "torch_linear") {  // 1 / (3 I)
    return OtherWeights{Made("kaiming_uniform", {{"a", SlopeFor(4.0 / 3)}}), 2};
  }
  const bool normal = name.ends_with("_normal");
  const char* kaiming = normal ? "kaiming_normal" : "kaiming_uniform";
  // Kaiming's variances are at most 2 / I.
  if (name == "he_normal" || name == "he_uniform") {
    return OtherWeights{Made(kaiming, {{"a", SlopeFor(2.0 / 4)}}), 0.5};
  }
  if (name == "lecun_normal") return OtherWeights{Made(kaiming, {{"a", SlopeFor(1.0 / 4)}}), 0.5};
  return std::nullopt;
}

std::optional<OtherWeights> OtherwiseDistributed(const Node& initializer) {
  const std::string name = NameOf(initializer);
  for (const auto& [one, other] :
       {std::pair("xavier_normal", "xavier_uniform"), std::pair("he_normal", "he_uniform"),
        std::pair("kaiming_normal", "kaiming_uniform")}) {
    if (name == one) return OtherWeights{Renamed(initializer, other)};
    if (name == other) return OtherWeights{Renamed(initializer, one)};
  }
  if (name == "lecun_normal") return OtherWeights{Made("kaiming_uniform", {{"a", SlopeFor(1)}})};
  if (name == "torch_linear") {
    return OtherWeights{Made("kaiming_normal", {{"a", SlopeFor(1.0 / 3)}})};
  }
  if (name == "orthogonal") {
    return std::nullopt;  // no other initializer has that length of rows
  }
  if (name == "randn" || name == "scaled_randn" || name == "normal") {
    const double mean = NumberAt(initializer, "mean", 0);
    const double fallback = name == "scaled_randn" ? 0.01 : 1;
    const double std = NumberAt(initializer, name == "normal" ? "std" : "scale", fallback);
    return OtherWeights{
        Made("uniform", {{"low", mean - kHalfWidth * std}, {"high", mean + kHalfWidth * std}})};
  }
  if (name == "uniform") {
    const double low = NumberAt(initializer, "low", 0);
    const double high = NumberAt(initializer, "high", 1);
    return OtherWeights{
        Made("normal", {{"mean", (low + high) / 2}, {"std", (high - low) / (2 * kHalfWidth)}})};
  }
  return std::nullopt;
}

}  // namespace nabla
