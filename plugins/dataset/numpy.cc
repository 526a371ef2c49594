#include "framework/plugin/plugin.h"
#include "framework/table/array_data.h"

NABLA_PLUGIN_BEGIN

class NumpyData : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "numpy", "Arrays that NumPy saved: an .npz of inputs and targets, or a .npy file of each.",
      "x = (number / scale - mean) / std"};

  template <typename V>
  static void Fields(V& v) {
    v("train", &NumpyData::train,
      {.doc = "path of the .npz with the training rows, or of the .npy with their inputs",
       .required = true});
    v("labels", &NumpyData::labels, {.doc = "path of the .npy with their targets"});
    v("test", &NumpyData::test,
      {.doc =
           "the same of the test rows; if left out, x_test and y_test of an .npz that has them"});
    v("test_labels", &NumpyData::test_labels, {.doc = "path of the .npy with their targets"});
    v("inputs", &NumpyData::inputs,
      {.doc = "array of the inputs in an .npz: (N), (N, I), (N, H, W), (N, C, H, W) or (N, H, W, "
              "C); x_train, x, X, data or the like if left out"});
    v("target", &NumpyData::target,
      {.doc = "array of the targets, (N) or (N, K); y_train, y, labels or the like if left out; "
              "input for an autoencoder, whose targets are the inputs"});
    v("test_inputs", &NumpyData::test_inputs,
      {.doc = "the same of the test rows; in a file of their own, the name in inputs if left out"});
    v("test_target", &NumpyData::test_target,
      {.doc = "the same of the test rows; in a file of their own, the name in target if left out"});
    v("task", &NumpyData::task,
      {.doc = "what is predicted; if left out, one integer is a class, a float a number, and "
              "several targets of 0 and 1 are labels"});
    v("channels", &NumpyData::channels,
      {.doc = "which size of rows of three dimensions counts channels; the one that is 1, 3 or 4 "
              "if left out"});
    v("classes", &NumpyData::classes,
      {.doc = "number of classes; the largest label + 1 if left out", .min = 1, .max = 1 << 20});
    v("shape", &NumpyData::shape,
      {.doc = "shape of a row, such as [1, 28, 28]; that of the array if left out",
       .min = 1,
       .max = 1 << 20});
    NormalizationFields<NumpyData>(v);
  }

  void CheckFields() const {
    if (train.empty()) throw InputError("train names no file");
    if (test.empty() && !test_labels.empty()) throw InputError("test_labels needs test");
  }

  DataSplits Load(Files& files) const override {
    std::optional<ArrayFile> read[4];
    const auto open = [&](size_t i, const std::string& path) -> const ArrayFile* {
      if (path.empty()) return nullptr;
      return &read[i].emplace(files.ReadUnpacked(path).span(), path);
    };
    const bool aims = target == kInputTarget;
    const ArraySource rows{.file = open(0, train),
                           .labels = open(1, labels),
                           .inputs = inputs,
                           .targets = aims ? "" : target};
    ArraySource more{.file = open(2, test),
                     .labels = open(3, test_labels),
                     .inputs = test_inputs,
                     .targets = test_target};
    // Named arrays beside those to train on.
    const bool named = !test_inputs.empty() || !test_target.empty();
    if (more.file == nullptr && named) more.file = rows.file;
    return DataOfArrays(kInfo.name, rows, more.file == nullptr ? nullptr : &more,
                        {.aims_at_inputs = aims,
                         .task = task,
                         .classes = classes,
                         .channels = channels,
                         .shape = {{shape.begin(), shape.end()}},
                         .normalization = {scale, mean, std}});
  }

  std::string train;
  std::string labels;
  std::string test;
  std::string test_labels;
  std::string inputs;
  std::string target;
  std::string test_inputs;
  std::string test_target;
  std::optional<Task> task;
  std::optional<ChannelPlace> channels;
  std::optional<int64_t> classes;
  std::vector<int64_t> shape;
  double scale = 1;
  double mean = 0;
  double std = 1;
};

NABLA_PLUGIN_END(NumpyData)
