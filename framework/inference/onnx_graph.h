// A trained model as an ONNX graph.
#ifndef NABLA_FRAMEWORK_INFERENCE_ONNX_GRAPH_H_
#define NABLA_FRAMEWORK_INFERENCE_ONNX_GRAPH_H_

#include "framework/formats/onnx.h"
#include "framework/inference/model_file.h"

namespace nabla {

// From "input" (batch, shape) to "output" (batch, outputs' shape), both of type `dtype` (kF32,
// kF64), and for classes to "probabilities" (batch, C) where the outputs mean any. The input is
// what the data set holds: pixels from 0 to 255, or numbers before they are normalised or
// standardised; that is the first thing that the graph does. Throws InputError for a plugin without
// a counterpart.
template <typename T>
OnnxGraph MakeOnnxGraph(const Model<T>& model, ElementType dtype);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_ONNX_GRAPH_H_
