#include "framework/measure/drawn_function.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "framework/engine/rows.h"
#include "framework/inference/output_kind.h"
#include "framework/training/task_defaults.h"

namespace nabla {
namespace {

constexpr size_t kCellsPerSide = 48;
constexpr size_t kPlacesOnCurve = 160;
constexpr size_t kMostClasses = 16;  // as many as a cell can hold
constexpr size_t kMostPoints = 600;
constexpr int64_t kFrames = 20;

// Evenly chosen rows.
std::vector<uint32_t> Some(size_t count) {
  std::vector<uint32_t> rows(std::min(count, kMostPoints));
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<uint32_t>(i * count / rows.size());
  return rows;
}

template <typename T>
size_t SideOf(const Network<T>& network, const Samples& rows) {
  if (rows.count == 0) return 0;
  const size_t outputs = network.output().size();
  const bool meant = rows.meaning != nullptr;
  if (rows.shape.size() == 2 && rows.classes > 1 && rows.classes <= kMostClasses) {
    const bool fits = IsBinary(network.output(), rows.classes) || outputs == rows.classes;
    return fits ? kCellsPerSide : 0;
  }
  const bool number =
      rows.classes == 0 && !(meant && (rows.meaning->labels || rows.meaning->inputs));
  return rows.shape.size() == 1 && number && outputs == 1 ? kPlacesOnCurve : 0;
}

std::string InputName(const PreparedData& data, size_t i) {
  return i < data.columns.size() ? data.columns[i] : fmt::format("x{}", i);
}

std::string ValueName(const Samples& rows) {
  const bool named = rows.meaning != nullptr && !rows.meaning->values.empty();
  return named ? rows.meaning->values[0] : "target";
}

// The value in the units of the data set.
double RawValue(const Samples& rows, double v) {
  return rows.meaning == nullptr ? v : rows.meaning->Raw(0, v);
}

// That of an input which is constant is infinite: the model gets 0 for whatever it is.
double WidthOf(const InputMoments& moments, size_t input) {
  return std::isinf(moments.std[input]) ? 0 : moments.std[input];
}

}  // namespace

template <typename T>
FunctionRecorder<T>::FunctionRecorder(Experiment<T>& experiment, const PreparedData& data)
    : experiment_(experiment), data_(data) {
  const Samples& rows = data.train;
  const size_t inputs = rows.shape.size();
  // Rows that were scaled by their own numbers are not told from where they lie.
  if (data.input.scale_rows == RowScale::kNone) function_.side = SideOf(experiment.network(), rows);
  if (!IsDrawn()) return;
  for (size_t i = 0; i < inputs; ++i) function_.names.push_back(InputName(data, i));
  if (inputs == 1) function_.names.push_back(ValueName(rows));
  for (size_t c = 0; c < rows.classes; ++c) function_.classes.push_back(rows.ClassName(c));
  kind_ = OutputKindOf(experiment.spec(), rows.classes);
  if (inputs == 2) threshold_ = ThresholdOf(experiment.spec());
  MakeGrid();
  AddPoints();
}

template <typename T>
double FunctionRecorder<T>::Raw(size_t input, double x) const {
  const InputMoments& moments = data_.input.moments;
  if (!moments.mean.empty()) x = x * WidthOf(moments, input) + moments.mean[input];
  const Normalization& n = data_.input.normalization;
  return (x * n.std + n.mean) * n.scale;
}

// A margin around all training rows.
template <typename T>
void FunctionRecorder<T>::MakeGrid() {
  constexpr double kMargin = 0.08;
  const size_t inputs = data_.train.shape.size();
  const std::vector<double> x = InputsAs<T>(data_.train);
  std::vector<double> low(inputs, x[0]);
  std::vector<double> step(inputs);
  const auto last = static_cast<double>(function_.side - 1);
  for (size_t i = 0; i < inputs; ++i) {
    double high = low[i] = x[i];
    for (size_t at = i; at < x.size(); at += inputs) {
      low[i] = std::min(low[i], x[at]);
      high = std::max(high, x[at]);
    }
    const double margin = high > low[i] ? kMargin * (high - low[i]) : 1;
    low[i] -= margin;
    step[i] = (high + margin - low[i]) / last;
    double first_value = Raw(i, low[i]);
    double last_value = Raw(i, low[i] + last * step[i]);
    if (first_value == last_value) {  // an axis around a value that is standardised to nothing
      const double room = std::max(1.0, kMargin * std::abs(first_value));
      first_value -= room;
      last_value += room;
      low[i] = x[i];
      step[i] = 0;
    }
    function_.low.push_back(first_value);
    function_.high.push_back(last_value);
  }
  pass_.emplace(experiment_.network(), function_.side);
  grid_ = OwnedMatrix<T>(inputs == 1 ? function_.side : function_.side * function_.side, inputs);
  for (size_t place = 0; place < grid_.view().rows; ++place) {
    const size_t at[] = {place % function_.side, place / function_.side};
    for (size_t i = 0; i < inputs; ++i) {
      grid_.view()(place, i) = static_cast<T>(low[i] + static_cast<double>(at[i]) * step[i]);
    }
  }
}

template <typename T>
void FunctionRecorder<T>::AddPoints() {
  const Samples& rows = data_.train;
  const std::vector<uint32_t> order = Some(rows.count);
  const OwnedMatrix<T> x(order.size(), rows.shape.size());
  GatherInputs<T>(rows, order, x.view());
  for (size_t r = 0; r < order.size(); ++r) {
    std::vector<double>& point = function_.points.emplace_back();
    for (size_t i = 0; i < x.view().cols; ++i) {
      point.push_back(Raw(i, static_cast<double>(x.view()(r, i))));
    }
    point.push_back(rows.classes > 0 ? rows.labels[order[r]]
                                     : RawValue(rows, rows.values[order[r] * rows.values_per_row]));
  }
}

template <typename T>
uint8_t FunctionRecorder<T>::CellOf(const std::vector<double>& outputs) const {
  const auto top = std::ranges::max_element(outputs);
  auto winner = static_cast<size_t>(top - outputs.begin());
  if (outputs.size() == 1) winner = outputs[0] > threshold_;
  if (!HasProbabilities(kind_)) return static_cast<uint8_t>(16 * winner + 15);
  const double p = std::clamp(Interpret(kind_, outputs)[winner], 0.0, 1.0);
  return static_cast<uint8_t>(16 * winner + static_cast<size_t>(std::lround(15 * p)));
}

template <typename T>
bool FunctionRecorder<T>::AddPlaces(Matrix<const T> z, DrawnFunction::Frame* frame) const {
  std::vector<double> outputs;
  for (size_t r = 0; r < z.rows; ++r) {
    outputs.assign(z.Row(r), z.Row(r) + z.cols);
    if (!std::ranges::all_of(outputs, [](double v) { return std::isfinite(v); })) return false;
    if (function_.classes.empty()) {
      frame->values.push_back(RawValue(data_.train, outputs[0]));
    } else {
      frame->cells.push_back(CellOf(outputs));
    }
  }
  return true;
}

// Outputs that are not finite cannot be drawn.
template <typename T>
void FunctionRecorder<T>::AddFrame(int64_t epoch) {
  DrawnFunction::Frame frame{.epoch = epoch, .cells = {}, .values = {}};
  const size_t side = function_.side;
  for (size_t first = 0; first < grid_.view().rows; first += side) {
    const Matrix<const T> places = grid_.view().Rows(first, first + side);
    if (!AddPlaces(pass_->Of(places).back().view(), &frame)) return;
  }
  function_.frames.push_back(std::move(frame));
}

template <typename T>
void FunctionRecorder<T>::AddEpoch(int64_t epoch) {
  if (!IsDrawn()) return;
  const int64_t epochs = experiment_.spec().train.epochs;
  const bool large = grid_.view().rows * kFrames > static_cast<size_t>(epochs) * data_.train.count;
  const int64_t stride = std::max<int64_t>(1, (epochs + kFrames - 1) / kFrames);
  const size_t numbers = experiment_.network().parameter_count();
  constexpr size_t kFewNumbers = 20000;  // a frame takes milliseconds
  if (large && numbers > kFewNumbers) return;
  if (epoch == 1 || epoch % stride == 0) AddFrame(epoch);
}

template <typename T>
DrawnFunction FunctionRecorder<T>::Take(int64_t epoch) {
  if (!IsDrawn()) return {};
  const bool kept = !function_.frames.empty() && function_.frames.back().epoch == epoch;
  if (!kept) AddFrame(epoch);
  return std::move(function_);
}

template class FunctionRecorder<float>;
template class FunctionRecorder<double>;

}  // namespace nabla
