#include "framework/plugin/measured.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class BreastCancer : public MeasuredDataset {
 public:
  static constexpr PluginInfo kInfo{
      "breast_cancer",
      "Thirty measures of the cell nuclei of 569 tumours (Street et al. 1993); scikit-learn's "
      "load_breast_cancer.",
      "x = (number / scale - mean) / std; class 0 is malignant (212 rows), 1 benign (357)"};

  DataSplits Load(Files&) const override {
    return LoadClasses(kInfo.name, {}, {"malignant", "benign"});
  }
};

NABLA_PLUGIN_END(BreastCancer)
