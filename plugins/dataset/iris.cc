#include "framework/plugin/measured.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Iris : public MeasuredDataset {
 public:
  static constexpr PluginInfo kInfo{
      "iris",
      "Four lengths of 150 flowers of three species (Fisher 1936); scikit-learn's load_iris.",
      "x = (cm / scale - mean) / std; 50 rows each of setosa, versicolor, virginica"};

  DataSplits Load(Files&) const override {
    return LoadClasses(kInfo.name, {}, {"setosa", "versicolor", "virginica"});
  }
};

NABLA_PLUGIN_END(Iris)
