#include "framework/table/csv_rows.h"

#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"
#include "framework/model/dataset.h"
#include "framework/table/csv_text.h"
#include "framework/table/odd_number.h"

namespace nabla {
namespace {

constexpr size_t kMostWords = 10000;
constexpr size_t kLongestWord = 1000;  // in bytes

enum class Role : uint8_t { kNothing, kNumber, kWord, kTarget, kWeight };

// What becomes of a field. Small, because rows may have thousands.
struct Slot {
  Role role = Role::kNothing;
  uint32_t index = 0;  // among the inputs or the targets
  uint32_t run = 0;    // so many numbers follow each other here, in the file and in the row
};

class Rows {
 public:
  Rows(const CsvFormat& format, bool decimal_comma, CsvCursor* cursor, CsvTable* table)
      : format_(format),
        decimal_comma_(decimal_comma),
        cursor_(*cursor),
        table_(*table),
        width_(table->inputs.size()),
        slots_(table->fields) {
    for (uint32_t i = 0; i < width_; ++i) {
      const CsvColumn& input = table_.inputs[i];
      slots_[input.field] = {input.words ? Role::kWord : Role::kNumber, i};
    }
    for (uint32_t i = 0; i < table_.targets.size(); ++i) {
      slots_[table_.targets[i].field] = {Role::kTarget, i};
    }
    if (table_.weight) slots_[table_.weight->field] = {Role::kWeight};
    for (size_t f = slots_.size(); f-- > 0;) {
      if (slots_[f].role != Role::kNumber) continue;
      const bool joined = f + 1 < slots_.size() && slots_[f + 1].run > 0 &&
                          slots_[f + 1].index == slots_[f].index + 1;
      slots_[f].run = 1 + (joined ? slots_[f + 1].run : 0);
    }
  }

  // The number of rows that are left out.
  size_t Read() {
    // A field takes at least two characters, with its separator.
    table_.pixels.reserve(cursor_.Rest().size() / (2 * slots_.size()) * width_ + width_);
    while (!cursor_.Done()) ReadRow();
    if (bytes_) table_.pixels.resize(table_.rows * width_);
    if (!bytes_) table_.numbers.resize(table_.rows * width_);
    table_.values.resize(table_.rows * table_.targets.size());
    if (table_.weight) table_.weights.resize(table_.rows);
    return dropped_rows_;
  }

 private:
  // A row that is dropped gives its place to the next one.
  void ReadRow() {
    begin_ = table_.rows * width_;
    if (bytes_) {
      table_.pixels.resize(begin_ + width_);
    } else {
      table_.numbers.resize(begin_ + width_);
    }
    table_.values.resize((table_.rows + 1) * table_.targets.size());
    if (table_.weight) table_.weights.resize(table_.rows + 1);
    words_.clear();
    dropped_ = false;
    const size_t fields = slots_.size();
    for (size_t field = 0; field < fields;) {
      const Slot slot = slots_[field];
      size_t taken = 0;
      if (bytes_ && slot.run > 0) {
        taken = cursor_.TakeBytes(slot.run, table_.pixels.data() + begin_ + slot.index);
      }
      if (taken == 0) {
        const bool number =
            !bytes_ && slot.role == Role::kNumber &&
            cursor_.TakeNumber(decimal_comma_, table_.numbers.data() + begin_ + slot.index);
        if (!number) TakeField(slot);
        taken = 1;
      }
      field += taken;
      if (field < fields) cursor_.NextField(field, fields);
    }
    cursor_.EndRow(fields);
    if (dropped_) {
      ++dropped_rows_;
      return;
    }
    for (const auto& [column, code] : words_) ++column->seen[code].count;
    ++table_.rows;
  }

  void TakeField(Slot slot) {
    const std::string_view cell = cursor_.TakeCell();
    if (slot.role == Role::kNothing) return;
    if (slot.role == Role::kWeight) {
      table_.weights[table_.rows] = WeightOf(cell);
      return;
    }
    const bool target = slot.role == Role::kTarget;
    const double value =
        ValueOf(cell, target, &(target ? table_.targets : table_.inputs)[slot.index]);
    if (target) {
      table_.values[table_.rows * table_.targets.size() + slot.index] = value;
      return;
    }
    if (bytes_ && !IsByte(value)) HoldNumbers();
    if (bytes_) {
      table_.pixels[begin_ + slot.index] = static_cast<uint8_t>(value);
    } else {
      table_.numbers[begin_ + slot.index] = value;
    }
  }

