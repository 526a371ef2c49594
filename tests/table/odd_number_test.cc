#include "framework/table/odd_number.h"

#include <gtest/gtest.h>

#include <string>

namespace nabla {
namespace {

bool Says(const std::string& hint, const std::string& part) {
  return hint.find(part) != std::string::npos;
}

TEST(OddNumberTest, KnowsHowPeopleWriteNumbers) {
  for (const char* cell :
       {"1,234", "1,234,567.89", "1.234.567,8", "3,75", "-3,75", "1'234.5", "12 345,6",
        "1\xC2\xA0"
        "234",
        "$1,250.00", "1.250.000"}) {
    EXPECT_TRUE(Says(OddNumberHint(cell), "without thousands separators")) << cell;
  }
  for (const char* cell : {"12%", "12.5 %", "$40.50", "\xE2\x82\xAC 7", "-$3", "3\xC2\xA3"}) {
    EXPECT_TRUE(Says(OddNumberHint(cell), "without units")) << cell;
  }
  EXPECT_TRUE(Says(OddNumberHint("\xE2\x88\x92"
                                 "3.5"),
                   "minus"));
  for (const char* cell : {"2024-05-01", "2024-05-01T12:30:00Z", "1.5.2024", "05/01/24", "12:30",
                           "12:30:15", "2024/5/1 08:00"}) {
    EXPECT_TRUE(Says(OddNumberHint(cell), "date")) << cell;
  }
}

TEST(OddNumberTest, LeavesWordsAlone) {
  for (const char* cell :
       {"",      "Rome",           "12",      "-1.5",     "+3",  "a,b", "3D",
        "1st",   "10.0.0.1",       "1.5.2",   "555-1234", "1/2", "$",   "%",
        "-",     "12 Main Street", "2024-05", "x:30",     "1,",  ",5",  "1234-05-01-02",
        "v1,234"}) {
    EXPECT_EQ(OddNumberHint(cell), "") << cell;
  }
}

TEST(OddNumberTest, AmongNumbersUnitsAndGapsAreLikely) {
  EXPECT_TRUE(Says(NoNumberHint("12 kg"), "without units"));
  EXPECT_TRUE(Says(NoNumberHint("5.5ms"), "without units"));
  EXPECT_TRUE(Says(NoNumberHint("1,234"), "thousands"));
  for (const char* cell : {"-", "--", ".", "#N/A", "missing", "#DIV/0!"}) {
    EXPECT_TRUE(Says(NoNumberHint(cell), "a missing value is an empty cell")) << cell;
  }
  for (const char* cell : {"Rome", "x17", "about 3", "inf"}) EXPECT_EQ(NoNumberHint(cell), "");
}

}  // namespace
}  // namespace nabla
