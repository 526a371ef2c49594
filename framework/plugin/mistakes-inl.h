// Says in one line what is wrong where a plugin treats a vector of numbers as a number: x * 2, -x,
// x > 0, std::exp(x), std::max(x, y). Without it compilers list hundreds of functions that do not
// fit. Included once for every SIMD target, by plugin.h alone.
#if defined(NABLA_FRAMEWORK_PLUGIN_MISTAKES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_PLUGIN_MISTAKES_INL_H_
#undef NABLA_FRAMEWORK_PLUGIN_MISTAKES_INL_H_
#else
#define NABLA_FRAMEWORK_PLUGIN_MISTAKES_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

// What hn::Load returns.
template <typename V>
concept LaneVector = requires {
  typename hwy::HWY_NAMESPACE::DFromV<V>;
};
template <typename N>
concept LaneNumber = std::is_arithmetic_v<N>;

// Depends on V, so that it fails only where the function around it is used.
template <typename V>
inline constexpr bool kNeverRight = false;

#define NABLA_OPERATOR_MISTAKE(symbol, Result, message) \
  template <LaneVector V, LaneNumber N>                 \
  Result operator symbol(V x, N) {                      \
    static_assert(kNeverRight<V>, message);             \
    return Result(x);                                   \
  }                                                     \
  template <LaneNumber N, LaneVector V>                 \
  Result operator symbol(N, V x) {                      \
    static_assert(kNeverRight<V>, message);             \
    return Result(x);                                   \
  }

// Of two vectors, these are Highway's own.
// clang-format off
NABLA_OPERATOR_MISTAKE(*, V, "a vector times a number: write hn::Mul(x, hn::Set(d, T(a))), not x * a")
NABLA_OPERATOR_MISTAKE(/, V, "a vector over a number: write hn::Div(x, hn::Set(d, T(a))), not x / a")
NABLA_OPERATOR_MISTAKE(+, V, "a vector plus a number: write hn::Add(x, hn::Set(d, T(a))), not x + a")
NABLA_OPERATOR_MISTAKE(-, V, "a vector minus a number: write hn::Sub(x, hn::Set(d, T(a))), not x - a")
// clang-format on

// The result of a wrong comparison fits wherever one of lanes or of numbers would, so that nothing
// else is reported first.
template <typename V>
struct WrongComparison : decltype(hwy::HWY_NAMESPACE::Eq(V(), V())) {
  explicit WrongComparison(V) {}
  operator bool() const { return false; }
};
// clang-format off
NABLA_OPERATOR_MISTAKE(<, WrongComparison<V>, "a vector compared with a number: write hn::Lt(x, hn::Set(d, T(a))), not x < a")
NABLA_OPERATOR_MISTAKE(>, WrongComparison<V>, "a vector compared with a number: write hn::Gt(x, hn::Set(d, T(a))), not x > a")
NABLA_OPERATOR_MISTAKE(<=, WrongComparison<V>, "a vector compared with a number: write hn::Le(x, hn::Set(d, T(a))), not x <= a")
NABLA_OPERATOR_MISTAKE(>=, WrongComparison<V>, "a vector compared with a number: write hn::Ge(x, hn::Set(d, T(a))), not x >= a")
NABLA_OPERATOR_MISTAKE(==, WrongComparison<V>, "a vector compared with a number: write hn::Eq(x, hn::Set(d, T(a))), not x == a")
NABLA_OPERATOR_MISTAKE(!=, WrongComparison<V>, "a vector compared with a number: write hn::Ne(x, hn::Set(d, T(a))), not x != a")
// clang-format on

template <LaneVector V>
V operator-(V x) {
  static_assert(kNeverRight<V>, "the negative of a vector: write hn::Neg(x), not -x");
  return x;
}

// What plugins find as std: all of it, and some functions for vectors too. Nothing is added to the
// real namespace.
namespace std {
using namespace ::std;  // NOLINT(google-build-using-namespace)

#define NABLA_FUNCTION_MISTAKE(name, instead)                                                     \
  using ::std::name;                                                                              \
  template <LaneVector V>                                                                         \
  V name(V x) {                                                                                   \
    static_assert(kNeverRight<V>, "std::" #name " takes a number, not a vector: write " instead); \
    return x;                                                                                     \
  }
NABLA_FUNCTION_MISTAKE(abs, "hn::Abs(x)")
NABLA_FUNCTION_MISTAKE(ceil, "hn::Ceil(x)")
NABLA_FUNCTION_MISTAKE(cos, "hn::Cos(d, x)")
NABLA_FUNCTION_MISTAKE(cosh, "VExp(d, x) and hn::Div(one, VExp(d, x))")
NABLA_FUNCTION_MISTAKE(erf, "VErf(d, x)")
NABLA_FUNCTION_MISTAKE(exp, "VExp(d, x)")
NABLA_FUNCTION_MISTAKE(expm1, "VExpm1(d, x)")
NABLA_FUNCTION_MISTAKE(fabs, "hn::Abs(x)")
NABLA_FUNCTION_MISTAKE(floor, "hn::Floor(x)")
NABLA_FUNCTION_MISTAKE(isnan, "hn::IsNaN(x)")
NABLA_FUNCTION_MISTAKE(log, "VLog(d, x)")
NABLA_FUNCTION_MISTAKE(log1p, "VLog1p(d, x)")
NABLA_FUNCTION_MISTAKE(round, "hn::Round(x)")
NABLA_FUNCTION_MISTAKE(sin, "hn::Sin(d, x)")
NABLA_FUNCTION_MISTAKE(sqrt, "hn::Sqrt(x)")
NABLA_FUNCTION_MISTAKE(tanh, "VTanh(d, x)")

#define NABLA_PAIR_MISTAKE(name, instead)                                                       \
  using ::std::name;                                                                            \
  template <LaneVector V>                                                                       \
  const V& name(const V& x, const V&) {                                                         \
    static_assert(kNeverRight<V>, "std::" #name " takes numbers, not vectors: write " instead); \
    return x;                                                                                   \
  }                                                                                             \
  template <LaneVector V, LaneNumber N>                                                         \
  V name(V x, N) {                                                                              \
    static_assert(kNeverRight<V>, "std::" #name " takes numbers, not vectors: write " instead); \
    return x;                                                                                   \
  }                                                                                             \
  template <LaneNumber N, LaneVector V>                                                         \
  V name(N, V x) {                                                                              \
    static_assert(kNeverRight<V>, "std::" #name " takes numbers, not vectors: write " instead); \
    return x;                                                                                   \
  }
NABLA_PAIR_MISTAKE(max, "hn::Max(x, y); of a number, hn::Max(x, hn::Set(d, T(a)))")
NABLA_PAIR_MISTAKE(min, "hn::Min(x, y); of a number, hn::Min(x, hn::Set(d, T(a)))")
NABLA_PAIR_MISTAKE(pow, "hn::Mul(x, x) for x squared, or VExp(d, hn::Mul(y, VLog(d, x)))")
}  // namespace std

// The same without std::, as <math.h> allows.
using std::abs;
using std::ceil;
using std::cos;
using std::cosh;
using std::erf;
using std::exp;
using std::expm1;
using std::fabs;
using std::floor;
using std::log;
using std::log1p;
using std::pow;
using std::round;
using std::sin;
using std::sqrt;
using std::tanh;

#undef NABLA_OPERATOR_MISTAKE
#undef NABLA_FUNCTION_MISTAKE
#undef NABLA_PAIR_MISTAKE

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_PLUGIN_MISTAKES_INL_H_
