#include "framework/verdict/initializer_mistakes.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace nabla {
namespace {

constexpr double kMostKaiming = 2;                 // of Kaiming's variances times I
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

std::optional<Node> Rescaled(const Node& initializer, double factor) {
  const std::string name = NameOf(initializer);
  for (const auto& [owner, key, fallback] :
       {std::tuple("xavier_normal", "gain", 1.0), std::tuple("xavier_uniform", "gain", 1.0),
        std::tuple("orthogonal", "gain", 1.0), std::tuple("scaled_randn", "scale", 0.01),
        std::tuple("normal", "std", 1.0)}) {
    if (name != owner) continue;
    return With(initializer, key, factor * NumberAt(initializer, key, fallback));
  }
  if (name == "uniform") {
    const double low = NumberAt(initializer, "low", 0);
    const double high = NumberAt(initializer, "high", 1);
    return With(With(initializer, "low", factor * low), "high", factor * high);
  }
  if (name == "randn") return Made("scaled_randn", {{"scale", factor}});
  const char* kaiming = name.ends_with("_normal") ? "kaiming_normal" : "kaiming_uniform";
  for (const auto& [owner, variance] :  // times 1 / I
       {std::pair("torch_linear", 1.0 / 3), std::pair("he_normal", 2.0),
        std::pair("he_uniform", 2.0), std::pair("lecun_normal", 1.0)}) {
    const double wanted = factor * factor * variance;
    if (name != owner || wanted > kMostKaiming) continue;
    return Made(kaiming, {{"a", SlopeFor(wanted)}});
  }
  if (name == "kaiming_normal" || name == "kaiming_uniform") {
    const double slope = NumberAt(initializer, "a", 0);
    const double wanted = factor * factor * 2 / (1 + slope * slope);
    if (wanted <= kMostKaiming) return With(initializer, "a", SlopeFor(wanted));
  }
  return std::nullopt;
}

std::optional<Node> OtherwiseDistributed(const Node& initializer) {
  const std::string name = NameOf(initializer);
  for (const auto& [one, other] :
       {std::pair("xavier_normal", "xavier_uniform"), std::pair("he_normal", "he_uniform"),
        std::pair("kaiming_normal", "kaiming_uniform")}) {
    if (name == one) return Renamed(initializer, other);
    if (name == other) return Renamed(initializer, one);
  }
  if (name == "lecun_normal") return Made("kaiming_uniform", {{"a", SlopeFor(1)}});
  if (name == "torch_linear") {
    return Made("kaiming_normal", {{"a", SlopeFor(1.0 / 3)}});
  }
  if (name == "orthogonal") {
    return std::nullopt;  // no other initializer has that length of rows
  }
  if (name == "randn" || name == "scaled_randn" || name == "normal") {
    const double mean = NumberAt(initializer, "mean", 0);
    const double fallback = name == "scaled_randn" ? 0.01 : 1;
    const double std = NumberAt(initializer, name == "normal" ? "std" : "scale", fallback);
    return Made("uniform", {{"low", mean - kHalfWidth * std}, {"high", mean + kHalfWidth * std}});
  }
  if (name == "uniform") {
    const double low = NumberAt(initializer, "low", 0);
    const double high = NumberAt(initializer, "high", 1);
    return Made("normal", {{"mean", (low + high) / 2}, {"std", (high - low) / (2 * kHalfWidth)}});
  }
  return std::nullopt;
}

}  // namespace nabla
