// Modules of torch.nn: what they are made of, first values, and their calls.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "framework/python/activation_names.h"
#include "framework/python/library.h"

namespace nabla {
namespace {

using Kind = ValueKind;

// Among the fields of a module: an array with the first values of its bias.
constexpr const char* kBiasFilling = "first values of the bias";

std::string Last(const std::string& path) {
  const size_t dot = path.rfind('.');
  return path.substr(dot == std::string::npos ? 0 : dot + 1);
}

// "weight" or "bias" of "torch.nn.Linear.weight", also with ".data" behind it: a parameter of a
// layer that is made; "" of others.
std::string ParameterOf(const Value& v) {
  if (!v.Is(Kind::kLibrary) || v.object == nullptr) return "";
  const std::string module = Last(v.object->made_by);
  if (module != "Linear" && module != "LazyLinear" && module != "Conv2d") return "";
  std::string path = v.text;
  if (path.ends_with(".data")) path.resize(path.size() - 5);
  for (const char* parameter : {"weight", "bias"}) {
    if (path == v.object->made_by + "." + parameter) return parameter;
  }
  return "";
}

// torch.nn.init's name with its options in YAML.
std::string NamedDraw(const std::string& name, const Arguments& a) {
  std::string options;
  const bool kaiming = name.starts_with("kaiming");
  const Value first = a.At(1, kaiming ? "a" : "gain");
  if (first.IsNumber() && (!first.IsKnown() || first.number != (kaiming ? 0 : 1))) {
    options += std::string(kaiming ? ", a: " : ", gain: ") +
               (first.IsKnown() ? fmt::format("{}", first.number) : "\"?\"");
  }
  if (!kaiming) return options.empty() ? name : fmt::format("{{name: {}{}}}", name, options);
  const auto choice = [&](size_t position, const char* option,
                          std::initializer_list<const char*> known) {
    const Value v = a.At(position, option);
    if (!v.Is(Kind::kString) || v.text == *known.begin()) return;  // the usual one
    const bool says = std::find(known.begin(), known.end(), v.text) != known.end();
    options += fmt::format(", {}: {}", option, says ? v.text : "\"?\"");
  };
  choice(2, "mode", {"fan_in", "fan_out"});
  choice(3, "nonlinearity", {"leaky_relu", "linear", "sigmoid", "tanh", "relu", "selu"});
  return options.empty() ? name : fmt::format("{{name: {}{}}}", name, options);
}

}  // namespace

// nn.Linear(784, 10), nn.Conv2d(1, 8, 3)
Value Library::WeightedModule(const std::string& path, const Arguments& a, bool* known) {
  const bool lazy = path.ends_with("nn.LazyLinear"), pictures = path.ends_with("nn.Conv2d");
  *known = path.ends_with("nn.Linear") || lazy || pictures;
  if (!*known) return {};
  Value layer = rules_->Fresh(path);
  if (layer.object == nullptr) return layer;
  layer.object->keywords = a.keywords;
  layer.object->filling = {"uniform", "torch", 0, 0, "torch_linear"};
  layer.object->filled = a.place;
  if (pictures) {
    layer.object->arguments = a.list;
    rules_->SetShape(layer, {a.At(0, "in_channels"), a.At(1, "out_channels")});
    return layer;
  }
  const Value inputs = lazy ? rules_->Invented() : a.At(0, "in_features");
  rules_->SetShape(layer, {inputs, a.At(lazy ? 0 : 1, "out_features")});
  return layer;
}

Value Library::InitInPlace(const std::string& name, const Arguments& a) {
  const Value weight = a.At(0, "tensor");
  const std::string parameter = ParameterOf(weight);
  if (parameter.empty() && !weight.Is(Kind::kArray)) return weight;
  Object* object = weight.object->view_of != nullptr ? weight.object->view_of : weight.object;
  std::string named = name;
  if (named.ends_with("_")) named.pop_back();
  const auto number = [&](size_t i, const char* keyword, double otherwise) {
    const Value v = a.At(i, keyword);
    return v.IsNumber() ? v.number : otherwise;
  };
  Filling f{"normal", "torch", 0, 1, ""};
  if (named == "normal") {
    f = {"normal", "torch", number(1, "mean", 0), number(2, "std", 1), ""};
  } else if (named == "uniform") {
    f = {"uniform", "torch", number(1, "a", 0), number(2, "b", 1), ""};
  } else if (named == "zeros" || named == "ones" || named == "constant") {
    const double value = named == "zeros" ? 0 : named == "ones" ? 1 : number(1, "val", 0);
    f = {"constant", "", value, 0, ""};
  } else {
    f.named = NamedDraw(named, a);
  }
  if (parameter == "bias") {
    Value bias = rules_->Fresh("");
    if (bias.object == nullptr) return weight;
    bias.object->filling = f;
    object->fields[kBiasFilling] = bias;
    for (TracedLayer& layer : trace_->layers) {
      if (layer.weight == object) layer.bias_filling = f;
    }
    return weight;
  }
  object->filling = f;
  object->filled = a.place;
  for (TracedLayer& layer : trace_->layers) {
    if (layer.weight == object) layer.weight_filling = f;
  }
  return weight;
}

// layer.weight.data.normal_(0, 0.1): as nn.init does.
Value Library::InitByMethod(const std::string& name, Value parameter, const Arguments& a,
                            bool* known) {
  parameter.text.resize(parameter.text.size() - name.size() - 1);
  *known = !ParameterOf(parameter).empty();
  if (!*known) return {};
  Arguments all = a;
  all.list.insert(all.list.begin(), parameter);
  return InitInPlace(name == "zero_" ? "zeros_" : name == "fill_" ? "constant_" : name, all);
}

// The modules in a module, or in an instance of a class of the program's own.
void Library::CollectModules(const Object& of, int depth, std::vector<Value>* all) {
  const auto take = [&](const Value& v) {
    if (v.object == nullptr || depth > kDeepestModule || ++modules_ > kMostModules) return;
    const bool module = v.Is(Kind::kArray) && v.object->made_by.find("nn.") != std::string::npos;
    if (module) all->push_back(v);
    if (module || v.Is(Kind::kInstance) || v.Is(Kind::kSequence)) {
      CollectModules(*v.object, depth + 1, all);
    }
  };
  if (of.made_by.ends_with("Sequential")) {
    for (const Value& v : ModulesOf(of)) take(v);
  }
  for (const auto& [name, v] : of.fields) take(v);
  for (const Value& v : of.items) take(v);
}

// net.apply(f), net.modules()
Value Library::OfModules(const std::string& name, const Value& self, const Arguments& a,
                         bool* known) {
  std::vector<Value> modules;
  if (self.object != nullptr) {
    CollectModules(*self.object, 0, &modules);
    const bool layer = self.object->made_by.find("nn.") != std::string::npos;
    if (layer && name != "children") modules.push_back(ObjectValue(Kind::kArray, self.object));
  }
  *known = !modules.empty();
  if (!*known || name != "apply") return *known ? rules_->Sequence(modules) : Value();
  for (const Value& module : modules) {
    Arguments one;
    one.list = {module};
    one.place = a.place;
    if (!a.list.empty()) caller_(a.list[0], one);
  }
  return {};
}

// What a Sequential was made of, also with names: OrderedDict([('fc1', nn.Linear(2, 3)), ...]).
std::vector<Value> Library::ModulesOf(const Object& sequential) const {
  const std::vector<Value>& given = sequential.arguments;
  const bool named = given.size() == 1 && given[0].Is(Kind::kArray) &&
                     Last(given[0].object->made_by) == "OrderedDict" &&
                     !given[0].object->arguments.empty() &&
                     given[0].object->arguments[0].Is(Kind::kSequence);
  if (!named) return given;
  std::vector<Value> modules;
  for (const Value& pair : given[0].object->arguments[0].object->items) {
    if (pair.Is(Kind::kSequence) && pair.object->items.size() == 2) {
      modules.push_back(pair.object->items[1]);
    }
  }
  return modules;
}

// Calls of torch.nn's objects.
Value Library::TorchModule(const Value& self, const Arguments& a) {
  if (self.object == nullptr || ++modules_ > kMostModules || module_depth_ > kDeepestModule) {
    return rules_->Fresh("");
  }
  Value x = a.At(0, "input");
  Object& module = *self.object;
  const std::string name = Last(module.made_by);
  if (name == "Sequential") {
    for (const Value& each : ModulesOf(module)) {
      if (!each.Is(Kind::kArray) && !each.Is(Kind::kInstance)) continue;
      Arguments inner;
      inner.list = {x};
      inner.place = a.place;
      ++module_depth_;
      x = each.Is(Kind::kInstance) ? caller_(each, inner) : TorchModule(each, inner);
      --module_depth_;
    }
    return x;
  }
  if (name == "Linear" || name == "LazyLinear" || name == "Conv2d") {
    const auto bias = module.keywords.find("bias");
    const bool has_bias =
        bias == module.keywords.end() || !bias->second.IsNumber() || bias->second.number != 0;
    const Value out = rules_->LayerOutput(self.object, x, true, false, a.place);
    if (out.object == nullptr || out.object->layer < 0) return out;
    TracedLayer& layer = trace_->layers[static_cast<size_t>(out.object->layer)];
    layer.library = "torch";
    layer.bias = has_bias;
    const auto drawn = module.fields.find(kBiasFilling);
    if (drawn != module.fields.end()) layer.bias_filling = drawn->second.object->filling;
    if (layer.bias_filling.how.empty())
      layer.bias_filling = {"uniform", "torch", 0, 0, "torch_linear"};
    // Channels and pixels of rows are three axes.
    if (name == "Conv2d") rules_->Unrank(out);
    return out;
  }
  const std::string activation = ActivationOf(name);
  if (!activation.empty()) {
    const auto slope = module.arguments.empty() ? Value() : module.arguments[0];
    return rules_->Activated(activation, x, a.place, slope.IsNumber() ? slope.number : 0.01);
  }
  if (!x.Is(Kind::kArray) || x.object->layer < 0) return rules_->Derived(x);
  const bool drops = name == "Dropout" || name == "Dropout2d";
  const Value p = !module.arguments.empty()       ? module.arguments[0]
                  : module.keywords.contains("p") ? module.keywords.at("p")
                                                  : NumberValue(0.5);
  if (drops) NoteBehind(name == "Dropout" ? "dropout" : name, p, x, a.place);
  if (name == "BatchNorm1d" || name == "BatchNorm2d") NoteBehind("batch_norm", p, x, a.place);
  if (name == "MaxPool2d" || name == "AvgPool2d" || name == "AdaptiveAvgPool2d") {
    NoteBehind(name, p, x, a.place, self.object);
  }
  return x;
}

// F.max_pool2d(x, 2), F.dropout(x, 0.3)
Value Library::TorchFunction(const std::string& name, const Arguments& a, bool* known) {
  const Value x = a.At(0, "input");
  const bool pools = name == "max_pool2d" || name == "avg_pool2d" || name == "adaptive_avg_pool2d";
  const bool drops = name == "dropout" && !a.keywords.contains("rate") &&
                     !a.keywords.contains("keep_prob") && !a.keywords.contains("noise_shape");
  *known = x.Is(Kind::kArray) && x.object->layer >= 0 && (pools || drops);
  if (!*known) return {};
  if (drops) {
    const Value p = a.At(1, "p");
    NoteBehind(name, p.Is(Kind::kUnknown) ? NumberValue(0.5) : p, x, a.place);
    return x;
  }
  const Value module = rules_->Fresh(name);
  if (module.object == nullptr) return x;
  module.object->keywords = a.keywords;
  if (!a.list.empty()) module.object->arguments.assign(a.list.begin() + 1, a.list.end());
  NoteBehind(name, {}, x, a.place, module.object);
  return x;
}

void Library::CallSequentials() {
  Arguments data;
  data.list = {rules_->Fresh("")};
  const std::vector<Value> all = sequentials_;
  for (const Value& sequential : all) TorchModule(sequential, data);
}

// Once for each module, though the program may call it often.
void Library::NoteBehind(const std::string& name, const Value& p, const Value& x, CellPlace place,
                         Object* module) {
  TracedLayer& layer = trace_->layers[static_cast<size_t>(x.object->layer)];
  for (const TracedBehind& known : layer.behind) {
    if (known.name == name) return;
  }
  layer.behind.push_back({name, p, x.object->activated, place, module});
}

}  // namespace nabla
