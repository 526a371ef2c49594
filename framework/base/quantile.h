// The normal distribution's quantile function, computed with additions, products, quotients, roots
// and fused multiply-adds alone, so that its bits do not depend on a math library.
#ifndef NABLA_FRAMEWORK_BASE_QUANTILE_H_
#define NABLA_FRAMEWORK_BASE_QUANTILE_H_

namespace nabla {

// z >= 0 such that a standard normal value exceeds z with probability `tail`, for a normal number
// 0 < tail <= 1/2. Relative error about 1e-15 (Wichura, algorithm AS 241, Applied Statistics 37
// (1988), routine PPND16).
double UpperNormalQuantile(double tail);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_QUANTILE_H_
