#include "framework/data/uniform.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "framework/base/error.h"

namespace nabla {
namespace {

// Rows are counted with 32 bits.
constexpr size_t kMostRows = std::numeric_limits<uint32_t>::max();

// Checks one split; `which` names it in messages.
class SplitCheck {
 public:
  SplitCheck(const Samples& samples, const char* which, MissingValues missing)
      : s_(samples), which_(which), missing_(missing) {}

  void Check() const {
    CheckInputs();
    CheckTargets();
    if (s_.meaning != nullptr) CheckMeaning(*s_.meaning);
    const Normalization& n = s_.normalization;
    const bool usable = std::isfinite(n.scale) && std::isfinite(n.mean) && std::isfinite(n.std) &&
                        n.scale != 0 && n.std != 0;
    if (!usable) Fail("cannot be normalised: scale and std must be finite and other than 0");
  }

 private:
  void CheckInputs() const {
    const size_t width = s_.shape.size();
    if (width == 0) Fail("have no inputs");
    if (s_.count > kMostRows || s_.count > std::numeric_limits<size_t>::max() / width) {
      Fail("are too many: " + std::to_string(s_.count));
    }
    if (s_.pixels.empty() == s_.numbers.empty()) {
      Fail(s_.pixels.empty() ? "have neither pixels nor numbers" : "have both pixels and numbers");
    }
    Expect(std::max(s_.pixels.size(), s_.numbers.size()), s_.count * width, "inputs");
    CheckFinite(s_.numbers, "inputs", missing_ != MissingValues::kRefuse);
  }

  void CheckTargets() const {
    const bool inputs = s_.meaning != nullptr && s_.meaning->inputs;
    if (s_.classes == 0 && s_.values_per_row == 0 && !inputs) {
      Fail("have neither classes nor target values");
    }
    Expect(s_.labels.size(), s_.classes > 0 ? s_.count : 0, "labels");
    Expect(s_.values.size(), s_.count * s_.values_per_row, "target values");
    for (const int32_t label : s_.labels) {
      if (label < 0 || static_cast<size_t>(label) >= s_.classes) {
        Fail("have the label " + std::to_string(label) + ", but there are only " +
             std::to_string(s_.classes) + " classes");
      }
    }
    CheckFinite(s_.values, "target values", false);
    Expect(s_.weights.size(), s_.weights.empty() ? 0 : s_.count, "weights");
    CheckFinite(s_.weights, "weights", false);
    if (std::ranges::any_of(s_.weights, [](double w) { return w < 0; })) {
      Fail("have negative weights");
    }
  }

  // What is said of each class or value is looked up without asking whether it is there.
  void CheckMeaning(const TargetMeaning& meaning) const {
    ExpectNoneOr(meaning.classes.size(), s_.classes, "names of classes");
    ExpectNoneOr(meaning.mean.size(), s_.values_per_row, "means of target values");
    Expect(meaning.std.size(), meaning.mean.size(), "standard deviations of target values");
    CheckFinite(meaning.mean, "means of target values", false);
    CheckFinite(meaning.std, "standard deviations of target values", false);
    if (!meaning.inputs) {
      ExpectNoneOr(meaning.values.size(), s_.values_per_row, "names of target values");
    }
    if (s_.classes > 0 && (meaning.labels || meaning.inputs)) {
      Fail(std::string("have classes, but their targets are ") +
           (meaning.inputs ? "the inputs" : "labels that hold or not"));
    }
  }

  void CheckFinite(std::span<const double> numbers, const char* what, bool may_miss) const {
    const auto good = [&](double x) { return std::isfinite(x) || (may_miss && std::isnan(x)); };
    if (!std::ranges::all_of(numbers, good)) {
      Fail(std::string("have ") + what + " that are not finite");
    }
  }

  void Expect(size_t found, size_t expected, const char* what) const {
    if (found == expected) return;
    Fail("need " + std::to_string(expected) + " " + what + ", found " + std::to_string(found));
  }

  void ExpectNoneOr(size_t found, size_t expected, const char* what) const {
    if (found > 0) Expect(found, expected, what);
  }

  [[noreturn]] void Fail(const std::string& what) const {
    throw InputError(std::string("the data set is faulty: its ") + which_ + " rows " + what);
  }

  const Samples& s_;
  const char* which_;
  const MissingValues missing_;
};

void CheckAlike(const Samples& train, const Samples& test) {
  const char* what = train.shape != test.shape                       ? "shapes"
                     : train.classes != test.classes                 ? "numbers of classes"
                     : train.values_per_row != test.values_per_row   ? "numbers of target values"
                     : !(train.normalization == test.normalization)  ? "normalisations"
                     : train.weights.empty() != test.weights.empty() ? "kinds of weights"
                                                                     : nullptr;
  if (what == nullptr) return;
  throw InputError(
      std::string("the data set is faulty: its training and test rows have different ") + what);
}

// The names of the inputs, and the columns that they came from.
void CheckColumns(const DataSplits& data) {
  const size_t inputs = data.train.shape.size();
  size_t coded = 0;
  for (const InputColumn& column : data.coding) coded += column.Width();
  const auto check = [&](size_t found, const char* what) {
    if (found == 0 || found == inputs) return;
    throw InputError("the data set is faulty: its rows have " + std::to_string(inputs) +
                     " inputs, but there are " + std::to_string(found) + " " + what);
  };
  check(data.columns.size(), "names of them");
  check(coded, "in its columns");
}

void HoldNumbers(Samples* samples) {
  if (samples->pixels.empty()) return;
  const auto numbers =
      std::make_shared<std::vector<double>>(samples->pixels.begin(), samples->pixels.end());
  // Labels and values still live in what the rows came from.
  using Both = std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>;
  samples->keep_alive = std::make_shared<Both>(samples->keep_alive, numbers);
  samples->numbers = *numbers;
  samples->pixels = {};
}

}  // namespace

DataSplits Uniform(DataSplits data) {
  if (data.train.count == 0) throw InputError("the data set has no rows to train on");
  SplitCheck(data.train, "training", data.missing).Check();
  CheckColumns(data);
  data.train.sparse = nullptr;
  data.test.sparse = nullptr;
  if (data.test.count == 0) {
    data.test = {.shape = data.train.shape,
                 .normalization = data.train.normalization,
                 .classes = data.train.classes,
                 .values_per_row = data.train.values_per_row,
                 .meaning = data.train.meaning,
                 .keep_alive = nullptr};
    return data;
  }
  SplitCheck(data.test, "test", data.missing).Check();
  CheckAlike(data.train, data.test);
  if (data.train.pixels.empty() || data.test.pixels.empty()) {
    HoldNumbers(&data.train);
    HoldNumbers(&data.test);
  }
  return data;
}

void CheckWeights(std::span<const double> weights, const std::string& rows) {
  if (weights.empty()) return;
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (sum == 0) throw InputError("all weights of " + rows + " are 0: none of them counts");
  if (!std::isfinite(sum)) throw InputError("the weights of " + rows + " have no finite sum");
}

bool SameRows(const Samples& a, const Samples& b) {
  return a.count == b.count && std::ranges::equal(a.labels, b.labels) &&
         std::ranges::equal(a.values, b.values) && std::ranges::equal(a.pixels, b.pixels) &&
         std::ranges::equal(a.numbers, b.numbers);
}

}  // namespace nabla
