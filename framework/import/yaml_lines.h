// YAML written line by line, with comments.
#ifndef NABLA_FRAMEWORK_IMPORT_YAML_LINES_H_
#define NABLA_FRAMEWORK_IMPORT_YAML_LINES_H_

#include <string>
#include <string_view>

#include "framework/facts/facts.h"

namespace nabla {

// Text from a notebook in double quotes, as YAML reads it back.
std::string QuotedYaml(std::string_view text);

// On one line, without control characters, and not too long.
std::string CommentText(std::string_view text);

class YamlLines {
 public:
  // "key: value  # comment"; an empty comment is left out. Control characters become "?".
  void Line(int indent, const std::string& text, const std::string& comment = "");
  // With the place and the "?" of a fact.
  void Value(int indent, const std::string& key, const Fact& fact);
  void Item(int indent, const Fact& fact);
  void Comment(const std::string& text);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// "cell 5, line 12", "? why", or both.
std::string CommentOf(const Fact& fact);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_YAML_LINES_H_
