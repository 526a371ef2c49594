// CSV files that tests write into their source.
#ifndef NABLA_TESTS_TABLE_PARSED_CSV_H_
#define NABLA_TESTS_TABLE_PARSED_CSV_H_

#include <string>
#include <vector>

#include "framework/table/csv.h"
#include "tests/base/complaint.h"
#include "tests/data/samples.h"

namespace nabla {

using Lines = std::vector<std::string>;

inline const CsvFormat kLabelFirst{.targets = {"0"}};

inline CsvTable Parse(const std::string& text, const CsvFormat& format = kLabelFirst) {
  return ParseCsv(AsBytes(text), "t.csv", format);
}

inline std::string Complaint(const std::string& text, const CsvFormat& format = kLabelFirst) {
  return ComplaintOf([&] { Parse(text, format); });
}

inline Lines Remarks(const std::string& text, const CsvFormat& format = kLabelFirst) {
  return Parse(text, format).remarks;
}

}  // namespace nabla

#endif  // NABLA_TESTS_TABLE_PARSED_CSV_H_
