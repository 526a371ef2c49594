#include "bench/blas.h"

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace nabla {
namespace {

// Null where the library is not installed. Its own names come before those of others.
void* Open(const char* file) { return dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND); }

template <typename F>
F Find(void* library, const char* name) {
  return reinterpret_cast<F>(dlsym(library, name));
}

// A library with the Fortran interface, whose matrices are column-major: it computes c' = b' a'.
class FortranBlas : public Blas {
 public:
  // `set_threads` is the name of the library's function for it.
  FortranBlas(std::string name, void* library, const char* set_threads)
      : name_(std::move(name)),
        sgemm_(Find<Function<float>>(library, "sgemm_")),
        dgemm_(Find<Function<double>>(library, "dgemm_")),
        set_threads_(Find<void (*)(long)>(library, set_threads)) {}

  std::string name() const override { return name_; }
  bool has_double() const override { return true; }
  void SetThreads(int threads) const override { set_threads_(threads); }
  void Gemm(size_t m, size_t n, size_t k, BlasOperand<float> a, BlasOperand<float> b, float* c,
            size_t stride, bool accumulate) const override {
    Call(sgemm_, m, n, k, a, b, c, stride, accumulate);
  }
  void Gemm(size_t m, size_t n, size_t k, BlasOperand<double> a, BlasOperand<double> b, double* c,
            size_t stride, bool accumulate) const override {
    Call(dgemm_, m, n, k, a, b, c, stride, accumulate);
  }

 private:
  template <typename T>
  using Function = void (*)(const char* transpose_a, const char* transpose_b, const int* m,
                            const int* n, const int* k, const T* alpha, const T* a, const int* lda,
                            const T* b, const int* ldb, const T* beta, T* c, const int* ldc,
                            size_t length_a, size_t length_b);

  template <typename T>
  static void Call(Function<T> gemm, size_t m, size_t n, size_t k, const BlasOperand<T>& a,
                   const BlasOperand<T>& b, T* c, size_t stride, bool accumulate) {
    const int rows = static_cast<int>(n), cols = static_cast<int>(m), depth = static_cast<int>(k);
    const int first = static_cast<int>(b.stride), second = static_cast<int>(a.stride);
    const int result = static_cast<int>(stride);
    const T one = 1, start = accumulate ? 1 : 0;
    gemm(b.transposed ? "T" : "N", a.transposed ? "T" : "N", &rows, &cols, &depth, &one, b.data,
         &first, a.data, &second, &start, c, &result, 1, 1);
  }

  std::string name_;
  Function<float> sgemm_;
  Function<double> dgemm_;
  void (*set_threads_)(long);  // int or a 64-bit integer: small numbers are passed alike
};

class OneDnn : public Blas {
 public:
  explicit OneDnn(void* library)
      : sgemm_(Find<Function>(library, "dnnl_sgemm")),
        set_threads_(Find<void (*)(int)>(library, "omp_set_num_threads")) {}

  std::string name() const override { return "onednn"; }
  bool has_double() const override { return false; }
  void SetThreads(int threads) const override { set_threads_(threads); }
  void Gemm(size_t m, size_t n, size_t k, BlasOperand<float> a, BlasOperand<float> b, float* c,
            size_t stride, bool accumulate) const override {
    const auto size = [](size_t x) { return static_cast<int64_t>(x); };
    sgemm_(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', size(m), size(n), size(k), 1, a.data,
           size(a.stride), b.data, size(b.stride), accumulate ? 1 : 0, c, size(stride));
  }
  void Gemm(size_t, size_t, size_t, BlasOperand<double>, BlasOperand<double>, double*, size_t,
            bool) const override {
    std::abort();
  }

 private:
  using Function = int (*)(char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k,
                           float alpha, const float* a, int64_t lda, const float* b, int64_t ldb,
                           float beta, float* c, int64_t ldc);
  Function sgemm_;
  void (*set_threads_)(int);
};

std::vector<const Blas*> OpenAll() {
  std::vector<const Blas*> all;
  if (void* library = Open("libopenblas.so.0")) {
    all.push_back(new FortranBlas("openblas", library, "openblas_set_num_threads"));
  }
  if (void* library = Open("libblis.so.4")) {
    all.push_back(new FortranBlas("blis", library, "bli_thread_set_num_threads"));
  }
  if (void* library = Open("libdnnl.so.2")) all.push_back(new OneDnn(library));
  return all;
}

}  // namespace

const std::vector<const Blas*>& InstalledBlas() {
  static const std::vector<const Blas*>& all = *new std::vector<const Blas*>(OpenAll());
  return all;
}

}  // namespace nabla
