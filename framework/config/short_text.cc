#include "framework/config/short_text.h"

namespace nabla {
namespace {

std::string Joined(const Node& map) {
  std::string text;
  for (const Node::Entry& entry : map.entries) {
    text += (text.empty() ? "" : ", ") + entry.key + ": " + ShortText(entry.value);
  }
  return "{" + text + "}";
}

}  // namespace

std::string ShortText(const Node& value) {
  if (value.IsList()) {
    std::string text;
    for (const Node& item : value.items) text += (text.empty() ? "" : ", ") + ShortText(item);
    return "[" + text + "]";
  }
  const Node* name = value.Find("name");
  if (name != nullptr && name->IsScalar()) {
    std::string text = name->text;
    for (const Node::Entry& entry : value.entries) {
      if (entry.key != "name") text += " " + entry.key + "=" + ShortText(entry.value);
    }
    return text;
  }
  if (value.IsMap()) return Joined(value);
  std::string text = PrintYaml(value);
  text.pop_back();  // the end of its line
  return text;
}

}  // namespace nabla
