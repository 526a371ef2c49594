#include "framework/measure/step_costs.h"

#include "framework/measure/model_summary.h"

namespace nabla {
namespace {

// The share of the input that is not zero.
double Density(const Samples& samples) {
  const SparseBytes& bytes = *samples.sparse;
  return static_cast<double>(bytes.values.size()) / static_cast<double>(bytes.rows * bytes.width);
}

void Add(const std::string& layer, const char* phase, double seconds, double flops,
         double effective, double bytes, std::vector<TimeRow>* rows) {
  if (seconds > 0) rows->push_back({layer, phase, seconds, flops, effective, bytes});
}

template <typename T>
double Bytes(const Network<T>& network, const NetworkLayer<T>& layer) {
  double numbers = 0;
  for (size_t k = 0; k < layer.parameter_count; ++k) {
    const Matrix<T> w = network.parameters()[layer.first_parameter + k].value.view();
    numbers += static_cast<double>(w.rows * w.cols);
  }
  return numbers * sizeof(T);
}

}  // namespace

template <typename T>
StepCosts<T>::StepCosts(const ExperimentSpec<T>& spec, const Network<T>& network,
                        const Samples& samples, size_t batch, bool sparse)
    : spec_(spec),
      network_(network),
      samples_(samples),
      batch_(static_cast<double>(batch)),
      sparse_(sparse) {}

template <typename T>
std::vector<TimeRow> StepCosts<T>::Rows(const StepTimes& times) const {
  std::vector<TimeRow> rows;
  const double input = static_cast<double>(samples_.shape.size());
  const double stored = samples_.pixels.empty() ? sizeof(double) : 1;
  Add("", "gather", times.gather, 0, 0, sparse_ ? 0 : batch_ * input * (stored + sizeof(T)), &rows);
  for (size_t i = 0; i < times.layers.size(); ++i) {
    AddLayer(i, "forward", times.layers[i].forward, &rows);
  }
  const double output = static_cast<double>(network_.output().size());
  Add("", "loss", times.loss, 0, 0, batch_ * output * 2 * sizeof(T), &rows);
  for (size_t i = times.layers.size(); i-- > 0;) {
    AddLayer(i, "backward", times.layers[i].backward, &rows);
  }
  for (size_t i = times.layers.size(); i-- > 0;) {
    AddLayer(i, "gradient", times.layers[i].gradient, &rows);
    const LayerTimes& t = times.layers[i];
    Add(Name(i), "update", t.update, 0, 0, UpdateBytes(i), &rows);
  }
  return rows;
}

template <typename T>
void StepCosts<T>::AddLayer(size_t i, const char* phase, double seconds,
                            std::vector<TimeRow>* rows) const {
  const RowWork work = WorkOf(i);
  const double flops = 2 * batch_ * work.products;
  const double bytes = batch_ * (work.input_bytes + work.output_bytes) + ParameterBytes(i);
  Add(Name(i), phase, seconds, flops, flops * work.density, bytes, rows);
}

template <typename T>
std::string StepCosts<T>::Name(size_t i) const {
  const std::string& path = network_.layers()[i].path;
  return path + " " + LayerName(spec_, path);
}

template <typename T>
typename StepCosts<T>::RowWork StepCosts<T>::WorkOf(size_t i) const {
  const NetworkLayer<T>& layer = network_.layers()[i];
  RowWork work{.products = static_cast<double>(layer.multiply_adds),
               .input_bytes = static_cast<double>(layer.input.size() * sizeof(T)),
               .output_bytes = static_cast<double>(layer.output.size() * sizeof(T))};
  if (i == 0 && sparse_) {
    work.density = Density(samples_);
    work.input_bytes = static_cast<double>(layer.input.size()) * (work.density + 1.0 / 8);
  }
  return work;
}

template <typename T>
double StepCosts<T>::ParameterBytes(size_t i) const {
  return Bytes(network_, network_.layers()[i]);
}

template <typename T>
double StepCosts<T>::UpdateBytes(size_t i) const {
  return ParameterBytes(i) * static_cast<double>(3 + 2 * spec_.optimizer->States());
}

template class StepCosts<float>;
template class StepCosts<double>;

}  // namespace nabla
