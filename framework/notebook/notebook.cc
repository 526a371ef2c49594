#include "framework/notebook/notebook.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/base/error.h"
#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"
#include "framework/notebook/notebook_text.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr int kDeepestJson = 64;
constexpr size_t kMostCells = 20000;
constexpr size_t kMostCellBytes = 4 << 20;  // of the source, or of an output

// A text that the format allows to be cut into a list of pieces.
std::string Joined(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  std::string all;
  if (!json.is_array()) return all;
  for (const Json& piece : json) {
    if (piece.is_string()) all += piece.get_ref<const std::string&>();
  }
  return all;
}

// nbformat 3 keeps the pieces of a list without their line ends in some places.
const Json& Member(const Json& json, const char* key) {
  static const Json none;
  if (!json.is_object()) return none;
  const auto found = json.find(key);
  return found == json.end() ? none : *found;
}

// The text of a table in HTML: a line for each row, two spaces between cells.
std::string TextOfHtml(const std::string& html) {
  std::string text;
  for (size_t i = 0; i < html.size(); ++i) {
    if (html[i] != '<') {
      if (html[i] != '\n' && html[i] != '\r') text += html[i];
      continue;
    }
    const size_t end = html.find('>', i);
    if (end == std::string::npos) break;
    const std::string tag = html.substr(i + 1, end - i - 1);
    if (tag == "/tr" || tag.starts_with("br") || tag == "/p" || tag == "/div") text += '\n';
    if (tag == "/td" || tag == "/th") text += "  ";
    i = end;
    if (!tag.starts_with("style")) continue;
    const size_t closed = html.find("</style>", i);
    if (closed == std::string::npos) break;
    i = closed + 7;
  }
  return text;
}

std::string OutputText(const Json& output) {
  const std::string type = Member(output, "output_type").is_string()
                               ? Member(output, "output_type").get<std::string>()
                               : "";
  if (type == "stream" || output.contains("text")) return Joined(Member(output, "text"));
  if (type == "error" || type == "pyerr") return "";
  const Json& data = Member(output, "data");
  const std::string plain = Joined(Member(data, "text/plain"));
  const std::string html = Joined(Member(data, "text/html"));
  const bool only_name = plain.empty() || plain.starts_with("<IPython");
  return only_name && !html.empty() ? TextOfHtml(html) : plain;
}

void AddOutputs(const Json& outputs, NotebookCell* cell, Notebook* notebook) {
  if (!outputs.is_array()) return;
  Json before;  // the name of the stream that the last output belongs to
  for (const Json& output : outputs) {
    if (!output.is_object()) continue;
    std::string text = OutputText(output);
    if (text.size() > kMostCellBytes) {
      text.resize(kMostCellBytes);
      notebook->warnings.push_back(
          fmt::format("cell {}: only the first 4 MiB of an output were read", cell->number));
    }
    // Streams are cut where the notebook flushed them, even within a line.
    const bool stream = Member(output, "output_type") == "stream";
    const Json& name = Member(output, stream ? "name" : "");
    const bool same = stream && !cell->outputs.empty() && name == before;
    before = name;
    if (same) {
      cell->outputs.back() += text;
    } else if (!text.empty()) {
      cell->outputs.push_back(stream ? std::move(text) : text + "\n");
    }
  }
}

NotebookCell CellOf(const Json& json, int number, Notebook* notebook) {
  NotebookCell cell;
  cell.number = number;
  cell.is_code = Member(json, "cell_type") == "code";
  if (!cell.is_code) return cell;
  cell.source = Joined(json.contains("source") ? json["source"] : Member(json, "input"));
  if (cell.source.size() > kMostCellBytes) {
    cell.source.clear();
    notebook->warnings.push_back(fmt::format("cell {} is too long and was left out", number));
  }
  const Json& count =
      Member(json, json.contains("execution_count") ? "execution_count" : "prompt_number");
  if (count.is_number_integer() && count >= 0 && count < 1000000) cell.execution = count.get<int>();
  AddOutputs(Member(json, "outputs"), &cell, notebook);
  return cell;
}

void AddCells(const Json& cells, const std::string& name, Notebook* notebook) {
  if (!cells.is_array()) Refuse(name, "expected a list of cells: this JSON is not a notebook");
  for (const Json& cell : cells) {
    if (notebook->cells.size() >= kMostCells) Refuse(name, "a notebook has up to 20000 cells");
    if (!cell.is_object()) Refuse(name, "expected a map for each cell");
    notebook->cells.push_back(CellOf(cell, static_cast<int>(notebook->cells.size()) + 1, notebook));
  }
}

