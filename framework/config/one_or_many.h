// A list that may be written as its only element.
#ifndef NABLA_FRAMEWORK_CONFIG_ONE_OR_MANY_H_
#define NABLA_FRAMEWORK_CONFIG_ONE_OR_MANY_H_

#include <string>
#include <vector>

#include "framework/config/fields.h"

namespace nabla {

// "a.csv", or ["a.csv", "b.csv"].
struct OneOrMany {
  std::vector<std::string> list;
};

template <>
struct FieldType<OneOrMany> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, OneOrMany* out) {
    if (n.IsList()) return FieldType<std::vector<std::string>>::Parse(n, d, c, &out->list);
    out->list.resize(1);
    return FieldType<std::string>::Parse(n, d, c, &out->list[0]);
  }
  static Node Print(const OneOrMany& v) {
    return v.list.size() == 1 ? FieldType<std::string>::Print(v.list[0])
                              : FieldType<std::vector<std::string>>::Print(v.list);
  }
  static std::string Type() { return "text or list of text"; }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_ONE_OR_MANY_H_
