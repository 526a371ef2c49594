#include "framework/notebook/template_words.h"

#include <string_view>

#include "framework/notebook/metric_words.h"

namespace nabla {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

void AddWords(const std::string& text, std::vector<std::string>* words) {
  std::string word;
  const auto end = [&] {
    for (std::string& part : NameParts(word)) words->push_back(std::move(part));
    word.clear();
  };
  for (const char c : text) {
    const bool letter = IsLetter(c) || c == '_' || static_cast<unsigned char>(c) >= 128;
    if (letter || (!word.empty() && c >= '0' && c <= '9')) {
      word += c;
    } else {
      end();
    }
  }
  end();
}

void AddPercentWords(const std::string& text, std::vector<std::string>* words) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    plain += text[i] == '%' ? ' ' : text[i];
    if (text[i] != '%') continue;
    while (i + 1 < text.size() &&
           std::string_view("0123456789.-+# ").find(text[i + 1]) != std::string_view::npos) {
      ++i;
    }
    if (i + 1 < text.size()) ++i;
    while (i + 1 < text.size() && IsLetter(text[i + 1])) ++i;  // a unit: "%ds"
  }
  AddWords(plain, words);
}

void AddBraceWords(const std::string& text, std::vector<std::string>* words) {
  std::string plain;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') inside = true;
    plain += inside ? ' ' : text[i];
    if (text[i] != '}') continue;
    inside = false;
    while (i + 1 < text.size() && IsLetter(text[i + 1])) ++i;  // a unit: "{}s"
  }
  AddWords(plain, words);
}

std::vector<std::string> FieldCodes(const std::string& text) {
  std::vector<std::string> codes;
  for (size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const size_t end = text.find('}', at);
    if (end == std::string::npos) break;
    std::string code = text.substr(at + 1, end - at - 1);
    // Up to the format, not into a subscript's slice.
    int open = 0;
    for (size_t i = 0; i < code.size(); ++i) {
      if (code[i] == '[' || code[i] == '(') ++open;
      if (code[i] == ']' || code[i] == ')') --open;
      if ((code[i] == ':' || code[i] == '=') && open == 0) code.resize(i);
    }
    codes.push_back(std::move(code));
    at = end;
  }
  return codes;
}

std::string SpelledFields(const std::string& text) {
  std::string all;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t end = at + 1;
    while (text[at] == '{' && end < text.size() && (IsLetter(text[end]) || text[end] == '_')) {
      ++end;
    }
    const bool says = end > at + 1 && end + 1 < text.size() && text[end] == '=' &&
                      std::string_view(":}!").find(text[end + 1]) != std::string_view::npos;
    if (!says) {
      all += text[at];
      continue;
    }
    const std::string name = text.substr(at + 1, end - at - 1);
    all += name;
    all += "={" + name;
    at = end;
  }
  return all;
}

}  // namespace nabla
