#include "framework/export/c_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/export/c_builder.h"
#include "framework/export/c_input.h"
#include "framework/export/c_layers.h"
#include "framework/export/c_text.h"
#include "framework/inference/output_kind.h"
#include "framework/kernels/rows.h"
#include "framework/table/coding.h"

namespace nabla {
namespace {

// The first layer and what it gets where nabla folds the normalisation of sparse bytes into it: see
// docs/determinism.md.
template <typename T>
struct Folded {
  T zero = 0;        // what byte 0 stands for
  NamedTensor bias;  // the bias with what all rows have in common
};

template <typename T>
Folded<T> FoldedOf(const Model<T>& model) {
  const ModelInput& input = model.head.input;
  const Network<T>& network = *model.network;
  const bool sparse = input.sparse && input.moments.mean.empty() && !input.float32;
  if (!sparse || !network.takes_folded_input()) return {};
  const T zero = MakeByteTable<T>(input.normalization).zero;
  if (zero == 0) return {};
  const std::vector<Parameter<T>>& parameters = network.parameters();
  const NetworkLayer<T>& first = network.layers().front();
  const OwnedMatrix<T>& sums = parameters[first.first_parameter].segment_sums;
  OwnedMatrix<T> bias(1, sums.view().cols);
  ColumnSums<T>(sums.view(), bias.view().data, false);
  for (size_t o = 0; o < bias.view().cols; ++o) {
    T& start = bias.view()(0, o);
    start = zero * start;
    if (first.parameter_count > 1)
      start += parameters[first.first_parameter + 1].value.view()(0, o);
  }
  const Matrix<const T> row = bias.view();
  return {zero, PackTensor(first.path + ".bias", {1, row.cols}, row)};
}

// y: what the last layer computes, in the units of the data set.
void AddResult(TargetMeaning meaning, const CRow& row, CBuilder* b) {
  const CRow y{"y", 0, row.size};
  if (meaning.mean.empty()) return b->Each(y, row.Element());
  // Outputs beyond the values of the data set stay as they are.
  meaning.mean.resize(row.size, 0);
  meaning.std.resize(row.size, 1);
  const std::string mean = b->DoubleTable("target_mean", meaning.mean);
  const std::string std = b->DoubleTable("target_std", meaning.std);
  b->Each(y, fmt::format("({})((double){} * {}[i] + {}[i])", b->real(), row.Element(), std, mean));
}

// p from y; "" where y are probabilities or define none.
std::string Probabilities(OutputKind kind, size_t outputs, CBuilder* b) {
  const auto each = [&](std::string_view function) {
    return fmt::format("  for (size_t i = 0; i < {}; ++i) p[i] = {}(y[i]);\n", outputs,
                       b->Function(function));
  };
  if (kind == OutputKind::kLogits) {
    return fmt::format("  {}(y, {}, p);\n", b->Function("softmax"), outputs);
  }
  if (kind == OutputKind::kSeparateLogits) return each("sigmoid");
  return kind == OutputKind::kLogProbabilities ? each("exp") : "";
}

// What is known of a header beside what the builder holds.
struct Parts {
  size_t inputs = 0;
  size_t outputs = 0;
  bool normalised = false;    // whether inputs are changed before the first layer
  bool exact = false;         // whether y has nabla's bits
  std::string probabilities;  // the body of the function; "": there is none
};

std::string Start(const CBuilder& b, const char* function, const std::string& x,
                  const std::string& y) {
  return fmt::format("\nstatic inline void {}{}(const {} {}, {} {}) {{\n", b.prefix(), function,
                     b.real(), x, b.real(), y);
}

std::string Functions(const Parts& parts, const CBuilder& b) {
  const std::string y = fmt::format("y[{}]", parts.outputs);
  std::string text = b.functions() + Start(b, "predict", fmt::format("x[{}]", parts.inputs), y);
  if (b.scratch() > 0) text += fmt::format("  {} s[{}];\n", b.real(), b.scratch());
  text += b.body() + "}\n";
  if (parts.probabilities.empty()) return text;
  return text + Start(b, "probabilities", y, fmt::format("p[{}]", parts.outputs)) +
         parts.probabilities + "}\n";
}

std::string MeaningOfInputs(const ModelInput& input, bool normalised) {
  std::string text = input.pixels ? "pixels from 0 to 255" : "numbers as the data set holds them";
  if (!IsPlain(input.coding)) text += ", 1 or 0 for each category";
  if (!input.fill.empty()) text += ", NaN where one is missing";
  return text + (normalised ? "; normalised inside" : "");
}

// `single`: one output for two classes.
std::string MeaningOfOutputs(const ModelInput& input, OutputKind kind, bool single) {
  if (input.meaning.inputs) return "the input again";
  if (single) {
    const std::string name = CComment(input.meaning.ClassName(1));
    return kind == OutputKind::kProbabilities
               ? fmt::format("the probability of class 1, \"{}\", not of class 0", name)
               : fmt::format(
                     "what the last layer computes; the larger, the more class 1, \"{}\", "
                     "than class 0",
                     name);
  }
  const std::string each = input.meaning.labels || input.classes == 0 ? "value" : "class";
  const bool probabilities = kind == OutputKind::kProbabilities;
  return (probabilities ? "the probability of each " : "what the last layer computes for each ") +
         each + (input.meaning.mean.empty() ? "" : ", in the units of the data set");
}

// What stands above the code, for people.
template <typename T>
std::string Comment(const Model<T>& model, const Parts& parts, const CBuilder& b) {
  const ModelInput& input = model.head.input;
  const OutputKind kind = OutputKindOf(model);
  const bool single = parts.outputs == 1 && input.classes == 2;
  std::string text = fmt::format(
      "// The trained network \"{}\" as C99, which C++17 takes too. Written by nabla.\n"
      "// Weights: {}\n//\n"
      "//   {}predict(x, y)\n"
      "//     x ({}): {}\n"
      "//     y ({}): {}\n",
      CComment(model.spec.name), model.network->Hash(), b.prefix(), input.shape.ToString(),
      MeaningOfInputs(input, parts.normalised), model.network->output().ToString(),
      MeaningOfOutputs(input, kind, single));
  if (!parts.probabilities.empty()) {
    text +=
        fmt::format("//   {}probabilities(y, p)\n//     p ({}): {}\n", b.prefix(), parts.outputs,
                    single ? "the probability of class 1" : "their probabilities");
  }
  return text +
         fmt::format(
             "//\n// A row takes {} bytes of stack and no other memory; threads need no lock.\n"
             "// y equals what nabla predicts {}.\n"
             "// Compile with -O2 -march=native -ffp-contract=off, since fma() is slow where the\n"
             "// compiler may not use the processor's. Link with -lm.\n",
             b.scratch() * (b.wide() ? sizeof(double) : sizeof(float)),
             parts.exact ? "bit for bit"
                         : "but for the last digits: functions of <math.h> round in another way");
}

}  // namespace

template <typename T>
std::string MakeCHeader(const Model<T>& model, const std::string& name) {
  const ModelInput& input = model.head.input;
  CBuilder b(name, sizeof(T) == sizeof(double));
  b.Names("class_names", input.meaning.classes);
  b.Names("value_names", input.meaning.values);
  b.Names("input_names", InputNames(input.coding));
  UntypedNetwork network = WithoutType(*model.network);
  const Folded<T> folded = FoldedOf(model);
  if (folded.zero != 0) network.parameters[folded.bias.name] = folded.bias;
  std::vector<Node> layers;
  for (const auto& layer : model.spec.model) layers.push_back(layer.config);
  Parts parts{.inputs = input.shape.size(), .outputs = model.network->output().size()};
  const CRow x = AddCInput(input, double{folded.zero}, {"x", 0, parts.inputs}, &b);
  AddResult(input.meaning, AddCLayers(network, layers, "", x, &b), &b);
  parts.normalised = x.scratch;
  parts.exact = !b.rounded();
  parts.probabilities = Probabilities(OutputKindOf(model), parts.outputs, &b);
  return Comment(model, parts, b) +
         fmt::format(
             "#ifndef NABLA_MODEL_{0}_H\n#define NABLA_MODEL_{0}_H\n\n"
             "#include <math.h>\n#include <stddef.h>\n\n"
             "enum {{ {0}_inputs = {1}, {0}_outputs = {2} }};\n",
             name, parts.inputs, parts.outputs) +
         b.tables() + Functions(parts, b) + "\n#endif\n";
}

template std::string MakeCHeader(const Model<float>&, const std::string&);
template std::string MakeCHeader(const Model<double>&, const std::string&);

}  // namespace nabla
