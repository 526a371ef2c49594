#include "framework/base/mersenne.h"

#include <array>
#include <locale>
#include <sstream>

#include "framework/base/bytes.h"
#include "framework/base/error.h"

namespace nabla {
namespace {

// The words that libstdc++ writes for an engine: the table and how much of it is used up.
constexpr size_t kTable = std::mt19937::state_size;
using EngineWords = std::array<uint32_t, kTable + 1>;

constexpr size_t kStateBytes = 1 + sizeof(EngineWords) + sizeof(uint8_t) + sizeof(double);

// An engine's state is accessible only as text.
EngineWords ToWords(const std::mt19937& engine) {
  std::stringstream text;
  text.imbue(std::locale::classic());
  text << engine;
  EngineWords words;
  for (uint32_t& word : words) text >> word;
  return words;
}

std::mt19937 ToEngine(const EngineWords& words) {
  std::stringstream text;
  text.imbue(std::locale::classic());
  for (const uint32_t word : words) text << word << ' ';
  std::mt19937 engine;
  text >> engine;
  return engine;
}

}  // namespace

std::vector<uint8_t> MersenneGenerator::State() const {
  std::vector<uint8_t> state;
  AppendBytes(kind_, &state);
  AppendBytes(ToWords(engine_), &state);
  AppendBytes(static_cast<uint8_t>(kept_.has_value()), &state);
  AppendBytes(kept_.value_or(0), &state);
  return state;
}

void MersenneGenerator::SetState(std::span<const uint8_t> state) {
  CheckState(state, kind_, kStateBytes);
  state = state.subspan(1);
  const EngineWords words = TakeBytes<EngineWords>(&state);
  const uint8_t has_kept = TakeBytes<uint8_t>(&state);
  const double kept = TakeBytes<double>(&state);
  if (words[kTable] > kTable || has_kept > 1) {
    throw InputError("the random number state is damaged");
  }
  engine_ = ToEngine(words);
  kept_ = has_kept == 1 ? std::optional(kept) : std::nullopt;
}

}  // namespace nabla
