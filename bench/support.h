// What the benchmarks share.
#ifndef NABLA_BENCH_SUPPORT_H_
#define NABLA_BENCH_SUPPORT_H_

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "framework/engine/threads.h"
#include "framework/tensor/matrix.h"

namespace nabla {

template <typename T>
inline constexpr const char* kTypeName = sizeof(T) == 4 ? "float" : "double";

// Steps that come before those that are measured: memory and threads are there by then, and a step
// has found out whether a second thread pays.
inline constexpr int kWarmSteps = 16;

// A counter of what each iteration does `per_iteration` of, per second.
inline benchmark::Counter Rate(const benchmark::State& state, double per_iteration) {
  return benchmark::Counter(per_iteration * static_cast<double>(state.iterations()),
                            benchmark::Counter::kIsRate);
}

// 1 and the cores that this process may use.
inline std::vector<size_t> ThreadCounts() {
  const size_t cores = UsableCores();
  return cores == 1 ? std::vector<size_t>{1} : std::vector<size_t>{1, cores};
}

// A matrix as the engine has it: rows padded to whole cache lines.
template <typename T>
class Padded {
 public:
  Padded(size_t rows, size_t cols)
      : rows_(rows), cols_(cols), stride_((cols + 15) / 16 * 16), memory_(rows * stride_ + 64) {
    for (size_t i = 0; i < memory_.size(); ++i) memory_[i] = T(int(i * 37 % 101) - 50) / 50;
  }
  Matrix<T> view() {
    const size_t skip = (64 - reinterpret_cast<uintptr_t>(memory_.data()) % 64) % 64 / sizeof(T);
    return {memory_.data() + skip, rows_, cols_, stride_};
  }

 private:
  size_t rows_;
  size_t cols_;
  size_t stride_;
  std::vector<T> memory_;
};

}  // namespace nabla

#endif  // NABLA_BENCH_SUPPORT_H_
