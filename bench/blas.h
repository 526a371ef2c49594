// BLAS libraries of the system to compare with. They are opened at run time, since they export the
// same names; a library that is not installed is left out.
#ifndef NABLA_BENCH_BLAS_H_
#define NABLA_BENCH_BLAS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace nabla {

// An operand as it lies in memory: row-major, `stride` numbers from row to row.
template <typename T>
struct BlasOperand {
  const T* data = nullptr;
  size_t stride = 0;
  bool transposed = false;  // whether the product takes its transpose
};

class Blas {
 public:
  virtual ~Blas() = default;

  virtual std::string name() const = 0;
  virtual bool has_double() const = 0;
  // Of all calls from now on.
  virtual void SetThreads(int threads) const = 0;

  // c (M x N, `stride` apart) = a (M x K) b (K x N) [+ c].
  virtual void Gemm(size_t m, size_t n, size_t k, BlasOperand<float> a, BlasOperand<float> b,
                    float* c, size_t stride, bool accumulate) const = 0;
  // The same; only where has_double().
  virtual void Gemm(size_t m, size_t n, size_t k, BlasOperand<double> a, BlasOperand<double> b,
                    double* c, size_t stride, bool accumulate) const = 0;
};

// OpenBLAS, BLIS and oneDNN, those that are installed. They live as long as the process.
const std::vector<const Blas*>& InstalledBlas();

}  // namespace nabla

#endif  // NABLA_BENCH_BLAS_H_
