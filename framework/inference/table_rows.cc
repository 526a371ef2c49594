#include "framework/inference/table_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/config/located.h"
#include "framework/data/missing.h"
#include "framework/data/uniform.h"
#include "framework/formats/complaint.h"
#include "framework/table/coding.h"
#include "framework/table/csv_text.h"

namespace nabla {
namespace {

constexpr const char* kNothingMissing = "the model was trained on rows without missing values";
constexpr const char* kDropped =
    "the model was trained with `missing: drop`, on rows without missing values: leave this row "
    "out";

[[noreturn]] void Fail(Place place, const std::string& what) {
  throw InputError(std::vector<Problem>{{std::move(place), what}});
}

// The class that a word names, or `classes` if it names none.
size_t ClassNamed(const std::string& word, const ModelInput& input) {
  const std::vector<std::string>& names = input.meaning.classes;
  const auto found = std::ranges::find(names, word);
  return found == names.end() ? input.classes : static_cast<size_t>(found - names.begin());
}

std::string KnownClasses(const ModelInput& input) {
  if (input.meaning.classes.empty()) return fmt::format("; it knows 0 to {}", input.classes - 1);
  return "";
}

std::vector<int32_t> LabelsOf(const CsvTable& table, const ModelInput& input) {
  const CsvColumn& column = table.targets[0];
  std::vector<size_t> of_words;
  for (const CsvWord& word : column.seen) {
    of_words.push_back(ClassNamed(word.text, input));
    if (of_words.back() < input.classes || word.count == 0) continue;
    Fail(word.first, Quoted(word.text) + " is no class of the model" +
                         Suggest(word.text, input.meaning.classes) + KnownClasses(input));
  }
  std::vector<int32_t> labels;
  labels.reserve(table.rows);
  for (const double value : table.values) {
    const size_t label =
        column.words ? of_words[static_cast<size_t>(value)] : ClassNumbered(value, input);
    if (label == input.classes) {
      Fail({table.source}, fmt::format("row {}, counted from 0, has the class {}, which is none of "
                                       "the model's{}",
                                       labels.size(), value, KnownClasses(input)));
    }
    labels.push_back(static_cast<int32_t>(label));
  }
  return labels;
}

void CheckValues(const CsvTable& table, const ModelInput& input) {
  for (const CsvColumn& target : table.targets) {
    if (target.words) {
      Fail(target.seen[0].first, "expected a number, found " + Quoted(target.seen[0].text));
    }
    if (input.meaning.labels && target.no_bit) {
      Fail(target.no_bit->place,
           "expected 0 or 1, whether the label holds, found " + Quoted(target.no_bit->text));
    }
  }
}

// Adds the targets of the table, if it has any, in the form that the model has.
void AddTargets(CsvTable* table, const ModelInput& input, RawRows* rows) {
  if (table->targets.empty()) return;
  const size_t wanted = input.classes > 0 ? 1 : input.values;
  if (table->targets.size() != wanted) {
    Fail({table->source}, fmt::format("the model has {} target{}, but {} {} named", wanted,
                                      wanted == 1 ? "" : "s", table->targets.size(),
                                      table->targets.size() == 1 ? "column is" : "columns are"));
  }
  if (input.classes > 0) {
    rows->labels = LabelsOf(*table, input);
  } else {
    CheckValues(*table, input);
    rows->values = std::move(table->values);
  }
}

// Rows for a model that was not trained on a table with names or words: all other columns are
// inputs.
void AddNumbers(CsvTable table, const Shape& shape, RawRows* rows) {
  for (const CsvColumn& column : table.inputs) {
    if (!column.words) continue;
    Fail(column.seen[0].first, "expected a number, found " + Quoted(column.seen[0].text));
  }
  const size_t found = table.inputs.size();
  if (found != shape.size()) {
    const bool label = table.targets.empty() && found == shape.size() + 1;
    Fail({table.source}, fmt::format("its lines have {} numbers{}, but the model takes {}{}", found,
                                     table.targets.empty() ? "" : " beside the target",
                                     shape.size(), label ? "; leave out the label" : ""));
  }
  rows->pixels = std::move(table.pixels);
  rows->numbers = std::move(table.numbers);
}

}  // namespace

size_t ClassNumbered(double number, const ModelInput& input) {
  const std::vector<std::string>& names = input.meaning.classes;
  bool numbers = false;
  for (size_t c = 0; c < names.size(); ++c) {
    const std::optional<double> name = CsvNumber(names[c]);
    if (name == number) return c;
    numbers = numbers || name;
  }
  const bool counts = !numbers && number >= 0 && number < static_cast<double>(input.classes) &&
                      number == static_cast<double>(static_cast<size_t>(number));
  return counts ? static_cast<size_t>(number) : input.classes;
}

RawRows RowsFromCsv(std::span<const uint8_t> text, const std::string& name, const ModelInput& input,
                    const std::vector<std::string>* targets, const std::string& weight,
                    bool evaluates, bool numbered, const UnusedColumns& unused) {
  const bool as_trained = evaluates && !(unused.ignore.empty() && unused.columns.empty());
  // Numbers without names have no coding.
  const std::vector<InputColumn> plain(as_trained ? input.shape.size() : 0);
  const CsvTable like = LikeCoding(input.coding.empty() ? plain : input.coding, "the model");
  // A prediction is wanted of every row; an evaluation leaves out what training left out.
  const bool dropped = input.missing == MissingValues::kDrop;
  const bool drops = evaluates && dropped;
  const bool may_miss = drops || !input.fill.empty();
  const MissingValues missing = may_miss ? input.missing : MissingValues::kRefuse;
  CsvFormat format{.missing = missing, .if_missing = dropped ? kDropped : kNothingMissing};
  if (targets != nullptr) format.targets = *targets;
  format.numbered_targets = numbered;
  format.weight = weight;
  if (!like.inputs.empty()) format.like = &like;
  if (as_trained) {
    format.ignore = unused.ignore;
    format.columns = unused.columns;
  }
  CsvTable table = ParseCsv(text, name, format);
  RawRows rows{.count = table.rows, .remarks = std::move(table.remarks)};
  AddTargets(&table, input, &rows);
  rows.weights = std::move(table.weights);
  At({table.source}, [&] { CheckWeights(rows.weights, "its rows"); });
  if (input.coding.empty()) {
    AddNumbers(std::move(table), input.shape, &rows);
    return rows;
  }
  CodedRows coded = Encode(std::move(table), input.coding, missing);
  FillMissing(input.fill, &coded.numbers);
  rows.pixels = std::move(coded.pixels);
  rows.numbers = std::move(coded.numbers);
  return rows;
}

}  // namespace nabla
