#include "framework/table/targets.h"

#include <algorithm>
#include <set>

#include "framework/base/error.h"
#include "framework/formats/complaint.h"
#include "framework/table/odd_number.h"

namespace nabla {
namespace {

// More names are counted.
constexpr size_t kMostNames = 10;

[[noreturn]] void Fail(const Place& place, const std::string& message) {
  throw InputError({Problem{place, message}});
}

std::string NameOf(const CsvColumn& column) {
  return column.name.empty() ? "column " + std::to_string(column.field) : Quoted(column.name);
}

// Both tables, or the first alone.
std::vector<const CsvTable*> Both(const CsvTable& train, const CsvTable* test) {
  if (test == nullptr) return {&train};
  return {&train, test};
}

// Whether so many different whole numbers are few enough to be classes. Hundreds may be, where each
// stands in many rows.
bool AreFew(size_t distinct, size_t rows) {
  constexpr size_t kFew = 20;
  constexpr size_t kMost = 1000;
  return distinct <= kFew || (distinct <= kMost && distinct * kFew <= rows);
}

Task InferredTask(const CsvTable& train, bool classes_given) {
  const std::vector<CsvColumn>& targets = train.targets;
  if (targets.size() > 1) {
    const bool bits = std::ranges::none_of(targets, [](const auto& t) { return bool{t.no_bit}; });
    return bits ? Task::kMultilabel : Task::kRegression;
  }
  const CsvColumn& target = targets[0];
  if (target.words || classes_given) return Task::kClassification;
  if (target.fraction) return Task::kRegression;
  const size_t distinct = std::set<double>(train.values.begin(), train.values.end()).size();
  if (AreFew(distinct, train.rows)) return Task::kClassification;
  Fail({train.source}, "the target, " + NameOf(target) + ", has " + std::to_string(distinct) +
                           " different whole numbers: write `task: regression` to predict numbers, "
                           "or `task: classification` if each is a class");
}

void CheckNumbers(const CsvTable& table, Task task) {
  for (const CsvColumn& target : table.targets) {
    if (target.words) {
      Fail(target.seen[0].first, "expected a number, found " + Quoted(target.seen[0].text) +
                                     ": only one target of classes may have words");
    }
    if (task == Task::kMultilabel && target.no_bit) {
      Fail(target.no_bit->place, "expected 0 or 1, whether the label " + NameOf(target) +
                                     " holds, found " + Quoted(target.no_bit->text));
    }
  }
}

// The different words of both tables, sorted.
std::vector<std::string> WordsOf(const std::vector<const CsvTable*>& tables) {
  std::set<std::string> words;
  for (const CsvTable* table : tables) {
    for (const CsvWord& word : table->targets[0].seen) {
      if (word.count > 0) words.insert(word.text);
    }
  }
  return {words.begin(), words.end()};
}

void CheckWords(const CsvTable& train, size_t classes) {
  constexpr size_t kFew = 50;
  if (classes <= kFew || 2 * classes <= train.rows) return;
  Fail(train.targets[0].seen[0].first,
       "the target, " + NameOf(train.targets[0]) + ", has " + std::to_string(classes) +
           " different words in " + std::to_string(train.rows) + " rows, too many to be classes" +
           OddNumberHint(train.targets[0].seen[0].text));
}

// Whole numbers from 0 are classes of these numbers. Where some training rows have others, all of
// their numbers are classes in ascending order, with what the test rows have beside them.
void NumberClasses(const std::vector<const CsvTable*>& tables, TargetCoding* coding) {
  const CsvTable& train = *tables[0];
  const bool counted = !train.targets[0].no_class;
  std::set<double> numbers(train.values.begin(), train.values.end());
  const bool few = AreFew(numbers.size(), train.rows);
  for (const CsvTable* table : tables) {
    const CsvColumn& target = table->targets[0];
    numbers.insert(table->values.begin(), table->values.end());
    constexpr double kLargest = 1LL << 53;  // that a number holds exactly
    const bool exact = *numbers.begin() > -kLargest && *numbers.rbegin() < kLargest;
    const bool numbered = !counted && few && exact;
    if (target.fraction || (target.no_class && !numbered)) {
      const CsvOddity& odd = target.fraction ? *target.fraction : *target.no_class;
      Fail(odd.place, "expected a class, a whole number from 0, found " + Quoted(odd.text));
    }
  }
  coding->classes = counted ? static_cast<size_t>(*numbers.rbegin()) + 1 : numbers.size();
  if (counted) return;
  coding->numbers.assign(numbers.begin(), numbers.end());
  for (const double number : numbers) {
    coding->meaning.classes.push_back(std::to_string(static_cast<int64_t>(number)));
  }
}

void FindClasses(const std::vector<const CsvTable*>& tables, std::optional<int64_t> wanted,
                 TargetCoding* coding) {
  const CsvTable& train = *tables[0];
  if (train.targets.size() > 1) {
    Fail({train.source}, "classification has one target, not " +
                             std::to_string(train.targets.size()) +
                             ": several are `task: multilabel` or `task: regression`");
  }
  if (train.targets[0].words) {
    coding->meaning.classes = WordsOf(tables);
    coding->classes = coding->meaning.classes.size();
    CheckWords(train, coding->classes);
  } else {
    NumberClasses(tables, coding);
  }
  if (!wanted || coding->classes == static_cast<size_t>(*wanted)) return;
  const auto most = static_cast<size_t>(*wanted);
  if (coding->meaning.classes.empty() && coding->classes < most) {
    coding->classes = most;
    return;
  }
  for (const CsvTable* table : tables) {
    const double largest = *std::ranges::max_element(table->values);
    if (!coding->meaning.classes.empty() || largest < static_cast<double>(most)) continue;
    Fail({table->source}, "label " + std::to_string(static_cast<int64_t>(largest)) +
                              " needs more than " + std::to_string(most) + " classes");
  }
  Fail({train.source}, "the target has " + std::to_string(coding->classes) +
                           " different values, but `classes` is " + std::to_string(most));
}

// "a, b, c", or "a, b and 7 more".
std::string List(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kMostNames); ++i) {
    text += (i > 0 ? ", " : "") + names[i];
  }
  if (names.size() <= kMostNames) return text;
  return text + " and " + std::to_string(names.size() - kMostNames) + " more";
}

