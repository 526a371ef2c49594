// Curves over epochs on a terminal.
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

// A plot of `width` columns, names and axes included, and `height` rows without the two of the
// horizontal axis; each character is two dots wide and four high. Every line ends with '\n'. Values
// that are not finite are left out, and a line is drawn from the value before to the one after.
// Empty if fewer than two epochs have values, or if `height` < 2 or less than eight columns are
// left for the curves.
// `axis` names what stands below.
std::string TextPlot(std::span<const TextSeries> series, size_t width, size_t height,
                     const std::string& axis = "epoch");

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_TEXT_PLOT_H_
