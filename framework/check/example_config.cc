#include "framework/check/example_config.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "framework/base/philox.h"

namespace nabla {
namespace {

class ExampleMaker {
 public:
  ExampleMaker(const Registry& registry, size_t variant, Vary vary)
      : registry_(registry), variant_(variant), vary_(vary) {}

  Node Make(const std::string& kind, const std::string& name) {
    Node config = Node::Map();
    config.Set("name", Node::Scalar(name));
    VisitKind<double>(kind, [&]<typename I>(const I*) {
      const Entry<I>* entry = registry_.table<I>().Find(name);
      if (entry == nullptr) return;
      if (*entry->info.example != 0) config = ParseYamlValue(entry->info.example, "example");
      for (const auto& field : entry->make().fields->fields()) {
        ++draws_;
        if (config.Find(field->name()) != nullptr) continue;
        if (auto value = ValueOf(*field, kind, name)) config.Set(field->name(), *value);
      }
    });
    return config;
  }

 private:
  uint64_t Draw(uint64_t below) const {
    return KeyedBits(Key(variant_, {draws_}), 0) % std::max<uint64_t>(1, below);
  }

  std::optional<Node> ValueOf(const Field& field, const std::string& kind,
                              const std::string& name) {
    const bool varied = variant_ > 0 && vary_ != Vary::kNothing && !field.IsList();
    const bool wanted = field.doc().required;
    const std::string type = field.Type();
    if (const std::vector<std::string> choices = field.Choices(); !choices.empty()) {
      if (!wanted && !varied) return std::nullopt;
      return Listed(field, Node::Scalar(choices[Draw(choices.size())]));
    }
    if (type == "bool" && (wanted || varied)) {
      return Node::Scalar(Draw(2) == 1 ? "true" : "false");
    }
    if (!wanted && !(varied && vary_ == Vary::kAll)) return std::nullopt;
    if (type.starts_with("integer")) return Integer(field);
    if (type == "number") return Number(field);
    if (!wanted) return std::nullopt;
    return Required(field, kind, name);
  }

  static Node Listed(const Field& field, Node node) {
    return field.IsList() ? Node::List({std::move(node)}) : node;
  }

  // Small, since it may be a size.
  Node Integer(const Field& field) const {
    const double least = std::isfinite(field.doc().min) ? field.doc().min : 1;
    const double value = std::min(field.doc().max, least + static_cast<double>(Draw(3)));
    return Node::Scalar(std::to_string(static_cast<int64_t>(value)));
  }

  // Strictly between the bounds, at most 1 above the lower one.
  Node Number(const Field& field) const {
    const double low = std::isfinite(field.doc().min) ? field.doc().min : 0;
    const double high = std::min(field.doc().max, low + 1);
    const double share = (1 + static_cast<double>(Draw(9))) / 10;
    return PrintDouble(low + share * (high - low));
  }

  Node Required(const Field& field, const std::string& kind, const std::string& name) {
    std::string type = field.Type();
    size_t depth = 0;
    for (; type.starts_with("list of "); ++depth) type = type.substr(8);
    Node node = Node::Scalar("example");
    if (type == "integer") {
      node = Integer(field);
    } else if (type == "number") {
      node = Number(field);
    } else if (const auto& kinds = Registry::Kinds();
               std::find(kinds.begin(), kinds.end(), type) != kinds.end()) {
      node = Undemanding(type, kind, name);
    }
    for (; depth > 0; --depth) node = Node::List({std::move(node)});
    return node;
  }

  // A plugin of the wanted kind without required parameters, other than the plugin itself.
  Node Undemanding(const std::string& wanted, const std::string& kind, const std::string& name) {
    std::vector<std::string> found;
    VisitKind<double>(wanted, [&]<typename I>(const I*) {
      for (const std::string& other : registry_.table<I>().Names()) {
        const Instance<I> instance = registry_.table<I>().Find(other)->make();
        const auto& fields = instance.fields->fields();
        const bool demands = std::any_of(fields.begin(), fields.end(),
                                         [](const auto& f) { return f->doc().required; });
        if (!demands && !(wanted == kind && other == name)) found.push_back(other);
      }
    });
    return Node::Scalar(found.empty() ? "none" : found[variant_ % found.size()]);
  }

  const Registry& registry_;
  const size_t variant_;
  const Vary vary_;
  uint64_t draws_ = 0;
};

}  // namespace

Node ExampleConfig(const Registry& registry, const std::string& kind, const std::string& name,
                   size_t variant, Vary vary) {
  return ExampleMaker(registry, variant, vary).Make(kind, name);
}

}  // namespace nabla
