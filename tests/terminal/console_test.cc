// What --quiet shows, errors and warnings but no notes, and where --json leaves room.
#include "framework/terminal/console.h"

#include <gtest/gtest.h>

#include <string>

#include "framework/terminal/output.h"

namespace nabla {
namespace {

std::string Shown(bool quiet, bool silent, const std::string& text) {
  testing::internal::CaptureStderr();
  Console(quiet, silent).Warn(text);
  return testing::internal::GetCapturedStderr();
}

TEST(ConsoleTest, QuietShowsNoNotes) {
  const std::string note = "a.csv:1: note: the line is taken for a header";
  EXPECT_EQ(Shown(false, false, note), note + "\n");
  EXPECT_EQ(Shown(true, false, note), "");
  EXPECT_EQ(Shown(false, true, note), "");
}

TEST(ConsoleTest, QuietShowsWarningsAndErrors) {
  for (const std::string text : {"warning: few threads", "a.yaml:1:1: error: note: no"}) {
    EXPECT_EQ(Shown(true, false, text), text + "\n");
    EXPECT_EQ(Shown(true, true, text), "");
  }
}

TEST(ConsoleTest, StandardOutputIsLeftToJson) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Console(false, false, true).Line("trained");
  // A name may hold what steers a terminal, characters beyond 16 bits, or no characters at all.
  PrintJson("{\"a\": \"\u00e9\u202e\U0001f600\x7f\xff\"}\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "{\"a\": \"\\u00e9\\u202e\\ud83d\\ude00\\u007f\\ufffd\"}\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "trained\n");
}

}  // namespace
}  // namespace nabla
