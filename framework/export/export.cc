#include "framework/export/export.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/base/utf8.h"
#include "framework/export/c_header.h"
#include "framework/export/c_text.h"
#include "framework/export/onnx_graph.h"
#include "framework/formats/npz.h"

namespace nabla {
namespace {

constexpr const char* kNames[] = {"safetensors", "npz", "onnx", "c"};  // as in ModelFormat

template <typename T>
std::vector<NamedTensor> ParametersOf(const Network<T>& network) {
  std::vector<NamedTensor> tensors;
  for (const Parameter<T>& p : network.parameters()) {
    const Matrix<const T> value = p.value.view();
    tensors.push_back(PackTensor(p.name, {value.rows, value.cols}, value));
  }
  return tensors;
}

void CheckName(const std::string& name) {
  if (IsCName(name)) return;
  throw InputError(std::vector<Problem>{
      {{"--name"},
       fmt::format(
           "\"{}\" does not begin names of C: it must be a letter, then letters, digits and "
           "_, at most {} in all",
           Escaped(name), kMostCName)}});
}

}  // namespace

ModelFormat ParseModelFormat(const std::string& name) {
  const std::vector<std::string> names(std::begin(kNames), std::end(kNames));
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<ModelFormat>(i);
  }
  throw InputError(std::vector<Problem>{
      {{"--format"}, "unknown format \"" + name + "\"" + Suggest(name, names)}});
}

std::string ExtensionOf(ModelFormat format) {
  if (format == ModelFormat::kC) return ".h";
  return std::string(".") + kNames[static_cast<size_t>(format)];
}

bool IsExported(std::span<const uint8_t> head, ModelFormat format) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  switch (format) {
    case ModelFormat::kSafetensors:  // behind the length of its header; checkpoints say another one
      return text.find(R"({"__metadata__":{)") == sizeof(uint64_t) &&
             text.find(R"("format":"nabla model )") != std::string_view::npos;
    case ModelFormat::kNpz: {  // the name of the first array: "0.weight.npy"
      constexpr size_t kName = 30;
      if (!text.starts_with("PK\3\4") || text.size() < kName) return false;
      const std::string_view name = text.substr(kName, head[26] + size_t{256} * head[27]);
      const size_t digits = name.find_first_not_of("0123456789");
      return digits > 0 && digits < name.size() && name[digits] == '.' && name.ends_with(".npy");
    }
    case ModelFormat::kOnnx:  // the version of the format, then the producer
      return text.size() > 2 && text[0] == '\x08' && text.substr(2).starts_with("\x12\x05nabla");
    case ModelFormat::kC:
      break;
  }
  const std::string_view line = text.substr(0, text.find('\n'));
  return line.starts_with("// The trained network ") && line.ends_with(" Written by nabla.");
}

template <typename T>
std::vector<uint8_t> ExportModel(const Model<T>& model, ModelFormat format,
                                 const ExportOptions& options) {
  if (options.float32 && format != ModelFormat::kOnnx) {
    throw InputError("--float32 needs --format onnx");
  }
  if (!options.name.empty() && format != ModelFormat::kC) {
    throw InputError("--name needs --format c");
  }
  switch (format) {
    case ModelFormat::kSafetensors:
      return WriteModel(model.head, *model.network);
    case ModelFormat::kNpz:
      return WriteNpz(ParametersOf(*model.network));
    case ModelFormat::kOnnx:
      return WriteOnnx(
          MakeOnnxGraph(model, options.float32 ? ElementType::kF32 : kElementTypeOf<T>));
    case ModelFormat::kC:
      break;
  }
  CheckName(options.name);
  const std::string header = MakeCHeader(model, options.name);
  return {header.begin(), header.end()};
}

template std::vector<uint8_t> ExportModel(const Model<float>&, ModelFormat, const ExportOptions&);
template std::vector<uint8_t> ExportModel(const Model<double>&, ModelFormat, const ExportOptions&);

}  // namespace nabla
