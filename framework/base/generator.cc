#include "framework/base/generator.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <unordered_set>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/nabla_generator.h"
#include "framework/base/numpy_generator.h"
#include "framework/base/torch_generator.h"

namespace nabla {

void Generator::CheckState(std::span<const uint8_t> state, RngKind kind, size_t bytes) {
  if (state.size() != bytes) {
    throw InputError("the random number state has " + std::to_string(state.size()) +
                     " bytes; expected " + std::to_string(bytes));
  }
  if (state[0] != static_cast<uint8_t>(kind)) {
    throw InputError("the random number state belongs to another kind of generator");
  }
}

namespace {

// The last values of a list that is shuffled from its end.
void ChooseByShuffle(Generator& generator, size_t n, std::span<uint32_t> out) {
  std::vector<uint32_t> all(n);
  std::iota(all.begin(), all.end(), uint32_t{0});
  for (size_t i = n - 1; i >= std::max<size_t>(n - out.size(), 1); --i) {
    std::swap(all[i], all[generator.Below(i + 1)]);
  }
  std::copy(all.end() - static_cast<ptrdiff_t>(out.size()), all.end(), out.begin());
}

// Bentley and Floyd, "A sample of brilliance" (1987), and a shuffle of what was chosen.
void ChooseByFloyd(Generator& generator, size_t n, std::span<uint32_t> out) {
  std::unordered_set<uint32_t> chosen;
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t last = n - out.size() + i;
    const auto drawn = static_cast<uint32_t>(generator.Below(last + 1));
    out[i] = chosen.contains(drawn) ? static_cast<uint32_t>(last) : drawn;
    chosen.insert(out[i]);
  }
  for (size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[generator.Below(i)]);
}

}  // namespace

void Choose(Generator& generator, size_t n, std::span<uint32_t> out) {
  if (out.empty()) return;
  if (dynamic_cast<NumpyDefaultGenerator*>(&generator) != nullptr) {
    // NumPy's choice between its methods.
    const bool many = n > 10000 && out.size() > n / 50;
    return many ? ChooseByShuffle(generator, n, out) : ChooseByFloyd(generator, n, out);
  }
  std::vector<uint32_t> all(n);
  generator.Permutation(all);
  std::copy_n(all.begin(), out.size(), out.begin());
}

std::unique_ptr<Generator> MakeGenerator(RngKind kind, uint64_t seed) {
  switch (kind) {
    case RngKind::kTorch:
      return std::make_unique<TorchGenerator>(seed);
    case RngKind::kNumpy:
      return std::make_unique<NumpyGenerator>(seed);
    case RngKind::kNumpyDefault:
      return std::make_unique<NumpyDefaultGenerator>(seed);
    case RngKind::kNabla:
      break;
  }
  return std::make_unique<NablaGenerator>(seed);
}

}  // namespace nabla
