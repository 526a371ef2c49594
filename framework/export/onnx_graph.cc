#include "framework/export/onnx_graph.h"

#include <nlohmann/json.hpp>
#include <numeric>

#include "framework/export/onnx_layers.h"
#include "framework/inference/output_kind.h"
#include "framework/table/coding.h"

namespace nabla {
namespace {

using Name = std::string;

constexpr const char* kBatch = "batch";

OnnxValue Rows(const Name& name, const Shape& shape, ElementType dtype) {
  OnnxValue value{name, dtype, {kBatch}};
  for (const size_t dim : shape.dims) value.shape.emplace_back(static_cast<int64_t>(dim));
  return value;
}

// What stands for missing values in their place; NaN alone says that a number is missing, so that
// its mark need not be set.
Name Filled(const ModelInput& input, const Name& x, OnnxBuilder* b) {
  if (input.fill.empty()) return x;
  std::vector<double> fill = input.fill;
  std::vector<int64_t> source(fill.size());
  std::iota(source.begin(), source.end(), 0);
  const bool flat = input.shape.dims.size() == 1;
  for (const auto& [mark, number] : NumberMarks(input.coding)) {
    if (!flat) break;
    fill[mark] = 1;
    source[mark] = static_cast<int64_t>(number);
  }
  const Name seen = flat ? b->Add("Gather", {x, b->Integers(source)}, {{"axis", int64_t{1}}}) : x;
  const Name missing = b->Add("IsNaN", {seen});
  return b->Add("Where", {missing, b->Numbers(fill, input.shape.dims), x});
}

// Each row by its own numbers, as ScaleRows does.
Name RowScaled(const ModelInput& input, const Name& x, OnnxBuilder* b) {
  const RowScale scale = input.scale_rows;
  if (scale == RowScale::kNone) return x;
  std::vector<int64_t> axes(input.shape.dims.size());
  std::iota(axes.begin(), axes.end(), 1);
  const auto reduced = [&](const char* op, const Name& of) {
    return b->Add(op, {of}, {{"axes", axes}});
  };
  const bool shifts = scale == RowScale::kStandardise || scale == RowScale::kMinMax;
  // Greater than 0 unless the row becomes 0.
  Name spread, shifted = x;
  if (shifts) {
    const Name low = reduced("ReduceMin", x);
    spread = b->Add("Sub", {reduced("ReduceMax", x), low});
    shifted = b->Add("Sub", {x, scale == RowScale::kMinMax ? low : reduced("ReduceMean", x)});
  } else {
    spread = reduced("ReduceMax", b->Add("Abs", {x}));
  }
  Name width = spread;
  if (scale == RowScale::kNorm) width = reduced("ReduceL2", x);
  if (scale == RowScale::kStandardise) {
    width = b->Add("Sqrt", {reduced("ReduceMean", b->Add("Mul", {shifted, shifted}))});
  }
  const Name varies = b->Add("Greater", {spread, b->Number(0)});
  return b->Add("Where", {varies, b->Add("Div", {shifted, width}), b->Number(0)});
}

// ((x / scale - mean) / std - mean[i]) / std[i]; operations that change nothing are left out.
Name Normalised(const ModelInput& input, Name x, OnnxBuilder* b) {
  const Normalization& n = input.normalization;
  if (n.scale != 1) x = b->Add("Div", {x, b->Number(n.scale)});
  if (n.mean != 0) x = b->Add("Sub", {x, b->Number(n.mean)});
  if (n.std != 1) x = b->Add("Div", {x, b->Number(n.std)});
  x = RowScaled(input, x, b);
  if (input.moments.mean.empty()) return x;
  x = b->Add("Sub", {x, b->Numbers(input.moments.mean, input.shape.dims)});
  return b->Add("Div", {x, b->Numbers(input.moments.std, input.shape.dims)});
}

// Numbers of 8 bytes, rounded to 4, where the training rounded its inputs.
Name Rounded(const ModelInput& input, ElementType dtype, const Name& x, OnnxBuilder* b) {
  constexpr int64_t kFloat = 1;  // of TensorProto.DataType
  constexpr int64_t kDouble = 11;
  if (!input.float32 || dtype != ElementType::kF64) return x;
  const Name rounded = b->Add("Cast", {x}, {{"to", kFloat}});
  return b->Add("Cast", {rounded}, {{"to", kDouble}});
}

// The operator that turns outputs into probabilities.
const char* OperatorOf(OutputKind kind) {
  if (kind == OutputKind::kLogits) return "Softmax";
  if (kind == OutputKind::kSeparateLogits) return "Sigmoid";
  return kind == OutputKind::kLogProbabilities ? "Exp" : "Identity";
}

// Names as JSON lists: what a program needs to make inputs and to read outputs.
void AddMetadata(const ModelInput& input, OnnxGraph* graph) {
  const auto add = [&](const char* key, const std::vector<std::string>& names) {
    if (!names.empty()) graph->metadata.emplace_back(key, nlohmann::json(names).dump());
  };
  add("class_names", input.meaning.classes);
  add("value_names", input.meaning.values);
  add("input_names", InputNames(input.coding));
}

}  // namespace

template <typename T>
OnnxGraph MakeOnnxGraph(const Model<T>& model, ElementType dtype) {
  const ModelInput& input = model.head.input;
  const Shape& output = model.network->output();
  OnnxBuilder b(dtype);
  b.Enter("input");
  const Name x = Rounded(input, dtype, Normalised(input, Filled(input, "input", &b), &b), &b);
  const Name y = AddLayers(WithoutType(*model.network), model.spec.model, x, &b);
  b.Enter("output");
  b.AddAs("output", "Identity", {y});
  b.graph().name = model.spec.name;
  b.graph().inputs = {Rows("input", input.shape, dtype)};
  b.graph().outputs = {Rows("output", output, dtype)};
  const OutputKind kind = OutputKindOf(model);
  if (HasProbabilities(kind)) {
    b.AddAs("probabilities", OperatorOf(kind), {b.Flat(y, output)});
    b.graph().outputs.push_back(Rows("probabilities", {{output.size()}}, dtype));
  }
  if (const TargetMeaning& meaning = input.meaning; !meaning.mean.empty()) {
    const std::vector<size_t> dims = output.dims;
    const Name scaled = b.Add("Mul", {y, b.Numbers(meaning.std, dims)});
    b.AddAs("prediction", "Add", {scaled, b.Numbers(meaning.mean, dims)});
    b.graph().outputs.push_back(Rows("prediction", output, dtype));
  }
  AddMetadata(input, &b.graph());
  return std::move(b.graph());
}

template OnnxGraph MakeOnnxGraph(const Model<float>&, ElementType);
template OnnxGraph MakeOnnxGraph(const Model<double>&, ElementType);

}  // namespace nabla
