#include "framework/export/onnx_layers.h"

#include <map>

#include "framework/base/error.h"
#include "framework/export/onnx_activations.h"
#include "framework/training/experiment.h"

namespace nabla {
namespace {

using Name = std::string;
using Ints = std::vector<int64_t>;

struct ListedOne : UntypedLayer {
  OnnxBuilder& b;

  // A parameter reshaped for an operator.
  Name Parameter(const std::string& name, std::vector<size_t> shape) const {
    NamedTensor tensor = Tensor(name);
    tensor.shape = std::move(shape);
    return b.Constant(std::move(tensor));
  }
};

// [vertical, horizontal] from a key with one number or two.
Ints IntsOf(const Node& value) {
  const auto pair = PairOf(value);
  return {pair.begin(), pair.end()};
}

// kernel_shape, strides and pads of a pooling layer or a convolution of pictures.
OnnxBuilder::Attributes WindowsOf(const Node& config) {
  const Ints kernel = IntsOf(*config.Find("kernel_size"));
  const Node& stride = *config.Find("stride");
  const Ints pad = IntsOf(*config.Find("padding"));
  return {{"kernel_shape", kernel},
          {"strides", stride.IsNull() ? kernel : IntsOf(stride)},
          {"pads", Ints{pad[0], pad[1], pad[0], pad[1]}}};
}

Name ActivationLayer(const ListedOne& l, const Name& x) {
  return AddActivation(*l.config.Find("function"), l.Input(), x, &l.b);
}

Name Linear(const ListedOne& l, const Name& x) {
  const size_t inputs = l.Input().size();
  const size_t outputs = l.Size("weight") / inputs;
  std::vector<Name> operands = {l.b.Flat(x, l.Input()), l.Parameter("weight", {inputs, outputs})};
  if (l.Has("bias")) operands.push_back(l.Parameter("bias", {outputs}));
  return l.b.Add("Gemm", operands);
}

// x, the weight (rows, the rest, kernel) and the bias of a convolution.
std::vector<Name> ConvolutionOperands(const ListedOne& l, const Name& x, size_t rows,
                                      const Ints& kernel) {
  std::vector<size_t> shape = {rows};
  size_t size = 1;
  for (const int64_t side : kernel) size *= static_cast<size_t>(side);
  shape.push_back(l.Size("weight") / (rows * size));
  shape.insert(shape.end(), kernel.begin(), kernel.end());
  std::vector<Name> operands = {x, l.Parameter("weight", shape)};
  if (l.Has("bias")) operands.push_back(l.Parameter("bias", {l.Size("bias")}));
  return operands;
}

OnnxBuilder::Attributes Conv2dAttributes(const Node& config) {
  OnnxBuilder::Attributes attributes = WindowsOf(config);
  attributes.push_back({"dilations", IntsOf(*config.Find("dilation"))});
  attributes.push_back({"group", static_cast<int64_t>(NumberOf(config, "groups"))});
  return attributes;
}

Name Conv2d(const ListedOne& l, const Name& x) {
  const auto outputs = static_cast<size_t>(l.Get("channels"));
  const Ints kernel = IntsOf(*l.config.Find("kernel_size"));
  return l.b.Add("Conv", ConvolutionOperands(l, x, outputs, kernel), Conv2dAttributes(l.config));
}

// Flat rows are one channel.
Name Conv1d(const ListedOne& l, const Name& x) {
  const auto number = [&](const char* key) { return static_cast<int64_t>(l.Get(key)); };
  const bool flat = l.Input().dims.size() == 1;
  const Name rows = flat ? l.b.Shaped(x, {{1, l.Input().size()}}) : x;
  const Ints kernel = {number("kernel_size")};
  return l.b.Add("Conv",
                 ConvolutionOperands(l, rows, static_cast<size_t>(number("channels")), kernel),
                 {{"kernel_shape", kernel},
                  {"strides", Ints{number("stride")}},
                  {"pads", Ints{number("padding"), number("padding")}},
                  {"dilations", Ints{number("dilation")}},
                  {"group", number("groups")}});
}

Name ConvTranspose2d(const ListedOne& l, const Name& x) {
  const Ints kernel = IntsOf(*l.config.Find("kernel_size"));
  OnnxBuilder::Attributes attributes = Conv2dAttributes(l.config);
  attributes.push_back({"output_padding", IntsOf(*l.config.Find("output_padding"))});
  return l.b.Add("ConvTranspose", ConvolutionOperands(l, x, l.Input().dims[0], kernel), attributes);
}

Name MaxPool2d(const ListedOne& l, const Name& x) {
  return l.b.Add("MaxPool", {x}, WindowsOf(l.config));
}

Name AvgPool2d(const ListedOne& l, const Name& x) {
  OnnxBuilder::Attributes attributes = WindowsOf(l.config);
  attributes.push_back({"count_include_pad", int64_t{l.Has("count_include_pad")}});
  return l.b.Add("AveragePool", {x}, attributes);
}

// Dropout acts only in training.
Name Dropout(const ListedOne& l, const Name& x) { return l.b.Add("Identity", {x}); }

Name BatchNorm(const ListedOne& l, const Name& x) {
  const size_t n = l.Size("running_mean");
  const bool affine = l.Has("affine");
  const Name w = affine ? l.Parameter("weight", {n}) : l.b.Numbers(std::vector<double>(n, 1), {n});
  const Name b = affine ? l.Parameter("bias", {n}) : l.b.Numbers(std::vector<double>(n, 0), {n});
  return l.b.Add("BatchNormalization",
                 {x, w, b, l.Parameter("running_mean", {n}), l.Parameter("running_var", {n})},
                 {{"epsilon", static_cast<float>(l.Get("eps"))}});
}

// (x - mean) / sqrt(var + eps) w + b over a row; operator set 13 has no LayerNormalization.
Name LayerNorm(const ListedOne& l, const Name& x) {
  const OnnxBuilder::Attributes row = {{"axes", Ints{1}}};
  const Name flat = l.b.Flat(x, l.Input());
  const Name centred = l.b.Add("Sub", {flat, l.b.Add("ReduceMean", {flat}, row)});
  const Name variance = l.b.Add("ReduceMean", {l.b.Add("Mul", {centred, centred})}, row);
  const Name shifted = l.b.Add("Add", {variance, l.b.Number(l.Get("eps"))});
  Name y = l.b.Add("Div", {centred, l.b.Add("Sqrt", {shifted})});
  if (l.Has("affine")) {
    const size_t n = l.Input().size();
    y = l.b.Add("Mul", {y, l.Parameter("weight", {n})});
    y = l.b.Add("Add", {y, l.Parameter("bias", {n})});
  }
  return l.b.Shaped(y, l.Input());
}

Name Flatten(const ListedOne& l, const Name& x) {
  if (l.Output().dims.size() == 1) return l.b.Flat(x, l.Input());
  return l.b.Shaped(x, l.Output());
}

Name GlobalAvgPool2d(const ListedOne& l, const Name& x) {
  const Shape& input = l.Input();
  return l.b.Flat(l.b.Add("GlobalAveragePool", {x}), {{input.dims[0], 1, 1}});
}

// The mean of `vectors` (batch, ids, O) over the ids, or their sum.
Name Bag(const ListedOne& l, const Name& vectors) {
  const bool mean = l.config.Find("mode")->text == "mean";
  if (l.config.Find("padding_idx")->IsNull() && mean) {
    return l.b.Add("ReduceMean", {vectors}, {{"axes", Ints{1}}, {"keepdims", int64_t{0}}});
  }
  return l.b.Add("ReduceSum", {vectors, l.b.Integers({1})}, {{"keepdims", int64_t{0}}});
}

Name Embedding(const ListedOne& l, const Name& x) {
  constexpr int64_t kInt64 = 7;
  const auto count = static_cast<size_t>(l.Get("num_embeddings"));
  const Name ids = l.b.Add("Cast", {x}, {{"to", kInt64}});
  const Name weight = l.Parameter("weight", {count, l.Output().size()});
  const Name vectors = l.b.Add("Gather", {weight, ids});
  const Node& padding = *l.config.Find("padding_idx");
  if (padding.IsNull()) return Bag(l, vectors);
  // 1 for each id that counts.
  std::vector<double> counts(count, 1);
  counts[std::stoul(padding.text)] = 0;
  const Name counting = l.b.Add("Gather", {l.b.Numbers(counts, {count}), ids});
  const Name kept = l.b.Add("Mul", {vectors, l.b.Add("Unsqueeze", {counting, l.b.Integers({2})})});
  const Name sum = Bag(l, kept);
  if (l.config.Find("mode")->text == "sum") return sum;
  const Name n = l.b.Add("ReduceSum", {counting, l.b.Integers({1})});
  return l.b.Add("Div", {sum, l.b.Add("Max", {n, l.b.Number(1)})});
}

// Each group of a row in turn is what layer_norm is for a row.
Name GroupNorm(const ListedOne& l, const Name& x) {
  const OnnxBuilder::Attributes group = {{"axes", Ints{2}}};
  const auto groups = static_cast<size_t>(l.Get("num_groups"));
  const Name grouped = l.b.Shaped(x, {{groups, l.Input().size() / groups}});
  const Name centred = l.b.Add("Sub", {grouped, l.b.Add("ReduceMean", {grouped}, group)});
  const Name variance = l.b.Add("ReduceMean", {l.b.Add("Mul", {centred, centred})}, group);
  const Name shifted = l.b.Add("Add", {variance, l.b.Number(l.Get("eps"))});
  const Name normal = l.b.Add("Div", {centred, l.b.Add("Sqrt", {shifted})});
  const Shape& rows = l.Input();
  Name y = rows.dims.size() == 1 ? l.b.Flat(normal, {{groups, rows.size() / groups}})
                                 : l.b.Shaped(normal, rows);
  if (!l.Has("affine")) return y;
  std::vector<size_t> channels(rows.dims.size(), 1);
  channels[0] = rows.dims[0];
  y = l.b.Add("Mul", {y, l.Parameter("weight", channels)});
  return l.b.Add("Add", {y, l.Parameter("bias", channels)});
}

// The layers of one path of a block; none: its input.
Name OfPath(const ListedOne& l, const Node& layers, const std::string& key, const Name& x) {
  const std::string prefix = l.path + "." + (key.empty() ? "" : key + ".");
  const Name y = AddLayers(l.network, layers.items, prefix, x, &l.b);
  l.b.Enter(l.path);
  return y;
}

Name Residual(const ListedOne& l, const Name& x) {
  const Name y = OfPath(l, *l.config.Find("layers"), "", x);
  return l.b.Add("Add", {OfPath(l, *l.config.Find("projection"), "projection", x), y});
}

Name Concat(const ListedOne& l, const Name& x) {
  std::vector<Name> ends;
  const Node& paths = *l.config.Find("paths");
  for (size_t i = 0; i < paths.items.size(); ++i) {
    ends.push_back(OfPath(l, paths.items[i], std::to_string(i), x));
  }
  return l.b.Add("Concat", ends, {{"axis", int64_t{1}}});
}

using Mapping = Name (*)(const ListedOne&, const Name&);

const std::map<std::string_view, Mapping>& Mappings() {
  static const std::map<std::string_view, Mapping> mappings = {
      {"activation", ActivationLayer},
      {"avg_pool2d", AvgPool2d},
      {"batch_norm", BatchNorm},
      {"concat", Concat},
      {"conv1d", Conv1d},
      {"conv2d", Conv2d},
      {"conv_transpose2d", ConvTranspose2d},
      {"dropout", Dropout},
      {"embedding", Embedding},
      {"flatten", Flatten},
      {"global_avg_pool2d", GlobalAvgPool2d},
      {"group_norm", GroupNorm},
      {"layer_norm", LayerNorm},
      {"linear", Linear},
      {"max_pool2d", MaxPool2d},
      {"residual", Residual}};
  return mappings;
}

Name AddLayer(const ListedOne& l, const Name& x) {
  const std::string name = PluginName(l.config);
  if (const auto found = Mappings().find(name); found != Mappings().end()) {
    return found->second(l, x);
  }
  if (HasActivationMapping(name)) return AddActivation(l.config, l.Input(), x, &l.b);
  throw InputError(std::vector<Problem>{
      {l.config.place, "the layer \"" + name + "\" has no counterpart in ONNX"}});
}

}  // namespace

std::string AddLayers(const UntypedNetwork& network, const std::vector<Node>& layers,
                      const std::string& prefix, const std::string& x, OnnxBuilder* builder) {
  Name y = x;
  for (size_t i = 0; i < layers.size(); ++i) {
    const std::string path = prefix + std::to_string(i);
    builder->Enter(path);
    y = AddLayer({{network, layers[i], path}, *builder}, y);
  }
  return y;
}

bool HasOnnxMapping(std::string_view kind, std::string_view name) {
  return kind == "activation" ? HasActivationMapping(name) : Mappings().contains(name);
}

}  // namespace nabla
