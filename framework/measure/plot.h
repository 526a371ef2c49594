// A picture of lines or points.
#ifndef NABLA_FRAMEWORK_MEASURE_PLOT_H_
#define NABLA_FRAMEWORK_MEASURE_PLOT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace nabla {

struct PlotSeries {
  std::string label;
  std::vector<std::pair<double, double>> points;  // x, y
};

// What a plot is drawn over.
enum class PlotGuide { kNone, kDiagonal, kZero };

struct Plot {
  std::string title;
  std::string x;  // what the axes show
  std::string y;
  bool cloud = false;  // points, not lines
  PlotGuide guide = PlotGuide::kNone;
  std::vector<PlotSeries> series;
};

// The same in JSON, of either kind that nlohmann has.
template <typename Json>
Json PlotJson(const Plot& plot) {
  static constexpr const char* kGuides[] = {"none", "diagonal", "zero"};
  Json json{{"title", plot.title},
            {"x", plot.x},
            {"y", plot.y},
            {"cloud", plot.cloud},
            {"guide", kGuides[static_cast<size_t>(plot.guide)]},
            {"series", Json::array()}};
  for (const PlotSeries& series : plot.series) {
    json["series"].push_back({{"label", series.label}, {"points", series.points}});
  }
  return json;
}

// Throws what the JSON library throws.
template <typename Json>
Plot PlotFrom(const Json& json) {
  const std::string guide = json.at("guide");
  Plot plot{.title = json.at("title"),
            .x = json.at("x"),
            .y = json.at("y"),
            .cloud = json.at("cloud"),
            .guide = guide == "diagonal" ? PlotGuide::kDiagonal
                     : guide == "zero"   ? PlotGuide::kZero
                                         : PlotGuide::kNone,
            .series = {}};
  for (const Json& series : json.at("series")) {
    plot.series.push_back({series.at("label"), series.at("points")});
  }
  return plot;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_PLOT_H_
