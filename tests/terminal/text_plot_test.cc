#include "framework/terminal/text_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

namespace nabla {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Characters, not bytes.
size_t Columns(const std::string& line) {
  size_t columns = 0;
  for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return columns;
}

TEST(TextPlotTest, DrawsADiagonal) {
  const std::vector<TextSeries> series = {{"a", {{1, 8}, {2, 0}}}};
  EXPECT_EQ(TextPlot(series, 18, 4),
            "8 ┤⠑⢄\n"
            "  │  ⠑⢄\n"
            "  │    ⠑⢄\n"
            "0 ┤      ⠑⢄ a\n"
            "  └────────\n"
            "   1      2  epoch\n");
}

TEST(TextPlotTest, KeepsItsWidthAndHeight) {
  std::vector<TextSeries> series = {{"train_loss", {}}, {"test_loss", {}}};
  for (int epoch = 1; epoch <= 50; ++epoch) {
    series[0].points.push_back({epoch, 2.3 / epoch});
    series[1].points.push_back({epoch, 2.4 / epoch + 0.3 * std::sin(epoch)});
  }
  for (const size_t width : {40u, 72u, 120u}) {
    const std::vector<std::string> lines = Lines(TextPlot(series, width, 10));
    ASSERT_EQ(lines.size(), 12u);
    for (const std::string& line : lines) EXPECT_LE(Columns(line), width) << line;
    EXPECT_NE(lines[11].find("1 "), std::string::npos);
    EXPECT_NE(lines[11].find("50  epoch"), std::string::npos);
  }
}

// Also where the name of the axis is longer than those of the curves.
TEST(TextPlotTest, TheAxisIsWithinTheWidth) {
  const std::vector<TextSeries> series = {{"1", {{1, 8}, {200, 0}}}};
  for (const std::string& line : Lines(TextPlot(series, 39, 4, "log10 lr"))) {
    EXPECT_LE(Columns(line), 39u) << line;
  }
}

TEST(TextPlotTest, OfATerminal) {
  EXPECT_EQ(PlotColumns(std::numeric_limits<size_t>::max()), 78u);  // a log
  EXPECT_EQ(PlotColumns(79), 78u);
  EXPECT_EQ(PlotColumns(39), 39u);
  EXPECT_EQ(PlotColumns(38), 0u);
}

TEST(TextPlotTest, NamesThatEndTogetherTakeARowEach) {
  const std::vector<TextSeries> series = {{"first", {{1, 1}, {2, 0}}},
                                          {"second", {{1, 1}, {2, 0}}}};
  const std::string plot = TextPlot(series, 40, 4);
  EXPECT_NE(plot.find("first\n"), std::string::npos);
  EXPECT_NE(plot.find("second\n"), std::string::npos);
}

TEST(TextPlotTest, LeavesOutWhatIsNotFinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<TextSeries> with = {{"a", {{1, 8}, {2, std::nan("")}, {3, 0}, {4, infinity}}}};
  const std::vector<TextSeries> without = {{"a", {{1, 8}, {3, 0}}}};
  EXPECT_EQ(TextPlot(with, 40, 5), TextPlot(without, 40, 5));
}

TEST(TextPlotTest, AFlatCurveLiesInTheMiddle) {
  const std::vector<TextSeries> series = {{"flat", {{0, 1}, {5, 1}}}};
  const std::vector<std::string> lines = Lines(TextPlot(series, 40, 3));
  EXPECT_EQ(lines[0], "1.5 ┤");
  EXPECT_NE(lines[1].find("⠤⠤"), std::string::npos);
  EXPECT_EQ(lines[2], "0.5 ┤");
}

TEST(TextPlotTest, IsEmptyWithoutACurveOrRoom) {
  const std::vector<TextSeries> point = {{"a", {{1, 8}}}};
  const std::vector<TextSeries> line = {{"a", {{1, 8}, {2, 0}}}};
  EXPECT_EQ(TextPlot({}, 80, 10), "");
  EXPECT_EQ(TextPlot(point, 80, 10), "");
  EXPECT_EQ(TextPlot(line, 17, 10), "");
  EXPECT_EQ(TextPlot(line, 80, 1), "");
  EXPECT_NE(TextPlot(line, 18, 2), "");
}

}  // namespace
}  // namespace nabla
