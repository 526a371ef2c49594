#include "framework/spec/config_edits.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "framework/config/override.h"
#include "framework/config/path.h"

namespace nabla {
namespace {

// Keys of a file that no weight and no metric depends on. `plugins` says where libraries lie.
constexpr std::array kBesides = std::to_array<std::string_view>(
    {"name", "description", "source", "notes", "plugins", "reference", "reproduce", "investigate",
     "checkpoint", "sweep", "train.norms", "train.dump_steps"});

bool HasKeys(const Node& list) {
  return std::ranges::any_of(list.items, [](const Node& item) { return item.IsMap(); });
}

// Whether the two are the same thing with other values, so that these are the difference.
bool AreAlike(const Node& a, const Node& b) {
  if (a.IsList() && b.IsList()) {
    return a.items.size() == b.items.size() && (HasKeys(a) || HasKeys(b));
  }
  if (!a.IsMap() || !b.IsMap()) return false;
  const Node* one = a.Find("name");
  const Node* other = b.Find("name");
  return one == nullptr || other == nullptr || one->text == other->text;
}

bool AreEqual(const Node& a, const Node& b) { return PrintYaml(a) == PrintYaml(b); }

void AddEdits(const Node& a, const Node& b, const std::string& path,
              std::vector<ConfigEdit>* edits) {
  // The name of the experiment itself is no plugin's.
  const bool inside = path.empty() || AreAlike(a, b);
  if (!inside || !ConfigEdit{.path = path, .a = {}, .b = {}}.ChangesTraining()) {
    if (!AreEqual(a, b)) edits->push_back({path, a, b});
    return;
  }
  const std::string prefix = path.empty() ? "" : path + ".";
  for (size_t i = 0; i < a.items.size(); ++i) {
    AddEdits(a.items[i], b.items[i], prefix + std::to_string(i), edits);
  }
  for (const Node::Entry& entry : a.entries) {
    const Node* other = b.Find(entry.key);
    if (other == nullptr) {
      edits->push_back({prefix + entry.key, entry.value, std::nullopt});
    } else {
      AddEdits(entry.value, *other, prefix + entry.key, edits);
    }
  }
  for (const Node::Entry& entry : b.entries) {
    if (a.Find(entry.key) == nullptr) {
      edits->push_back({prefix + entry.key, std::nullopt, entry.value});
    }
  }
}

void Erase(const std::string& path, Node* root) {
  std::vector<std::string_view> steps = PathSteps(path);
  const std::string_view key = steps.back();
  steps.pop_back();
  Node* parent = root;
  for (const std::string_view step : steps) {
    parent = parent->IsList() ? &parent->items[std::stoul(std::string(step))] : parent->Find(step);
  }
  std::erase_if(parent->entries, [&](const Node::Entry& entry) { return entry.key == key; });
}

}  // namespace

bool ConfigEdit::ChangesTraining() const {
  return std::ranges::find(kBesides, path) == kBesides.end();
}

std::vector<ConfigEdit> EditsBetween(const Node& a, const Node& b) {
  std::vector<ConfigEdit> edits;
  AddEdits(a, b, "", &edits);
  return edits;
}

Node WithEdits(Node a, const std::vector<ConfigEdit>& edits) {
  for (const ConfigEdit& edit : edits) {
    if (edit.b) {
      SetAtPath(a, edit.path, *edit.b);
    } else {
      Erase(edit.path, &a);
    }
  }
  return a;
}

}  // namespace nabla
