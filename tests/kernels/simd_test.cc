#include "framework/kernels/simd.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "framework/base/error.h"

namespace nabla {
namespace {

class SimdTest : public testing::Test {
 protected:
  ~SimdTest() override {
    unsetenv("NABLA_SIMD");
    SetSimd("");
  }
};

TEST_F(SimdTest, ChangesAsOftenAsAsked) {
  for (int i = 0; i < 2; ++i) {
    for (const std::string& name : SimdNames()) {
      SetSimd(name);
      EXPECT_EQ(SimdName(), name);
    }
    SetSimd("");
    EXPECT_EQ(SimdName(), SimdNames().front());
  }
}

TEST_F(SimdTest, BadNameIsAnErrorWithTheGoodOnes) {
  try {
    SetSimd("avx");
    FAIL();
  } catch (const InputError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("'avx'"), std::string::npos) << what;
    EXPECT_NE(what.find("allowed: "), std::string::npos) << what;
    for (const std::string& name : SimdNames()) {
      EXPECT_NE(what.find(name, what.find("allowed: ")), std::string::npos) << what;
    }
  }
}

TEST_F(SimdTest, Avx512NeedsTheCpu) {
  if (SimdNames().front() == "avx512") GTEST_SKIP() << "this CPU has AVX-512";
  EXPECT_THROW(SetSimd("avx512"), InputError);
}

TEST_F(SimdTest, ReadsTheEnvironment) {
  const std::string last = SimdNames().back();
  setenv("NABLA_SIMD", last.c_str(), 1);
  SetSimdFromEnvironment();
  EXPECT_EQ(SimdName(), last);
  unsetenv("NABLA_SIMD");
  SetSimdFromEnvironment();
  EXPECT_EQ(SimdName(), SimdNames().front());
}

}  // namespace
}  // namespace nabla
