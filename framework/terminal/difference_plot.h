// Draws the differences of pairs as a histogram above an axis with their mean and its interval.
#ifndef NABLA_FRAMEWORK_TERMINAL_DIFFERENCE_PLOT_H_
#define NABLA_FRAMEWORK_TERMINAL_DIFFERENCE_PLOT_H_

#include <cstddef>
#include <span>
#include <string>

namespace nabla {

// Three lines of `width` columns at most, which end with '\n':
//
//        ▂    ▄   █▆▂    ▂            bars: how many pairs, the tallest has the most
//   ────┼───────[──●───]──────────    ┼ zero, ● the mean, [ ] the ends of the interval
//   -0.002                   0.0051   the ends of the axis
//
// Differences that are not finite are left out, and so are ends of the interval. Empty if all
// others are 0, if there are none, or if `width` < 24.
std::string DifferencePlot(std::span<const double> differences, double low, double high,
                           size_t width);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_DIFFERENCE_PLOT_H_
