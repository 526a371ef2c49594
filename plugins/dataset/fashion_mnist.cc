#include "framework/plugin/datasets.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class FashionMnist : public IdxDataset {
 public:
  static constexpr PluginInfo kInfo{
      "fashion_mnist",
      "Ten kinds of clothing, 28 x 28: 60000 to train on, 10000 to test (Xiao et al. 2017).",
      "x = (pixel / scale - mean) / std"};

  template <typename V>
  static void Fields(V& v) {
    NormalizationFields<FashionMnist>(v);
  }

  DataSplits Load(Files& files) const override {
    return LoadIdx(kInfo.name,
                   {.folder = "fashion-mnist",
                    .mirrors = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
                    .sha256 = {},
                    .package = "dataset-fashion-mnist"},
                   files);
  }
};

NABLA_PLUGIN_END(FashionMnist)
