#include "framework/table/csv_layout.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>
#include <utility>

#include "framework/base/nearest.h"
#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"
#include "framework/table/csv_text.h"

namespace nabla {
namespace {

// Of each name its first column, and how many have it.
using Places = std::unordered_map<std::string, std::pair<size_t, size_t>>;

Places PlacesOf(const std::vector<std::string>& names) {
  Places places;
  for (size_t i = 0; i < names.size(); ++i) {
    ++places.try_emplace(names[i], i, size_t{0}).first->second.second;
  }
  return places;
}

class Layout {
 public:
  Layout(const CsvBeginning& beginning, const CsvFormat& format, CsvTable* table)
      : beginning_(beginning),
        format_(format),
        table_(table),
        fields_(beginning.sample[0].size()),
        names_(beginning.Names()),
        places_(PlacesOf(names_)) {
    table_->fields = fields_;
  }

  void ByFormat() {
    std::vector<bool> used(fields_);
    const bool none =
        format_.targets == std::vector<std::string>{kInputTarget} && Count(kInputTarget) == 0;
    for (const std::string& wanted : format_.targets) {
      if (!none) table_->targets.push_back(Column(UseTarget(wanted, &used)));
    }
    if (!format_.weight.empty()) table_->weight = Weight(Use(format_.weight, &used));
    for (const std::string& wanted : format_.ignore) Use(wanted, &used);
    std::vector<size_t> inputs;
    for (const std::string& wanted : format_.columns) inputs.push_back(Use(wanted, &used));
    for (size_t f = 0; f < fields_ && format_.columns.empty(); ++f) {
      if (!used[f]) inputs.push_back(f);
    }
    std::ranges::sort(inputs);
    for (const size_t field : inputs) table_->inputs.push_back(Column(field));
    if (inputs.empty()) FailNoInputs(std::ranges::count(used, true));
    MarkCategorical();
    CheckTwins();
  }

  void Like(const CsvTable& other) {
    std::vector<bool> used(fields_);
    if (other.targets.empty()) {
      for (const std::string& target : format_.targets) {
        table_->targets.push_back(Column(UseTarget(target, &used)));
      }
    }
    const bool named =
        HasAll(other.inputs) && HasAll(other.targets) && (!other.weight || HasAll({*other.weight}));
    if (!other.weight) FindWeight(other, named, &used);
    const size_t own_weight = !other.weight && table_->weight ? 1 : 0;
    const bool alone = fields_ == other.fields + table_->targets.size() + own_weight;
    std::vector<size_t> rest = named || alone ? Unused(used) : AsTrained(used);
    if (!named && !alone && (other.inputs.size() != other.fields || rest.size() != other.fields)) {
      FailUnlike(other);
    }
    const auto place = [&](const std::vector<CsvColumn>& wanted, std::vector<CsvColumn>* columns) {
      for (const CsvColumn& column : wanted) {
        const size_t field = named ? IndexOf(column.name) : rest[column.field];
        if (used[field]) Fail("the column " + Quoted(column.name) + " is an input, no target");
        columns->push_back({.name = names_.empty() ? "" : names_[field],
                            .field = field,
                            .words = column.words,
                            .asked = column.asked});
      }
    };
    place(other.inputs, &table_->inputs);
    place(other.targets, &table_->targets);
    if (other.weight) {
      table_->weight = Weight(named ? IndexOf(other.weight->name) : rest[other.weight->field]);
    }
    const std::vector<std::string> theirs = other.Names();
    if (!named && !names_.empty() && !theirs.empty()) {
      table_->remarks.push_back(table_->source + ": warning: its columns have other names than " +
                                "those of " + other.source +
                                ": they are taken in the order of the file");
    }
  }

