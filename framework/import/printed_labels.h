// What names say of printed values, and these as numbers.
#ifndef NABLA_FRAMEWORK_IMPORT_PRINTED_LABELS_H_
#define NABLA_FRAMEWORK_IMPORT_PRINTED_LABELS_H_

#include <map>
#include <string>
#include <vector>

#include "framework/import/facts.h"
#include "framework/notebook/metric_words.h"

namespace nabla {

// What the names in a printed expression say: a word of accuracy goes before one of loss, and names
// of both splits say nothing.
MetricLabel LabelOfNames(const std::vector<std::string>& names);

// Whether the program has rows that it does not train on, or a name for some. `names` are those in
// each cell.
bool HasTests(const std::map<int, std::vector<std::string>>& names, const CodeFacts& facts);

bool IsFinite(const std::string& number);
bool IsLess(const std::string& a, const std::string& b);
bool AreWhole(const std::vector<std::string>& numbers);

// As YAML reads numbers: "00.5" and ".5" become "0.5".
std::string PlainNumber(const std::string& text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_PRINTED_LABELS_H_
