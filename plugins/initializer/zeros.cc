#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Zeros : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{"zeros", "All zero; draws nothing.", "w = 0"};

  void Fill(Matrix<T> w, const Fans&, Generator&) const override {
    this->Assign(std::vector<T>(w.rows * w.cols), w);
  }
};

NABLA_PLUGIN_END(Zeros)
