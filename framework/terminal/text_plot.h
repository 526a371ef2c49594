// Plots curves over epochs on a terminal.
#ifndef NABLA_FRAMEWORK_TERMINAL_TEXT_PLOT_H_
#define NABLA_FRAMEWORK_TERMINAL_TEXT_PLOT_H_

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nabla {

struct TextSeries {
  std::string name;                               // ASCII; written where the curve ends
  std::vector<std::pair<double, double>> points;  // epoch, value; by ascending epoch
};

// How wide a plot is where lines may have so many columns: 78 at most, and 0, for none, where less
// than 39 leave no room for curves beside their names.
size_t PlotColumns(size_t room);

// A plot `width` columns wide, including names and axes, and `height` rows high, plus two for the
// horizontal axis, which is labelled `axis`; each character is two dots wide and four high. Every
// line ends with '\n'. A line across the gap replaces values that are not finite. Empty if fewer
// than two epochs have values, if `height` < 2, or if fewer than eight columns remain for the
// curves.
std::string TextPlot(std::span<const TextSeries> series, size_t width, size_t height,
                     const std::string& axis = "epoch");

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_TEXT_PLOT_H_