  void PartOf(const CsvTable& first, const std::vector<std::string>& names) {
    const bool in_order = names_.empty() || names.empty() || names_ == names;
    if (in_order && fields_ != first.fields) FailUnlike(first);
    if (!in_order) CheckNames(first, names);
    const auto place = [&](const std::vector<CsvColumn>& wanted, std::vector<CsvColumn>* columns) {
      for (const CsvColumn& column : wanted) {
        columns->push_back({.name = column.name,
                            .field = in_order ? column.field : IndexOf(column.name),
                            .asked = column.asked});
      }
    };
    place(first.inputs, &table_->inputs);
    place(first.targets, &table_->targets);
    if (first.weight) {
      table_->weight = Weight(in_order ? first.weight->field : IndexOf(first.weight->name));
    }
  }

 private:
  // Every column that is used must be there once, and there may be no other inputs.
  void CheckNames(const CsvTable& first, const std::vector<std::string>& names) const {
    for (const std::vector<CsvColumn>& columns : AllOf(first)) {
      for (const CsvColumn& column : columns) {
        const size_t found = Count(column.name);
        if (found == 1 && std::ranges::count(names, column.name) == 1) continue;
        if (found == 0) FailLacking(column.name, first);
        Fail("more than one column is named " + Quoted(column.name) +
             ", so those of all files must stand in the order of " + first.source);
      }
    }
    for (const std::string& name : names_) {
      if (!format_.columns.empty() || std::ranges::count(names, name) > 0) continue;
      Fail("the column " + Quoted(name) + " is one too many: " + first.source + " has none" +
           Suggest(name, names));
    }
  }

  static std::vector<std::vector<CsvColumn>> AllOf(const CsvTable& table) {
    std::vector<std::vector<CsvColumn>> all = {table.inputs, table.targets};
    if (table.weight) all.push_back({*table.weight});
    return all;
  }

  // Whether the columns are those of the training when the one of weights is taken out.
  bool StandsAsTrained(const CsvTable& other, std::vector<bool> used) const {
    const std::optional<int64_t> number = NumberIn(format_.weight);
    if (!number || !InFile(*number)) return false;
    used[FieldNumbered(*number)] = true;
    return AsTrained(std::move(used)).size() == other.fields;
  }

  // A table like one without weights has them where it has the column that gave the training its
  // own: by its name, or by its number if that makes one more column.
  void FindWeight(const CsvTable& other, bool named, std::vector<bool>* used) {
    if (format_.weight.empty()) return;
    const bool has_name = Count(format_.weight) > 0;
    const size_t without = other.fields + table_->targets.size();
    const bool one_more = !named && fields_ == without + 1;
    const bool stands = !named && fields_ > without + 1 && StandsAsTrained(other, *used);
    if (has_name || one_more || stands) {
      table_->weight = Weight(Use(format_.weight, used));
      return;
    }
    table_->remarks.push_back(table_->source + ": note: there is no column " +
                              Quoted(format_.weight) + " of weights: all rows count the same");
  }

  std::vector<size_t> Unused(const std::vector<bool>& used) const {
    std::vector<size_t> rest;
    for (size_t f = 0; f < fields_; ++f) {
      if (!used[f]) rest.push_back(f);
    }
    return rest;
  }

  // Those of them that `columns` and `ignore` leave, as in the training; all if these name some
  // that are not there.
  std::vector<size_t> AsTrained(std::vector<bool> used) const {
    const std::vector<size_t> all = Unused(used);
    std::vector<bool> wanted(fields_, format_.columns.empty());
    const auto mark = [&](const std::vector<std::string>& columns, bool value) {
      return std::ranges::all_of(columns, [&](const std::string& column) {
        const std::optional<int64_t> number = NumberIn(column);
        if (Count(column) == 0 && !(number && InFile(*number))) return false;
        wanted[Count(column) > 0 ? IndexOf(column) : FieldNumbered(*number)] = value;
        return true;
      });
    };
    if (!mark(format_.columns, true) || !mark(format_.ignore, false)) return all;
    for (size_t f = 0; f < fields_; ++f) used[f] = used[f] || !wanted[f];
    return Unused(used);
  }

