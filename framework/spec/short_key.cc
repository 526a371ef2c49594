#include "framework/spec/short_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/nearest.h"
#include "framework/spec/completion.h"

namespace nabla {
namespace {

// What other libraries call keys.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"batch", "batch_size"}, {"hidden", "units"},    {"hidden_size", "units"},
    {"learning_rate", "lr"}, {"n_epochs", "epochs"}, {"num_epochs", "epochs"},
};

// The whole keys in the layers that the tree lists.
std::vector<std::string> LayerKeys(const Node& tree) {
  std::vector<std::string> keys;
  const Node* model = tree.Find("model");
  for (size_t i = 0; model != nullptr && i < model->items.size(); ++i) {
    for (const Node::Entry& entry : model->items[i].entries) {
      if (entry.key != "name") keys.push_back(fmt::format("model.{}.{}", i, entry.key));
    }
  }
  return keys;
}

std::string LastName(const std::string& key) { return key.substr(key.rfind('.') + 1); }

class Keys {
 public:
  Keys(const Node& tree, const Registry& registry) : of_layers_(LayerKeys(tree)) {
    for (CompletedKey& key : OverrideKeys(registry)) of_sections_.push_back(std::move(key.key));
  }

  // Whether a section or a key outside of all sections has the name.
  bool IsOnTop(const std::string& name) const {
    return std::ranges::any_of(of_sections_, [&](const std::string& key) {
      return key == name || key.starts_with(name + ".");
    });
  }

  // Those of train and optimizer if there are any, otherwise all.
  std::vector<std::string> Named(const std::string& name) const {
    std::vector<std::string> first;
    std::vector<std::string> others;
    for (const std::string& key : of_sections_) {
      if (!key.ends_with("." + name)) continue;
      const bool usual = key == "train." + name || key == "optimizer." + name;
      (usual ? first : others).push_back(key);
    }
    if (!first.empty()) return first;
    for (const std::string& key : of_layers_) {
      if (LastName(key) == name) others.push_back(key);
    }
    return others;
  }

  // The name that is nearest to one that no key has; "" if none is near.
  std::string NearestName(const std::string& name) const {
    std::vector<std::string> names;
    for (const auto* keys : {&of_sections_, &of_layers_}) {
      for (const std::string& key : *keys) {
        names.push_back(key.substr(0, key.find('.')));
        names.push_back(LastName(key));
      }
    }
    for (const auto& [other, ours] : kOtherNames) names.emplace_back(other);
    return Nearest(name, names);
  }

 private:
  std::vector<std::string> of_sections_;
  std::vector<std::string> of_layers_;
};

std::string OurName(std::string name) {
  for (const auto& [other, ours] : kOtherNames) {
    if (name == other) name = ours;
  }
  return name;
}

}  // namespace

std::string WholeKey(const std::string& key, const Node& tree, const Registry& registry,
                     const Place& place) {
  if (key.find('.') != std::string::npos) return key;
  const Keys known(tree, registry);
  const std::string name = OurName(key);
  if (known.IsOnTop(name)) return key;
  const std::vector<std::string> keys = known.Named(name);
  if (keys.size() == 1) return keys[0];
  if (keys.size() > 1) {
    throw InputError(
        std::vector<Problem>{{place, fmt::format("several keys have this name; write one of {}",
                                                 fmt::join(keys, ", "))}});
  }
  const std::string near = OurName(known.NearestName(key));
  if (near.empty() || known.IsOnTop(near)) return key;
  throw InputError(
      std::vector<Problem>{{place, fmt::format("unknown key \"{}\"; did you mean {}?", key,
                                               fmt::join(known.Named(near), " or "))}});
}

}  // namespace nabla
