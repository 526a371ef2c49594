// Data sets of points that are drawn as NumPy and scikit-learn draw them.
#ifndef NABLA_FRAMEWORK_PLUGIN_DRAWN_H_
#define NABLA_FRAMEWORK_PLUGIN_DRAWN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "framework/base/generator.h"
#include "framework/config/fields.h"
#include "framework/config/rng_kind.h"
#include "framework/model/dataset.h"

namespace nabla {

// N rows of I numbers with their classes.
struct ClassedPoints {
  std::vector<double> numbers;  // (N, I)
  std::vector<int32_t> labels;  // (N)

  void Add(double x, double y, int64_t label);
  // Puts the rows into a random order: sklearn.utils.shuffle.
  void Shuffle(Generator& generator);
  // Adds a normal number with mean 0 to every number, row after row.
  void AddNoise(double std, Generator& generator);
};

// Throws InputError for more than 2^26 numbers: a mistake would fill the memory.
void CheckCount(int64_t rows, int64_t numbers_per_row);

// numpy.linspace(from, to, count, endpoint).
std::vector<double> Linspace(double from, double to, size_t count, bool endpoint = true);

// `count` normal numbers with mean 0.
std::vector<double> Normals(size_t count, double std, Generator& generator);

// A data set whose rows are drawn; all are training rows. The C library's sine and cosine make the
// points, because NumPy's give the same digits.
class DrawnDataset : public Dataset {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("seed", &DrawnDataset::seed,
      {.doc = "decides which points are drawn: random_state, or the argument of np.random.seed",
       .min = 0,
       .max = 4294967295.0});
    v("rng", &DrawnDataset::rng,
      {.doc = "which random numbers draw the points; those of scikit-learn are numpy"});
  }

  int64_t seed = 0;
  RngKind rng = RngKind::kNumpy;

 protected:
  std::unique_ptr<Generator> Start() const {
    return MakeGenerator(rng, static_cast<uint64_t>(seed));
  }
  // The points as training rows of `classes` classes.
  static DataSplits AllToTrain(const char* name, ClassedPoints points, size_t classes);
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_DRAWN_H_
