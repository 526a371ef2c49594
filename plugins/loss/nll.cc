#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

enum class NllInput { kProbabilities, kLogProbabilities };

constexpr auto NamesOf(NllInput) {
  return std::to_array<std::pair<NllInput, const char*>>(
      {{NllInput::kProbabilities, "probabilities"},
       {NllInput::kLogProbabilities, "log_probabilities"}});
}

template <typename T>
class Nll : public ClassLoss<T> {
 public:
  static constexpr PluginInfo kInfo{
      "nll", "Negative log likelihood of a class.",
      "q = z[label] + epsilon, row = -log q, dz[label] = -1 / q / B; with clamp q is kept within "
      "clamp .. 1 and dz is 0 outside; log probabilities: row = -z[label], dz[label] = -1 / B"};

  template <typename V>
  static void Fields(V& v) {
    v("input", &Nll::input, {.doc = "what z is; log_probabilities is PyTorch's nll_loss"});
    v("epsilon", &Nll::epsilon, {.doc = "added to z[label]", .min = 0, .max = 1});
    v("clamp", &Nll::clamp, {.doc = "least z[label]; 0: no clamp", .min = 0, .max = 1});
    ClassLoss<T>::Fields(v);
  }
  void CheckFields() const {
    if (input == NllInput::kLogProbabilities && (epsilon > 0 || clamp > 0)) {
      throw InputError("epsilon and clamp are for probabilities");
    }
  }

  LossDomain Domain() const override {
    return input == NllInput::kProbabilities ? LossDomain::kProbabilities : LossDomain::kAny;
  }

  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    const double weight = this->Weight(static_cast<double>(batch_rows));
    const bool logarithms = input == NllInput::kLogProbabilities;
    for (size_t r = 0; r < z.rows; ++r) {
      const auto label = static_cast<size_t>(targets.labels[r]);
      std::fill_n(dz.Row(r), z.cols, T{0});
      rows[r] = static_cast<double>(z(r, label));
      if (logarithms) {
        dz(r, label) = static_cast<T>(-weight);
        continue;
      }
      const double q = rows[r] + epsilon;
      const bool clamped = clamp > 0 && (q < clamp || q > 1);
      if (!clamped) dz(r, label) = static_cast<T>(-weight / q);
      rows[r] = clamped ? std::clamp(q, clamp, 1.0) : q;
    }
    if (!logarithms) LogSpan(rows, rows, z.rows);
    for (size_t r = 0; r < z.rows; ++r) rows[r] = -rows[r];
  }

  NllInput input = NllInput::kProbabilities;
  double epsilon = 0;
  double clamp = 0;
};

NABLA_PLUGIN_END(Nll)
