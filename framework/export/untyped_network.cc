#include "framework/export/untyped_network.h"

#include "framework/config/fields.h"

namespace nabla {

template <typename T>
UntypedNetwork WithoutType(const Network<T>& network) {
  UntypedNetwork out;
  for (const NetworkLayer<T>& layer : network.layers()) {
    out.inputs[layer.path] = layer.input;
    out.outputs[layer.path] = layer.output;
  }
  for (const Parameter<T>& p : network.parameters()) {
    const Matrix<const T> value = p.value.view();
    out.parameters[p.name] = PackTensor(p.name, {value.rows, value.cols}, value);
  }
  return out;
}

double NumberOf(const Node& config, std::string_view key) {
  Problems problems;
  double value = 0;
  ParseDouble(*config.Find(key), {}, problems, &value);
  problems.ThrowIfAny();
  return value;
}

std::array<size_t, 2> PairOf(const Node& value) {
  if (value.IsScalar()) return {std::stoul(value.text), std::stoul(value.text)};
  return {std::stoul(value.items[0].text), std::stoul(value.items[1].text)};
}

template UntypedNetwork WithoutType(const Network<float>&);
template UntypedNetwork WithoutType(const Network<double>&);

}  // namespace nabla
