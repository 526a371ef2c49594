// What --quiet shows: errors and warnings, and no notes.
#include "framework/terminal/console.h"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace nabla
