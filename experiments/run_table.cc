#include "experiments/run_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "framework/table/csv_field.h"
#include "framework/terminal/text_table.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;
using Keys = std::vector<std::string>;

void Append(const Keys& more, Keys* keys) { keys->insert(keys->end(), more.begin(), more.end()); }

// The metrics that are no columns of the index, in the order of their first run.
Keys OtherMetrics(const std::vector<IndexedRun>& runs) {
  Keys names;
  for (const IndexedRun& run : runs) {
    for (const auto& [name, value] : run.metrics) {
      if (std::ranges::count(names, name) == 0) names.push_back(name);
    }
  }
  return names;
}

// The settings of which the runs have several values, without what says nothing of the training.
Keys Settings(const RunIndex& index, const std::vector<IndexedRun>& runs) {
  Keys keys = index.DifferingKeys(runs);
  std::erase_if(keys, [](const std::string& key) {
    const std::string section = key.substr(0, key.find('.'));
    const Keys words = {"description", "source", "notes", "reference", "reproduce", "investigate"};
    return std::ranges::count(words, section) > 0;
  });
  return keys;
}

// An integer where it is one: the index stores the numbers of settings as doubles.
Json JsonOf(const SqlValue& value) {
  return std::visit(
      []<typename V>(const V& v) -> Json {
        if constexpr (std::is_same_v<V, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<V, double>) {
          constexpr double kExact = 1LL << 53;
          if (std::floor(v) == v && std::abs(v) < kExact) return static_cast<int64_t>(v);
          return v;
        } else {
          return v;
        }
      },
      value);
}

std::string Exact(const SqlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const Json json = JsonOf(value);
  return json.is_null() ? "" : json.dump();
}

std::string Rounded(const std::string& key, const SqlValue& value) {
  constexpr size_t kHashLetters = 8;
  const auto* number = std::get_if<double>(&value);
  const std::string exact = Exact(value);
  if (number == nullptr) {
    if (key == "weights_hash") return exact.substr(0, kHashLetters);
    return exact.empty() ? "-" : exact;
  }
  if (key.ends_with("accuracy")) return fmt::format("{:.4f}", *number);
  if (key == "seconds") return fmt::format("{:.2f}", *number);
  return fmt::format("{:.5g}", *number);
}

// Which column goes first where room is short; settings lie between the results.
int SpareOf(const std::string& key, size_t at) {
  const Keys first = {"weights_hash", "started", "seconds", "train_loss", "status", "test_loss"};
  constexpr int kSettings = 100;
  const auto found = std::ranges::find(first, key);
  if (found != first.end()) return 2 * kSettings - static_cast<int>(found - first.begin());
  if (key == "folder") return 0;
  if (key == "test_accuracy" || key == "seed") return 1;
  return std::min(static_cast<int>(at), kSettings);  // later ones before earlier ones
}

std::string CsvLine(const Keys& cells) { return fmt::format("{}\n", fmt::join(cells, ",")); }

}  // namespace

Keys UsualKeys(const RunIndex& index, const std::vector<IndexedRun>& runs, const Keys& asked) {
  Keys keys = {"folder", "status", "seed", "epochs"};
  Append(Settings(index, runs), &keys);
  Append({"train_loss", "test_loss", "test_accuracy"}, &keys);
  const Keys others = OtherMetrics(runs);
  for (const std::string& name : asked) {
    if (std::ranges::count(others, name) > 0 && std::ranges::count(keys, name) == 0) {
      keys.push_back(name);
    }
  }
  Append({"seconds", "started", "weights_hash"}, &keys);
  return keys;
}

Keys AllKeys(const RunIndex& index, const std::vector<IndexedRun>& runs) {
  Keys keys = {"folder", "name", "status", "dataset", "started", "seed", "epochs"};
  Append(Settings(index, runs), &keys);
  Append({"train_loss", "test_loss", "test_accuracy"}, &keys);
  Append(OtherMetrics(runs), &keys);
  Append({"seconds", "samples_per_second", "weights_hash"}, &keys);
  return keys;
}

std::string RunText(const RunTable& table, bool whole, size_t width) {
  std::vector<TextColumn> columns;
  for (size_t k = 0; k < table.keys.size(); ++k) {
    TextColumn& column = columns.emplace_back();
    column.title = table.keys[k];
    column.spare = whole ? 0 : SpareOf(column.title, k);
    for (const SqlRow& row : table.rows) {
      column.cells.push_back(Rounded(column.title, row[k]));
      if (std::holds_alternative<std::string>(row[k])) column.left = true;
    }
  }
  const TextTable fitted = FitTable(columns, width);
  return fitted.text + OmittedText(fitted);
}

std::string RunCsv(const RunTable& table) {
  Keys cells;
  for (const std::string& key : table.keys) cells.push_back(CsvField(key));
  std::string text = CsvLine(cells);
  for (const SqlRow& row : table.rows) {
    cells.clear();
    for (const SqlValue& value : row) cells.push_back(CsvField(Exact(value)));
    text += CsvLine(cells);
  }
  return text;
}

std::string RunJson(const RunTable& table) {
  Json all = Json::array();
  for (const SqlRow& row : table.rows) {
    Json& json = all.emplace_back(Json::object());
    for (size_t k = 0; k < row.size(); ++k) {
      if (!std::holds_alternative<std::monostate>(row[k])) json[table.keys[k]] = JsonOf(row[k]);
    }
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla
