// Aligned memory, and matrices that own it.
#ifndef NABLA_FRAMEWORK_TENSOR_STORAGE_H_
#define NABLA_FRAMEWORK_TENSOR_STORAGE_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

#include "framework/tensor/matrix.h"

namespace nabla {

// One cache line, and one AVX-512 vector.
inline constexpr size_t kAlignment = 64;

// `cols` rounded up so that every row of a matrix of T starts aligned.
template <typename T>
constexpr size_t PaddedStride(size_t cols) {
  constexpr size_t lanes = kAlignment / sizeof(T);
  return (cols + lanes - 1) / lanes * lanes;
}

// `size` numbers, aligned and initially zero.
template <typename T>
class Storage {
 public:
  Storage() = default;
  explicit Storage(size_t size)
      : data_(static_cast<T*>(
            ::operator new (std::max<size_t>(size, 1) * sizeof(T), std::align_val_t{kAlignment}))),
        size_(size) {
    std::fill_n(data_.get(), size, T{});
  }

  T* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete (p, std::align_val_t{kAlignment}); }
  };
  std::unique_ptr<T, Free> data_;
  size_t size_ = 0;
};

// A rows x cols matrix with padded rows; the padding starts as zero.
template <typename T>
class OwnedMatrix {
 public:
  OwnedMatrix() = default;
  OwnedMatrix(size_t rows, size_t cols)
      : storage_(rows * PaddedStride<T>(cols)),
        view_{storage_.data(), rows, cols, PaddedStride<T>(cols)} {}

  const Matrix<T>& view() const { return view_; }

 private:
  Storage<T> storage_;
  Matrix<T> view_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TENSOR_STORAGE_H_
