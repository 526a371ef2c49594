#include "framework/plugin/measured.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Wine : public MeasuredDataset {
 public:
  static constexpr PluginInfo kInfo{
      "wine",
      "Thirteen analyses of 178 wines of three growers (Forina 1991); scikit-learn's load_wine.",
      "x = (number / scale - mean) / std; 59, 71 and 48 rows"};

  DataSplits Load(Files&) const override {
    return LoadClasses(kInfo.name, {}, {"class_0", "class_1", "class_2"});
  }
};

NABLA_PLUGIN_END(Wine)
