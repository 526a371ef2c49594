#include "framework/base/quantile.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace nabla {
namespace {

// Coefficients in falling order of power.
using Polynomial = std::array<double, 8>;

struct Ratio {
  Polynomial above, below;
};

// The paper gives the sum of all mantissas as a check: 55.883192880614901443903 (centre).
constexpr Ratio kCentre = {
    {2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
     4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
     1.3314166789178437745e+2, 3.3871328727963666080e+0},
    {5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4,
     2.1213794301586595867e+4, 5.3941960214247511077e+3, 6.8718700749205790830e+2,
     4.2313330701600911252e+1, 1.0}};

constexpr Ratio kTail = {
    {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
     4.63033784615654529590e+0, 1.42343711074968357734e+0},
    {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e+0,
     2.05319162663775882187e+0, 1.0}};

constexpr Ratio kFarTail = {
    {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
     5.46378491116411436990e+0, 6.65790464350110377720e+0},
    {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0}};

double Evaluate(const Polynomial& polynomial, double x) {
  double sum = polynomial[0];
  for (size_t i = 1; i < polynomial.size(); ++i) sum = std::fma(sum, x, polynomial[i]);
  return sum;
}

double Evaluate(const Ratio& ratio, double x) {
  return Evaluate(ratio.above, x) / Evaluate(ratio.below, x);
}

// Natural logarithm of a normal number x = 2^e m, sqrt(1/2) <= m < sqrt(2):
// e log 2 + 2 (s + s^3 / 3 + s^5 / 5 + ...), s = (m - 1) / (m + 1), |s| < 0.172.
double Log(double x) {
  constexpr double kLog2 = 0.693147180559945309417;
  constexpr double kSqrt2 = 1.41421356237309504880;
  const uint64_t bits = std::bit_cast<uint64_t>(x);
  double exponent = static_cast<double>(static_cast<int64_t>(bits >> 52) - 1023);
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
  if (m >= kSqrt2) {
    m /= 2;
    exponent += 1;
  }
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double series = 0;
  // The first omitted term, s^24 / 25 of the whole, is below 2e-20.
  for (int power = 23; power >= 3; power -= 2) series = std::fma(series, square, 1.0 / power);
  return std::fma(exponent, kLog2, 2 * std::fma(s * square, series, s));
}

}  // namespace

double UpperNormalQuantile(double tail) {
  const double q = 0.5 - tail;
  if (q <= 0.425) return q * Evaluate(kCentre, std::fma(-q, q, 0.180625));
  const double r = std::sqrt(-Log(tail));
  return r <= 5 ? Evaluate(kTail, r - 1.6) : Evaluate(kFarTail, r - 5);
}

}  // namespace nabla
