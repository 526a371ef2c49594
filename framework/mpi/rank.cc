#include "framework/mpi/rank.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace nabla {
namespace {

std::optional<size_t> Number(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  size_t value = 0;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, value);
  return error == std::errc() && stop == end ? std::optional<size_t>(value) : std::nullopt;
}

}  // namespace

Rank RankFromEnvironment() {
  constexpr const char* kNames[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                       {"PMI_RANK", "PMI_SIZE"},
                                       {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"}};
  for (const auto& [rank, size] : kNames) {
    const auto index = Number(rank);
    const auto count = Number(size);
    if (index && count && *index < *count) return {*index, *count};
  }
  return {};
}

}  // namespace nabla
