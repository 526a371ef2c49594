#include "framework/notebook/output_series.h"

#include <algorithm>

#include "framework/notebook/printed_line.h"
#include "framework/notebook/printed_text.h"
#include "framework/notebook/series_builder.h"

namespace nabla {
namespace {

constexpr size_t kMostClasses = 100;

bool Contains(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

// The numbers as a square of whole counts, if they are one.
std::vector<std::vector<std::string>> SquareOf(const PrintedArray& array) {
  std::vector<std::vector<std::string>> rows;
  const size_t n = array.rows;
  if (array.depth != 2 || !array.whole || n < 2 || n > kMostClasses ||
      array.numbers.size() != n * n) {
    return rows;
  }
  for (size_t i = 0; i < array.numbers.size(); ++i) {
    std::string number = array.numbers[i];
    if (number.ends_with(".0")) number.resize(number.size() - 2);
    if (number.find_first_not_of("0123456789") != std::string::npos) return {};
    if (i % n == 0) rows.emplace_back();
    rows.back().push_back(std::move(number));
  }
  return rows;
}

void AddMatrices(const PrintedText& text, const NotebookCell& cell, PrintedMetrics* all) {
  const bool named = Contains(cell.source, "onfusion") || Contains(cell.source, "conf_mat") ||
                     Contains(cell.source, "crosstab") || Contains(cell.source, "cm");
  bool printed = false;
  for (const std::string& line : text.lines) printed = printed || Contains(line, "onfusion");
  for (const PrintedArray& array : text.arrays) {
    auto rows = SquareOf(array);
    if (rows.empty() || !(named || printed)) continue;
    all->matrices.push_back({cell.number, cell.execution, std::move(rows)});
  }
}

}  // namespace

std::string ShiftedPercent(const std::string& text) {
  const bool negative = text.starts_with('-');
  std::string digits = text.substr(negative ? 1 : 0);
  const size_t exponent = digits.find_first_of("eE");
  if (exponent != std::string::npos) {
    // 9.2e+01 as 9.2e-1
    const int power = std::stoi(digits.substr(exponent + 1)) - 2;
    return (negative ? "-" : "") + digits.substr(0, exponent) + "e" + std::to_string(power);
  }
  size_t point = digits.find('.');
  if (point == std::string::npos) point = digits.size();
  std::string whole = digits.substr(0, point);
  const std::string rest = point < digits.size() ? digits.substr(point + 1) : "";
  whole.insert(0, whole.size() < 3 ? 3 - whole.size() : 0, '0');
  const size_t cut = whole.size() - 2;
  std::string shifted = whole.substr(0, cut) + "." + whole.substr(cut) + rest;
  return (negative ? "-" : "") + shifted;
}

PrintedMetrics ReadPrintedMetrics(const Notebook& notebook) {
  PrintedMetrics all;
  int list = 0;
  for (const NotebookCell& cell : notebook.cells) {
    SeriesBuilder builder(cell, list);
    for (const std::string& output : cell.outputs) {
      const PrintedText text = ReadPrintedText(output);
      for (const std::string& line : text.lines) {
        builder.AddLine(ReadPrintedLine(line), text);
      }
      AddMatrices(text, cell, &all);
    }
    if (cell.outputs.empty()) continue;
    for (PrintedSeries& series : builder.Finish(&list)) all.series.push_back(std::move(series));
  }
  return all;
}

}  // namespace nabla
