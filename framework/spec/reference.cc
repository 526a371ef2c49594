#include "framework/spec/reference.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nabla {

double PrintedValue::Rounding() const {
  const size_t exponent = text.find_first_of("eE");
  const std::string mantissa = text.substr(0, exponent);
  const size_t point = mantissa.find('.');
  const double decimals =
      point == std::string::npos ? 0 : static_cast<double>(mantissa.size() - point - 1);
  const double power = exponent == std::string::npos ? 0 : std::stod(text.substr(exponent + 1));
  return 0.5 * std::pow(10.0, power - decimals);
}

bool FieldType<PrintedValue>::Parse(const Node& n, const FieldDoc& d, const ParseContext& c,
                                    PrintedValue* out) {
  out->text = n.text;
  return ParseDouble(n, d, c.problems, &out->value);
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

bool Epochs::Has(int64_t epoch) const {
  return std::binary_search(list.begin(), list.end(), epoch);
}

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
