#include "framework/terminal/dump_step.h"

#include <fmt/format.h>

namespace nabla {
namespace {

template <typename T>
std::string Table(const std::string& title, Matrix<const T> m) {
  std::string text = "  " + title + ":\n";
  for (size_t r = 0; r < m.rows; ++r) {
    text += "   ";
    for (size_t c = 0; c < m.cols; ++c) text += fmt::format(" {:>22}", m(r, c));
    text += "\n";
  }
  return text;
}

}  // namespace

template <typename T>
std::string DumpStep(const Network<T>& network, const Step<T>& step, size_t rows) {
  std::string text;
  for (size_t i = 0; i < network.layers().size(); ++i) {
    text += fmt::format("layer {}\n", i);
    text += Table("output", step.Output(i).Rows(0, rows));
    if (i >= step.plan().first_trained) {
      text += Table("gradient of the loss", step.OutputGradient(i).Rows(0, rows));
    }
  }
  for (size_t p = 0; p < network.parameters().size(); ++p) {
    text += "parameter " + network.parameters()[p].name + "\n";
    text += Table<T>("gradient", step.gradients()[p].view());
    text += Table<T>("after the step", network.parameters()[p].value.view());
  }
  return text;
}

template std::string DumpStep(const Network<float>&, const Step<float>&, size_t);
template std::string DumpStep(const Network<double>&, const Step<double>&, size_t);

}  // namespace nabla