  // Tables may have tens of thousands of columns.
  size_t Count(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? 0 : found->second.second;
  }

  // The first of that name.
  size_t IndexOf(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? names_.size() : found->second.first;
  }

  bool HasAll(const std::vector<CsvColumn>& columns) const {
    return std::ranges::all_of(columns, [&](const CsvColumn& column) {
      return !column.name.empty() && Count(column.name) == 1;
    });
  }

  CsvColumn Weight(size_t field) const {
    return {.name = names_.empty() ? "" : names_[field], .field = field};
  }

  CsvColumn Column(size_t field) const {
    return {.name = names_.empty() ? "" : names_[field],
            .field = field,
            .words = WordVotes(beginning_.sample, field, beginning_.decimal_comma) > 0};
  }

  static std::optional<int64_t> NumberIn(const std::string& text) {
    int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || parsed != end) return std::nullopt;
    return number;
  }

  bool InFile(int64_t number) const {
    const auto count = static_cast<int64_t>(fields_);
    return number >= -count && number < count;
  }

  size_t FieldNumbered(int64_t number) const {
    const auto count = static_cast<int64_t>(fields_);
    if (InFile(number)) return static_cast<size_t>(number < 0 ? number + count : number);
    Fail("there is no column " + std::to_string(number) + ": there are " + std::to_string(fields_) +
         " columns, counted from 0, or from -1 backwards");
  }

  // A number that names another column than it counts may have been meant either way.
  void NoteName(const std::string& name, size_t field) const {
    std::string remark = beginning_.place.ToString() + ": warning: " + name +
                         " is taken for the name of column " + std::to_string(field) +
                         ", counted from 0, not for the column of that number";
    if (std::ranges::count(table_->remarks, remark) == 0) table_->remarks.push_back(remark);
  }

  // The field of a column by its name or its number.
  size_t Find(const std::string& asked) const {
    const std::string wanted = Escaped(asked);
    const size_t twins = Count(wanted);
    if (twins > 1) {
      Fail("more than one column is named " + Quoted(wanted) + ": name it by its number, from 0");
    }
    const std::optional<int64_t> number = NumberIn(wanted);
    if (twins == 1) {
      const size_t field = IndexOf(wanted);
      if (number && InFile(*number) && FieldNumbered(*number) != field) NoteName(wanted, field);
      return field;
    }
    if (number) return FieldNumbered(*number);
    if (!names_.empty()) Fail("there is no column " + Quoted(wanted) + Suggest(wanted, names_));
    FailNameless(wanted);
  }

  // The first line has another number of cells than the next, if it is taken for a header.
  [[noreturn]] void FailNameless(const std::string& wanted) const {
    const CsvCells& header = beginning_.header;
    const std::string none = "there is no column " + Quoted(wanted) + ": ";
    if (header.empty()) Fail(none + "no header names the columns, so write its number, from 0");
    if (std::ranges::count(header, wanted) > 0) {
      throw InputError({Problem{beginning_.row_place, "expected " + std::to_string(header.size()) +
                                                          " fields, as in the header, found " +
                                                          std::to_string(fields_)}});
    }
    Fail(none + "this line has " + std::to_string(header.size()) +
         (header.size() == 1 ? " cell" : " cells") + ", but the next has " +
         std::to_string(fields_) + ": if it is a comment or a title, delete it");
  }

  size_t UseTarget(const std::string& wanted, std::vector<bool>* used) const {
    const std::optional<int64_t> number =
        format_.numbered_targets ? NumberIn(wanted) : std::optional<int64_t>();
    return Mark(wanted, number ? FieldNumbered(*number) : Find(wanted), used);
  }

  size_t Use(const std::string& wanted, std::vector<bool>* used) const {
    return Mark(wanted, Find(wanted), used);
  }

