#include "framework/export/onnx_builder.h"

#include <fmt/format.h>

namespace nabla {
namespace {

template <typename N>
NamedTensor Pack(const std::string& name, const std::vector<N>& values,
                 const std::vector<size_t>& shape) {
  return PackTensor<N>(name, shape, {values.data(), 1, values.size(), values.size()});
}

NamedTensor Rounded(const NamedTensor& tensor) {
  std::vector<double> values(tensor.bytes.size() / sizeof(double));
  UnpackTensor<double>(tensor, {values.data(), 1, values.size(), values.size()}, tensor.name);
  return Pack(tensor.name, std::vector<float>(values.begin(), values.end()), tensor.shape);
}

}  // namespace

std::string OnnxBuilder::NewName(const std::string& what) {
  return fmt::format("{}/{}_{}", path_, what, ++names_);
}

std::string OnnxBuilder::Add(const std::string& op, std::vector<std::string> inputs,
                             Attributes attributes) {
  const std::string output = NewName(op);
  graph_.nodes.push_back({op, std::move(inputs), {output}, std::move(attributes), output});
  return output;
}

void OnnxBuilder::AddAs(const std::string& output, const std::string& op,
                        std::vector<std::string> inputs) {
  graph_.nodes.push_back({op, std::move(inputs), {output}, {}, output});
}

std::string OnnxBuilder::Number(double value) { return Numbers({value}, {}); }

std::string OnnxBuilder::Numbers(const std::vector<double>& values,
                                 const std::vector<size_t>& shape) {
  const std::string name = NewName("constant");
  if (dtype_ == ElementType::kF64) return Constant(Pack(name, values, shape));
  return Constant(Pack(name, std::vector<float>(values.begin(), values.end()), shape));
}

std::string OnnxBuilder::Integers(const std::vector<int64_t>& values) {
  return Constant(Pack(NewName("integers"), values, {values.size()}));
}

std::string OnnxBuilder::Constant(NamedTensor tensor) {
  const bool wide = dtype_ == ElementType::kF32 && tensor.dtype == ElementType::kF64;
  graph_.initializers.push_back(wide ? Rounded(tensor) : std::move(tensor));
  return graph_.initializers.back().name;
}

std::string OnnxBuilder::Flat(const std::string& rows, const Shape& shape) {
  return shape.dims.size() == 1 ? rows : Add("Flatten", {rows}, {{"axis", int64_t{1}}});
}

std::string OnnxBuilder::Shaped(const std::string& flat, const Shape& shape) {
  if (shape.dims.size() == 1) return flat;
  std::vector<int64_t> dims = {0};  // 0 keeps the batch dimension
  for (const size_t dim : shape.dims) dims.push_back(static_cast<int64_t>(dim));
  return Add("Reshape", {flat, Integers(dims)});
}

}  // namespace nabla
