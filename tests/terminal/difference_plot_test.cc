#include "framework/terminal/difference_plot.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace nabla {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(DifferencePlotTest, DrawsPairsTheMeanAndItsInterval) {
  const std::vector<double> differences = {-1, 1, 2, 2, 2, 3};
  EXPECT_EQ(DifferencePlot(differences, 0.5, 2.5, 25),
            "▃           ▃     █     ▃\n"
            "──────┼──[─────●─────]───\n"
            "-1                      3\n");
}

TEST(DifferencePlotTest, LeavesOutWhatIsNotFinite) {
  const std::vector<double> differences = {kInfinity, 1, -kInfinity, 2};
  EXPECT_EQ(DifferencePlot(differences, -kInfinity, kInfinity, 25),
            "            █           █\n"
            "┼─────────────────●──────\n"
            "0                       2\n");
}

TEST(DifferencePlotTest, NothingToDraw) {
  EXPECT_EQ(DifferencePlot({}, 0, 0, 40), "");
  EXPECT_EQ(DifferencePlot(std::vector<double>{0, 0}, 0, 0, 40), "");
  EXPECT_EQ(DifferencePlot(std::vector<double>{kInfinity}, 0, 0, 40), "");
  EXPECT_EQ(DifferencePlot(std::vector<double>{1, 2}, 0, 3, 23), "");
}

TEST(DifferencePlotTest, KeepsItsWidth) {
  for (const double scale : {1e-300, 1.0, 1e300}) {
    std::vector<double> differences;
    for (int i = -50; i < 200; ++i) differences.push_back(scale * i * i * i);
    std::istringstream lines(DifferencePlot(differences, -scale, scale, 76));
    size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      size_t columns = 0;
      for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
      EXPECT_LE(columns, 76u) << line;
    }
    EXPECT_EQ(count, 3u);
  }
}

}  // namespace
}  // namespace nabla
