// The words, numbers and marks of a printed line.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_PRINTED_ITEMS_H_
#define NABLA_FRAMEWORK_NOTEBOOK_PRINTED_ITEMS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

struct PrintedItem {
  enum Kind { kWord, kNumber, kMark, kArray } kind = kMark;
  std::string text;     // of a number without thousands' commas; of an array its index
  std::string unit;     // letters directly behind a number
  bool spaced = false;  // a space stands before it
  bool percent = false;
};

// Cuts a line of PrintedText into its items.
std::vector<PrintedItem> PrintedItems(std::string_view line);

// A number in digits alone; nothing for others.
std::optional<int64_t> WholeNumber(const std::string& text);

// The 3 of "====== 3 ======": a whole number alone within a line of marks.
std::optional<int64_t> RuledNumber(const std::vector<PrintedItem>& items);

// Cuts off what a progress bar's last state left of an earlier one: the rest of the line behind the
// number at `at` in "acc: 0.9870s - loss: 0.0458 -". `label` are the words before the number.
void CutOverwritten(std::vector<PrintedItem>* items, size_t at,
                    const std::vector<std::string>& label);

// The index of the 10 of "3/10", "3 / 10", "3 of 10" and "3 out of 10" behind the number at `at`;
// nothing if there is none.
std::optional<size_t> TotalEnd(const std::vector<PrintedItem>& items, size_t at);

// A count as an integer: 9129.0 as 9129.
std::string CountText(const std::string& text);

// The end of a list of whole numbers in front of a step and a value: "[4, 16, 3] 0 0.9"; 0 if the
// line does not begin so.
size_t LeadingListEnd(const std::vector<PrintedItem>& items);

// The 10000 of "accuracy on the 10000 test images: 97 %", the 5 of "5 hidden units", which are
// `neurons`, and "20 % complete".
bool CountsRows(const std::vector<PrintedItem>& items, size_t at, bool* neurons);

// The 60% of "[=====>....] 60%".
bool IsBehindBar(const std::vector<PrintedItem>& items, size_t at);

// The 100 of "|####| 100/100 [00:03": what a progress bar behind `from` counts to; "" if it says
// nothing.
std::string BarTotal(const std::vector<PrintedItem>& items, size_t from);

// The last item of "2021-03-04 12:00:59,123", which begins with a number at `at`; `at` if there is
// none.
size_t DateEnd(const std::vector<PrintedItem>& items, size_t at);

// The last item of "12 s", "3ms/step", "00:05" and "1.2it/s", likewise; nothing if there is none.
std::optional<size_t> TimeEnd(const std::vector<PrintedItem>& items, size_t at);

// The first part of a word, in lower case.
std::string FirstPart(const std::string& word);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_PRINTED_ITEMS_H_
