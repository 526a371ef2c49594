// How each C++ type of a field is read, printed and named. Included by fields.h.
#ifndef NABLA_FRAMEWORK_CONFIG_FIELD_TYPES_H_
#define NABLA_FRAMEWORK_CONFIG_FIELD_TYPES_H_

#include <type_traits>

#include "framework/config/fields.h"

namespace nabla {

template <>
struct FieldType<bool> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, bool* out) {
    return ParseBool(n, d, c.problems, out);
  }
  static Node Print(bool v) { return Node::Scalar(v ? "true" : "false"); }
  static std::string Type() { return "bool"; }
};

template <>
struct FieldType<int64_t> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, int64_t* out) {
    return ParseInt(n, d, c.problems, out);
  }
  static Node Print(int64_t v) { return Node::Scalar(std::to_string(v)); }
  static std::string Type() { return "integer"; }
};

template <>
struct FieldType<double> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, double* out) {
    return ParseDouble(n, d, c.problems, out);
  }
  static Node Print(double v) { return PrintDouble(v); }
  static std::string Type() { return "number"; }
};

template <>
struct FieldType<std::string> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, std::string* out) {
    return ParseString(n, d, c.problems, out);
  }
  static Node Print(const std::string& v) {
    Node node = Node::Scalar(v);
    // Text that would be read as another type keeps its quotes.
    node.quoted = v.empty() || v == "true" || v == "false" || v == "null" || v == "~";
    return node;
  }
  static std::string Type() { return "text"; }
};

template <NamedEnum E>
struct FieldType<E> {
  static std::vector<std::string> Choices() {
    std::vector<std::string> names;
    for (const auto& [value, name] : EnumNames<E>::kNames) names.push_back(name);
    return names;
  }
  static bool Parse(const Node& n, const FieldDoc&, const ParseContext& c, E* out) {
    const int index = ParseChoice(n, Choices(), c.problems);
    if (index >= 0) *out = EnumNames<E>::kNames[index].first;
    return index >= 0;
  }
  static Node Print(E v) {
    for (const auto& [value, name] : EnumNames<E>::kNames) {
      if (value == v) return Node::Scalar(name);
    }
    return Node();
  }
  static std::string Type() { return "choice"; }
};

struct ListMark {
  static constexpr bool kIsList = true;
};
struct NoListMark {};
template <typename T>
inline constexpr bool kIsListField = requires {
  FieldType<T>::kIsList;
};

// null or an absent key means no value.
template <typename T>
struct FieldType<std::optional<T>> : std::conditional_t<kIsListField<T>, ListMark, NoListMark> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c,
                    std::optional<T>* out) {
    out->reset();
    if (n.IsNull()) return true;
    return FieldType<T>::Parse(n, d, c, &out->emplace());
  }
  static Node Print(const std::optional<T>& v) { return v ? FieldType<T>::Print(*v) : Node(); }
  static std::string Type() { return FieldType<T>::Type(); }
  static std::vector<std::string> Choices() requires requires { FieldType<T>::Choices(); }
  { return FieldType<T>::Choices(); }
  static const FieldTable* Inside() requires requires { FieldType<T>::Inside(); }
  { return FieldType<T>::Inside(); }
};

template <typename T>
struct FieldType<std::vector<T>> : ListMark {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, std::vector<T>* out) {
    out->clear();
    if (!n.IsList()) {
      c.problems.Add(n.place, "expected a list, found " + n.Describe());
      return false;
    }
    bool good = true;
    out->resize(n.items.size());
    for (size_t i = 0; i < n.items.size(); ++i) {
      T item{};
      good = FieldType<T>::Parse(n.items[i], d, c, &item) && good;
      (*out)[i] = std::move(item);
    }
    return good;
  }
  static Node Print(const std::vector<T>& v) {
    Node list = Node::List();
    for (const T& item : v) list.items.push_back(FieldType<T>::Print(item));
    return list;
  }
  static std::string Type() { return "list of " + FieldType<T>::Type(); }
  static std::vector<std::string> Choices() requires requires { FieldType<T>::Choices(); }
  { return FieldType<T>::Choices(); }
  static const FieldTable* Inside() requires requires { FieldType<T>::Inside(); }
  { return FieldType<T>::Inside(); }
};

template <typename I>
struct FieldType<Plug<I>> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, Plug<I>* out) {
    if (d.left_open && n.IsNull()) return true;
    MadePlugin made = c.maker->Make(I::kKind, n, c.problems);
    out->object = std::static_pointer_cast<const I>(made.object);
    out->config = std::move(made.config);
    return out->object != nullptr;
  }
  static void Complete(const Place& place, const FieldDoc& d, const ParseContext& c, Plug<I>* out) {
    if (out->object != nullptr || out->config.IsNull()) return;
    Node fallback = out->config;
    fallback.place = place;
    Parse(fallback, d, c, out);
  }
  static Node Print(const Plug<I>& v) { return v.config; }
  static std::string Type() { return I::kKind; }
};

template <HasFields S>
struct FieldType<S> {
  static bool Parse(const Node& n, const FieldDoc&, const ParseContext& c, S* out) {
    if (!n.IsMap()) {
      c.problems.Add(n.place, "expected a map, found " + n.Describe());
      return false;
    }
    return TableOf<S>().Parse(out, n, c);
  }
  static void Complete(const Place& place, const FieldDoc&, const ParseContext& c, S* out) {
    for (const auto& field : TableOf<S>().fields()) field->Complete(out, place, c);
  }
  static Node Print(const S& v) { return TableOf<S>().Print(&v); }
  static std::string Type() { return "map"; }
  static const FieldTable* Inside() { return &TableOf<S>(); }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_FIELD_TYPES_H_
