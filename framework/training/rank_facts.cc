#include "framework/training/rank_facts.h"

#include <fmt/format.h>

#include <map>

#include "framework/base/error.h"
#include "framework/base/generator.h"
#include "framework/base/hash.h"
#include "framework/base/version.h"
#include "framework/config/flat.h"
#include "framework/kernels/gemm.h"
#include "framework/kernels/rows.h"
#include "framework/kernels/scalars.h"
#include "framework/record/environment.h"
#include "framework/tensor/storage.h"

namespace nabla {
namespace {

// Throws InputError, which names the first key whose value differs between `first` and `mine`.
void CompareWithFirst(const Node& first, const Node& mine) {
  const std::map<std::string, std::string> theirs = FlatScalars(first);
  const std::map<std::string, std::string> ours = FlatScalars(mine);
  const auto text = [](const std::map<std::string, std::string>& all, const std::string& key) {
    const auto place = all.find(key);
    return place == all.end() ? "not set" : place->second;
  };
  std::map<std::string, std::string> keys = theirs;
  keys.insert(ours.begin(), ours.end());
  for (const auto& [key, value] : keys) {
    if (text(ours, key) == text(theirs, key)) continue;
    throw InputError(fmt::format("the experiment differs from rank 0's: {} is {}, but {} on rank 0",
                                 key, text(ours, key), text(theirs, key)));
  }
}

// Hashes a product of random matrices after a softmax over its rows, and the column sums of that.
template <typename T>
void AddProducts(Hasher* hasher) {
  constexpr size_t kRows = 13;
  constexpr size_t kInner = 67;
  constexpr size_t kCols = 37;
  const auto generator = MakeGenerator(RngKind::kNabla, 1);
  const auto draw = [&](size_t rows, size_t cols) {
    OwnedMatrix<T> m(rows, cols);
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < cols; ++c) {
        m.view()(r, c) = static_cast<T>(generator->Below(2000)) / 1000 - 1;
      }
    }
    return m;
  };
  const OwnedMatrix<T> a = draw(kRows, kInner);
  const OwnedMatrix<T> b = draw(kInner, kCols);
  const OwnedMatrix<T> c(kRows, kCols);
  GemmNN<T>(a.view(), b.view(), c.view(), false);
  SoftmaxRows<T>(c.view(), c.view());
  T sums[kCols];
  ColumnSums<T>(c.view(), sums, false);
  for (size_t r = 0; r < kRows; ++r) hasher->Add(c.view().Row(r), kCols * sizeof(T));
  hasher->Add(sums, sizeof(sums));
}

}  // namespace

std::string NumericFingerprint() {
  Hasher hasher;
  AddProducts<float>(&hasher);
  AddProducts<double>(&hasher);
  for (int i = 1; i < 200; ++i) {
    const double x = 0.173 * i;
    const double values[] = {ExpOf(-x),     LogOf(x), Log1pOf(x),
                             SigmoidOf(-x), SinOf(x), RealPowerOf(x, 0.3)};
    hasher.Add(values, sizeof(values));
  }
  return hasher.Hex();
}

void CheckRanks(Ranks& ranks, const Node& config, const DataSplits& data,
                const std::string& weights_hash) {
  const std::string first = ranks.FromFirst(PrintYaml(config));
  Together(&ranks, [&] { CompareWithFirst(ParseYaml(first, "rank 0's experiment"), config); });
  const auto rows = [](const Samples& samples) {
    return samples.count == 0 ? "none" : fmt::format("{} ({})", samples.count, DataHash(samples));
  };
  CheckAlike(ranks, {{"the version", kVersion},
                     {"the data set", data.name},
                     {"the number and hash of training rows", rows(data.train)},
                     {"the number and hash of validation rows", rows(data.validation)},
                     {"the number and hash of test rows", rows(data.test)},
                     {"the hash of the initial weights", weights_hash},
                     {"the hash of the kernels' results", NumericFingerprint()}});
}

}  // namespace nabla
