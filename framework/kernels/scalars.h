// Functions of one number with the same bits on every machine, unlike libm's.
#ifndef NABLA_FRAMEWORK_KERNELS_SCALARS_H_
#define NABLA_FRAMEWORK_KERNELS_SCALARS_H_

#include <cstdint>

namespace nabla {

double ExpOf(double x);
double Log1pOf(double x);  // log(1 + x)
double SigmoidOf(double x);
// For |x| < 39000.
double SinOf(double x);
// base^exponent by squaring, exponent >= 0.
double PowerOf(double base, int64_t exponent);
// base^exponent, base >= 0: exp(exponent log(base)), so |exponent log(base)| units in the last
// place.
double RealPowerOf(double base, double exponent);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_SCALARS_H_
