// Convolutions at the shapes of common nets, as a fraction of the measured peak: the direct kernels
// on every instruction set of this CPU beside im2col.
#ifndef NABLA_BENCH_CONV_H_
#define NABLA_BENCH_CONV_H_

namespace nabla {

// Registers conv/<simd>/<type>/<layer>/<product>/<direct or im2col>.
void RegisterConv();

}  // namespace nabla

#endif  // NABLA_BENCH_CONV_H_
