#include "framework/training/ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "framework/base/error.h"
#include "framework/engine/rows.h"
#include "framework/tensor/storage.h"

namespace nabla {
namespace {

constexpr size_t kBlockRows = 256;

}  // namespace

template <typename T>
size_t IdsOf(const ExperimentSpec<T>& spec, const Network<T>& network) {
  size_t smallest = 0;
  for (size_t i = 0; i < network.layers().size(); ++i) {
    const NetworkLayer<T>& layer = network.layers()[i];
    if (layer.ids == 0) continue;
    if (!network.reads_input(i)) {
      throw InputError(std::vector<Problem>{
          {spec.model[std::stoul(layer.path)].config.place,
           "ids come from the data set itself: no other layer may stand in front of the one that "
           "reads them"}});
    }
    smallest = smallest == 0 ? layer.ids : std::min(smallest, layer.ids);
  }
  return smallest;
}

// A picture that is shifted still has pixels of its own.
void CheckIdsStay(size_t ids, const Augmentation& augmentation) {
  const bool noise = augmentation.noise > 0;
  if (ids == 0 || (!noise && augmentation.rotate == 0)) return;
  throw InputError(fmt::format("augment.{} would change the ids that the model takes: leave it out",
                               noise ? "noise" : "rotate"));
}

template <typename T>
void CheckIds(size_t ids, const Samples& samples, const std::string& row) {
  if (ids == 0) return;
  const OwnedMatrix<T> block(kBlockRows, samples.shape.size());
  std::vector<uint32_t> order(samples.count);
  std::iota(order.begin(), order.end(), 0u);
  for (size_t begin = 0; begin < samples.count; begin += kBlockRows) {
    const size_t count = std::min(kBlockRows, samples.count - begin);
    const Matrix<T> x = block.view().Rows(0, count);
    GatherInputs(samples, std::span<const uint32_t>(order).subspan(begin, count), x);
    for (size_t r = 0; r < count; ++r) {
      for (size_t c = 0; c < x.cols; ++c) {
        const double value = static_cast<double>(x(r, c));
        const bool is_id = value >= 0 && value < static_cast<double>(ids);
        if (is_id && value == std::floor(value)) continue;
        throw InputError(
            fmt::format("{} {} has {:.9g} in column {}, which is not an id: the model takes whole "
                        "numbers from 0 to {}",
                        row, begin + r, value, c, ids - 1));
      }
    }
  }
}

template size_t IdsOf(const ExperimentSpec<float>&, const Network<float>&);
template size_t IdsOf(const ExperimentSpec<double>&, const Network<double>&);
template void CheckIds<float>(size_t, const Samples&, const std::string&);
template void CheckIds<double>(size_t, const Samples&, const std::string&);

}  // namespace nabla
