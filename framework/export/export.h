// Exports a trained model in formats that other programs read.
#ifndef NABLA_FRAMEWORK_EXPORT_EXPORT_H_
#define NABLA_FRAMEWORK_EXPORT_EXPORT_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/inference/model_file.h"

namespace nabla {

enum class ModelFormat { kSafetensors, kNpz, kOnnx, kC };

// Parses "safetensors", "npz", "onnx" or "c". Throws InputError placed at --format.
ModelFormat ParseModelFormat(const std::string& name);

// What the names of its files end with: ".npz", and ".h" of C.
std::string ExtensionOf(ModelFormat format);

// Whether a file that begins so is one of ExportModel in that format, of any model. 2 MB decide.
bool IsExported(std::span<const uint8_t> head, ModelFormat format);

struct ExportOptions {
  // ONNX: round the numbers of a float64 model, since runtimes lack many float64 operators.
  bool float32 = false;
  // C: what the names in the header begin with.
  std::string name = "";
};

// The file's bytes. safetensors and npz hold the parameters as (rows, cols) under nabla's names:
// "0.weight" of a linear layer is (I, O), of a conv2d (O, C / groups * kernel height * kernel
// width), of a conv_transpose2d (C, O / groups * ...), vectors are (1, n). The metadata of
// safetensors holds the experiment and the input, so nabla can read the file again. For ONNX see
// MakeOnnxGraph, for C MakeCHeader, also for their errors. Throws InputError for options of other
// formats, and for a name that C does not allow.
template <typename T>
std::vector<uint8_t> ExportModel(const Model<T>& model, ModelFormat format,
                                 const ExportOptions& options = {});

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_EXPORT_H_
