// What names and calls of print say of printed values, and these as numbers.
#ifndef NABLA_FRAMEWORK_IMPORT_PRINTED_LABELS_H_
#define NABLA_FRAMEWORK_IMPORT_PRINTED_LABELS_H_

#include <map>
#include <string>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/import/print_hints.h"
#include "framework/notebook/metric_words.h"
#include "framework/notebook/output_series.h"

namespace nabla {

// "cell 3 (In [7])"
std::string Placed(const PrintedSeries& s);

// What the names in a printed expression say: a word of accuracy goes before one of loss, and names
// of both splits say nothing.
MetricLabel LabelOfNames(const std::vector<std::string>& names);

// Whether the program has rows that it does not train on, or a name for some. `names` are those in
// each cell.
bool HasTests(const std::map<int, std::vector<std::string>>& names, const CodeFacts& facts);

// Whether the words beside a number speak of rows that validate, not of those that test.
bool SaysValidation(const std::string& words);
bool IsOfValidation(const PrintedSeries& s, const std::map<int, std::vector<std::string>>& names);

// By how many rows a count is of.
MetricSplit SplitOfRows(const PrintedSeries& s, const CodeFacts& facts);

// Whether the words beside a number name an accuracy, and not only a score.
bool NamesAccuracy(const PrintedSeries& s);

// Whether a cell speaks of the folds of cross-validation.
bool SpeaksOfFolds(const std::map<int, std::vector<std::string>>& names, int cell);

// Whether a cell trains trees by boosting.
bool OfOtherModel(const std::map<int, std::vector<std::string>>& names, int cell);

// Whether the program trains a perceptron of scikit-learn, whose iterations are epochs.
bool FitsScikit(const std::map<int, std::vector<std::string>>& names);

// Whether a cell calls cross_val_score. `names` are those in each cell.
bool CrossValidates(const std::map<int, std::vector<std::string>>& names, int cell);

// Whether it is the best_score_ of scikit-learn's search over settings, a mean over folds.
bool IsBestOfSearch(const std::vector<PrintHint>& all,
                    const std::map<int, std::vector<std::string>>& names, const PrintedSeries& s);

// What a loss or an accuracy may be instead of that of the net and all rows; "" if nothing.
std::string OtherMeaning(const PrintedSeries& s, const CodeFacts& facts);

// Whether an accuracy is that of the rows that Keras' fit trains on: those it validates on have a
// name of their own.
bool IsOfKerasFit(const std::map<int, std::vector<std::string>>& names, const PrintedSeries& s);

// Whether a cell calls Keras' evaluate, and does not train.
bool OnlyEvaluates(const std::map<int, std::vector<std::string>>& names, int cell);

bool IsFinite(const std::string& number);
bool IsLess(const std::string& a, const std::string& b);
bool AreWhole(const std::vector<std::string>& numbers);

// As YAML reads numbers: "00.5" and ".5" become "0.5".
std::string PlainNumber(const std::string& text);

constexpr size_t kFewestValues = 3;  // that make a series without steps

// The calls of print that it may come from. The k-th list without words is that of the k-th call
// with a list of losses or accuracies, and joined numbers come from calls that say end=" ".
std::vector<const PrintHint*> HintsOf(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Whether the program divides what it prints, or names it a mean.
bool PrintsMean(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Whether the program shows what its loop over batches left of the last one.
bool IsOfLastTurn(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Whether the steps of a series are batches, by the loops that the program prints in.
bool CountsBatches(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Whether the program shows how it counts the steps of a series.
bool PrintsSteps(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Whether what is printed is made of something that the program calls a test.
bool PrintsTestRows(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Whether errors are no loss: "12 errors", and a share of those that differ.
bool CountsMistakes(const std::vector<PrintHint>& all, const PrintedSeries& s);

// Labels the loss and the accuracy that a cell shows with "[0.28, 0.92]", as Keras' evaluate gives
// them.
void NameEvaluated(const std::vector<PrintHint>& all,
                   const std::map<int, std::vector<std::string>>& names, PrintedSeries* s);

// Fills in what the label leaves open. Percentages that it names become fractions.
void ResolveLabel(const std::vector<PrintHint>& all, PrintedSeries* s);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_PRINTED_LABELS_H_
