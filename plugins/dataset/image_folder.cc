#include "framework/data/picture_folder.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class ImageFolder : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "image_folder", "PNG and JPEG pictures in a folder for each class, which names the class.",
      "x = (pixel / scale - mean) / std; CLASS/NAME.png in the order of the names' bytes"};

  template <typename V>
  static void Fields(V& v) {
    v("train", &ImageFolder::train,
      {.doc = "folder that holds a folder of training pictures for each class, or the folders "
              "train and test that hold these",
       .required = true});
    v("test", &ImageFolder::test, {.doc = "the same of the test pictures, if there are any"});
    v("size", &ImageFolder::size,
      {.doc = "height and width that pictures are fitted to; that of all pictures if left out",
       .min = 1,
       .max = 4096});
    v("channels", &ImageFolder::channels,
      {.doc = "1, grey, or 3, colours; if left out, 1 where all pictures are grey",
       .min = 1,
       .max = 3});
    v("fit", &ImageFolder::fit,
      {.doc = "how pictures of another size are fitted, in training and by run predict: cut to the "
              "middle and scaled; or, if they are grey, cut to their strokes as those of MNIST"});
    NormalizationFields<ImageFolder>(v);
  }

  void CheckFields() const {
    if (train.empty()) throw InputError("train names no folder");
    if (!size.empty() && size.size() != 2) {
      throw InputError("size must be two numbers, height and width");
    }
    if (channels == 2) throw InputError("channels must be 1 or 3");
  }

  DataSplits Load(Files& files) const override {
    PictureSettings settings{.channels = channels, .fit = fit, .normalization = {scale, mean, std}};
    if (!size.empty()) {
      settings.height = size[0];
      settings.width = size[1];
    }
    return ReadPictureFolders(files, kInfo.name, {train, test}, settings);
  }

  std::string train;
  std::string test;
  std::vector<int64_t> size;
  std::optional<int64_t> channels;
  PictureFit fit = PictureFit::kMiddle;
  double scale = 255;
  double mean = 0;
  double std = 1;
};

NABLA_PLUGIN_END(ImageFolder)
