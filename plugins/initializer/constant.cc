#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Constant : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{"constant", "One value everywhere; draws nothing.",
                                    "w = value"};

  template <typename V>
  static void Fields(V& v) {
    v("value", &Constant::value, {.doc = "the value", .required = true});
  }

  void Fill(Matrix<T> w, const Fans&, Generator&) const override {
    this->Assign(std::vector<T>(w.rows * w.cols, static_cast<T>(value)), w);
  }

  double value = 0;
};

NABLA_PLUGIN_END(Constant)
