// Exports a trained model in formats that other programs read.
#ifndef NABLA_FRAMEWORK_INFERENCE_EXPORT_H_
#define NABLA_FRAMEWORK_INFERENCE_EXPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/inference/model_file.h"

namespace nabla {

enum class ModelFormat { kSafetensors, kNpz, kOnnx };

// Parses "safetensors", "npz" or "onnx", which are also the file extensions. Throws InputError
// placed at --format.
ModelFormat ParseModelFormat(const std::string& name);

// The file's bytes. safetensors and npz hold the parameters as (rows, cols) under nabla's names:
// "0.weight" of a linear layer is (I, O), of a conv2d (O, C / groups * kernel height * kernel
// width), of a conv_transpose2d (C, O / groups * ...), vectors are (1, n). The metadata of
// safetensors holds the experiment and the input, so nabla can read the file again. For ONNX see
// MakeOnnxGraph, also for its errors; `float32` rounds its numbers, since runtimes lack many
// float64 operators. Throws InputError for `float32` in other formats.
template <typename T>
std::vector<uint8_t> ExportModel(const Model<T>& model, ModelFormat format, bool float32 = false);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_EXPORT_H_