  double ValueOf(std::string_view cell, bool target, CsvColumn* column) {
    if (!column->words) {
      const std::optional<double> number = CsvNumber(cell, decimal_comma_);
      if (number && target) {
        column->NoteOddities(*number, [&] {
          return CsvOddity{cursor_.CellPlace(), std::string(cell)};
        });
      }
      if (number) return *number;
    }
    if (IsMissing(cell)) return TakeMissing(cell, target, column);
    if (!column->words) {
      Fail("expected a number, found " + Quoted(cell) + NoNumberHint(cell, decimal_comma_));
    }
    return static_cast<double>(CodeOf(cell, column));
  }

  double WeightOf(std::string_view cell) {
    const std::optional<double> number = CsvNumber(cell, decimal_comma_);
    if (number && *number >= 0) return *number;
    if (number || !IsMissing(cell)) {
      Fail("expected the row's weight, a number from 0, found " + Quoted(cell) +
           NoNumberHint(cell, decimal_comma_));
    }
    if (format_.missing != MissingValues::kDrop) {
      Fail("the row's weight is missing, found " + Quoted(cell) +
           "; `missing: drop` in the data set leaves its row out");
    }
    dropped_ = true;
    return 0;
  }

  double TakeMissing(std::string_view cell, bool target, CsvColumn* column) {
    if (format_.missing == MissingValues::kDrop) {
      dropped_ = true;
      return 0;
    }
    if (target) {
      Fail("the target is missing, found " + Quoted(cell) +
           "; `missing: drop` in the data set leaves its row out");
    }
    if (format_.missing == MissingValues::kRefuse) {
      Fail("a value is missing, found " + Quoted(cell) + "; " + format_.if_missing);
    }
    ++column->missing;
    return std::numeric_limits<double>::quiet_NaN();
  }

  // The code of a word, which it gets where it is new.
  size_t CodeOf(std::string_view cell, CsvColumn* column) {
    std::vector<CsvWord>& seen = column->seen;
    const auto [found, is_new] = codes_[column].try_emplace(std::string(cell), seen.size());
    if (is_new) {
      if (!IsUtf8(cell)) Fail("the word " + Quoted(cell) + " is not UTF-8: save the file as UTF-8");
      if (cell.size() > kLongestWord) {
        Fail("the word " + Quoted(cell) + " has " + std::to_string(cell.size()) +
             " bytes, more than " + std::to_string(kLongestWord) +
             ": leave the column out with `ignore`");
      }
      if (seen.size() == kMostWords) {
        Fail("the column has more than " + std::to_string(kMostWords) +
             " different words: leave it out with `ignore`");
      }
      seen.push_back({Escaped(cell), cursor_.CellPlace(), 0});
    }
    words_.emplace_back(column, found->second);
    return found->second;
  }

  // One input is no byte: all those read so far become numbers.
  void HoldNumbers() {
    bytes_ = false;
    table_.numbers.reserve(table_.pixels.capacity());
    table_.numbers.assign(table_.pixels.begin(), table_.pixels.end());
    table_.pixels = {};
  }

  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError({Problem{cursor_.CellPlace(), message}});
  }

  const CsvFormat& format_;
  const bool decimal_comma_;
  CsvCursor& cursor_;
  CsvTable& table_;
  const size_t width_;
  std::vector<Slot> slots_;
  std::unordered_map<const CsvColumn*, std::unordered_map<std::string, size_t>> codes_;
  bool bytes_ = true;
  size_t dropped_rows_ = 0;
  // Of the current row:
  size_t begin_ = 0;                                  // of its inputs
  std::vector<std::pair<CsvColumn*, size_t>> words_;  // their codes
  bool dropped_ = false;
};

}  // namespace

size_t ReadCsvRows(const CsvFormat& format, bool decimal_comma, CsvCursor* cursor,
                   CsvTable* table) {
  return Rows(format, decimal_comma, cursor, table).Read();
}

}  // namespace nabla
