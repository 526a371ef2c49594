#include "framework/plugin/datasets.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Kmnist : public IdxDataset {
 public:
  static constexpr PluginInfo kInfo{
      "kmnist",
      "Ten cursive Japanese characters, 28 x 28: 60000 to train on, 10000 to test (Clanuwat et al. "
      "2018).",
      "x = (pixel / scale - mean) / std"};

  template <typename V>
  static void Fields(V& v) {
    NormalizationFields<Kmnist>(v);
  }

  DataSplits Load(Files& files) const override {
    return LoadIdx(kInfo.name,
                   {.folder = "kmnist",
                    .mirrors = {"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
                    .sha256 = {},
                    .package = ""},
                   files);
  }
};

NABLA_PLUGIN_END(Kmnist)
