#include "framework/terminal/text_table.h"

#include <gtest/gtest.h>

#include <limits>

namespace nabla {
namespace {

constexpr size_t kUnlimited = std::numeric_limits<size_t>::max();

std::vector<TextColumn> Columns() {
  return {{.title = "run", .cells = {"a", "bcde"}, .left = true},
          {.title = "loss", .cells = {"0.5", "12.25"}, .spare = 1},
          {.title = "note", .cells = {"±", "ok"}, .left = true, .spare = 2}};
}

TEST(TextTable, AlignsTextsAndNumbers) {
  EXPECT_EQ(FitTable(Columns(), kUnlimited).text,
            "run    loss  note\n"
            "a       0.5  ±\n"
            "bcde  12.25  ok\n");
  EXPECT_EQ(OmittedText(FitTable(Columns(), kUnlimited)), "");
}

TEST(TextTable, LeavesOutTheLeastImportantColumnsFirst) {
  EXPECT_EQ(FitTable(Columns(), 17).omitted.size(), 0u);
  const TextTable narrow = FitTable(Columns(), 16);
  EXPECT_EQ(narrow.text, "run    loss\na       0.5\nbcde  12.25\n");
  EXPECT_EQ(OmittedText(narrow), "not shown, for lack of room: note\n");
  const TextTable least = FitTable(Columns(), 1);
  EXPECT_EQ(least.text, "run\na\nbcde\n");
  EXPECT_EQ(OmittedText(least), "not shown, for lack of room: note, loss\n");
}

TEST(TextTable, WithoutRowsShowsTheTitles) {
  EXPECT_EQ(FitTable({{.title = "a", .cells = {}}, {.title = "b", .cells = {}}}, 80).text,
            "a  b\n");
  EXPECT_EQ(FitTable({}, 80).text, "\n");
}

}  // namespace
}  // namespace nabla
