#include "framework/terminal/folded_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <string>

namespace nabla {
namespace {

TEST(FoldedText, ContinuesUnderTheLastColumnOfAList) {
  EXPECT_EQ(FoldedText("  why   where two runs part\n", 18),
            "  why   where two\n"
            "        runs part\n");
}

TEST(FoldedText, ProseIsIndentedByTwo) {
  EXPECT_EQ(FoldedText("one two three four", 9), "one two\n  three\n  four");
  EXPECT_EQ(FoldedText("    one two three", 13), "    one two\n      three");
}

TEST(FoldedText, LeavesWhatFits) {
  const std::string text = "a  b\n\n  c d \n";
  EXPECT_EQ(FoldedText(text, 5), text);
  EXPECT_EQ(FoldedText(text, std::numeric_limits<size_t>::max()), text);
  EXPECT_EQ(FoldedText("", 5), "");
}

TEST(FoldedText, AWordThatIsTooLongStaysWhole) {
  EXPECT_EQ(FoldedText("run folder: /a/very/long/path", 12), "run folder:\n  /a/very/long/path");
  EXPECT_EQ(FoldedText("/a/very/long/path and more", 12), "/a/very/long/path\n  and more");
}

TEST(FoldedText, CountsCharactersNotBytes) {
  EXPECT_EQ(FoldedText("▁▂▃▄ ▅▆▇█", 9), "▁▂▃▄ ▅▆▇█");
  EXPECT_EQ(FoldedText("▁▂▃▄ ▅▆▇█", 8), "▁▂▃▄\n  ▅▆▇█");
  EXPECT_EQ(TextWidth("▁ ±"), 3u);
}

// Whatever the text, no line is longer than it must be and no word is lost.
TEST(FoldedText, LosesNothingAtAnyWidth) {
  const std::string text =
      "  --budget FLOAT   how long it may take, half of it for the replay: 90, 90s, 10m or 1h\n"
      "x                                     y z\n   \n                                       \n";
  const auto words = [](const std::string& from) {
    std::istringstream in(from);
    std::string all;
    for (std::string word; in >> word;) all += word + " ";
    return all;
  };
  for (size_t columns = 1; columns < 100; ++columns) {
    const std::string folded = FoldedText(text, columns);
    EXPECT_EQ(words(folded), words(text)) << columns;
    std::istringstream lines(folded);
    for (std::string line; std::getline(lines, line);) {
      const bool divisible = line.find(' ', line.find_first_not_of(' ')) != std::string::npos;
      if (columns < 30 || !divisible) continue;
      EXPECT_LE(line.size(), columns) << line;
    }
  }
}

}  // namespace
}  // namespace nabla
