// The layers of a network in ONNX.
#ifndef NABLA_FRAMEWORK_EXPORT_ONNX_LAYERS_H_
#define NABLA_FRAMEWORK_EXPORT_ONNX_LAYERS_H_

#include <string>
#include <vector>

#include "framework/config/fields.h"
#include "framework/export/onnx_builder.h"
#include "framework/export/untyped_network.h"
#include "framework/model/layer.h"

namespace nabla {

// Applies the layers, as an experiment file lists them, to the rows `x`; returns the name of the
// result. Throws InputError at the place of a layer that has no counterpart, or that describes
// none.
template <typename T>
std::string AddLayers(const UntypedNetwork& network, const std::vector<Plug<Layer<T>>>& layers,
                      const std::string& x, OnnxBuilder* builder);

// The same of one layer, `path` in the network; "" if it, or one inside it, has no counterpart.
// Throws InputError without a place.
template <typename T>
std::string AddLayer(const UntypedNetwork& network, const Layer<T>& layer, const std::string& path,
                     const std::string& x, OnnxBuilder* builder);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_ONNX_LAYERS_H_
