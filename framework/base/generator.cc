#include "framework/base/generator.h"

#include <string>

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

std::unique_ptr<Generator> MakeGenerator(RngKind kind, uint64_t seed) {
  switch (kind) {
    case RngKind::kTorch:
      return std::make_unique<TorchGenerator>(seed);
    case RngKind::kNumpy:
      return std::make_unique<NumpyGenerator>(seed);
    case RngKind::kNabla:
      break;
  }
  return std::make_unique<NablaGenerator>(seed);
}

}  // namespace nabla
