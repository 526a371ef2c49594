// The values that a notebook printed, as an experiment file quotes them.
#ifndef NABLA_FRAMEWORK_SPEC_REFERENCE_H_
#define NABLA_FRAMEWORK_SPEC_REFERENCE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/config/fields.h"

namespace nabla {

// A printed number; `text` preserves the number of digits. "92.13%" has the value 0.9213.
struct PrintedValue {
  std::string text;
  double value = 0;

  bool IsPerCent() const { return text.ends_with('%'); }
  // Half a unit of the last printed digit: the largest rounding error.
  double Rounding() const;
  // Whether `ours`, printed with as many digits, has the same ones.
  bool HasDigitsOf(double ours) const;
};

// Epochs, ascending: 10, 1..10, 1..901/100 or [1, 11, 100].
struct Epochs {
  std::vector<int64_t> list;
};

// The metrics of a run's epochs, under the same names, and two more.
enum class MetricName {
  kTrainLoss,
  kTrainAccuracy,
  kTestLoss,
  kTestAccuracy,
  kInitialLoss,      // of the first training rows, before the first step
  kConfusionMatrix,  // of the test rows; rows are true classes, columns predicted ones
  kValidationLoss,
  kValidationAccuracy,
};

template <>
struct EnumNames<MetricName> {
  static constexpr std::pair<MetricName, const char*> kNames[] = {
      {MetricName::kTrainLoss, "train_loss"},
      {MetricName::kTrainAccuracy, "train_accuracy"},
      {MetricName::kTestLoss, "test_loss"},
      {MetricName::kTestAccuracy, "test_accuracy"},
      {MetricName::kValidationLoss, "validation_loss"},
      {MetricName::kValidationAccuracy, "validation_accuracy"},
      {MetricName::kInitialLoss, "initial_loss"},
      {MetricName::kConfusionMatrix, "confusion_matrix"}};
};

// What a metric is, in a sentence, and its formula.
struct MetricDoc {
  const char* doc;
  const char* formula;
};

MetricDoc DocOf(MetricName metric);

template <>
struct FieldType<PrintedValue> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, PrintedValue* out);
  static Node Print(const PrintedValue& v) { return Node::Scalar(v.text); }
  static std::string Type() { return "printed number"; }
};

template <>
struct FieldType<Epochs> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, Epochs* out);
  static Node Print(const Epochs& v);
  static std::string Type() { return "epochs"; }
};

// A list, a list of lists (a matrix, row by row), or a single value without a list.
template <>
struct FieldType<std::vector<PrintedValue>> {
  static constexpr bool kIsList = true;
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c,
                    std::vector<PrintedValue>* out);
  static Node Print(const std::vector<PrintedValue>& v);
  static std::string Type() { return "printed number or list of printed number"; }
};

// One list of printed values.
struct Reference {
  MetricName metric = MetricName::kTrainLoss;
  Epochs epochs;
  Epochs steps;
  int64_t first_step = 0;
  std::vector<PrintedValue> printed;
  std::string list;
  bool exact = false;
  int64_t rows = 0;

  template <typename V>
  static void Fields(V& v) {
    v("metric", &Reference::metric,
      {.doc = "which metric was printed", .required = true, .renamed_from = "figure"});
    v("epochs", &Reference::epochs,
      {.doc = "the epochs for which it was printed: 10, 1..10, 1..901/100 or [1, 11, 100]"});
    v("steps", &Reference::steps,
      {.doc =
           "instead of epochs: the numbers with which the source printed its epochs, as 0..900/100",
       .min = 0});
    v("first_step", &Reference::first_step,
      {.doc = "the number that the source gives its first epoch", .min = 0, .max = 1});
    v("printed", &Reference::printed,
      {.doc =
           "the values as printed, digit for digit, one for each epoch; an accuracy may be 92.13%",
       .required = true});
    v("list", &Reference::list,
      {.doc = "which run of the source printed it, if there are several"});
    v("exact", &Reference::exact,
      {.doc = "the source and this file fix the random numbers, so all digits must agree"});
    v("rows", &Reference::rows, {.doc = "for initial_loss: the number of training rows", .min = 0});
  }

  bool IsAccuracy() const {
    return metric == MetricName::kTrainAccuracy || metric == MetricName::kTestAccuracy ||
           metric == MetricName::kValidationAccuracy;
  }

  // Epochs from steps. Returns what is wrong with them, or "".
  std::string CountFromOne();

  // Whether the metric has one value per epoch.
  bool IsCurve() const {
    return metric != MetricName::kInitialLoss && metric != MetricName::kConfusionMatrix;
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_REFERENCE_H_
