#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// The four files by LeCun, Cortes and Burges; sums are of the unpacked files.
std::vector<RemoteFile> MnistFiles() {
  const auto file = [](const std::string& set, const std::string& kind, const std::string& sum) {
    return RemoteFile{.folder = "mnist",
                      .names = {set + "-" + kind + "-ubyte",
                                set + "-" + kind.substr(0, 6) + "." + kind.substr(7) + "-ubyte"},
                      .sha256 = sum,
                      .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                                  "https://storage.googleapis.com/cvdf-datasets/mnist/"}};
  };
  return {file("train", "images-idx3",
               "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
          file("train", "labels-idx1",
               "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
          file("t10k", "images-idx3",
               "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
          file("t10k", "labels-idx1",
               "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")};
}

class Mnist : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "mnist", "Handwritten digits, 28 x 28: 60000 to train on, 10000 to test (LeCun et al. 1998).",
      "x = (pixel / scale - mean) / std"};

  template <typename V>
  static void Fields(V& v) {
    NormalizationFields<Mnist>(v);
  }

  DataSplits Load(Files& files) const override {
    const std::vector<RemoteFile> wanted = MnistFiles();
    std::vector<Bytes> bytes = files.Get(wanted);
    DataSplits splits{.name = kInfo.name};
    splits.train = FromIdx(std::move(bytes[0]), std::move(bytes[1]), wanted[0], wanted[1]);
    splits.test = FromIdx(std::move(bytes[2]), std::move(bytes[3]), wanted[2], wanted[3]);
    return splits;
  }

  double scale = 255;
  double mean = 0;
  double std = 1;

 private:
  Samples FromIdx(Bytes images, Bytes labels, const RemoteFile& images_file,
                  const RemoteFile& labels_file) const {
    return ImageSamples(ParseIdx(std::move(images), images_file.names[0], 3),
                        ParseIdx(std::move(labels), labels_file.names[0], 1), 10,
                        images_file.names[0], labels_file.names[0], {scale, mean, std});
  }
};

NABLA_PLUGIN_END(Mnist)
