#include "framework/terminal/folded_text.h"

#include <algorithm>

namespace nabla {
namespace {

// The bytes of the first `count` characters.
size_t BytesOf(std::string_view text, size_t count) {
  size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) >> 6) == 2) ++at;
    --count;
  }
  return at;
}

// Where the lines that continue this one begin: behind its last gap of two spaces or more in its
// first half.
size_t Indent(std::string_view line, size_t columns) {
  const size_t leading = std::min(line.find_first_not_of(' '), line.size());
  size_t indent = leading + 2;
  const std::string_view half = line.substr(0, BytesOf(line, columns / 2));
  for (size_t gap = half.find("  ", leading); gap != std::string_view::npos;) {
    const size_t end = std::min(half.find_first_not_of(' ', gap), half.size());
    if (end < half.size()) indent = TextWidth(half.substr(0, end));
    gap = half.find("  ", end);
  }
  return std::min(indent, columns / 2);
}

// Where to divide a line that is too long: at its last space in `columns`, or else at its first
// one.
size_t Division(std::string_view line, size_t indent, size_t columns) {
  const size_t first = std::min(line.find_first_not_of(' '), line.size());
  const size_t room = BytesOf(line, columns + 1);
  const size_t space = line.rfind(' ', room - 1);
  if (space != std::string_view::npos && space > std::max(first, indent)) return space;
  return line.find(' ', std::max(first, room));
}

void AppendFolded(std::string_view line, size_t columns, std::string* text) {
  const size_t indent = Indent(line, columns);
  std::string rest(line);
  while (TextWidth(rest) > columns) {
    const size_t at = Division(rest, indent, columns);
    const size_t next = at == std::string::npos ? at : rest.find_first_not_of(' ', at);
    if (next == std::string::npos) break;  // one word, or spaces behind the last one
    text->append(rest, 0, rest.find_last_not_of(' ', at) + 1).push_back('\n');
    rest = std::string(indent, ' ') + rest.substr(next);
  }
  *text += rest;
}

}  // namespace

size_t TextWidth(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

std::string FoldedText(std::string_view text, size_t columns) {
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    AppendFolded(text.substr(0, end), columns, &folded);
    if (end < text.size()) folded += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return folded;
}

}  // namespace nabla
