#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class TopK : public Metric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "top_k", "The fraction of rows whose class is among the k largest outputs.",
      "sum [fewer than k outputs come before z[label]] / N; of equal outputs the first comes "
      "first"};

  template <typename V>
  static void Fields(V& v) {
    v("k", &TopK::k,
      {.doc = "number of largest outputs among which the class counts as found", .min = 1});
  }

  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<Pass>(static_cast<size_t>(k));
  }

  int64_t k = 5;

 private:
  class Pass : public MetricPass<T> {
   public:
    explicit Pass(size_t k) : k_(k) {}

    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      for (size_t r = 0; r < z.rows; ++r) {
        const auto label = static_cast<size_t>(targets.labels[r]);
        const T own = z(r, label);
        size_t before = 0;
        for (size_t c = 0; c < z.cols; ++c) {
          before += z(r, c) > own || (z(r, c) == own && c < label);
        }
        right_ += before < k_ && !std::isnan(own);
      }
      rows_ += z.rows;
    }
    std::vector<std::pair<std::string, double>> Results() const override {
      return {{"top" + std::to_string(k_) + "_accuracy",
               static_cast<double>(right_) / static_cast<double>(rows_)}};
    }

   private:
    const size_t k_;
    size_t right_ = 0;
    size_t rows_ = 0;
  };
};

NABLA_PLUGIN_END(TopK)
