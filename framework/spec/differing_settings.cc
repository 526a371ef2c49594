#include "framework/spec/differing_settings.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "framework/config/short_text.h"
#include "framework/config/tree.h"

namespace nabla {
namespace {

using Nodes = std::vector<const Node*>;

// The name of a plugin, which may be all that is written of it.
std::optional<std::string> NameOf(const Node& node) {
  if (node.IsScalar()) return node.text;
  const Node* name = node.Find("name");
  if (name == nullptr || !name->IsScalar()) return std::nullopt;
  return name->text;
}

bool AreEqual(const Nodes& nodes) {
  return std::ranges::all_of(nodes,
                             [&](const Node* node) { return SameTree(*node, *nodes.front()); });
}

bool SaysNothingOfTheTraining(const std::string& path) {
  static const std::set<std::string> words = {"seed",       "description", "source",      "notes",
                                              "reference",  "reproduce",   "investigate", "sweep",
                                              "checkpoint", "plugins",     "split.fold"};
  return words.contains(path);
}

std::string Join(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

// The value at a path, "" if there is none.
std::string TextAt(const Node& root, const std::string& path) {
  const Node* node = NodeAt(root, path);
  return node == nullptr ? "" : NameOf(*node).value_or(ShortText(*node));
}

// Collects the paths at which configurations part.
class Paths {
 public:
  explicit Paths(const Nodes& configs) { Walk("", configs); }

  const std::vector<std::string>& found() const { return found_; }

  // The paths below that of a plugin that are a part of its value.
  std::vector<std::string> PartsOf(const std::string& plugin) const {
    const auto parts = parts_.find(plugin);
    return parts == parts_.end() ? std::vector<std::string>() : parts->second;
  }

 private:
  // Plugins of one name and more, by it.
  using ByName = std::map<std::string, Nodes>;

  void Add(const std::string& path) {
    if (std::ranges::count(found_, path) == 0) found_.push_back(path);
  }

  void Walk(const std::string& path, const Nodes& nodes) {
    if (nodes.size() < 2 || SaysNothingOfTheTraining(path) || AreEqual(nodes)) return;
    const auto all = [&](auto holds) {
      return std::ranges::all_of(nodes, [&](const Node* node) { return holds(*node); });
    };
    const bool named = all([](const Node& node) { return NameOf(node).has_value(); });
    if (named && !all([](const Node& node) { return node.IsScalar(); })) {
      WalkPlugins(path, nodes);
    } else if (all([](const Node& node) { return node.IsMap(); })) {
      WalkEntries(path, nodes);
    } else if (all([&](const Node& node) {
                 return node.IsList() && node.items.size() == nodes.front()->items.size() &&
                        std::ranges::none_of(node.items, &Node::IsScalar);
               }) ||
               AreLayers(nodes)) {
      WalkItems(path, nodes);
    } else {
      Add(path);
    }
  }

  // Lists of equally many plugins, of which some are written as their names.
  static bool AreLayers(const Nodes& nodes) {
    bool maps = false;
    for (const Node* node : nodes) {
      if (!node->IsList() || node->items.size() != nodes.front()->items.size()) return false;
      for (const Node& item : node->items) {
        if (!NameOf(item)) return false;
        maps = maps || item.IsMap();
      }
    }
    return maps;
  }

  void WalkPlugins(const std::string& path, const Nodes& nodes) {
    ByName by_name;
    for (const Node* node : nodes) by_name[*NameOf(*node)].push_back(node);
    if (by_name.size() > 1) Add(path.empty() ? "name" : path);
    if (path.empty() || by_name.size() == 1) {
      for (const auto& [name, same] : by_name) WalkEntries(path, same);
      return;
    }
    Paths within;
    for (const auto& [name, same] : by_name) within.WalkEntries(path, same);
    std::vector<std::string> keys;
    for (const std::string& found : within.found_) keys.push_back(found.substr(path.size() + 1));
    if (AreOneValue(by_name, keys)) {
      parts_[path] = keys;
      return;
    }
    for (const std::string& found : within.found_) Add(found);
    parts_.merge(within.parts_);
  }

  // Whether somebody tried a few plugins, each with its parameters, rather than each plugin with
  // the same values of a parameter or with values that were drawn.
  static bool AreOneValue(const ByName& by_name, const std::vector<std::string>& keys) {
    constexpr size_t kMost = 8;
    std::set<std::vector<std::string>> values;
    bool crossed = true;
    for (const std::string& key : keys) {
      std::set<std::set<std::string>> tried;  // with each name
      for (const auto& [name, same] : by_name) {
        std::set<std::string> texts;
        for (const Node* node : same) texts.insert(TextAt(*node, key));
        tried.insert(texts);
      }
      crossed = crossed && tried.size() == 1;
    }
    for (const auto& [name, same] : by_name) {
      for (const Node* node : same) {
        std::vector<std::string> value = {name};
        for (const std::string& key : keys) value.push_back(TextAt(*node, key));
        values.insert(value);
      }
    }
    return !crossed && values.size() <= kMost;
  }

  void WalkEntries(const std::string& path, const Nodes& nodes) {
    std::vector<std::string> keys;
    for (const Node* node : nodes) {
      for (const Node::Entry& entry : node->entries) {
        if (entry.key != "name" && std::ranges::count(keys, entry.key) == 0) {
          keys.push_back(entry.key);
        }
      }
    }
    for (const std::string& key : keys) {
      Nodes values;
      for (const Node* node : nodes) {
        if (const Node* value = node->Find(key)) values.push_back(value);
      }
      Walk(Join(path, key), values);
    }
  }

  void WalkItems(const std::string& path, const Nodes& nodes) {
    for (size_t i = 0; i < nodes.front()->items.size(); ++i) {
      Nodes items;
      for (const Node* node : nodes) items.push_back(&node->items[i]);
      Walk(Join(path, std::to_string(i)), items);
    }
  }

  Paths() = default;

  std::vector<std::string> found_;
  std::map<std::string, std::vector<std::string>> parts_;
};

// A list without what all its plugins of one name have in common with those of the other lists.
class Lists {
 public:
  explicit Lists(const Nodes& nodes) {
    for (const Node* node : nodes) {
      for (const Node& item : node->items) {
        for (const Node::Entry& entry : item.entries) {
          values_[NameOf(item).value_or("") + " " + entry.key].insert(ShortText(entry.value));
        }
      }
    }
  }

  std::string Text(const Node& list) const {
    Node shorter = list;
    for (Node& item : shorter.items) {
      const std::string name = NameOf(item).value_or("");
      std::erase_if(item.entries, [&](const Node::Entry& entry) {
        return entry.key != "name" && values_.at(name + " " + entry.key).size() == 1;
      });
    }
    return ShortText(shorter);
  }

 private:
  std::map<std::string, std::set<std::string>> values_;  // by plugin and key
};

// "adam lr=0.1" of a plugin of which `parts` belong to its value, as far as they differ between
// those of its name.
std::string PluginText(const Node& plugin, const Nodes& all,
                       const std::vector<std::string>& parts) {
  const std::string name = NameOf(plugin).value_or("");
  std::string text = name;
  for (const std::string& part : parts) {
    const std::string own = TextAt(plugin, part);
    const bool differs = std::ranges::any_of(all, [&](const Node* other) {
      return other != nullptr && NameOf(*other) == name && TextAt(*other, part) != own;
    });
    if (differs) text += " " + part + "=" + own;
  }
  return text;
}

// The values of one key by run.
std::vector<std::optional<std::string>> Column(const Nodes& configs, const std::string& path,
                                               const std::vector<std::string>& parts) {
  Nodes values;
  Nodes lists;
  for (const Node* config : configs) {
    const Node* value = NodeAt(*config, path);
    values.push_back(value);
    if (value != nullptr && value->IsList()) lists.push_back(value);
  }
  const Lists all(lists);
  std::vector<std::optional<std::string>> column;
  for (const Node* value : values) {
    std::optional<std::string>& text = column.emplace_back();
    if (value == nullptr) continue;
    text = NameOf(*value)    ? PluginText(*value, values, parts)
           : value->IsList() ? all.Text(*value)
                             : ShortText(*value);
  }
  return column;
}

}  // namespace

DifferingSettings FindDifferingSettings(const std::vector<const Node*>& configs) {
  DifferingSettings result;
  result.values.resize(configs.size());
  std::set<std::pair<std::string, std::vector<std::optional<std::string>>>> columns;
  const Paths paths(configs);
  for (const std::string& path : paths.found()) {
    const auto column = Column(configs, path, paths.PartsOf(path));
    if (!columns.emplace(path.substr(path.rfind('.') + 1), column).second) continue;
    result.keys.push_back(path);
    for (size_t run = 0; run < configs.size(); ++run) result.values[run].push_back(column[run]);
  }
  return result;
}

std::string SettingsText(const std::vector<std::string>& keys,
                         const std::vector<std::optional<std::string>>& values) {
  std::string text;
  for (size_t k = 0; k < keys.size(); ++k) {
    if (!values[k]) continue;
    text += (text.empty() ? "" : ", ") + (keys[k] == "name" ? "" : keys[k] + "=") + *values[k];
  }
  return text;
}

}  // namespace nabla
