#include "framework/terminal/difference_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace nabla {
namespace {

constexpr const char* kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr size_t kTallest = 8;

std::string WithoutSpacesAtEnd(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// The range of the axis: all that is drawn, and zero.
struct Axis {
  double from = 0;
  double to = 0;
  size_t width = 0;

  void Widen(double value) {
    if (!std::isfinite(value)) return;
    from = std::min(from, value);
    to = std::max(to, value);
  }
  size_t ColumnOf(double value) const {
    const double share = (value / 2 - from / 2) / (to / 2 - from / 2);
    return static_cast<size_t>(std::lround(share * static_cast<double>(width - 1)));
  }
};

std::string Histogram(const std::vector<double>& finite, const Axis& axis) {
  std::vector<size_t> counts(axis.width);
  for (const double value : finite) ++counts[axis.ColumnOf(value)];
  const size_t most = std::ranges::max(counts);
  std::string line;
  for (const size_t count : counts) line += kBars[(count * kTallest + most - 1) / most];
  return WithoutSpacesAtEnd(line);
}

std::string AxisLine(const Axis& axis, double mean, double low, double high) {
  std::vector<std::string> marks(axis.width, "─");
  const auto mark = [&](double value, const char* text) {
    if (std::isfinite(value)) marks[axis.ColumnOf(value)] = text;
  };
  mark(low, "[");
  mark(high, "]");
  mark(0, "┼");
  mark(mean, "●");
  std::string line;
  for (const std::string& text : marks) line += text;
  return line + "\n";
}

}  // namespace

std::string DifferencePlot(std::span<const double> differences, double low, double high,
                           size_t width) {
  constexpr size_t kNarrowest = 24;
  std::vector<double> finite;
  double mean = 0;
  for (const double value : differences) {
    if (std::isfinite(value)) finite.push_back(value);
  }
  Axis axis{.width = width};
  for (const double value : finite) {
    axis.Widen(value);
    mean += value / static_cast<double>(finite.size());
  }
  if (axis.from == axis.to || width < kNarrowest) return "";
  axis.Widen(low);
  axis.Widen(high);
  const std::string left = fmt::format("{:.3g}", axis.from);
  return Histogram(finite, axis) + AxisLine(axis, mean, low, high) +
         fmt::format("{}{:>{}.3g}\n", left, axis.to, width - left.size());
}

}  // namespace nabla
