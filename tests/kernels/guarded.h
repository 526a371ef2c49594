// Memory for tests of kernels: a read or write past the end crashes, a write into the padding of
// rows is seen.
#ifndef NABLA_TESTS_KERNELS_GUARDED_H_
#define NABLA_TESTS_KERNELS_GUARDED_H_

#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include "framework/tensor/matrix.h"

namespace nabla {

// n elements whose last byte is the last one before a page that may not be touched.
template <typename T>
class GuardedArray {
 public:
  explicit GuardedArray(size_t n) : size_(n) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t pages = (n * sizeof(T) + page - 1) / page;
    mapped_ = (pages + 1) * page;
    base_ = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base_ == MAP_FAILED) throw std::runtime_error("mmap failed");
    char* guard = static_cast<char*>(base_) + pages * page;
    if (mprotect(guard, page, PROT_NONE) != 0) throw std::runtime_error("mprotect failed");
    data_ = reinterpret_cast<T*>(guard) - n;
  }
  ~GuardedArray() { munmap(base_, mapped_); }
  GuardedArray(const GuardedArray&) = delete;
  GuardedArray& operator=(const GuardedArray&) = delete;

  T* data() { return data_; }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }

 private:
  size_t size_;
  size_t mapped_;
  void* base_;
  T* data_;
};

// A rows x cols matrix that ends at the guard page; the padding of its rows holds a canary.
template <typename T>
class GuardedMatrix {
 public:
  GuardedMatrix(size_t rows, size_t cols, size_t stride)
      : rows_(rows), cols_(cols), stride_(stride), memory_(rows == 0 ? 0 : Used()) {
    for (size_t i = 0; i < memory_.size(); ++i) memory_[i] = kCanary;
  }

  Matrix<T> view() { return {memory_.data(), rows_, cols_, stride_}; }

  // Whether no padding was written.
  bool Intact() {
    for (size_t i = 0; i < memory_.size(); ++i) {
      if (i % stride_ >= cols_ && memory_[i] != kCanary) return false;
    }
    return true;
  }

 private:
  static constexpr T kCanary = T(-12345.678);

  size_t Used() const { return (rows_ - 1) * stride_ + cols_; }

  size_t rows_;
  size_t cols_;
  size_t stride_;
  GuardedArray<T> memory_;
};

// Whether the bits agree. All NaN count as one: which operand's payload survives a fused
// multiply-add is the compiler's choice.
template <typename T>
bool SameBits(T a, T b) {
  return (a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b));
}

// Ordinary numbers, and with `specials` now and then one of the awkward ones.
template <typename T>
T RandomNumber(std::mt19937_64& random, bool specials) {
  using Limits = std::numeric_limits<T>;
  static const std::vector<T> kSpecials = {T(0),
                                           T(-0.0),
                                           Limits::infinity(),
                                           -Limits::infinity(),
                                           Limits::quiet_NaN(),
                                           Limits::denorm_min(),
                                           -Limits::min() / 2,
                                           Limits::max(),
                                           Limits::lowest(),
                                           Limits::min()};
  if (specials && random() % 24 == 0) return kSpecials[random() % kSpecials.size()];
  return static_cast<T>(std::normal_distribution<double>()(random));
}

template <typename T>
void Fill(Matrix<T> m, std::mt19937_64& random, bool specials) {
  for (size_t r = 0; r < m.rows; ++r) {
    for (size_t c = 0; c < m.cols; ++c) m(r, c) = RandomNumber<T>(random, specials);
  }
}

}  // namespace nabla

#endif  // NABLA_TESTS_KERNELS_GUARDED_H_
