// The first layer on rows of which 19 % are not zero, as MNIST's: sparse rows beside dense ones.
#ifndef NABLA_BENCH_SPARSE_H_
#define NABLA_BENCH_SPARSE_H_

namespace nabla {

// Registers sparse/<simd>/<type>/<outputs>/<product>/<sparse or dense>.
void RegisterSparse();

}  // namespace nabla

#endif  // NABLA_BENCH_SPARSE_H_