// Numbers far from 0, such as years, are hardly meant as classes that count from 0.
std::string HintOfNumbers(const TargetCoding& coding, const CsvTable& table) {
  constexpr size_t kMany = 20;
  if (!coding.meaning.classes.empty() || coding.classes <= kMany) return "";
  const size_t occur = std::set<double>(table.values.begin(), table.values.end()).size();
  if (2 * occur > coding.classes) return "";
  return ", of which only " + std::to_string(occur) +
         " occur: if these are numbers to predict, write `task: regression`";
}

// The targets of rows that have only inputs.
TargetCoding InputTargets(const CsvTable& train, bool asked) {
  if (asked) {
    Fail({train.source},
         "`target: input` makes an autoencoder: `task` and `classes` are for others");
  }
  return {.task = Task::kRegression, .meaning = {.inputs = true}};
}

}  // namespace

std::vector<int32_t> TargetCoding::LabelsOf(const CsvTable& table) const {
  if (task != Task::kClassification) return {};
  std::vector<int32_t> of_words;
  for (const CsvWord& word : table.targets[0].seen) {
    const auto found = std::ranges::lower_bound(meaning.classes, word.text);
    of_words.push_back(static_cast<int32_t>(found - meaning.classes.begin()));
  }
  std::vector<int32_t> labels;
  labels.reserve(table.rows);
  for (const double value : table.values) {
    if (table.targets[0].words) {
      labels.push_back(of_words[static_cast<size_t>(value)]);
    } else if (!numbers.empty()) {
      const auto found = std::ranges::lower_bound(numbers, value);
      labels.push_back(static_cast<int32_t>(found - numbers.begin()));
    } else {
      labels.push_back(static_cast<int32_t>(value));
    }
  }
  return labels;
}

std::string TargetCoding::Text(const CsvTable& table) const {
  std::vector<std::string> names;
  if (meaning.inputs) return "the targets are the inputs (autoencoder)";
  for (const CsvColumn& target : table.targets) names.push_back(NameOf(target));
  if (task == Task::kRegression) return "regression of " + List(names);
  if (task == Task::kMultilabel) return "the labels " + List(names) + " of each row (multilabel)";
  const std::string classes = meaning.classes.empty()
                                  ? "classes 0 to " + std::to_string(this->classes - 1)
                                  : List(meaning.classes);
  return "classification of " + names[0] + ": " + classes + HintOfNumbers(*this, table);
}

TargetCoding TargetCodingOf(const CsvTable& train, const CsvTable* test, std::optional<Task> task,
                            std::optional<int64_t> classes) {
  if (train.targets.empty()) return InputTargets(train, task || classes);
  TargetCoding coding{.task = task ? *task : InferredTask(train, bool{classes})};
  const std::vector<const CsvTable*> tables = Both(train, test);
  if (coding.task == Task::kClassification) {
    FindClasses(tables, classes, &coding);
    return coding;
  }
  if (classes) {
    Fail({train.source}, "`classes` is for `task: classification` only");
  }
  for (const CsvTable* table : tables) CheckNumbers(*table, coding.task);
  for (const CsvColumn& target : train.targets) {
    coding.meaning.values.push_back(target.name.empty() ? std::to_string(target.field)
                                                        : target.name);
  }
  coding.meaning.labels = coding.task == Task::kMultilabel;
  return coding;
}

}  // namespace nabla
