// A network without its number type, for writers of other formats.
#ifndef NABLA_FRAMEWORK_EXPORT_UNTYPED_NETWORK_H_
#define NABLA_FRAMEWORK_EXPORT_UNTYPED_NETWORK_H_

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "framework/config/node.h"
#include "framework/engine/network.h"
#include "framework/formats/named_tensor.h"
#include "framework/tensor/shape.h"

namespace nabla {

struct UntypedNetwork {
  std::map<std::string, Shape> inputs;            // per layer path: "2", or "2.0" in a residual
  std::map<std::string, Shape> outputs;           // likewise
  std::map<std::string, NamedTensor> parameters;  // by name: "2.0.weight"
};

template <typename T>
UntypedNetwork WithoutType(const Network<T>& network);

// A parameter of a complete config as a number.
double NumberOf(const Node& config, std::string_view key);

// {vertical, horizontal} from a key with one number or two.
std::array<size_t, 2> PairOf(const Node& value);

// A layer of a network and its complete config.
struct UntypedLayer {
  const UntypedNetwork& network;
  const Node& config;
  std::string path;

  const Shape& Input() const { return network.inputs.at(path); }
  const Shape& Output() const { return network.outputs.at(path); }
  double Get(std::string_view key) const { return NumberOf(config, key); }
  bool Has(std::string_view key) const { return config.Find(key)->text == "true"; }
  std::array<size_t, 2> Pair(std::string_view key) const { return PairOf(*config.Find(key)); }
  const NamedTensor& Tensor(const std::string& name) const {
    return network.parameters.at(path + "." + name);
  }
  // The numbers of a parameter.
  size_t Size(const std::string& name) const {
    const NamedTensor& tensor = Tensor(name);
    return tensor.bytes.size() / ElementBytes(tensor.dtype);
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_UNTYPED_NETWORK_H_
