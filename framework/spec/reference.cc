#include "framework/spec/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace nabla {
namespace {

// The parts of a printed number: "92.13%" is 92.13, in units of 0.01.
struct Parts {
  explicit Parts(const PrintedValue& printed)
      : number(printed.text.substr(0, printed.text.size() - (printed.IsPerCent() ? 1 : 0))),
        unit(printed.IsPerCent() ? 0.01 : 1),
        mantissa(number.substr(0, number.find_first_of("eE"))),
        exponent(number.substr(std::min(number.size(), mantissa.size() + 1))) {}

  size_t decimals() const {
    const size_t point = mantissa.find('.');
    return point == std::string::npos ? 0 : mantissa.size() - point - 1;
  }
  // Without zeros in front.
  size_t significant_digits() const {
    const size_t first = std::min(mantissa.size(), mantissa.find_first_of("123456789"));
    return static_cast<size_t>(std::count_if(mantissa.begin() + static_cast<ptrdiff_t>(first),
                                             mantissa.end(), [](char c) { return c != '.'; }));
  }

  std::string number;
  double unit;
  std::string mantissa;
  std::string exponent;  // "" if there is none
};

}  // namespace

double PrintedValue::Rounding() const {
  const Parts parts(*this);
  const double power = std::strtod(parts.exponent.c_str(), nullptr);
  return 0.5 * parts.unit * std::pow(10.0, power - static_cast<double>(parts.decimals()));
}

bool PrintedValue::HasDigitsOf(double ours) const {
  const Parts parts(*this);
  // As Python prints it: f"{ours:.2%}" multiplies by 100 too.
  const double scaled = IsPerCent() ? 100 * ours : ours;
  const std::string same_form =
      parts.exponent.empty()
          ? fmt::format("{:.{}f}", scaled, parts.decimals())
          : fmt::format("{:.{}e}", scaled, std::max<size_t>(1, parts.significant_digits()) - 1);
  return std::strtod(same_form.c_str(), nullptr) == std::strtod(parts.number.c_str(), nullptr);
}

MetricDoc DocOf(MetricName metric) {
  switch (metric) {
    case MetricName::kTrainLoss:
      return {
          "The loss in training: the mean of an epoch's batches before their updates, or what "
          "evaluate.train_loss says.",
          "batches: sum L_k / K; rows: sum W_k L_k / sum W_k; L_k = the loss (with penalties) of "
          "the B_k rows of batch k of K, W_k = the sum of their weights, B_k without any; batches "
          "with W_k = 0 are left out; after: the loss of all training rows after the epoch"};
    case MetricName::kTrainAccuracy:
      return {
          "The fraction of training rows whose class is right, averaged as train_loss is; of "
          "all training rows after the epoch if evaluate.split is train or both.",
          "batches: sum a_k / K; rows: sum B_k a_k / sum B_k; a_k = right rows of batch k / B_k; "
          "after: right rows / N"};
    case MetricName::kTestLoss:
      return {"The loss of all test rows at once, with the weights after the epoch.",
              "w sum over N of row loss, w = 1 / N, or 1 with reduction sum; + penalties that are "
              "shown in both"};
    case MetricName::kTestAccuracy:
      return {
          "The fraction of test rows whose class is right, with the weights after the epoch.",
          "right rows / N; right: the first largest output is the class or, of a single output, "
          "[z > threshold] = class"};
    case MetricName::kValidationLoss:
      return {"test_loss of the rows that split.validation_fraction puts aside.",
              "the formula of test_loss with those rows"};
    case MetricName::kValidationAccuracy:
      return {"test_accuracy of the rows that split.validation_fraction puts aside.",
              "the formula of test_accuracy with those rows"};
    case MetricName::kInitialLoss:
      return {"The loss of the first `rows` training rows (0: all) before the first step.",
              "the formula of test_loss with those rows; + penalties that are shown"};
    case MetricName::kConfusionMatrix:
      break;
  }
  return {"How many test rows of each class were taken for which class, after the last epoch.",
          "cell (i, j) = rows of class i whose first largest output is j"};
}

