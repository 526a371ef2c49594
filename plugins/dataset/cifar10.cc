#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// A row of a file is its label and then 32 x 32 bytes each of red, green and blue.
class Cifar10 : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "cifar10",
      "Colour photographs of ten classes, 3 x 32 x 32 (Krizhevsky 2009); not downloaded.",
      "x = (pixel / scale - mean) / std; unpack https://www.cs.toronto.edu/~kriz/"
      "cifar-10-binary.tar.gz in a data folder"};

  template <typename V>
  static void Fields(V& v) {
    NormalizationFields<Cifar10>(v);
  }

  DataSplits Load(Files& files) const override {
    std::vector<RemoteFile> wanted;
    for (const char* batch : {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4",
                              "data_batch_5", "test_batch"}) {
      wanted.push_back({.folder = "cifar-10-batches-bin",
                        .names = {std::string(batch) + ".bin"},
                        .sha256 = "",
                        .mirrors = {}});
    }
    const std::vector<Bytes> bytes = files.Get(wanted);
    auto train = std::make_shared<Pictures>();
    for (size_t i = 0; i < 5; ++i) Append(bytes[i], wanted[i].names[0], train.get());
    auto test = std::make_shared<Pictures>();
    Append(bytes[5], wanted[5].names[0], test.get());
    return {kInfo.name, AsSamples(train), AsSamples(test)};
  }

  double scale = 255;
  double mean = 0;
  double std = 1;

 private:
  static constexpr size_t kClasses = 10;
  static constexpr size_t kPixels = size_t{3} * 32 * 32;

  struct Pictures {
    std::vector<uint8_t> pixels;
    std::vector<int32_t> labels;
  };

  static void Append(const Bytes& file, const std::string& name, Pictures* pictures) {
    constexpr size_t kRow = 1 + kPixels;
    if (file.size() == 0 || file.size() % kRow != 0) {
      throw InputError({Problem{{name},
                                "expected rows of " + std::to_string(kRow) + " bytes, found " +
                                    std::to_string(file.size()) + " bytes"}});
    }
    for (size_t row = 0; row < file.size() / kRow; ++row) {
      const uint8_t* from = file.data() + row * kRow;
      if (*from >= kClasses) {
        throw InputError(
            {Problem{{name},
                     "row " + std::to_string(row) + ": expected a label from 0 to 9, found " +
                         std::to_string(*from)}});
      }
      pictures->labels.push_back(*from);
      pictures->pixels.insert(pictures->pixels.end(), from + 1, from + kRow);
    }
  }

  Samples AsSamples(const std::shared_ptr<const Pictures>& pictures) const {
    return {.count = pictures->labels.size(),
            .shape = {{3, 32, 32}},
            .pixels = pictures->pixels,
            .normalization = {scale, mean, std},
            .classes = kClasses,
            .labels = pictures->labels,
            .keep_alive = pictures};
  }
};

NABLA_PLUGIN_END(Cifar10)
