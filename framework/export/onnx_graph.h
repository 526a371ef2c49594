// A trained model as an ONNX graph.
#ifndef NABLA_FRAMEWORK_EXPORT_ONNX_GRAPH_H_
#define NABLA_FRAMEWORK_EXPORT_ONNX_GRAPH_H_

#include "framework/formats/onnx.h"
#include "framework/inference/model_file.h"

namespace nabla {

// Maps "input" (batch, input shape) to "output" (batch, output shape), both of type `dtype` (kF32
// or kF64). A classifier whose outputs define probabilities also has "probabilities" (batch, C).
// The input is what the data set holds: pixels from 0 to 255 or raw numbers; the graph itself first
// normalises and standardises them. Throws InputError for a plugin without a counterpart.
template <typename T>
OnnxGraph MakeOnnxGraph(const Model<T>& model, ElementType dtype);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_ONNX_GRAPH_H_
