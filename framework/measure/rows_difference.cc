#include "framework/measure/rows_difference.h"

#include <fmt/format.h>

#include <optional>
#include <span>

#include "framework/engine/rows.h"
#include "framework/tensor/storage.h"

namespace nabla {
namespace {

std::string TargetsOf(const Samples& s) {
  return s.classes > 0 ? fmt::format("{} classes", s.classes)
                       : fmt::format("{} numbers", s.values_per_row);
}

// What keeps the rows from being compared one by one.
std::optional<RowsDifference> CompareForms(const Samples& a, const Samples& b) {
  const auto as = [](const char* what, const std::string& x, const std::string& y) {
    return x == y ? std::nullopt
                  : std::optional(RowsDifference{.split = "", .what = what, .a = x, .b = y});
  };
  if (auto d = as("number of rows", std::to_string(a.count), std::to_string(b.count))) return d;
  if (a.count == 0) return std::nullopt;
  if (auto d = as("shape of a row", a.shape.ToString(), b.shape.ToString())) return d;
  return as("targets of a row", TargetsOf(a), TargetsOf(b));
}

std::optional<RowsDifference> CompareWeights(const Samples& a, const Samples& b, size_t row) {
  const double x = RowWeight(a, row, {});
  const double y = RowWeight(b, row, {});
  if (x == y) return std::nullopt;
  return RowsDifference{.split = "",
                        .what = fmt::format("weight of row {}", row),
                        .a = fmt::format("{}", x),
                        .b = fmt::format("{}", y)};
}

// The first number of a row that differs.
std::optional<RowsDifference> CompareTargets(const Samples& a, const Samples& b, size_t row) {
  if (a.classes > 0) {
    if (a.labels[row] == b.labels[row]) return std::nullopt;
    return RowsDifference{.split = "",
                          .what = fmt::format("label of row {}", row),
                          .a = std::to_string(a.labels[row]),
                          .b = std::to_string(b.labels[row])};
  }
  for (size_t i = 0; i < a.values_per_row; ++i) {
    const double x = a.values[row * a.values_per_row + i];
    const double y = b.values[row * a.values_per_row + i];
    if (x == y) continue;
    return RowsDifference{.split = "",
                          .what = fmt::format("target {} of row {}", i, row),
                          .a = fmt::format("{}", x),
                          .b = fmt::format("{}", y)};
  }
  return std::nullopt;
}

template <typename A, typename B>
std::optional<RowsDifference> CompareInputs(Matrix<A> a, Matrix<B> b, size_t row) {
  for (size_t i = 0; i < a.cols; ++i) {
    if (static_cast<double>(a(0, i)) == static_cast<double>(b(0, i))) continue;
    return RowsDifference{.split = "",
                          .what = fmt::format("input {} of row {}", i, row),
                          .a = fmt::format("{}", a(0, i)),
                          .b = fmt::format("{}", b(0, i))};
  }
  return std::nullopt;
}

template <typename A, typename B>
std::optional<RowsDifference> CompareSplit(const Samples& a, const Samples& b) {
  if (auto difference = CompareForms(a, b)) return difference;
  const OwnedMatrix<A> x(1, a.shape.size());
  const OwnedMatrix<B> y(1, b.shape.size());
  std::optional<RowsDifference> first;
  size_t differing = 0;
  for (uint32_t row = 0; row < a.count; ++row) {
    GatherInputs<A>(a, std::span(&row, 1), x.view());
    GatherInputs<B>(b, std::span(&row, 1), y.view());
    auto difference = CompareInputs(x.view(), y.view(), row);
    if (!difference) difference = CompareTargets(a, b, row);
    if (!difference) difference = CompareWeights(a, b, row);
    if (!difference) continue;
    ++differing;
    if (!first) first = std::move(difference);
  }
  if (first) first->rows = differing;
  return first;
}

template <typename A, typename B>
std::vector<RowsDifference> CompareBoth(const DataSplits& a, const DataSplits& b) {
  std::vector<RowsDifference> differences;
  const auto add = [&](const char* split, std::optional<RowsDifference> difference) {
    if (!difference) return;
    difference->split = split;
    differences.push_back(std::move(*difference));
  };
  add("training", CompareSplit<A, B>(a.train, b.train));
  add("validation", CompareSplit<A, B>(a.validation, b.validation));
  add("test", CompareSplit<A, B>(a.test, b.test));
  return differences;
}

}  // namespace

std::vector<RowsDifference> CompareRows(const DataSplits& a, Dtype dtype_a, const DataSplits& b,
                                        Dtype dtype_b) {
  const bool narrow_a = dtype_a == Dtype::kFloat32;
  const bool narrow_b = dtype_b == Dtype::kFloat32;
  if (narrow_a)
    return narrow_b ? CompareBoth<float, float>(a, b) : CompareBoth<float, double>(a, b);
  return narrow_b ? CompareBoth<double, float>(a, b) : CompareBoth<double, double>(a, b);
}

}  // namespace nabla
