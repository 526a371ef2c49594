#include "framework/export/onnx_layers.h"

#include <fmt/format.h>

#include <functional>
#include <numeric>
#include <set>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

using Name = std::string;

size_t CountOf(const std::vector<size_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), size_t{1}, std::multiplies<>());
}

// What one layer adds to a graph. Its values are those that it was given and those that it made.
class NodesOfLayer : public OnnxNodes {
 public:
  NodesOfLayer(const UntypedNetwork& network, const std::string& path, const Name& x,
               OnnxBuilder& builder)
      : network_(network), path_(path), builder_(builder), values_{x} {}

  const Shape& input() const override { return network_.inputs.at(path_); }
  const Shape& output() const override { return network_.outputs.at(path_); }

  Name Add(const std::string& op, std::vector<Name> inputs, Attributes attributes) override {
    if (op.empty()) throw InputError("a node has no operator");
    for (const Name& input : inputs) Check(input);
    OnnxBuilder::Attributes values;
    for (auto& [name, attribute] : attributes) values.emplace_back(name, attribute.value);
    return Made(builder_.Add(op, std::move(inputs), std::move(values)));
  }

  Name Number(double value) override { return Made(builder_.Number(value)); }

  Name Numbers(const std::vector<double>& values, const std::vector<size_t>& shape) override {
    CheckCount("constants", values.size(), shape);
    return Made(builder_.Numbers(values, shape));
  }

  Name Integers(const std::vector<int64_t>& values) override {
    return Made(builder_.Integers(values));
  }

  Name Parameter(const std::string& name, const std::vector<size_t>& shape) override {
    const std::string prefix = path_ + ".";
    const auto found = network_.parameters.find(prefix + name);
    if (found == network_.parameters.end()) {
      std::vector<std::string> names;
      for (const auto& [full, tensor] : network_.parameters) {
        if (full.starts_with(prefix)) names.push_back(full.substr(prefix.size()));
      }
      throw InputError("unknown parameter \"" + name + "\"" + Suggest(name, names));
    }
    NamedTensor tensor = found->second;
    CheckCount("\"" + name + "\"", tensor.bytes.size() / ElementBytes(tensor.dtype), shape);
    tensor.shape = shape;
    return Made(builder_.Constant(std::move(tensor)));
  }

  Name Flat(const Name& rows, const Shape& shape) override {
    Check(rows);
    return Made(builder_.Flat(rows, shape));
  }

  Name Shaped(const Name& flat, const Shape& shape) override {
    Check(flat);
    return Made(builder_.Shaped(flat, shape));
  }

  // An operand that is left out has no name.
  void Check(const Name& value) const {
    if (value.empty() || values_.contains(value)) return;
    throw InputError("\"" + value + "\" is no value of this layer");
  }

 private:
  Name Made(Name name) {
    values_.insert(name);
    return name;
  }

  static void CheckCount(const std::string& what, size_t count, const std::vector<size_t>& shape) {
    if (CountOf(shape) == count) return;
    throw InputError(fmt::format("{} numbers of {} do not fit the shape [{}]", count, what,
                                 fmt::join(shape, ", ")));
  }

  const UntypedNetwork& network_;
  const std::string path_;
  OnnxBuilder& builder_;
  std::set<Name> values_;
};

template <typename T>
class Writer {
 public:
  Writer(const UntypedNetwork& network, OnnxBuilder& builder)
      : network_(network), builder_(builder) {}

  // "" if the layer, or one inside it, has no counterpart. Throws InputError without a place.
  Name Add(const Layer<T>& layer, const std::string& path, const Name& x) {
    at_ = path;
    builder_.Enter(path);
    const LayerPaths<T> inside = layer.Inside();
    if (!inside.list.empty()) return AddPaths(inside, path, x);
    NodesOfLayer nodes(network_, path, x, builder_);
    const Name y = layer.Onnx(x, nodes);
    nodes.Check(y);
    return y;
  }

  // The layer that was written last, or failed.
  const std::string& at() const { return at_; }

 private:
  Name AddPaths(const LayerPaths<T>& paths, const std::string& path, const Name& x) {
    std::vector<Name> ends;
    for (const LayerPath<T>& one : paths.list) {
      const std::string prefix = path + "." + (one.key.empty() ? "" : one.key + ".");
      Name y = x;
      for (size_t i = 0; i < one.layers.size(); ++i) {
        y = Add(*one.layers[i], prefix + std::to_string(i), y);
        if (y.empty()) return "";
      }
      ends.push_back(y);
    }
    builder_.Enter(path);
    if (paths.concatenated) return builder_.Add("Concat", ends, {{"axis", int64_t{1}}});
    return builder_.Add("Add", {ends[1], ends[0]});
  }

  const UntypedNetwork& network_;
  OnnxBuilder& builder_;
  std::string at_;
};

// About the layer of `config`, with the path `path`; `at` is its own path or of a layer inside.
InputError ErrorAt(const Node& config, const std::string& path, const std::string& at,
                   const std::string& message) {
  const Node* named = &config;
  std::string kind = "layer";
  if (const Node* function = config.Find("function"); PluginName(config) == "activation") {
    named = function;
    kind = "activation";
  }
  const std::string inside = at == path ? "" : "layer " + at + " inside ";
  return InputError(
      std::vector<Problem>{{named->place, fmt::format("{}the {} \"{}\" {}", inside, kind,
                                                      PluginName(*named), message)}});
}

}  // namespace

template <typename T>
std::string AddLayers(const UntypedNetwork& network, const std::vector<Plug<Layer<T>>>& layers,
                      const std::string& x, OnnxBuilder* builder) {
  Writer<T> writer(network, *builder);
  Name y = x;
  for (size_t i = 0; i < layers.size(); ++i) {
    const std::string path = std::to_string(i);
    const Node& config = layers[i].config;
    try {
      y = writer.Add(*layers[i], path, y);
    } catch (const InputError& e) {
      throw ErrorAt(config, path, writer.at(),
                    "has a wrong function Onnx: " + e.problems().front().message);
    }
    if (y.empty())
      throw ErrorAt(config, path, writer.at(),
                    "has no counterpart in ONNX; its plugin may describe one with Onnx()");
  }
  return y;
}

template <typename T>
std::string AddLayer(const UntypedNetwork& network, const Layer<T>& layer, const std::string& path,
                     const std::string& x, OnnxBuilder* builder) {
  return Writer<T>(network, *builder).Add(layer, path, x);
}

template std::string AddLayer(const UntypedNetwork&, const Layer<float>&, const std::string&,
                              const std::string&, OnnxBuilder*);
template std::string AddLayer(const UntypedNetwork&, const Layer<double>&, const std::string&,
                              const std::string&, OnnxBuilder*);
template std::string AddLayers(const UntypedNetwork&, const std::vector<Plug<Layer<float>>>&,
                               const std::string&, OnnxBuilder*);
template std::string AddLayers(const UntypedNetwork&, const std::vector<Plug<Layer<double>>>&,
                               const std::string&, OnnxBuilder*);

}  // namespace nabla
