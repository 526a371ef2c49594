#include "framework/terminal/text_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/terminal/folded_text.h"

namespace nabla {
namespace {

constexpr size_t kGap = 2;

size_t Width(const TextColumn& column) {
  size_t width = TextWidth(column.title);
  for (const std::string& cell : column.cells) width = std::max(width, TextWidth(cell));
  return width;
}

// A column and what it takes.
struct Shown {
  const TextColumn* column;
  size_t width;
};

size_t LineWidth(const std::vector<Shown>& columns) {
  size_t sum = 0;
  for (const Shown& shown : columns) sum += shown.width + kGap;
  return sum - std::min(sum, kGap);
}

void Append(const std::string& cell, size_t width, bool left, std::string* line) {
  const std::string room(width - TextWidth(cell), ' ');
  *line += left ? cell + room : room + cell;
}

}  // namespace

TextTable FitTable(const std::vector<TextColumn>& columns, size_t width) {
  TextTable table;
  std::vector<Shown> all;
  for (const TextColumn& column : columns) all.push_back({&column, Width(column)});
  while (LineWidth(all) > width) {
    const auto least =
        std::ranges::max_element(all, {}, [](const Shown& s) { return s.column->spare; });
    if (least->column->spare == 0) break;
    table.omitted.push_back(least->column->title);
    all.erase(least);
  }
  const size_t rows = all.empty() ? 0 : all.front().column->cells.size();
  for (size_t row = 0; row <= rows; ++row) {  // the titles first
    std::string line;
    for (const Shown& shown : all) {
      const TextColumn& column = *shown.column;
      if (!line.empty()) line.append(kGap, ' ');
      Append(row == 0 ? column.title : column.cells[row - 1], shown.width, column.left, &line);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    table.text += line + "\n";
  }
  return table;
}

std::string OmittedText(const TextTable& table) {
  if (table.omitted.empty()) return "";
  return fmt::format("not shown, for lack of room: {}\n", fmt::join(table.omitted, ", "));
}

}  // namespace nabla
