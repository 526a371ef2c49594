#include <cctype>
#include <cstring>

#include "framework/config/node.h"

namespace nabla {
namespace {

// Conservative: whatever might be read as something else is quoted.
bool IsPlain(const std::string& text) {
  for (const char* null : {"", "~", "null", "Null", "NULL"}) {
    if (text == null) return false;
  }
  if (text.starts_with("...")) return false;           // ends a document
  if (text.starts_with("\xEF\xBB\xBF")) return false;  // a byte order mark, lost at the beginning
  if (std::isspace(static_cast<unsigned char>(text.front())) ||
      std::isspace(static_cast<unsigned char>(text.back()))) {
    return false;
  }
  if (std::string("-?:,[]{}#&*!|>'\"%@`").find(text.front()) != std::string::npos) {
    const bool number = text.front() == '-' && text.size() > 1 &&
                        (std::isdigit(static_cast<unsigned char>(text[1])) || text[1] == '.');
    if (!number) return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // yaml-cpp ends a plain scalar inside [] or {} at any of these.
    if (static_cast<unsigned char>(c) < 0x20 || std::strchr(",?[]{}", c) != nullptr) return false;
    if (c == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) return false;
    if (c == '#' && i > 0 && text[i - 1] == ' ') return false;
  }
  return true;
}

std::string Quote(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else if (c == '\r') {
      quoted += "\\r";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string ScalarText(const Node& node) {
  if (node.IsNull()) return "null";
  return !node.quoted && IsPlain(node.text) ? node.text : Quote(node.text);
}

std::string KeyText(const std::string& key) { return IsPlain(key) ? key : Quote(key); }

bool IsFlat(const Node& node) {
  for (const Node& item : node.items) {
    if (!IsFlat(item)) return false;
  }
  return !node.IsMap() || node.entries.empty();
}

// One line: scalars, lists of them, and maps of them.
std::string Flow(const Node& node) {
  std::string text;
  if (node.IsList()) {
    for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + Flow(item);
    return "[" + text + "]";
  }
  if (node.IsMap()) {
    for (const Node::Entry& entry : node.entries) {
      text += (text.empty() ? "" : ", ") + KeyText(entry.key) + ": " + Flow(entry.value);
    }
    return "{" + text + "}";
  }
  return ScalarText(node);
}

void Block(const Node& node, int indent, std::string& out) {
  const std::string pad(indent, ' ');
  if (node.IsMap()) {
    for (const Node::Entry& entry : node.entries) {
      out += pad + KeyText(entry.key) + ":";
      const bool nested = (entry.value.IsMap() && !entry.value.entries.empty()) ||
                          (entry.value.IsList() && !IsFlat(entry.value));
      if (nested) {
        out += "\n";
        Block(entry.value, indent + 2, out);
      } else {
        out += " " + Flow(entry.value) + "\n";
      }
    }
    return;
  }
  for (const Node& item : node.items) out += pad + "- " + Flow(item) + "\n";
}

}  // namespace

std::string PrintYaml(const Node& node) {
  if (!node.IsMap() && (!node.IsList() || IsFlat(node))) return Flow(node) + "\n";
  std::string out;
  Block(node, 0, out);
  return out.empty() ? "{}\n" : out;
}

}  // namespace nabla
