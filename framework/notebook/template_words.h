// The words in texts that a program fills in and prints.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_TEMPLATE_WORDS_H_
#define NABLA_FRAMEWORK_NOTEBOOK_TEMPLATE_WORDS_H_

#include <string>
#include <vector>

namespace nabla {

// Adds the words of a text, in lower case and cut as NameParts does.
void AddWords(const std::string& text, std::vector<std::string>* words);

// Those of "%d of %s" that stand between the conversions.
void AddPercentWords(const std::string& text, std::vector<std::string>* words);

// Those of "{} of {:.3f}" that stand outside the braces.
void AddBraceWords(const std::string& text, std::vector<std::string>* words);

// The programs within the braces of an f-string, without their formats.
std::vector<std::string> FieldCodes(const std::string& text);

// "loss={loss:.3f}" of "{loss=:.3f}".
std::string SpelledFields(const std::string& text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_TEMPLATE_WORDS_H_
