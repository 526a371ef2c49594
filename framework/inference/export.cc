#include "framework/inference/export.h"

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/formats/npz.h"
#include "framework/inference/onnx_graph.h"

namespace nabla {
namespace {

template <typename T>
std::vector<NamedTensor> ParametersOf(const Network<T>& network) {
  std::vector<NamedTensor> tensors;
  for (const Parameter<T>& p : network.parameters()) {
    const Matrix<const T> value = p.value.view();
    tensors.push_back(PackTensor(p.name, {value.rows, value.cols}, value));
  }
  return tensors;
}

}  // namespace

ModelFormat ParseModelFormat(const std::string& name) {
  const std::vector<std::string> names = {"safetensors", "npz", "onnx"};  // as in ModelFormat
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<ModelFormat>(i);
  }
  throw InputError(std::vector<Problem>{
      {{"--format"}, "unknown format \"" + name + "\"" + Suggest(name, names)}});
}

template <typename T>
std::vector<uint8_t> ExportModel(const Model<T>& model, ModelFormat format, bool float32) {
  if (format == ModelFormat::kOnnx) {
    return WriteOnnx(MakeOnnxGraph(model, float32 ? ElementType::kF32 : kElementTypeOf<T>));
  }
  if (float32) throw InputError("--float32 needs --format onnx");
  if (format == ModelFormat::kNpz) return WriteNpz(ParametersOf(*model.network));
  return WriteModel(model.head, *model.network);
}

template std::vector<uint8_t> ExportModel(const Model<float>&, ModelFormat, bool);
template std::vector<uint8_t> ExportModel(const Model<double>&, ModelFormat, bool);

}  // namespace nabla
