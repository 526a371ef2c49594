#include "framework/plugin/measured.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Digits8x8 : public MeasuredDataset {
 public:
  static constexpr PluginInfo kInfo{
      "digits8x8",
      "1797 handwritten digits, 8 x 8 (Alpaydin and Kaynak 1998); scikit-learn's load_digits.",
      "x = (pixel / scale - mean) / std, pixels from 0 to 16"};

  DataSplits Load(Files&) const override { return LoadClasses(kInfo.name, {{1, 8, 8}}); }
};

NABLA_PLUGIN_END(Digits8x8)
