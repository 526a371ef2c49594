// The figures that a notebook printed, as an experiment file quotes them.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_REFERENCE_H_
#define NABLA_FRAMEWORK_EXPERIMENT_REFERENCE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/config/fields.h"

namespace nabla {

// A printed number; `text` keeps how many digits were printed.
struct PrintedFigure {
  std::string text;
  double value = 0;

  // Half a unit of the last printed digit: what rounding may hide.
  double Rounding() const;
};

// Epochs 1..10, or a single one.
struct EpochRange {
  int64_t first = 1;
  int64_t last = 1;

  int64_t size() const { return last - first + 1; }
};

// Figures that a run's epochs have under the same name.
enum class FigureName { kTrainLoss, kTrainAccuracy, kTestLoss, kTestAccuracy };

template <>
struct EnumNames<FigureName> {
  static constexpr std::pair<FigureName, const char*> kNames[] = {
      {FigureName::kTrainLoss, "train_loss"},
      {FigureName::kTrainAccuracy, "train_accuracy"},
      {FigureName::kTestLoss, "test_loss"},
      {FigureName::kTestAccuracy, "test_accuracy"}};
};

template <>
struct FieldType<PrintedFigure> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, PrintedFigure* out);
  static Node Print(const PrintedFigure& v) { return Node::Scalar(v.text); }
  static std::string Type() { return "number"; }
};

template <>
struct FieldType<EpochRange> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, EpochRange* out);
  static Node Print(const EpochRange& v);
  static std::string Type() { return "epochs"; }
};

// A list, or the only figure alone.
template <>
struct FieldType<std::vector<PrintedFigure>> {
  static constexpr bool kIsList = true;
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c,
                    std::vector<PrintedFigure>* out);
  static Node Print(const std::vector<PrintedFigure>& v);
  static std::string Type() { return "number or list of number"; }
};

// One list of printed figures.
struct Reference {
  FigureName figure = FigureName::kTrainLoss;
  EpochRange epochs;
  std::vector<PrintedFigure> printed;

  template <typename V>
  static void Fields(V& v) {
    v("figure", &Reference::figure, {.doc = "which figure was printed", .required = true});
    v("epochs", &Reference::epochs,
      {.doc = "the epochs it was printed for: 10, or 1..10", .required = true});
    v("printed", &Reference::printed,
      {.doc = "as printed, digit for digit, one for each epoch", .required = true});
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_REFERENCE_H_
