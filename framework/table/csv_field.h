// A cell of a CSV file that is written.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_FIELD_H_
#define NABLA_FRAMEWORK_TABLE_CSV_FIELD_H_

#include <string>

namespace nabla {

// The text as one cell, for files whose cells are separated by commas: in quotes, with its own
// quotes doubled (RFC 4180), where it could be taken for several cells or lines.
inline std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_FIELD_H_
