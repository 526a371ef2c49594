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

bool ParseEpoch(std::string_view text, int64_t* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size() && *value >= 1 &&
         *value <= kMostEpochs;
}

// Adds the epochs of an item such as 10 or 1..10.
bool AddEpochs(const Node& n, std::vector<int64_t>* list) {
  const std::string_view text = n.text;
  const size_t dots = text.find("..");
  int64_t first = 0;
  if (!n.IsScalar() || !ParseEpoch(text.substr(0, dots), &first)) return false;
  int64_t last = first;
  if (dots != std::string_view::npos && !ParseEpoch(text.substr(dots + 2), &last)) return false;
  if (last < first || (!list->empty() && first <= list->back())) return false;
  for (int64_t epoch = first; epoch <= last; ++epoch) list->push_back(epoch);
  return true;
}

}  // namespace

bool FieldType<Epochs>::Parse(const Node& n, const FieldDoc&, const ParseContext& c, Epochs* out) {
  out->list.clear();
  bool good = true;
  const std::vector<Node> alone = {n};
  for (const Node& item : n.IsList() ? n.items : alone) good = good && AddEpochs(item, &out->list);
  if (good) return true;
  c.problems.Add(n.place, "expected ascending epochs such as 10, 1..10 or [1, 11, 100], found " +
                              n.Describe());
  return false;
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
