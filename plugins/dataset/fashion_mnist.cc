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
                    .sha256 = {"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                               "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                               "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                               "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"},
                    .package = "dataset-fashion-mnist"},
                   files);
  }
};

NABLA_PLUGIN_END(FashionMnist)
