#include "framework/export/c_layers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "framework/base/error.h"
#include "framework/export/c_activations.h"
#include "framework/export/c_text.h"
#include "framework/training/experiment.h"

namespace nabla {
namespace {

struct CLayer : UntypedLayer {
  CBuilder& b;

  // The table of a parameter, or NULL where the layer has no such parameter.
  std::string Parameter(const std::string& name) const {
    const bool there = network.parameters.contains(path + "." + name);
    return there ? b.Table(Tensor(name)) : "NULL";
  }
  // The tables "weight, bias", in this order with any compiler.
  std::string WeightAndBias() const {
    const std::string weight = Parameter("weight");
    return weight + ", " + Parameter("bias");
  }
  // y = function(x, arguments, y) in fresh room.
  CRow Through(const CRow& x, std::string_view function, const std::string& arguments) const {
    const CRow y = b.Take(Output().size());
    b.Line(
        fmt::format("{}({}, {}, {});", b.Function(function), x.Pointer(), arguments, y.Pointer()));
    b.Give(x);
    return y;
  }
  // In the names of what belongs to it: "2_0".
  std::string Id() const {
    std::string id = path;
    std::ranges::replace(id, '.', '_');
    return id;
  }
};

CRow ActivationLayer(const CLayer& l, const CRow& x) {
  return AddCActivation(*l.config.Find("function"), x, &l.b);
}

// What only training changes, and shapes, which rows in memory do not have.
CRow Nothing(const CLayer&, const CRow& x) { return x; }

CRow Linear(const CLayer& l, const CRow& x) {
  return l.Through(x, "linear",
                   fmt::format("{}, {}, {}", l.WeightAndBias(), x.size, l.Output().size()));
}

// As (channels, height, width): rows of fewer dimensions are one line, or one channel of one line.
std::array<size_t, 3> Picture(const Shape& shape) {
  if (shape.dims.size() == 3) return {shape.dims[0], shape.dims[1], shape.dims[2]};
  return {shape.dims.size() == 2 ? shape.dims[0] : 1, 1, shape.dims.back()};
}

// What windows have beside the shapes, each {vertical, horizontal}.
struct Steps {
  std::array<size_t, 2> kernel, stride, pad, dilation;
};

// Declares the windows of a layer; returns them as an argument.
std::string Declared(const CLayer& l, const Steps& s, size_t groups) {
  const std::string id = "windows_" + l.Id();
  l.b.Function("windows");
  l.b.Line(fmt::format("static const struct {}windows {} = {{{}, {}, {}, {}, {}, {}, {}}};",
                       l.b.prefix(), id, fmt::join(Picture(l.Input()), ", "),
                       fmt::join(Picture(l.Output()), ", "), fmt::join(s.kernel, ", "),
                       fmt::join(s.stride, ", "), fmt::join(s.pad, ", "),
                       fmt::join(s.dilation, ", "), groups));
  return "&" + id;
}

size_t GroupsOf(const CLayer& l) { return static_cast<size_t>(l.Get("groups")); }

CRow Convolution(const CLayer& l, const CRow& x, std::string_view function, const Steps& steps) {
  const std::string windows = Declared(l, steps, GroupsOf(l));
  return l.Through(x, function, fmt::format("{}, {}", l.WeightAndBias(), windows));
}

Steps StepsOf(const CLayer& l) {
  return {l.Pair("kernel_size"), l.Pair("stride"), l.Pair("padding"), l.Pair("dilation")};
}

CRow Conv2d(const CLayer& l, const CRow& x) { return Convolution(l, x, "convolution", StepsOf(l)); }

CRow ConvTranspose2d(const CLayer& l, const CRow& x) {
  return Convolution(l, x, "conv_transpose", StepsOf(l));
}

CRow Conv1d(const CLayer& l, const CRow& x) {
  Steps steps = StepsOf(l);
  steps.kernel[0] = steps.stride[0] = steps.dilation[0] = 1;
  steps.pad[0] = 0;
  return Convolution(l, x, "convolution", steps);
}

CRow Pool(const CLayer& l, const CRow& x, bool mean, bool count_padding) {
  const auto kernel = l.Pair("kernel_size");
  const auto stride = l.config.Find("stride")->IsNull() ? kernel : l.Pair("stride");
  const std::string windows = Declared(l, {kernel, stride, l.Pair("padding"), {1, 1}}, 1);
  return l.Through(x, "pool", fmt::format("{}, {:d}, {:d}", windows, mean, count_padding));
}

CRow MaxPool2d(const CLayer& l, const CRow& x) { return Pool(l, x, false, false); }

CRow AvgPool2d(const CLayer& l, const CRow& x) {
  return Pool(l, x, true, l.Has("count_include_pad"));
}

CRow GlobalAvgPool2d(const CLayer& l, const CRow& x) {
  const size_t channels = l.Output().size();
  return l.Through(x, "plane_means", fmt::format("{}, {}", channels, x.size / channels));
}

// 1 / sqrt(var + eps), as the layer computes it.
std::vector<double> Scales(const NamedTensor& variance, double eps) {
  std::vector<double> scales;
  const auto add = [&]<typename T>(std::vector<T> values) {
    UnpackTensor<T>(variance, {values.data(), 1, values.size(), values.size()}, variance.name);
    for (const T v : values) {
      scales.push_back(static_cast<T>(1.0 / std::sqrt(static_cast<double>(v) + eps)));
    }
  };
  if (variance.dtype == ElementType::kF64) {
    add(std::vector<double>(variance.bytes.size() / sizeof(double)));
  } else {
    add(std::vector<float>(variance.bytes.size() / sizeof(float)));
  }
  return scales;
}

CRow BatchNorm(const CLayer& l, const CRow& x) {
  const size_t channels = l.Size("running_mean");
  const std::string mean = l.Parameter("running_mean");
  const std::string scale =
      l.b.Table(l.Id() + "_scale", Scales(l.Tensor("running_var"), l.Get("eps")));
  return l.Through(x, "batch_norm",
                   fmt::format("{}, {}, {}, {}, {}", mean, scale, l.WeightAndBias(), channels,
                               x.size / channels));
}

CRow Normalised(const CLayer& l, const CRow& x, size_t groups, size_t channels, size_t size) {
  return l.Through(x, "group_norm",
                   fmt::format("{}, {}, {}, {}, {}", l.WeightAndBias(), groups, channels, size,
                               CNumber(l.Get("eps"), true)));
}

// A row is one group, and each number a channel.
CRow LayerNorm(const CLayer& l, const CRow& x) { return Normalised(l, x, 1, x.size, 1); }

CRow GroupNorm(const CLayer& l, const CRow& x) {
  const auto groups = static_cast<size_t>(l.Get("num_groups"));
  const size_t channels = l.Input().dims[0];
  return Normalised(l, x, groups, channels / groups, x.size / channels);
}

CRow Embedding(const CLayer& l, const CRow& x) {
  const auto ids = static_cast<size_t>(l.Get("num_embeddings"));
  const Node& padding = *l.config.Find("padding_idx");
  return l.Through(x, "embedding",
                   fmt::format("{}, {}, {}, {}, {}, {:d}", l.Parameter("weight"), x.size, ids,
                               l.Output().size(), padding.IsNull() ? ids : std::stoul(padding.text),
                               l.config.Find("mode")->text == "mean"));
}

// The layers of one path of a block; none: its input. x is left as it is.
CRow OfPath(const CLayer& l, const Node& layers, const std::string& key, CRow x) {
  x.scratch = false;
  const std::string prefix = l.path + "." + (key.empty() ? "" : key + ".");
  return AddCLayers(l.network, layers.items, prefix, x, &l.b);
}

CRow Residual(const CLayer& l, const CRow& x) {
  const CRow f = OfPath(l, *l.config.Find("layers"), "", x);
  const CRow p = OfPath(l, *l.config.Find("projection"), "projection", x);
  const CRow y = f.scratch ? f : l.b.Over(p);
  l.b.Each(y, p.Element() + " + " + f.Element());
  if (f.scratch) l.b.Give(p);
  l.b.Give(x);
  return y;
}

CRow Concat(const CLayer& l, const CRow& x) {
  const CRow y = l.b.Take(l.Output().size());
  CRow part = y;
  const Node& paths = *l.config.Find("paths");
  for (size_t i = 0; i < paths.items.size(); ++i) {
    const CRow end = OfPath(l, paths.items[i], std::to_string(i), x);
    part.size = end.size;
    l.b.Each(part, end.Element());
    part.offset += end.size;
    l.b.Give(end);
  }
  l.b.Give(x);
  return y;
}

using Mapping = CRow (*)(const CLayer&, const CRow&);

const std::map<std::string_view, Mapping>& Mappings() {
  static const std::map<std::string_view, Mapping> mappings = {
      {"activation", ActivationLayer},
      {"avg_pool2d", AvgPool2d},
      {"batch_norm", BatchNorm},
      {"concat", Concat},
      {"conv1d", Conv1d},
      {"conv2d", Conv2d},
      {"conv_transpose2d", ConvTranspose2d},
      {"dropout", Nothing},
      {"embedding", Embedding},
      {"flatten", Nothing},
      {"global_avg_pool2d", GlobalAvgPool2d},
      {"group_norm", GroupNorm},
      {"layer_norm", LayerNorm},
      {"linear", Linear},
      {"max_pool2d", MaxPool2d},
      {"residual", Residual}};
  return mappings;
}

CRow AddCLayer(const CLayer& l, const CRow& x) {
  const std::string name = PluginName(l.config);
  const auto found = Mappings().find(name);
  if (found == Mappings().end() && !HasCActivation(name)) {
    throw InputError(std::vector<Problem>{
        {l.config.place, "the layer \"" + name + "\" has no counterpart in C"}});
  }
  l.b.Line("// " + l.path + ": " + name);
  return found != Mappings().end() ? found->second(l, x) : AddCActivation(l.config, x, &l.b);
}

}  // namespace

CRow AddCLayers(const UntypedNetwork& network, const std::vector<Node>& layers,
                const std::string& prefix, CRow x, CBuilder* builder) {
  for (size_t i = 0; i < layers.size(); ++i) {
    x = AddCLayer({{network, layers[i], prefix + std::to_string(i)}, *builder}, x);
  }
  return x;
}

bool HasCMapping(std::string_view kind, std::string_view name) {
  return kind == "activation" ? HasCActivation(name) : Mappings().contains(name);
}

}  // namespace nabla
