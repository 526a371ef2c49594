#include "framework/training/initial_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "framework/base/error.h"
#include "framework/data/files.h"
#include "framework/formats/named_tensor.h"
#include "framework/record/checkpoint.h"

namespace nabla {
namespace {

[[noreturn]] void Fail(const std::string& init_from, const std::string& what) {
  throw InputError(fmt::format("init_from is {}: {}", init_from, what));
}

StoredParameters Read(const std::string& init_from) {
  const Files files(FilesOptions::FromEnvironment());
  try {
    return ReadStoredParameters(FindModel(files.Resolve(init_from), false));
  } catch (const InputError& e) {
    Fail(init_from, e.problems().front().message);
  }
}

std::string ShapeText(const std::vector<size_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

template <typename T, typename Stored>
void Convert(const NamedTensor& tensor, Matrix<T> out) {
  const OwnedMatrix<Stored> stored(out.rows, out.cols);
  UnpackTensor<Stored>(tensor, stored.view(), tensor.name);
  for (size_t r = 0; r < out.rows; ++r) {
    for (size_t c = 0; c < out.cols; ++c) out(r, c) = static_cast<T>(stored.view()(r, c));
  }
}

template <typename T>
void Fill(const NamedTensor& tensor, Matrix<T> out) {
  using Other = std::conditional_t<std::is_same_v<T, float>, double, float>;
  tensor.dtype == kElementTypeOf<T> ? Convert<T, T>(tensor, out) : Convert<T, Other>(tensor, out);
}

// Why a parameter is not taken from this tensor; "" if it is.
std::string Unfit(const std::string& name, const NamedTensor* tensor,
                  const std::vector<size_t>& shape) {
  if (tensor == nullptr) return name + " is not there";
  if (tensor->shape == shape) return "";
  return fmt::format("{} is {} there and {} here", name, ShapeText(tensor->shape),
                     ShapeText(shape));
}

}  // namespace

std::string InitialWeights::Text() const {
  std::string text = fmt::format("took {} of {} parameters of weights {}", taken, parameters, hash);
  if (!left.empty()) text += fmt::format("; not taken: {}", fmt::join(left, ", "));
  return text;
}

template <typename T>
InitialWeights TakeInitialWeights(const std::string& init_from, Network<T>* network) {
  const StoredParameters stored = Read(init_from);
  std::map<std::string, const NamedTensor*> unused;
  for (const NamedTensor& tensor : stored.tensors) unused[tensor.name] = &tensor;
  InitialWeights result{.hash = stored.weights_hash, .parameters = network->parameters().size()};
  for (size_t p = 0; p < network->parameters().size(); ++p) {
    const Parameter<T>& parameter = network->parameters()[p];
    const Matrix<T> value = parameter.value.view();
    const auto found = unused.find(parameter.name);
    const NamedTensor* tensor = found == unused.end() ? nullptr : found->second;
    if (tensor != nullptr) unused.erase(found);
    std::string unfit = Unfit(parameter.name, tensor, {value.rows, value.cols});
    if (!unfit.empty()) {
      result.left.push_back(std::move(unfit));
      continue;
    }
    Fill(*tensor, value);
    network->Mirror(p, 0, value.rows);
    ++result.taken;
  }
  for (const auto& [name, tensor] : unused) result.left.push_back(name + " is not here");
  if (result.taken == 0) {
    Fail(init_from,
         fmt::format("none of its parameters fits this model: {}", fmt::join(result.left, ", ")));
  }
  const std::string infinite = network->FirstNonFinite();
  if (infinite.empty()) return result;
  Fail(init_from, fmt::format("{} has a number that is not finite in {}", infinite,
                              sizeof(T) == sizeof(float) ? "float32" : "float64"));
}

void AddInitialWeights(const ExperimentHead& spec, RunInputs* inputs) {
  if (spec.init_from) inputs->emplace_back("init_from", Read(*spec.init_from).weights_hash);
}

template InitialWeights TakeInitialWeights(const std::string&, Network<float>*);
template InitialWeights TakeInitialWeights(const std::string&, Network<double>*);

}  // namespace nabla