  size_t Mark(const std::string& wanted, size_t field, std::vector<bool>* used) const {
    if ((*used)[field]) {
      const std::string weight = format_.weight.empty() ? "" : "`row_weight`, ";
      Fail("the column " + Quoted(wanted) + " is named twice among `target`, " + weight +
           "`columns` and `ignore`");
    }
    (*used)[field] = true;
    return field;
  }

  void MarkCategorical() {
    for (const std::string& wanted : format_.categorical) {
      const size_t field = Find(wanted);
      const auto found = std::ranges::find(table_->inputs, field, &CsvColumn::field);
      if (found == table_->inputs.end()) Fail("the column " + Quoted(wanted) + " is no input");
      found->words = found->asked = true;
    }
  }

  // Columns of one name: those that are used could not be told apart in other files.
  void CheckTwins() {
    std::vector<bool> used(fields_);
    for (const std::vector<CsvColumn>& columns : AllOf(*table_)) {
      for (const CsvColumn& column : columns) used[column.field] = true;
    }
    Places first;
    for (size_t f = 0; f < names_.size(); ++f) {
      if (!used[f] || names_[f].empty()) continue;
      const auto [found, is_new] = first.try_emplace(names_[f], f, size_t{0});
      if (is_new) continue;
      Fail("the columns " + std::to_string(found->second.first) + " and " + std::to_string(f) +
           ", counted from 0, have the same name, " + Quoted(names_[f]) + ": rename one");
    }
    for (size_t f = 0; f < names_.size(); ++f) {
      if (IndexOf(names_[f]) == f || names_[f].empty()) continue;
      table_->remarks.push_back(beginning_.place.ToString() + ": warning: the columns " +
                                std::to_string(IndexOf(names_[f])) + " and " + std::to_string(f) +
                                ", counted from 0, have the same name: " + Quoted(names_[f]));
    }
  }

  [[noreturn]] void FailNoInputs(std::ptrdiff_t used) const {
    const std::string all = std::to_string(fields_) + " column" + (fields_ == 1 ? "" : "s");
    Fail("expected inputs beside the target, found " + all +
         (used > 1 ? ", none of which is left as an input" : ""));
  }

  [[noreturn]] void FailLacking(const std::string& column, const CsvTable& other) const {
    Fail("there is no column " + Quoted(column) + ", which " + other.source + " has" +
         Suggest(column, names_));
  }

  [[noreturn]] void FailUnlike(const CsvTable& other) const {
    std::vector<std::string> lacking;
    for (const std::vector<CsvColumn>& columns : AllOf(other)) {
      for (const CsvColumn& column : columns) {
        if (!names_.empty() && Count(column.name) == 0) {
          lacking.push_back(column.name);
        }
      }
    }
    if (!lacking.empty() && !lacking[0].empty()) FailLacking(lacking[0], other);
    const size_t own_targets = table_->targets.size();  // that the other table does not have
    const bool one_more = other.targets.empty() && own_targets == 0 && fields_ == other.fields + 1;
    Fail("expected " + std::to_string(other.fields + own_targets) + " columns, as " + other.source +
         " has" + (own_targets > 0 ? " with its target" : "") + ", found " +
         std::to_string(fields_) + (one_more ? "; leave out the target" : ""));
  }

  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError({Problem{beginning_.place, message}});
  }

  const CsvBeginning& beginning_;
  const CsvFormat& format_;
  CsvTable* const table_;
  const size_t fields_;
  const std::vector<std::string> names_;
  const Places places_;
};

}  // namespace

void LayOut(const CsvBeginning& beginning, const CsvFormat& format, CsvTable* table) {
  Layout layout(beginning, format, table);
  if (format.like != nullptr) {
    layout.Like(*format.like);
  } else {
    layout.ByFormat();
  }
}

void LayOutPart(const CsvBeginning& beginning, const CsvFormat& format, const CsvTable& first,
                const std::vector<std::string>& names, CsvTable* table) {
  Layout(beginning, format, table).PartOf(first, names);
}

}  // namespace nabla
