#include "framework/experiment/reference.h"

#include <charconv>
#include <cmath>

namespace nabla {

double PrintedFigure::Rounding() const {
  const size_t exponent = text.find_first_of("eE");
  const std::string mantissa = text.substr(0, exponent);
  const size_t point = mantissa.find('.');
  const double decimals =
      point == std::string::npos ? 0 : static_cast<double>(mantissa.size() - point - 1);
  const double power = exponent == std::string::npos ? 0 : std::stod(text.substr(exponent + 1));
  return 0.5 * std::pow(10.0, power - decimals);
}

bool FieldType<PrintedFigure>::Parse(const Node& n, const FieldDoc& d, const ParseContext& c,
                                     PrintedFigure* out) {
  out->text = n.text;
  return ParseDouble(n, d, c.problems, &out->value);
}

bool FieldType<std::vector<PrintedFigure>>::Parse(const Node& n, const FieldDoc& d,
                                                  const ParseContext& c,
                                                  std::vector<PrintedFigure>* out) {
  bool good = true;
  const std::vector<Node> alone = {n};
  for (const Node& item : n.IsList() ? n.items : alone) {
    good = FieldType<PrintedFigure>::Parse(item, d, c, &out->emplace_back()) && good;
  }
  return good;
}

Node FieldType<std::vector<PrintedFigure>>::Print(const std::vector<PrintedFigure>& v) {
  Node list = Node::List();
  for (const PrintedFigure& figure : v)
    list.items.push_back(FieldType<PrintedFigure>::Print(figure));
  return list;
}

bool FieldType<EpochRange>::Parse(const Node& n, const FieldDoc&, const ParseContext& c,
                                  EpochRange* out) {
  const auto number = [](std::string_view text, int64_t* value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
    return error == std::errc() && end == text.data() + text.size();
  };
  const size_t dots = n.text.find("..");
  const std::string_view text = n.text;
  const bool good = n.IsScalar() && (dots == std::string::npos
                                         ? number(text, &out->first) && number(text, &out->last)
                                         : number(text.substr(0, dots), &out->first) &&
                                               number(text.substr(dots + 2), &out->last));
  if (good && out->first >= 1 && out->last >= out->first) return true;
  c.problems.Add(n.place, "expected epochs such as 10 or 1..10, found " + n.Describe());
  return false;
}

Node FieldType<EpochRange>::Print(const EpochRange& v) {
  const std::string first = std::to_string(v.first);
  return Node::Scalar(v.first == v.last ? first : first + ".." + std::to_string(v.last));
}

}  // namespace nabla
