#include "framework/export/c_functions.h"

namespace nabla {
namespace {

constexpr std::string_view kElu = R"(
static inline real @elu(real v, real alpha) { return v > 0 ? v : alpha * expm1$(v); }
)";

constexpr std::string_view kGelu = R"(
static inline real @gelu(real v) {
  return v * fma$(0.5$, erf$(0.70710678118654752440$ * v), 0.5$);
}
)";

constexpr std::string_view kGeluTanh = R"(
static inline real @gelu_tanh(real v) {
  const real inner = 0.79788456080286535588$ * fma$(0.044715$ * (v * v), v, v);
  return v * fma$(0.5$, tanh$(inner), 0.5$);
}
)";

constexpr std::string_view kHardswish = R"(
static inline real @hardswish(real v) {
  return v < -3 ? 0 : v > 3 ? v : v * (v + 3) / 6;
}
)";

constexpr std::string_view kHardtanh = R"(
static inline real @hardtanh(real v, real low, real high) {
  return v < low ? low : v > high ? high : v;
}
)";

constexpr std::string_view kLeakyRelu = R"(
static inline real @leaky_relu(real v, real slope) { return v * (v > 0 ? 1 : slope); }
)";

constexpr std::string_view kLogSigmoid = R"(
static inline real @log_sigmoid(real v) { return (v < 0 ? v : 0) - log1p$(exp$(-fabs$(v))); }
)";

constexpr std::string_view kMish = R"(
static inline real @mish(real v) {
  const real e = exp$(v > 20 ? 20 : v);
  const real n = e * (e + 2);
  return v * (n / (n + 2));
}
)";

constexpr std::string_view kRelu = R"(
static inline real @relu(real v) { return v < 0 ? 0 : v; }
)";

constexpr std::string_view kRelu6 = R"(
static inline real @relu6(real v) { return v > 6 ? 6 : v < 0 ? 0 : v; }
)";

constexpr std::string_view kSelu = R"(
static inline real @selu(real v, real scale, real alpha) {
  return v > 0 ? scale * v : scale * alpha * expm1$(v);
}
)";

constexpr std::string_view kSigmoid = R"(
static inline real @sigmoid(real v) {
  const real e = exp$(-fabs$(v));
  return (v < 0 ? e : 1) / (1 + e);
}
)";

constexpr std::string_view kSilu = R"(
static inline real @silu(real v) { return v * @sigmoid(v); }
)";

constexpr std::string_view kSoftplus = R"(
static inline real @softplus(real v, real beta, real threshold) {
  const real z = beta * v;
  return z > threshold ? v : ((z > 0 ? z : 0) + log1p$(exp$(-fabs$(z)))) / beta;
}
)";

constexpr std::string_view kSoftsign = R"(
static inline real @softsign(real v) { return v / (1 + fabs$(v)); }
)";

constexpr std::string_view kTanh = R"(
static inline real @tanh(real v) { return tanh$(v); }
)";

constexpr std::string_view kExp = R"(
static inline real @exp(real v) { return exp$(v); }
)";

// The same for the whole row; y may be x.
constexpr std::string_view kSoftmax = R"(
static inline void @softmax(const real *x, size_t n, real *y) {
  real top = x[0];
  double sum = 0;
  for (size_t i = 1; i < n; ++i) top = x[i] > top ? x[i] : top;
  for (size_t i = 0; i < n; ++i) {
    y[i] = exp$(x[i] - top);
    sum += (double)y[i];
  }
  for (size_t i = 0; i < n; ++i) y[i] /= (real)sum;
}
)";

constexpr std::string_view kLogSoftmax = R"(
static inline void @log_softmax(const real *x, size_t n, real *y) {
  real top = x[0];
  double sum = 0;
  for (size_t i = 1; i < n; ++i) top = x[i] > top ? x[i] : top;
  for (size_t i = 0; i < n; ++i) sum += (double)exp$(x[i] - top);
  for (size_t i = 0; i < n; ++i) y[i] = (x[i] - top) - (real)log(sum);
}
)";

}  // namespace

const std::vector<CFunction>& CActivationFunctions() {
  static const std::vector<CFunction> functions = {{"elu", kElu, {}, true},
                                                   {"exp", kExp, {}, true},
                                                   {"gelu", kGelu, {}, true},
                                                   {"gelu_tanh", kGeluTanh, {}, true},
                                                   {"hardswish", kHardswish},
                                                   {"hardtanh", kHardtanh},
                                                   {"leaky_relu", kLeakyRelu},
                                                   {"log_sigmoid", kLogSigmoid, {}, true},
                                                   {"log_softmax", kLogSoftmax, {}, true},
                                                   {"mish", kMish, {}, true},
                                                   {"relu", kRelu},
                                                   {"relu6", kRelu6},
                                                   {"selu", kSelu, {}, true},
                                                   {"sigmoid", kSigmoid, {}, true},
                                                   {"silu", kSilu, {"sigmoid"}, true},
                                                   {"softmax", kSoftmax, {}, true},
                                                   {"softplus", kSoftplus, {}, true},
                                                   {"softsign", kSoftsign},
                                                   {"tanh", kTanh, {}, true}};
  return functions;
}

}  // namespace nabla
