#include "tests/export/c_program.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "framework/export/export.h"
#include "framework/inference/predict.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

// A number for C, as the program reads it; not how the header writes its own.
std::string Literal(double x) { return std::isnan(x) ? "NAN" : fmt::format("{:.17g}", x); }

}  // namespace

template <typename T>
void CProgram::Add(const std::string& name, const Model<T>& model, RawRows rows) {
  if (folder_.empty()) folder_ = FreshFolder();
  // Both get the same numbers.
  for (double& x : rows.numbers) x = static_cast<T>(x);
  const std::string prefix = "n" + std::to_string(nets_.size());
  const std::vector<uint8_t> header = ExportModel(model, ModelFormat::kC, {.name = prefix});
  Put(folder_ + "/" + prefix + ".h", header);
  includes_ += "#include \"" + prefix + ".h\"\n";
  const std::string text = Text(header);
  const bool probabilities = text.find("_probabilities(const") != std::string::npos;
  const size_t width = model.head.input.shape.size();
  const char* type = sizeof(T) == sizeof(float) ? "float" : "double";
  if (rows.pixels.empty()) {
    AddRows(prefix, rows.numbers, width, type, probabilities);
  } else {
    AddRows(prefix, rows.pixels, width, type, probabilities);
  }
  Net& net = nets_.emplace_back();
  net.name = name;
  net.exact = text.find("bit for bit") != std::string::npos;
  Threads threads(1);
  const OwnedMatrix<T> outputs =
      PredictOutputs(model, MakeSamples(model.head.input, std::move(rows)), threads);
  for (size_t r = 0; r < outputs.view().rows; ++r) {
    const T* row = outputs.view().Row(r);
    net.expected.insert(net.expected.end(), row, row + outputs.view().cols);
  }
}

// "p" or "q", the net and a number in each line.
template <typename N>
void CProgram::AddRows(const std::string& prefix, const std::vector<N>& numbers, size_t width,
                       const char* type, bool probabilities) {
  std::string list;
  for (const N number : numbers) list += Literal(static_cast<double>(number)) + ", ";
  code_ += fmt::format(
      "  {{\n    static const double rows[] = {{{}}};\n    {} x[{}], y[{}_outputs];\n"
      "    for (int r = 0; r < {}; ++r) {{\n"
      "      for (int i = 0; i < {}_inputs; ++i) x[i] = ({})rows[r * {} + i];\n"
      "      {}_predict(x, y);\n"
      "      for (int o = 0; o < {}_outputs; ++o) printf(\"p {} %a\\n\", (double)y[o]);\n",
      list, type, width, prefix, numbers.size() / width, prefix, type, width, prefix, prefix,
      nets_.size());
  if (probabilities) {
    code_ += fmt::format(
        "      {}_probabilities(y, y);\n"
        "      for (int o = 0; o < {}_outputs; ++o) printf(\"q {} %a\\n\", (double)y[o]);\n",
        prefix, prefix, nets_.size());
  }
  code_ += "    }\n  }\n";
}

const std::vector<CProgram::Net>& CProgram::Run() {
  Put(folder_ + "/main.c", FromText("#include <stdio.h>\n" + includes_ + "\nint main(void) {\n" +
                                    code_ + "  return 0;\n}\n"));
  std::istringstream lines(
      Shell("cd " + folder_ + " && " + kGcc + " main.c -lm -o main && ./main"));
  std::string which, value;
  for (size_t net = 0; lines >> which >> net >> value;) {
    const double number = std::strtod(value.c_str(), nullptr);
    (which == "p" ? nets_.at(net).predicted : nets_.at(net).probabilities).push_back(number);
  }
  EXPECT_TRUE(lines.eof());
  return nets_;
}

template void CProgram::Add(const std::string&, const Model<float>&, RawRows);
template void CProgram::Add(const std::string&, const Model<double>&, RawRows);

}  // namespace nabla
