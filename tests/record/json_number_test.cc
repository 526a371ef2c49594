#include "framework/record/json_number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

TEST(JsonNumber, IsWholeOrRefused) {
  const Json json =
      Json::parse("[7, -7, 7.0, 1.5, 1.6e24, 300, 18446744073709551615, \"7\", null]");
  const int64_t seven = Whole(json[0]);
  EXPECT_EQ(seven, 7);
  const uint64_t greatest = Whole(json[6]);
  EXPECT_EQ(greatest, std::numeric_limits<uint64_t>::max());
  for (const int i : {2, 3, 4, 7, 8}) {
    EXPECT_THROW(static_cast<void>(static_cast<int64_t>(Whole(json[i]))), std::out_of_range) << i;
  }
  EXPECT_THROW(static_cast<void>(static_cast<size_t>(Whole(json[1]))), std::out_of_range);
  EXPECT_THROW(static_cast<void>(static_cast<uint8_t>(Whole(json[5]))), std::out_of_range);
  EXPECT_THROW(static_cast<void>(static_cast<int64_t>(Whole(json[6]))), std::out_of_range);
}

TEST(JsonNumber, AreAListOfWholeNumbers) {
  const Json json = Json::parse("[1, 255]"), fraction = Json::parse("[1, 2.5]");
  const std::vector<uint8_t> bytes = Whole(json);
  EXPECT_EQ(bytes, (std::vector<uint8_t>{1, 255}));
  EXPECT_THROW(static_cast<void>(static_cast<std::vector<uint8_t>>(Whole(fraction))),
               std::out_of_range);
}

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
