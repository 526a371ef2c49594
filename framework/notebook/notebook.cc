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

// `position` counts bytes from 1.
[[noreturn]] void RefuseAt(std::string_view bytes, size_t position, const std::string& name) {
  const std::string_view before = bytes.substr(0, position == 0 ? 0 : position - 1);
  const size_t line = before.rfind('\n');
  const int number = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  const size_t column = before.size() - (line == std::string_view::npos ? 0 : line + 1) + 1;
  const bool ends = position > bytes.size();
  throw InputError({Problem{
      {name, number, static_cast<int>(column)},
      ends ? "the JSON of this notebook ends too early" : "this is not the JSON of a notebook"}});
}

Json Parse(std::string_view bytes, const std::string& name) {
  const auto shallow = [&name](int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepestJson) Refuse(name, "nested too deeply for a notebook");
    return true;
  };
  try {
    return Json::parse(bytes, shallow);
  } catch (const Json::parse_error& e) {
    RefuseAt(bytes, e.byte, name);
  }
}

}  // namespace

Notebook ReadNotebook(std::string_view bytes, const std::string& name) {
  if (bytes.size() > kMostNotebookBytes) Refuse(name, "larger than 256 MiB");
  if (!IsUtf8(bytes)) Refuse(name, "not UTF-8 text");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const size_t first = bytes.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && bytes[first] == '{';
  if (!json && !name.ends_with(".ipynb")) return ReadNotebookText(bytes);
  const Json root = Parse(bytes, name);
  Notebook notebook;
  const Json& worksheets = Member(root, "worksheets");
  if (worksheets.is_array()) {
    for (const Json& sheet : worksheets) AddCells(Member(sheet, "cells"), name, &notebook);
  } else {
    AddCells(Member(root, "cells"), name, &notebook);
  }
  return notebook;
}

}  // namespace nabla