// Throws InputError at the byte with this index.
[[noreturn]] void RefuseAt(std::string_view bytes, size_t index, const std::string& name,
                           const std::string& message) {
  const std::string_view before = bytes.substr(0, std::min(index, bytes.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t begin = before.rfind('\n') + 1;  // 0 if there is no line end
  throw InputError({Problem{
      {name, static_cast<int>(lines) + 1, static_cast<int>(before.size() - begin) + 1}, message}});
}

// The index of the first bracket that is nested too deeply; npos if there is none.
size_t TooDeep(std::string_view json) {
  int depth = 0;
  bool text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (text) {
      if (c == '\\') ++i;
      text = c != '"';
    } else if (c == '"') {
      text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepestJson) return i;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return std::string_view::npos;
}

// NaN and Infinity, which Python writes into outputs and JSON does not have, as null.
std::string WithoutNaN(std::string_view json) {
  std::string plain;
  bool text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') text = !text;
    size_t word = 0;
    for (const std::string_view number : {"NaN", "-Infinity", "Infinity"}) {
      if (!text && word == 0 && json.substr(i).starts_with(number)) word = number.size();
    }
    plain += word > 0 ? "null" : std::string_view(&json[i], 1);
    if (word > 0) i += word - 1;
    if (text && c == '\\' && i + 1 < json.size()) plain += json[++i];
  }
  return plain;
}

Json Parse(std::string_view bytes, const std::string& name) {
  const size_t deep = TooDeep(bytes);
  if (deep != std::string_view::npos) {
    RefuseAt(bytes, deep, name, "nested too deeply for a notebook");
  }
  try {
    return Json::parse(bytes);
  } catch (const Json::parse_error& e) {  // which counts bytes from 1
    const std::string plain = WithoutNaN(bytes);
    if (plain != bytes && Json::accept(plain)) return Json::parse(plain);
    const bool ends = e.byte > bytes.size();
    RefuseAt(
        bytes, e.byte == 0 ? 0 : e.byte - 1, name,
        ends ? "the JSON of this notebook ends too early" : "this is not the JSON of a notebook");
  } catch (const Json::exception&) {  // a number that no type holds
    Refuse(name, "this is not the JSON of a notebook");
  }
}

// The language that the kernel speaks, where it is another than Python; "" if it is not said.
std::string OtherLanguage(const Json& metadata) {
  for (const Json* language : {&Member(Member(metadata, "kernelspec"), "language"),
                               &Member(Member(metadata, "language_info"), "name")}) {
    if (!language->is_string()) continue;
    std::string text = language->get<std::string>();
    for (char& c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '#';
      if (!plain) c = '-';
    }
    if (text.empty() || text.find("python") != std::string::npos || text == "sage") return "";
    constexpr size_t kLongest = 20;
    return text.substr(0, kLongest);
  }
  return "";
}

Notebook ReadJson(std::string_view bytes, const std::string& name) {
  const Json root = Parse(bytes, name);
  const std::string language = OtherLanguage(Member(root, "metadata"));
  if (!language.empty()) {
    Refuse(name, fmt::format("its programs are in \"{}\": only Python is read", language));
  }
  Notebook notebook;
  const Json& worksheets = Member(root, "worksheets");
  if (worksheets.is_array()) {
    for (const Json& sheet : worksheets) AddCells(Member(sheet, "cells"), name, &notebook);
  } else {
    AddCells(Member(root, "cells"), name, &notebook);
  }
  return notebook;
}

// Refuses what is no text, at its first line that is none.
void NeedText(std::string_view bytes, const std::string& name) {
  const bool binary = bytes.find('\0') != std::string_view::npos;
  if (!binary && IsUtf8(bytes)) return;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    const std::string_view line = bytes.substr(begin, end - begin);
    if (!IsUtf8(line) || line.find('\0') != std::string_view::npos) {
      RefuseAt(bytes, begin, name, binary ? "a binary file, not a notebook" : "not UTF-8 text");
    }
    begin = end + 1;
  }
}

bool IsBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

Notebook ReadNotebook(std::string_view bytes, const std::string& name) {
  if (bytes.size() > kMostNotebookBytes) Refuse(name, "larger than 256 MiB");
  NeedText(bytes, name);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const size_t first = bytes.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && bytes[first] == '{';
  Notebook notebook =
      json || name.ends_with(".ipynb") ? ReadJson(bytes, name) : ReadNotebookText(bytes);
  const bool empty = std::all_of(
      notebook.cells.begin(), notebook.cells.end(),
      [](const NotebookCell& cell) { return IsBlank(cell.source) && cell.outputs.empty(); });
  if (empty && !notebook.warnings.empty()) Refuse(name, notebook.warnings.front());
  if (empty) Refuse(name, "this notebook has no code and no outputs");
  return notebook;
}

}  // namespace nabla
