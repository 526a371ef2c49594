// A trained model in the formats of other programs.
#ifndef NABLA_FRAMEWORK_INFERENCE_EXPORT_H_
#define NABLA_FRAMEWORK_INFERENCE_EXPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/inference/model_file.h"

namespace nabla {

enum class ModelFormat { kSafetensors, kNpz, kOnnx };

// "safetensors", "npz", "onnx": also the ends of files. Throws InputError placed at --format.
ModelFormat ParseModelFormat(const std::string& name);

// The file's bytes. safetensors and npz hold the parameters as (rows, cols) under nabla's names:
// "0.weight" of a linear layer is (I, O), of a conv2d (O, C * kernel height * kernel width),
// vectors are (1, n). In safetensors the experiment and the input stand in the metadata, so that
// nabla reads it again. See MakeOnnxGraph for ONNX, and what it throws; `float32` has its numbers
// rounded, since runtimes lack much in float64. Throws InputError for that in other formats.
template <typename T>
std::vector<uint8_t> ExportModel(const Model<T>& model, ModelFormat format, bool float32 = false);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_EXPORT_H_
