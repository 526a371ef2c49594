#include "framework/export/c_input.h"

#include <fmt/format.h>

#include <string>

#include "framework/export/c_text.h"
#include "framework/table/coding.h"

namespace nabla {
namespace {

std::string Double(double value) { return CNumber(value, true); }

// v = what the data set holds, or what stands for a missing value.
std::string Read(const ModelInput& input, CBuilder* b) {
  if (input.fill.empty()) return "    double v = (double)x[i];\n";
  std::string text =
      fmt::format("    double v = isnan(x[i]) ? {}[i] : (double)x[i];  // NaN: missing\n",
                  b->DoubleTable("fill", input.fill));
  // NaN alone says that a number is missing: its mark need not be set.
  for (const auto& [mark, number] : NumberMarks(input.coding)) {
    text += fmt::format("    if (i == {} && isnan(x[{}])) v = 1;\n", mark, number);
  }
  return text;
}

std::string NormalisedDouble(const Normalization& n) {
  return fmt::format("(v / {} - {}) / {}", Double(n.scale), Double(n.mean), Double(n.std));
}

// + 0 makes -0 of a division by infinity 0.
std::string Standardised(const ModelInput& input, CBuilder* b) {
  std::string text;
  if (input.normalization != Normalization{}) {
    text = "    v = " + NormalisedDouble(input.normalization) + ";\n";
  }
  const std::string mean = b->DoubleTable("mean", input.moments.mean);
  const std::string std = b->DoubleTable("std", input.moments.std);
  return text + fmt::format("    v = (v - {}[i]) / {}[i] + 0.0;\n", mean, std);
}

// A function that gives input i, and the lines that set offset and width of the row x, in the same
// steps as ScaleRows.
std::string RowFunction(const ModelInput& input, CBuilder* b) {
  return "static inline double @raw(const real *x, size_t i) {\n" + Read(input, b) +
         "    return v;\n}\n\n";
}

std::string RowWidth(RowScale scale, size_t inputs) {
  const bool shifts = scale == RowScale::kStandardise || scale == RowScale::kMinMax;
  const std::string loop = fmt::format("for (size_t i = 0; i < {}; ++i)", inputs);
  const bool standardises = scale == RowScale::kStandardise;
  std::string text = "  double low = @raw(x, 0), high = low" +
                     std::string(standardises ? ", sum = 0" : "") + ";\n  " + loop +
                     " {\n    const double v = @raw(x, i);\n    low = v < low ? v : low;\n"
                     "    high = v > high ? v : high;\n" +
                     (standardises ? "    sum += v;\n  }\n" : "  }\n");
  text += shifts ? "  double offset = low, width = high - low;\n"
                 : "  const double offset = 0;\n"
                   "  double width = fabs(low) > fabs(high) ? fabs(low) : fabs(high);\n";
  text += "  const int varies = width != 0;\n";
  if (standardises) text += fmt::format("  offset = sum / {};\n", inputs);
  if (!standardises && scale != RowScale::kNorm) return text;
  text += "  double squares = 0;\n  " + loop +
          " {\n    const double v = @raw(x, i) - offset;\n    squares = fma(v, v, squares);\n"
          "  }\n  width = sqrt(squares)";
  if (standardises) text += fmt::format(" / sqrt({}.0)", inputs);
  return text + ";\n";
}

// Bytes are rounded after each step, other numbers once. `type` is that of the steps.
std::string Normalised(const Normalization& n, const std::string& type, bool wide) {
  if (n == Normalization{}) return "";
  const auto number = [&](double x) {
    return CNumber(wide ? x : double{static_cast<float>(x)}, wide);
  };
  const bool shifts = wide ? n.mean != 0 || n.std != 1
                           : static_cast<float>(n.mean) != 0 || static_cast<float>(n.std) != 1;
  std::string byte = fmt::format("({})v / {}", type, number(n.scale));
  if (shifts) byte = fmt::format("({} - {}) / {}", byte, number(n.mean), number(n.std));
  return fmt::format("    v = v >= 0 && v <= 255 && v == floor(v) ? {} : {};\n", byte,
                     NormalisedDouble(n));
}

}  // namespace

CRow AddCInput(const ModelInput& input, double zero, const CRow& x, CBuilder* builder) {
  CBuilder& b = *builder;
  const bool standardised = !input.moments.mean.empty();
  const bool rounds = input.float32 && b.wide();
  const bool by_row = input.scale_rows != RowScale::kNone;
  if (input.fill.empty() && !standardised && !by_row && !rounds && zero == 0 &&
      input.normalization == Normalization{}) {
    return x;
  }
  const bool wide = b.wide() && !input.float32;
  std::string text = by_row ? "\n// What the data set holds, or stands for what is missing.\n" +
                                  RowFunction(input, builder)
                            : "\n";
  text +=
      "// What the first layer gets for what the data set holds.\n"
      "static inline void @input(const real *x, real *y) {\n";
  if (by_row) text += RowWidth(input.scale_rows, x.size);
  text += fmt::format("  for (size_t i = 0; i < {}; ++i) {{\n", x.size);
  text += by_row ? "    double v = varies ? (@raw(x, i) - offset) / width : 0;\n"
                 : Read(input, builder);
  text += standardised ? Standardised(input, builder)
          : by_row     ? ""
                       : Normalised(input.normalization, wide ? "double" : "float", wide);
  const std::string result = rounds ? "(double)(float)v" : "(real)v";
  text +=
      fmt::format("    y[i] = {}{};\n  }}\n}}\n", result, zero == 0 ? "" : " - " + b.Number(zero));
  b.AddText(text);
  const CRow y = b.Take(x.size);
  b.Line(fmt::format("{}input({}, {});", b.prefix(), x.Pointer(), y.Pointer()));
  return y;
}

}  // namespace nabla
