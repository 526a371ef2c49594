#include "framework/training/nudge.h"

#include <cmath>
#include <limits>
#include <memory>

#include "framework/base/generator.h"

namespace nabla {

template <typename T>
void NudgeWeights(uint64_t seed, Network<T>* network) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  const std::unique_ptr<Generator> generator = MakeGenerator(RngKind::kNabla, seed);
  for (size_t p = 0; p < network->parameters().size(); ++p) {
    if (!network->parameters()[p].trained) continue;
    const Matrix<T> value = network->parameters()[p].value.view();
    for (size_t row = 0; row < value.rows; ++row) {
      for (size_t col = 0; col < value.cols; ++col) {
        T& w = value(row, col);
        if (w != 0) w = std::nextafter(w, generator->Below(2) == 0 ? kInfinity : -kInfinity);
      }
    }
    network->Mirror(p, 0, value.rows);
  }
}

template void NudgeWeights(uint64_t, Network<float>*);
template void NudgeWeights(uint64_t, Network<double>*);

}  // namespace nabla
