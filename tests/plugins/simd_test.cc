// Elementwise plugins give the same bits on every SIMD target.
#include "framework/kernels/simd.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "framework/base/generator.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

constexpr size_t kSize = 1003;  // whole vectors and a tail on every target

template <typename T>
std::vector<T> Normal(double std, uint64_t seed) {
  std::vector<T> values(kSize);
  MakeGenerator(RngKind::kNabla, seed)->Normal(std::span<T>(values), 0, std);
  return values;
}

template <typename T>
Matrix<T> AsRow(std::vector<T>& values) {
  return {values.data(), 1, values.size(), values.size()};
}

// What every activation and optimizer of the target in use makes of the same numbers.
template <typename T>
std::map<std::string, std::vector<T>> Results() {
  Registry registry;
  RegisterBuiltins(registry);
  std::map<std::string, std::vector<T>> results;
  for (const auto& entry : registry.table<Activation<T>>().entries()) {
    const auto activation = entry.make().object;
    std::vector<T> x = Normal<T>(4, 1);
    std::vector<T> dy = Normal<T>(1, 2);
    std::vector<T> y(kSize);
    std::vector<T> dx(kSize);
    activation->Forward(AsRow(x), AsRow(y));
    activation->Backward(AsRow(x), AsRow(y), AsRow(dy), AsRow(dx));
    results[std::string("y of ") + entry.info.name] = y;
    results[std::string("dx of ") + entry.info.name] = dx;
  }
  for (const auto& entry : registry.table<Optimizer<T>>().entries()) {
    const auto optimizer = entry.make().object;
    std::vector<T> value = Normal<T>(1, 3);
    std::vector<std::vector<T>> states(optimizer->States(), std::vector<T>(kSize));
    std::vector<T*> pointers;
    for (auto& state : states) pointers.push_back(state.data());
    for (int64_t step = 1; step <= 8; ++step) {
      const std::vector<T> gradient = Normal<T>(1, 3 + static_cast<uint64_t>(step));
      optimizer->Update({value.data(), gradient.data(), pointers.data(), kSize, 0.01, step});
    }
    results[std::string("values after ") + entry.info.name] = value;
  }
  return results;
}

template <typename T>
void ExpectSameOnEveryTarget() {
  const std::vector<std::string> names = SimdNames();
  if (names.size() < 2) GTEST_SKIP() << "this CPU has only " << names.front();
  SetSimd(names[0]);
  const auto expected = Results<T>();
  SetSimd(names[1]);
  const auto actual = Results<T>();
  SetSimd("");
  ASSERT_EQ(expected.size(), actual.size());
  for (const auto& [what, values] : expected) EXPECT_EQ(values, actual.at(what)) << what;
}

TEST(SimdTest, FloatBitsDoNotDependOnTheTarget) { ExpectSameOnEveryTarget<float>(); }
TEST(SimdTest, DoubleBitsDoNotDependOnTheTarget) { ExpectSameOnEveryTarget<double>(); }

// A NaN must not be hidden: a run that diverges is told by it.
template <typename T>
void ExpectNanPasses() {
  for (const std::string& name : SimdNames()) {
    SetSimd(name);
    Registry registry;
    RegisterBuiltins(registry);
    for (const auto& entry : registry.table<Activation<T>>().entries()) {
      std::vector<T> x = Normal<T>(1, 1);
      x[5] = x.back() = std::numeric_limits<T>::quiet_NaN();
      std::vector<T> y(kSize);
      entry.make().object->Forward(AsRow(x), AsRow(y));
      EXPECT_TRUE(std::isnan(y[5])) << entry.info.name << " on " << name;
      EXPECT_TRUE(std::isnan(y.back())) << entry.info.name << " on " << name;
    }
  }
  SetSimd("");
}

TEST(SimdTest, ActivationsPassNanOn) {
  ExpectNanPasses<float>();
  ExpectNanPasses<double>();
}

}  // namespace
}  // namespace nabla
