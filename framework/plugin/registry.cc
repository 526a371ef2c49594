#include "framework/plugin/registry.h"

#include <algorithm>
#include <filesystem>

#include "framework/base/nearest.h"

namespace nabla {

template <typename I>
void Table<I>::Add(Entry<I> entry) {
  if (const Entry<I>* taken = Find(entry.info.name)) {
    throw InputError(std::string(I::kKind) + " \"" + entry.info.name + "\" from " + entry.origin +
                     " is already registered from " + taken->origin);
  }
  entries_.push_back(std::move(entry));
}

template <typename I>
const Entry<I>* Table<I>::Find(std::string_view name) const {
  for (const Entry<I>& entry : entries_) {
    if (name == entry.info.name) return &entry;
  }
  return nullptr;
}

template <typename I>
std::vector<std::string> Table<I>::Names() const {
  std::vector<std::string> names;
  for (const Entry<I>& entry : entries_) names.push_back(entry.info.name);
  std::sort(names.begin(), names.end());
  return names;
}

template class Table<Dataset>;
template class Table<Schedule>;
template class Table<Layer<float>>;
template class Table<Layer<double>>;
template class Table<Activation<float>>;
template class Table<Activation<double>>;
template class Table<Loss<float>>;
template class Table<Loss<double>>;
template class Table<Initializer<float>>;
template class Table<Initializer<double>>;
template class Table<Optimizer<float>>;
template class Table<Optimizer<double>>;
template class Table<Metric<float>>;
template class Table<Metric<double>>;

namespace {

// What the user wrote for a plugin: a bare name, or a map with `name:`.
struct Written {
  std::string name;
  Place name_place;
  Node parameters;  // a map, perhaps with "name" in it
};

// Reports a key that differs from "name" by one letter.
bool AddMistypedName(const std::string& a_kind, const Node& node, Problems& problems) {
  for (const Node::Entry& entry : node.entries) {
    if (EditDistance(entry.key, "name") > 1) continue;
    problems.Add(entry.place, "unknown key \"" + entry.key + "\"; did you mean \"name\"? " +
                                  a_kind + " is its name, or a map with `name:`");
    return true;
  }
  return false;
}

bool Read(std::string_view kind, const Node& node, Problems& problems, Written* out) {
  const bool vowel = std::string_view("aeiou").find(kind.front()) != std::string_view::npos;
  const std::string a_kind = (vowel ? "an " : "a ") + std::string(kind);
  if (node.IsScalar()) {
    *out = {node.text, node.place, Node::Map(node.place)};
    return true;
  }
  const Node* name = node.Find("name");
  if (name == nullptr && AddMistypedName(a_kind, node, problems)) return false;
  if (name == nullptr || !name->IsScalar()) {
    problems.Add(node.place, "expected " + a_kind + ": its name, or a map with `name:`, found " +
                                 node.Describe() + (node.IsMap() ? " without a name" : ""));
    return false;
  }
  *out = {name->text, name->place, node};
  return true;
}

template <typename I>
MadePlugin MakeFrom(const Entry<I>& entry, const Written& written, const ParseContext& context) {
  Instance<I> instance = entry.make();
  const bool good = instance.fields->Parse(instance.self, written.parameters, context, {"name"});
  if (!good) return {};
  try {
    instance.check();
  } catch (const InputError& e) {
    for (const Problem& p : e.problems()) context.problems.Add(written.name_place, p.message);
    return {};
  }
  MadePlugin made{instance.object, Node::Scalar(entry.info.name)};
  if (!instance.fields->fields().empty()) {
    made.config = Node::Map();
    made.config.Set("name", Node::Scalar(entry.info.name));
    for (Node::Entry& field : instance.fields->Print(instance.self).entries) {
      made.config.entries.push_back(std::move(field));
    }
  }
  made.config.place = written.name_place;
  return made;
}

template <typename T>
class TypedMaker final : public PluginMaker {
 public:
  explicit TypedMaker(const Registry& registry) : registry_(registry) {}

  MadePlugin Make(std::string_view kind, const Node& node, Problems& problems) const override {
    Written written;
    if (!Read(kind, node, problems, &written)) return {};
    MadePlugin made;
    VisitKind<T>(kind, [&]<typename I>(const I*) { made = MakeNamed<I>(written, node, problems); });
    return made;
  }

  std::vector<std::string> Names(std::string_view kind) const override {
    return registry_.Names(kind);
  }

 private:
  template <typename I>
  MadePlugin MakeNamed(const Written& written, const Node& node, Problems& problems) const {
    if (const Entry<I>* entry = registry_.table<I>().Find(written.name)) {
      return MakeFrom(*entry, written, {problems, this});
    }
    std::vector<std::string> known = Names(I::kKind);
    if constexpr (std::is_same_v<I, Layer<T>>) {
      if (registry_.table<Activation<T>>().Find(written.name) != nullptr) {
        return MakeActivationLayer(node, problems);
      }
      for (const std::string& name : Names("activation")) known.push_back(name);
      std::sort(known.begin(), known.end());
      known.erase(std::unique(known.begin(), known.end()), known.end());
    }
    problems.Add(written.name_place, std::string("unknown ") + I::kKind + " \"" + written.name +
                                         "\"" + Suggest(written.name, known) +
                                         "; one of a library of plugins needs --plugin FILE.so");
    return {};
  }

  // An activation's name in a list of layers means the layer that applies it.
  MadePlugin MakeActivationLayer(const Node& node, Problems& problems) const {
    Node layer = Node::Map(node.place);
    layer.Set("name", Node::Scalar("activation", node.place));
    layer.Set("function", node);
    MadePlugin made = Make("layer", layer, problems);
    if (made.object != nullptr) made.config = *made.config.Find("function");
    return made;
  }

  const Registry& registry_;
};

}  // namespace

template <typename T>
std::unique_ptr<PluginMaker> Registry::Maker() const {
  return std::make_unique<TypedMaker<T>>(*this);
}
template std::unique_ptr<PluginMaker> Registry::Maker<float>() const;
template std::unique_ptr<PluginMaker> Registry::Maker<double>() const;

const std::vector<std::string>& Registry::Kinds() {
  static const std::vector<std::string> kinds = {
      "dataset", "layer", "activation", "loss", "initializer", "optimizer", "schedule", "metric"};
  return kinds;
}

std::vector<std::string> Registry::Names(std::string_view kind) const {
  std::vector<std::string> names;
  VisitKind<float>(kind, [&]<typename I>(const I*) { names = table<I>().Names(); });
  return names;
}

void Registry::AddLibrary(const std::string& path, const std::string& hash) {
  libraries_[std::filesystem::path(path).filename()] = hash;
}

bool Registry::HasLibrary(const std::string& path) const {
  return libraries_.contains(std::filesystem::path(path).filename());
}

size_t Registry::size() const {
  size_t count = 0;
  for (const std::string& kind : Kinds()) count += Names(kind).size();
  return count;
}

}  // namespace nabla
