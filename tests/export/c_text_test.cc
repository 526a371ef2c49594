#include "framework/export/c_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

#include "framework/base/error.h"

namespace nabla {
namespace {

TEST(CText, NumbersKeepEveryBit) {
  for (const double x : {0.0, -0.0, 1.0, 0.1, -1e300, 5e-324, 2.2250738585072014e-308}) {
    const std::string text = CNumber(x, true);
    EXPECT_EQ(std::strtod(text.c_str(), nullptr), x) << text;
  }
  EXPECT_EQ(CNumber(3, true), "0x1.8p+1");
  EXPECT_EQ(CNumber(-3, false), "-0x1.8p+1f");
  EXPECT_EQ(CNumber(-0.0, false), "-0x0p+0f");
  EXPECT_EQ(CNumber(0.1f, false), "0x1.99999ap-4f");
  EXPECT_EQ(CNumber(-std::numeric_limits<double>::infinity(), true), "-INFINITY");
}

TEST(CText, StringsHoldNothingThatCMightObey) {
  EXPECT_EQ(CString("setosa"), "\"setosa\"");
  EXPECT_EQ(CString("a\"b\\"), "\"a\\\"b\\\\\"");
  EXPECT_EQ(CString("*/ \n?\?/1"), "\"*\\057 \\012\\?\\?/1\"");
  EXPECT_EQ(CString("\xC3\x9C"
                    "1"),
            "\"\\303\\2341\"");
  EXPECT_EQ(CString(std::string(4095, 'a')).size(), 4097u);
  EXPECT_THROW(CString(std::string(4096, 'a')), InputError);
}

TEST(CText, CommentsStayInTheirLine) {
  EXPECT_EQ(CComment("iris 2 (new)"), "iris 2 (new)");
  EXPECT_EQ(CComment("a\nb\r\\?*/\xC3\x9C"), "a_b____/__");
}

TEST(CText, NamesAreLettersDigitsAndUnderscores) {
  for (const char* good : {"a", "Net_2", "int"}) EXPECT_TRUE(IsCName(good)) << good;
  for (const char* bad : {"", "2d", "_a", "a-b", "a b", "\xC3\x9C", "a.b"}) {
    EXPECT_FALSE(IsCName(bad)) << bad;
  }
  EXPECT_TRUE(IsCName(std::string(32, 'a')));
  EXPECT_FALSE(IsCName(std::string(33, 'a')));
}

TEST(CText, EveryFileGivesAName) {
  EXPECT_EQ(CNameOf("/runs/my-net.2.h"), "my_net_2");
  EXPECT_EQ(CNameOf("model.h"), "model");
  EXPECT_EQ(CNameOf("3d.h"), "net_3d");
  for (const std::string& file :
       {std::string("\xC3\x9C.h"), std::string(".h"), std::string("_"), std::string(200, 'a')}) {
    EXPECT_TRUE(IsCName(CNameOf(file))) << CNameOf(file);
  }
}

}  // namespace
}  // namespace nabla
