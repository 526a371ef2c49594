// How much the rows of each class count in the loss.
#ifndef NABLA_FRAMEWORK_SPEC_CLASS_WEIGHTS_H_
#define NABLA_FRAMEWORK_SPEC_CLASS_WEIGHTS_H_

#include <string>
#include <vector>

#include "framework/config/fields.h"

namespace nabla {

// "balanced", or [1, 2.5, 1]: one weight for each class.
struct ClassWeights {
  bool balanced = false;
  std::vector<double> list;  // (C); with `balanced`, empty until the training rows are known
};

template <>
struct FieldType<ClassWeights> {
  static std::vector<std::string> Choices() { return {"balanced"}; }
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, ClassWeights* out) {
    if (n.IsList()) return FieldType<std::vector<double>>::Parse(n, d, c, &out->list);
    if (!n.IsScalar()) {
      c.problems.Add(n.place, "expected balanced or a list of numbers, found " + n.Describe());
      return false;
    }
    out->balanced = ParseChoice(n, Choices(), c.problems) == 0;
    return out->balanced;
  }
  static Node Print(const ClassWeights& v) {
    return v.list.empty() && v.balanced ? Node::Scalar("balanced")
                                        : FieldType<std::vector<double>>::Print(v.list);
  }
  static std::string Type() { return "balanced or [weight, ...]"; }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_CLASS_WEIGHTS_H_
