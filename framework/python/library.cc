#include "framework/python/library.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "framework/python/activation_names.h"

namespace nabla {
namespace {

using Kind = ValueKind;

std::string Last(const std::string& path) {
  const size_t dot = path.rfind('.');
  return path.substr(dot == std::string::npos ? 0 : dot + 1);
}

bool Contains(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

bool IsOneOf(const std::string& name, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* each) { return name == each; });
}

std::string GeneratorOf(const std::string& path) {
  if (Contains(path, "default_rng")) return "numpy_generator";
  if (path.starts_with("numpy.random")) return "numpy";
  if (path.starts_with("torch")) return "torch";
  const bool draws = Contains(path, "random") || Contains(path, "truncated_normal") ||
                     Contains(path, "set_seed") || Contains(path, "initializers");
  if (path.starts_with("tensorflow") || path.starts_with("tf.")) return draws ? "tensorflow" : "";
  if (path.starts_with("random.")) return "python";
  return "";
}

// NaN for one that the program does not say.
double GivenNumber(const Arguments& a, size_t position, const char* keyword, double otherwise,
                   bool* invented) {
  const bool given = position < a.list.size() || a.keywords.contains(keyword);
  const Value v = a.At(position, keyword);
  *invented = *invented || v.invented;
  return v.IsNumber() ? v.number : given ? std::nan("") : otherwise;
}

// torch.nn.init.calculate_gain
Value GainOf(const Arguments& a) {
  const Value of = a.At(0, "nonlinearity"), slope = a.At(1, "param");
  const double s = slope.IsNumber() ? slope.number : 0.01;
  const double gain = of.text == "relu"         ? std::sqrt(2)
                      : of.text == "leaky_relu" ? std::sqrt(2 / (1 + s * s))
                      : of.text == "tanh"       ? 5.0 / 3
                      : of.text == "selu"       ? 0.75
                                                : 1;
  return NumberValue(gain);
}

}  // namespace

void Library::Seed(const std::string& path, const Arguments& a) {
  std::string generator = path == "nnfs.init" ? "numpy" : GeneratorOf(path);
  if (generator.empty()) generator = Contains(path, "keras") ? "tensorflow" : "";
  if (generator.empty()) return;
  const Value value = path == "nnfs.init" ? NumberValue(0) : a.At(0, "seed");
  AddEvent(&trace_->seeds, TracedSeed{generator, value, a.place, 0}, trace_);
}

Value Library::Call(const std::string& path, const Value& self, const Arguments& a) {
  const int maker = self.object != nullptr ? self.object->made : 0;
  AddEvent(&trace_->calls,
           TracedCall{path, a.list, a.keywords, a.place, a.loops, 0, a.sometimes, maker}, trace_);
  const int event = trace_->order;
  const std::string name = Last(path);
  bool known = true;
  if (IsOneOf(name, {"seed", "manual_seed", "set_seed", "set_random_seed", "RandomState",
                     "default_rng", "manual_seed_all"}) ||
      path == "nnfs.init") {
    Seed(path, a);
    return rules_->Fresh(path);
  }
  if (path == "dataclasses.field" || path == "field") return Field(a);
  if (Contains(path, "ArgumentParser.")) return Argument(name, self, a);
  if (name == "__call__" && Contains(path, "nn.")) return TorchModule(self, a);
  if (name == "calculate_gain") return GainOf(a);
  if (Contains(path, "nn.init.")) return InitInPlace(name, a);
  if (IsOneOf(name, {"normal_", "uniform_", "zero_", "fill_"}) && self.object != nullptr) {
    const Value filled = InitByMethod(name, self, a, &known);
    if (known) return filled;
    known = true;
  }
  if (IsOneOf(name, {"apply", "modules", "children"})) {
    const Value modules = OfModules(name, self, a, &known);
    if (known) return modules;
    known = true;
  }
  if (path.ends_with("nn.Sequential.append") && self.object != nullptr && !a.list.empty()) {
    self.object->arguments.push_back(a.list[0]);
    return ObjectValue(Kind::kArray, self.object);
  }
  if (path.ends_with("nn.ModuleList")) return a.list.empty() ? rules_->Sequence({}) : a.list[0];
  const Value module = WeightedModule(path, a, &known);
  if (known) return module;
  known = true;
  if (name == "__call__" && Contains(path, "initializer")) return Initial(self, a);
  const std::string generator = GeneratorOf(path);
  if (!generator.empty()) {
    const Value v = Random(name, generator, a);
    if (!v.Is(Kind::kUnknown)) return v;
  }
  const Value scaled = Scaled(path, self, a, &known);
  if (known) return scaled;
  known = true;
  for (const auto step : {&Library::Dataset, &Library::Prepared}) {
    const Value v = (this->*step)(path, a, &known);
    if (known) return v;
    known = true;
  }
  Value v = ArrayFunction(name, self, a, &known);
  if (known) return v;
  // df.dropna(), rows.map(...)
  const bool rows = self.object != nullptr && self.object->data.dataset >= 0;
  Value made =
      rows ? rules_->Derived(ObjectValue(Kind::kArray, self.object), path) : rules_->Fresh(path);
  for (const Value& argument : a.list) {
    if (argument.Is(Kind::kArray) && argument.object->data.dataset >= 0) {
      made = rules_->Derived(argument, path);
      break;
    }
  }
  if (made.object != nullptr) {
    made.object->arguments = a.list;
    made.object->keywords = a.keywords;
    const bool parameters = name == "parameters" && self.object != nullptr;
    if (parameters) made.object->keywords["of"] = ObjectValue(Kind::kArray, self.object);
    if (IsOneOf(name, {"DataLoader", "Sequential", "Model"})) made.object->made = event;
    if (path.ends_with("nn.Sequential")) sequentials_.push_back(made);
  }
  return made;
}

