#include "framework/import/yaml_lines.h"

#include <fmt/format.h>

namespace nabla {
namespace {

constexpr size_t kLongestComment = 300;

// Bytes of C1 controls and of line ends that YAML knows beyond ASCII (U+0085, U+2028, U+2029) are
// left out with all others that are not printable.
bool IsPlain(std::string_view text, size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  return c >= 32 && c < 127;
}

}  // namespace

std::string QuotedYaml(std::string_view text) {
  std::string quoted = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsPlain(text, i)) {
      quoted += '?';
      while (i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80) ++i;
    } else {
      if (text[i] == '"' || text[i] == '\\') quoted += '\\';
      quoted += text[i];
    }
  }
  return quoted + "\"";
}

std::string CommentText(std::string_view text) {
  std::string comment;
  for (size_t i = 0; i < text.size() && comment.size() < kLongestComment; ++i) {
    if (IsPlain(text, i)) {
      comment += text[i];
    } else {
      comment += '?';
      while (i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80) ++i;
    }
  }
  return comment;
}

std::string CommentOf(const Fact& fact) {
  std::string comment = fact.guessed ? "?" : "";
  for (const std::string& part : {fact.why, fact.place.ToString()}) {
    if (part.empty()) continue;
    if (!comment.empty()) comment += comment == "?" ? " " : "; ";
    comment += part;
  }
  return comment;
}

void YamlLines::Line(int indent, const std::string& text, const std::string& comment) {
  text_ += std::string(static_cast<size_t>(indent), ' ');
  // No text of a notebook begins a line of its own, such as "plugins: [file.so]".
  for (const char c : text) text_ += static_cast<unsigned char>(c) < 32 ? '?' : c;
  if (!comment.empty()) text_ += "  # " + CommentText(comment);
  text_ += '\n';
}

void YamlLines::Value(int indent, const std::string& key, const Fact& fact) {
  Line(indent, key + ": " + fact.text, CommentOf(fact));
}

void YamlLines::Item(int indent, const Fact& fact) {
  Line(indent, "- " + fact.text, CommentOf(fact));
}

void YamlLines::Comment(const std::string& text) { text_ += "# " + CommentText(text) + "\n"; }

}  // namespace nabla
