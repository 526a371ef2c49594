// Golden vectors: numbers that another framework computed, one file a family of plugins.
#ifndef NABLA_TESTS_PLUGINS_GOLDEN_H_
#define NABLA_TESTS_PLUGINS_GOLDEN_H_

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/tensor/storage.h"
#include "tests/plugins/builtins.h"

namespace nabla {

using Json = nlohmann::ordered_json;

struct Tensor {
  std::vector<size_t> shape;
  std::vector<double> data;  // row-major
};

// The tensor under a key; reports a failure and gives an empty one if there is none.
Tensor TensorAt(const Json& object, const std::string& key);
bool HasTensor(const Json& object, const std::string& key);

// A tensor as a matrix of `rows` rows, or of as many as its last axis allows.
template <typename T>
OwnedMatrix<T> ToMatrix(const Tensor& tensor, size_t rows = 0) {
  const size_t count = rows > 0 ? rows : tensor.data.size() / tensor.shape.back();
  OwnedMatrix<T> matrix(count, tensor.data.size() / count);
  for (size_t i = 0; i < tensor.data.size(); ++i) {
    matrix.view()(i / matrix.view().cols, i % matrix.view().cols) = static_cast<T>(tensor.data[i]);
  }
  return matrix;
}

// What a golden name and its parameters are called here.
struct Translation {
  std::string plugin;
  Json fixed = Json::object();                 // parameters that the name itself stands for
  std::map<std::string, std::string> renamed;  // "" = says nothing that a plugin needs
};

// The plugin with these parameters; a failure and null if there is none.
template <typename T, typename I>
std::shared_ptr<const I> MakePlugin(const Translation& translation, const Json& params) {
  Json flow = translation.fixed;
  flow["name"] = translation.plugin;
  for (const auto& [key, value] : params.items()) {
    const auto renamed = translation.renamed.find(key);
    const std::string& name = renamed == translation.renamed.end() ? key : renamed->second;
    if (!name.empty()) flow[name] = value;
  }
  Problems problems;
  const MadePlugin made =
      Builtins().Maker<T>()->Make(I::kKind, ParseYamlValue(flow.dump(), "golden"), problems);
  for (const Problem& problem : problems.list()) ADD_FAILURE() << problem.message;
  return std::static_pointer_cast<const I>(made.object);
}

// Allowed differences relative to max(1, |expected|).
template <typename T>
double Tolerance(const Json& test) {
  if (sizeof(T) == 8) return 1e-12;
  const bool huge = test.value("remark", "").find("huge") != std::string::npos;
  return huge ? 1e-4 : 1e-5;
}

inline void ExpectClose(double actual, double expected, double tolerance, const std::string& what) {
  const double allowed = tolerance * std::max(1.0, std::abs(expected));
  if (!(std::abs(actual - expected) <= allowed)) {
    ADD_FAILURE() << what << " is " << actual << ", expected " << expected << ", off by "
                  << std::abs(actual - expected);
  }
}

// Compares row-major; `expected` may have another shape with the same numbers.
template <typename M>
void ExpectClose(const M& actual, const Tensor& expected, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(actual.rows * actual.cols, expected.data.size()) << what;
  for (size_t i = 0; i < expected.data.size(); ++i) {
    ExpectClose(static_cast<double>(actual(i / actual.cols, i % actual.cols)), expected.data[i],
                tolerance, what + "[" + std::to_string(i) + "]");
  }
}

// Each runs one case of its family for float or double.
template <typename T>
void CheckActivation(const Json& test);
template <typename T>
void CheckLoss(const Json& test);
template <typename T>
void CheckLayer(const Json& test);
template <typename T>
void CheckOptimizer(const Json& test);
void CheckSchedule(const Json& test);
template <typename T>
void CheckNet(const Json& test);

}  // namespace nabla

#endif  // NABLA_TESTS_PLUGINS_GOLDEN_H_