// What a field of a dataclass begins with.
Value Library::Field(const Arguments& a) {
  const Value maker = a.At(99, "default_factory");
  return maker.Is(Kind::kUnknown) ? a.At(99, "default") : caller_(maker, {});
}

// What parse_args gets, in place of the command line: "--lr", "0.1", "--epochs=3".
void Library::SetOptions(const Value& words, Object* parser) {
  if (!words.Is(Kind::kSequence)) return;
  const std::vector<Value>& list = words.object->items;
  for (size_t i = 0; i < list.size(); ++i) {
    if (!list[i].Is(Kind::kString)) continue;
    const size_t equal = list[i].text.find('=');
    const auto named = parser->keywords.find(list[i].text.substr(0, equal));
    if (named == parser->keywords.end()) continue;
    const Value next = i + 1 < list.size() ? list[i + 1] : Value();
    std::string text = equal == std::string::npos ? next.text : list[i].text.substr(equal + 1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool all = error == std::errc() && end == text.data() + text.size() && !text.empty();
    Value value = equal == std::string::npos ? next : StringValue(text);
    if (all && !value.IsNumber()) value = NumberValue(number);
    value.place = list[i].place;
    value.name = named->second.text;
    Value& option = parser->fields[named->second.text];
    const bool flag = option.text == "True" || option.text == "False";
    option = flag ? NumberValue(option.text == "False") : std::move(value);
  }
}

// argparse: options are the attributes of what parse_args returns. Those without a default are said
// elsewhere.
Value Library::Argument(const std::string& name, const Value& self, const Arguments& a) {
  if (self.object == nullptr) return rules_->Fresh("");
  if (name.starts_with("parse")) {
    const Value words = a.At(0, "args");
    SetOptions(words, self.object);
    for (const auto& [option, value] : command_line_) {
      if (words.Is(Kind::kSequence)) break;
      const auto dashed = self.object->keywords.find((option.size() == 1 ? "-" : "--") + option);
      if (dashed == self.object->keywords.end()) continue;
      Value& field = self.object->fields[dashed->second.text];
      field = value;
      field.name = dashed->second.text;
    }
    const Value options = ObjectValue(Kind::kArray, self.object);
    return name == "parse_known_args" ? rules_->Sequence({options, rules_->Fresh("")}) : options;
  }
  Value value = a.At(99, "default");
  const Value action = a.At(99, "action");
  if (name != "add_argument" || a.list.empty() || !a.list.back().Is(Kind::kString)) return {};
  // The first long one names it: "--learning-rate", "-l".
  const auto is_long = [](const Value& v) { return v.text.starts_with("--"); };
  const auto named = std::find_if(a.list.begin(), a.list.end(), is_long);
  std::string option = a.At(99, "dest").Is(Kind::kString) ? a.At(99, "dest").text
                       : named != a.list.end()            ? named->text
                                                          : a.list.front().text;
  option.erase(0, std::min(option.find_first_not_of('-'), option.size()));
  std::replace(option.begin(), option.end(), '-', '_');
  if (action.text == "store_true" || action.text == "store_false") {
    value = NumberValue(action.text == "store_false");
    value.text = action.text == "store_false" ? "True" : "False";
  } else if (!a.keywords.contains("default") && a.keywords.contains("type")) {
    value.kind = Kind::kLibrary;
    value.text = "options." + option;
    value.place = a.place;
  }
  value.name = option;
  for (const Value& v : a.list) self.object->keywords[v.text] = StringValue(option);
  AddEvent(&trace_->settings, TracedSetting{option, value, a.place, 0}, trace_);
  self.object->fields[option] = value;
  return {};
}

// A size that the program does not say, such as `hidden` of a module that is not there, is a number
// too, and the same one wherever it has this name.
Value Library::Dimension(const Value& v) {
  if (!v.Is(Kind::kLibrary) || v.name == "shape" || v.object != nullptr) return v;
  return SizeNamed(v.text);
}

Value Library::SizeNamed(const std::string& path) {
  const auto [size, is_new] = sizes_.try_emplace(path);
  if (is_new) size->second = rules_->Invented();
  return size->second;
}

// Dimensions: (3, 4), [3, 4], 3.
std::vector<Value> Library::ShapeOf(const Value& v) {
  std::vector<Value> shape;
  if (v.Is(Kind::kSequence)) {
    for (const Value& axis : v.object->items) shape.push_back(Dimension(axis));
  } else if (const Value axis = Dimension(v); axis.IsNumber()) {
    shape.push_back(axis);
  }
  return shape;
}

// From positional arguments, all of which may be dimensions, or a keyword.
std::vector<Value> Library::ShapeFrom(const Arguments& a, size_t first, const char* keyword) {
  const auto named = a.keywords.find(keyword);
  if (named != a.keywords.end()) return ShapeOf(named->second);
  if (first >= a.list.size()) return {};
  const bool several = a.list.size() > first + 1;
  if (a.list[first].Is(Kind::kSequence)) return ShapeOf(a.list[first]);
  std::vector<Value> shape;
  for (size_t i = first; i < a.list.size(); ++i) {
    const Value size = Dimension(a.list[i]);
    if (!size.IsNumber() && !several && !size.Is(Kind::kUnknown)) return {};
    shape.push_back(size.IsNumber() ? size : rules_->Invented());
  }
  return shape;
}

Value Library::Filled(const Filling& filling, std::vector<Value> shape, const Arguments& a) {
  Value v = rules_->Fresh("array");
  if (v.object == nullptr) return v;
  v.object->filling = filling;
  v.object->filled = a.place;
  rules_->SetShape(v, std::move(shape));
  return v;
}

// How many numbers a shuffle of x, or a choice from it, draws.
Value Library::RowsDrawn(const std::string& name, const Value& x, const Arguments& a) {
  if (name == "choice") return a.At(1, "size");
  if (name == "randint" || name == "integers") return a.At(2, "size");
  if (x.Is(Kind::kRange)) return x.object->items[1];
  return x.Is(Kind::kArray) || x.Is(Kind::kSequence) ? rules_->Size(x, 0) : x;
}

Value Library::Random(const std::string& name, const std::string& generator, const Arguments& a) {
  const auto drawn = [&](const std::vector<Value>& shape) {
    Value count = NumberValue(1);
    for (const Value& axis : shape) count = rules_->Binary("*", count, axis, a.place, 0);
    AddEvent(&trace_->draws, TracedDraw{generator, name, a.place, 0, count, a.unknown_loops},
             trace_);
    return shape;
  };
  bool invented = false;
  const auto number = [&](size_t position, const char* keyword, double otherwise) {
    return GivenNumber(a, position, keyword, otherwise, &invented);
  };
  const auto filled = [&](const char* how, double x, double y, size_t position,
                          const char* keyword) {
    Filling f{how, generator, x, y, ""};
    f.invented = invented;
    return Filled(f, drawn(ShapeFrom(a, position, keyword)), a);
  };
  const bool tensorflow = generator == "tensorflow";
  const size_t shape = tensorflow ? 0 : 2;  // its position
  const char* const size = tensorflow ? "shape" : "size";
  if (IsOneOf(name, {"randn", "standard_normal"})) {
    return Filled({"normal", generator, 0, 1, ""}, drawn(ShapeFrom(a, 0, "size")), a);
  }
  if (IsOneOf(name, {"rand", "random", "random_sample", "ranf"})) {
    const std::vector<Value> shape = drawn(ShapeFrom(a, 0, "size"));
    const bool one = a.list.empty() && a.keywords.empty() && generator != "python";
    return one ? rules_->Fresh("") : Filled({"uniform", generator, 0, 1, ""}, shape, a);
  }
  if (name == "uniform" || name == "random_uniform") {
    const double low = tensorflow ? number(1, "minval", 0) : number(0, "low", 0);
    const double high = tensorflow ? number(2, "maxval", 1) : number(1, "high", 1);
    return filled("uniform", low, high, shape, size);
  }
  if (name == "normal" || name == "truncated_normal" || name == "random_normal") {
    const bool torch = generator == "torch";
    const double mean = tensorflow ? number(1, "mean", 0) : number(0, torch ? "mean" : "loc", 0);
    const double std = tensorflow ? number(2, "stddev", 1) : number(1, torch ? "std" : "scale", 1);
    return filled("normal", mean, std, shape, size);
  }
  if (IsOneOf(name, {"permutation", "shuffle", "choice", "randint", "randperm", "sample",
                     "multinomial", "integers", "binomial"})) {
    const Value x = a.At(0, "x");
    drawn({RowsDrawn(name, x, a)});
    const bool order = name == "permutation" || name == "randperm";
    if (order && x.IsNumber()) {
      const Value v = rules_->Fresh(name);
      rules_->SetShape(v, {x});
      return v;
    }
    if (name == "permutation" && x.Is(Kind::kArray)) return rules_->Derived(x);
    return rules_->Fresh(name);
  }
  return {};
}

// tf.initializers.RandomNormal(stddev=0.1)(shape)
Value Library::Initial(const Value& self, const Arguments& a) {
  std::string name = self.object == nullptr ? "" : LowerCase(Last(self.object->made_by));
  std::erase(name, '_');
  if (name.ends_with("initializer")) name.resize(name.size() - 11);
  const auto given = [&self](size_t position, const char* keyword, double otherwise) {
    const Arguments maker{self.object->arguments, self.object->keywords, {}};
    bool invented = false;
    return GivenNumber(maker, position, keyword, otherwise, &invented);
  };
  Filling f{"", "tensorflow", 0, 0, ""};
  if (name == "randomnormal" || name == "truncatednormal") {
    f = {"normal", "tensorflow", given(0, "mean", 0), given(1, "stddev", 0.05), ""};
  } else if (name == "randomuniform") {
    f = {"uniform", "tensorflow", given(0, "minval", -0.05), given(1, "maxval", 0.05), ""};
  } else if (name == "zeros" || name == "ones") {
    f = {"constant", "", name == "ones" ? 1.0 : 0.0, 0, ""};
  } else {
    for (const auto& [their, ours] :
         {std::pair{"glorotuniform", "xavier_uniform"}, std::pair{"glorotnormal", "xavier_normal"},
          std::pair{"henormal", "he_normal"}, std::pair{"heuniform", "he_uniform"}}) {
      if (name == their) f = {"normal", "tensorflow", 0, 1, ours};
    }
  }
  if (f.how.empty()) return rules_->Fresh("");
  return Filled(f, ShapeOf(a.At(0, "shape")), a);
}

}  // namespace nabla