bool FieldType<PrintedValue>::Parse(const Node& n, const FieldDoc& d, const ParseContext& c,
                                    PrintedValue* out) {
  out->text = n.text;
  const Parts parts(*out);
  Node number = n;
  number.text = parts.number;
  number.quoted = n.quoted && !out->IsPerCent();  // text in JSON and in some editors
  if (!ParseDouble(number, d, c.problems, &out->value)) return false;
  if (out->IsPerCent()) out->value /= 100;
  return true;
}

bool FieldType<std::vector<PrintedValue>>::Parse(const Node& n, const FieldDoc& d,
                                                 const ParseContext& c,
                                                 std::vector<PrintedValue>* out) {
  if (!n.IsList()) return FieldType<PrintedValue>::Parse(n, d, c, &out->emplace_back());
  bool good = true;
  for (const Node& item : n.items) good = Parse(item, d, c, out) && good;
  return good;
}

Node FieldType<std::vector<PrintedValue>>::Print(const std::vector<PrintedValue>& v) {
  Node list = Node::List();
  for (const PrintedValue& metric : v) {
    list.items.push_back(FieldType<PrintedValue>::Print(metric));
  }
  return list;
}

namespace {

// No run is longer, and a huge range such as 1..99999999999 must not fill the memory.
constexpr int64_t kMostEpochs = 1000000;

bool ParseEpoch(std::string_view text, int64_t least, int64_t* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size() && *value >= least &&
         *value <= kMostEpochs;
}

// Adds the epochs of an item such as 10, 1..10 or 1..901/100.
bool AddEpochs(const Node& n, int64_t least, std::vector<int64_t>* list) {
  const std::string_view text = n.text;
  const size_t dots = text.find("..");
  int64_t first = 0;
  if (!n.IsScalar() || !ParseEpoch(text.substr(0, dots), least, &first)) return false;
  int64_t last = first;
  int64_t stride = 1;
  if (dots != std::string_view::npos) {
    const std::string_view rest = text.substr(dots + 2);
    const size_t slash = rest.find('/');
    if (!ParseEpoch(rest.substr(0, slash), least, &last)) return false;
    const bool strides = slash != std::string_view::npos;
    if (strides && !ParseEpoch(rest.substr(slash + 1), 1, &stride)) return false;
  }
  if (last < first || (!list->empty() && first <= list->back())) return false;
  for (int64_t epoch = first; epoch <= last; epoch += stride) list->push_back(epoch);
  return true;
}

}  // namespace

bool FieldType<Epochs>::Parse(const Node& n, const FieldDoc& d, const ParseContext& c,
                              Epochs* out) {
  const int64_t least = d.min == 0 ? 0 : 1;
  out->list.clear();
  const std::vector<Node> alone = {n};
  for (const Node& item : n.IsList() ? n.items : alone) {
    if (AddEpochs(item, least, &out->list)) continue;
    out->list.clear();  // how many they are is not known
    c.problems.Add(
        item.place,
        "expected ascending epochs such as 10, 1..10, 1..901/100 or [1, 11, 100], found " +
            item.Describe());
    return false;
  }
  return true;
}

std::string Reference::CountFromOne() {
  if (steps.list.empty()) return "";
  if (!epochs.list.empty()) return "either epochs or steps tell when it was printed, not both";
  if (steps.list.front() < first_step) {
    return "step " + std::to_string(steps.list.front()) + " comes before first_step, " +
           std::to_string(first_step);
  }
  for (const int64_t step : steps.list) epochs.list.push_back(step - first_step + 1);
  steps.list.clear();
  first_step = 0;
  return "";
}

Node FieldType<Epochs>::Print(const Epochs& v) {
  Node list = Node::List();
  for (size_t i = 0; i < v.list.size();) {
    size_t end = i + 1;
    while (end < v.list.size() && v.list[end] == v.list[end - 1] + 1) ++end;
    const std::string first = std::to_string(v.list[i]);
    list.items.push_back(
        Node::Scalar(end == i + 1 ? first : first + ".." + std::to_string(v.list[end - 1])));
    i = end;
  }
  return list.items.size() == 1 ? list.items[0] : list;
}

}  // namespace nabla
