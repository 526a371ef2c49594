// A cell of a CSV file that is written, whose cells are separated by commas.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_FIELD_H_
#define NABLA_FRAMEWORK_TABLE_CSV_FIELD_H_

#include <string>

namespace nabla {

// The text in quotes, with its own quotes doubled (RFC 4180).
inline std::string QuotedCsvField(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// The text, in quotes where it could be taken for several cells or lines.
inline std::string CsvField(const std::string& text) {
  return text.find_first_of(",\"\r\n") == std::string::npos ? text : QuotedCsvField(text);
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_FIELD_H_
