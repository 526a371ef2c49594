// Matrix products at the shapes of the experiments, as a fraction of the measured peak: ours on
// every instruction set of this CPU, and those of the BLAS libraries that are installed.
#ifndef NABLA_BENCH_GEMM_H_
#define NABLA_BENCH_GEMM_H_

namespace nabla {

// Registers gemm/<simd or library>/<type>/<network>/<form>/<MxKxN>/threads:<count>.
void RegisterGemm();

}  // namespace nabla

#endif  // NABLA_BENCH_GEMM_H_
