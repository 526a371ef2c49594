#include "framework/record/json_number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace nabla {
namespace {

TEST(JsonNumber, IsRoundedToSoManyDigits) {
  EXPECT_EQ(Rounded(0.123456789, 5), 0.12346);
  EXPECT_EQ(Rounded(-98765.4321, 3), -98800);
  EXPECT_EQ(Rounded(9.9999999e-300, 7), 1e-299);
  EXPECT_EQ(Rounded(0.1, 17), 0.1);
  EXPECT_EQ(Rounded(0, 1), 0);
}

TEST(JsonNumber, StaysWhereItCannotBeRounded) {
  EXPECT_TRUE(std::isnan(Rounded(std::numeric_limits<double>::quiet_NaN(), 5)));
  EXPECT_EQ(Rounded(std::numeric_limits<double>::infinity(), 5),
            std::numeric_limits<double>::infinity());
  const double greatest = std::numeric_limits<double>::max();
  EXPECT_EQ(Rounded(greatest, 3), greatest);  // 1.80e308 is none
}

}  // namespace
}  // namespace nabla
