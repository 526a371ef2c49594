#include "framework/plugin/drawn.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Blobs : public DrawnDataset {
 public:
  static constexpr PluginInfo kInfo{
      "blobs", "A normal cloud of points for each class; scikit-learn's make_blobs.",
      "x = centre[class] + std n; centres uniform in box unless they are given; then shuffled"};

  template <typename V>
  static void Fields(V& v) {
    v("points", &Blobs::points,
      {.doc = "rows, equally many of each class; the first classes get what is left over",
       .min = 1,
       .max = 1 << 22});
    v("features", &Blobs::features, {.doc = "inputs of a row", .min = 1, .max = 1000});
    v("classes", &Blobs::classes, {.doc = "number of clouds", .min = 1, .max = 1000});
    v("centers", &Blobs::centers,
      {.doc = "where the clouds are, instead of features and classes: a list of points"});
    v("std", &Blobs::std, {.doc = "standard deviation of every cloud", .min = 0});
    v("box", &Blobs::box, {.doc = "bounds of the centres' coordinates"});
    v("shuffle", &Blobs::shuffle, {.doc = "put the rows into a random order"});
    DrawnDataset::Fields(v);
  }
  void CheckFields() const {
    if (box.size() != 2 || box[0] > box[1]) {
      throw InputError("box must be two numbers, the smaller one first");
    }
    for (const auto& center : centers) {
      if (center.empty() || center.size() != centers[0].size()) {
        throw InputError("all centers need the same number of coordinates, at least one");
      }
    }
    CheckCount(points, centers.empty() ? features : static_cast<int64_t>(centers[0].size()));
    if (points < static_cast<int64_t>(Clouds())) {
      throw InputError(std::to_string(Clouds()) + " classes need at least as many points, not " +
                       std::to_string(points));
    }
  }

  DataSplits Load(Files&) const override {
    const auto generator = Start();
    const std::vector<std::vector<double>> middle = Centers(*generator);
    const size_t each = static_cast<size_t>(points) / middle.size();
    const size_t left = static_cast<size_t>(points) % middle.size();
    ClassedPoints drawn;
    for (size_t c = 0; c < middle.size(); ++c) {
      const size_t rows = each + (c < left ? 1 : 0);
      const std::vector<double> off = Normals(rows * middle[c].size(), std, *generator);
      for (size_t i = 0; i < off.size(); ++i) {
        drawn.numbers.push_back(middle[c][i % middle[c].size()] + off[i]);
      }
      drawn.labels.insert(drawn.labels.end(), rows, static_cast<int32_t>(c));
    }
    if (shuffle) drawn.Shuffle(*generator);
    return AllToTrain(kInfo.name, std::move(drawn), middle.size());
  }

  int64_t points = 100;
  int64_t features = 2;
  int64_t classes = 3;
  std::vector<std::vector<double>> centers;
  double std = 1;
  std::vector<double> box{-10, 10};
  bool shuffle = true;

 private:
  size_t Clouds() const { return centers.empty() ? static_cast<size_t>(classes) : centers.size(); }

  std::vector<std::vector<double>> Centers(Generator& generator) const {
    if (!centers.empty()) return centers;
    std::vector<std::vector<double>> drawn(Clouds());
    for (std::vector<double>& center : drawn) {
      center.resize(static_cast<size_t>(features));
      generator.Uniform(center, box[0], box[1]);
    }
    return drawn;
  }
};

NABLA_PLUGIN_END(Blobs)
