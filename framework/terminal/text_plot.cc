#include "framework/terminal/text_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "framework/record/finite.h"

namespace nabla {
namespace {

constexpr size_t kFewestColumns = 8;

using Point = std::pair<double, double>;

std::vector<Point> FinitePoints(const TextSeries& series) {
  std::vector<Point> points;
  for (const Point& p : series.points) {
    if (FiniteOf(p.second)) points.push_back(p);
  }
  return points;
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Add(double v) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
};

// A picture in Braille characters: bit k of a cell is dot k + 1 of the character U+2800 + bits.
class Canvas {
 public:
  Canvas(size_t columns, size_t rows) : columns_(columns), cells_(columns * rows) {}

  // Dots count from the left and from the top.
  void Set(size_t x, size_t y) {
    constexpr uint8_t kBits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    cells_[y / 4 * columns_ + x / 2] |= kBits[y % 4][x % 2];
  }

  // U+2800 + bits in UTF-8, or a space.
  std::string Row(size_t row) const {
    std::string text;
    for (size_t c = 0; c < columns_; ++c) {
      const uint8_t bits = cells_[row * columns_ + c];
      if (bits == 0) {
        text += ' ';
      } else {
        text +=
            {'\xe2', static_cast<char>(0xa0 | bits >> 6), static_cast<char>(0x80 | (bits & 63))};
      }
    }
    return text;
  }

 private:
  size_t columns_;
  std::vector<uint8_t> cells_;
};

// Maps epochs and values to dots.
struct Scale {
  Range x;
  Range y;
  size_t columns = 0;
  size_t rows = 0;

  double Share(const Range& range, double v) const {
    // Halves, since the difference of two numbers may be none.
    const double share = (v / 2 - range.low / 2) / (range.high / 2 - range.low / 2);
    return range.high > range.low ? std::clamp(share, 0.0, 1.0) : 0.5;
  }
  size_t X(double v) const { return Dot(Share(x, v), 2 * columns); }
  size_t Y(double v) const { return Dot(1 - Share(y, v), 4 * rows); }
  static size_t Dot(double share, size_t dots) {
    return static_cast<size_t>(std::lround(share * static_cast<double>(dots - 1)));
  }
};

// Sets a dot in every column and row that the line crosses.
void DrawLine(const Point& from, const Point& to, const Scale& scale, Canvas& canvas) {
  const auto x0 = static_cast<double>(scale.X(from.first));
  const auto y0 = static_cast<double>(scale.Y(from.second));
  const double dx = static_cast<double>(scale.X(to.first)) - x0;
  const double dy = static_cast<double>(scale.Y(to.second)) - y0;
  const double steps = std::max({std::abs(dx), std::abs(dy), 1.0});
  for (double i = 0; i <= steps; ++i) {
    canvas.Set(static_cast<size_t>(std::lround(x0 + dx * i / steps)),
               static_cast<size_t>(std::lround(y0 + dy * i / steps)));
  }
}

// The name to write in each row: a curve's name goes in the row where the curve ends, or in the
// nearest free one.
std::vector<std::string> NamesByRow(std::span<const TextSeries> series, const Scale& scale) {
  std::vector<std::string> names(scale.rows);
  for (const TextSeries& s : series) {
    const std::vector<Point> points = FinitePoints(s);
    if (points.empty()) continue;
    const size_t row = scale.Y(points.back().second) / 4;
    for (size_t off = 0; off < scale.rows; ++off) {
      const bool below = row + off < scale.rows && names[row + off].empty();
      if (below || (off <= row && names[row - off].empty())) {
        names[below ? row + off : row - off] = s.name;
        break;
      }
    }
  }
  return names;
}

std::string Trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string Repeat(const char* text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

// "         1                  12  epoch"
std::string AxisLine(const Scale& scale, size_t margin, const std::string& axis) {
  const std::string first = fmt::format("{:.6g}", scale.x.low);
  const std::string last = fmt::format("{:.6g}", scale.x.high);
  const size_t room = std::max(scale.columns, first.size() + last.size() + 1);
  return fmt::format("{:{}}{}{:>{}}  {}\n", "", margin, first, last, room - first.size(), axis);
}

// The ranges of all finite values; a flat curve gets space above and below.
Scale ScaleOf(std::span<const TextSeries> series) {
  Scale scale;
  for (const TextSeries& s : series) {
    for (const auto& [epoch, value] : FinitePoints(s)) {
      scale.x.Add(epoch);
      scale.y.Add(value);
    }
  }
  if (scale.y.low == scale.y.high) {
    const double room = scale.y.low == 0 ? 1 : std::abs(scale.y.low) / 2;
    scale.y = {scale.y.low - room, scale.y.high + room};
  }
  return scale;
}

Canvas Draw(std::span<const TextSeries> series, const Scale& scale) {
  Canvas canvas(scale.columns, scale.rows);
  for (const TextSeries& s : series) {
    const std::vector<Point> points = FinitePoints(s);
    for (size_t i = 1; i < points.size(); ++i) DrawLine(points[i - 1], points[i], scale, canvas);
    if (points.size() == 1) canvas.Set(scale.X(points[0].first), scale.Y(points[0].second));
  }
  return canvas;
}

}  // namespace

size_t PlotColumns(size_t room) {
  constexpr size_t kMost = 78;
  constexpr size_t kFewest = 39;
  return room < kFewest ? 0 : std::min(room, kMost);
}

std::string TextPlot(std::span<const TextSeries> series, size_t width, size_t height,
                     const std::string& axis) {
  Scale scale = ScaleOf(series);
  if (!(scale.x.low < scale.x.high) || height < 2) return "";
  size_t names_width = 0;
  for (const TextSeries& s : series) names_width = std::max(names_width, s.name.size());
  const std::string high = fmt::format("{:.4g}", scale.y.high);
  const std::string low = fmt::format("{:.4g}", scale.y.low);
  const size_t label = std::max(high.size(), low.size());
  // The name of the axis stands two columns behind it, the names of the curves one.
  const size_t taken = label + 2 + 1 + std::max(names_width, axis.size() + 1);
  if (width < taken + kFewestColumns) return "";
  scale.columns = width - taken;
  scale.rows = height;

  const Canvas canvas = Draw(series, scale);
  const std::vector<std::string> names = NamesByRow(series, scale);
  std::string plot;
  for (size_t row = 0; row < height; ++row) {
    const bool end = row == 0 || row + 1 == height;
    const std::string& text = row == 0 ? high : low;
    plot += Trimmed(fmt::format("{:>{}} {}{} {}", end ? text : "", label, end ? "┤" : "│",
                                canvas.Row(row), names[row]));
  }
  plot += fmt::format("{:{}}└{}\n", "", label + 1, Repeat("─", scale.columns));
  return plot + AxisLine(scale, label + 2, axis);
}

}  // namespace nabla
