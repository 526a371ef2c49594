// A struct's function `Fields` lists what a user may write; parsing, checks, documentation and
// printing all follow from it.
//
//   struct Sgd {
//     double lr = 0.01;
//     template <typename V>
//     static void Fields(V& v) {
//       v("lr", &Sgd::lr, {.doc = "learning rate", .min = 0});
//     }
//   };
#ifndef NABLA_FRAMEWORK_CONFIG_FIELDS_H_
#define NABLA_FRAMEWORK_CONFIG_FIELDS_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"

namespace nabla {

// The description of one field. Bounds are inclusive and hold for numbers and for elements of
// lists.
struct FieldDoc {
  const char* doc = "";
  const char* unit = "";
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool above_min = false;  // min itself is excluded
  bool below_max = false;  // max itself is excluded
  bool required = false;
  bool left_open = false;         // of a plugin: null, as if it were left out; decided later
  const char* renamed_from = "";  // the key's former name, to help users who still write it

  // "0 < x <= 1", or "" without bounds.
  std::string Bounds() const;
};

// A plugin made from a config node.
struct MadePlugin {
  std::shared_ptr<void> object;  // points to the interface; null if a problem was reported
  Node config;                   // complete: name and every parameter
};

// Makes plugins by kind and name; implemented by the registry.
class PluginMaker {
 public:
  virtual ~PluginMaker() = default;
  virtual MadePlugin Make(std::string_view kind, const Node& node, Problems& problems) const = 0;
  // Every name of a kind, for the schema and for messages.
  virtual std::vector<std::string> Names(std::string_view kind) const = 0;
};

struct ParseContext {
  Problems& problems;
  const PluginMaker* maker = nullptr;  // needed only where a field is a plugin
};

// A field that holds a plugin of interface I (which names its kind: I::kKind). The constructor's
// argument names the default plugin.
template <typename I>
struct Plug {
  Plug() = default;
  explicit Plug(const char* fallback) : config(Node::Scalar(fallback)) {}

  const I* operator->() const { return object.get(); }
  const I& operator*() const { return *object; }
  explicit operator bool() const { return object != nullptr; }

  std::shared_ptr<const I> object;
  Node config;
};

// Text for the values of an enum: specialise with `static constexpr std::pair<E, const char*>
// kNames[]`.
template <typename E>
struct EnumNames;

// A plugin cannot contain a specialisation; it has a function beside the enum instead:
// `constexpr auto NamesOf(E) { return std::to_array<std::pair<E, const char*>>({...}); }`.
template <typename E>
requires requires(E e) { NamesOf(e); }
struct EnumNames<E> {
  static constexpr auto kNames = NamesOf(E{});
};

template <typename E>
concept NamedEnum = requires {
  EnumNames<E>::kNames;
};

// A type with its own Fields function.
struct FieldProbe {
  template <typename M>
  void operator()(const char*, M, const FieldDoc&) {}
};
template <typename S>
concept HasFields = requires(FieldProbe& v) {
  S::Fields(v);
};

// Each reads a scalar and returns whether it is valid; if not, it reports what it expected and
// found.
bool ParseBool(const Node& node, const FieldDoc& doc, Problems& problems, bool* out);
bool ParseInt(const Node& node, const FieldDoc& doc, Problems& problems, int64_t* out);
bool ParseDouble(const Node& node, const FieldDoc& doc, Problems& problems, double* out);
bool ParseString(const Node& node, const FieldDoc& doc, Problems& problems, std::string* out);
// Index into `names`, or -1.
int ParseChoice(const Node& node, const std::vector<std::string>& names, Problems& problems);

Node PrintDouble(double value);  // text that reads back to the same double

class FieldTable;

// How a C++ type is written in a config file.
template <typename T>
struct FieldType;

// One field of a struct, with the struct's type erased.
class Field {
 public:
  Field(const char* name, FieldDoc doc) : name_(name), doc_(doc) {}
  virtual ~Field() = default;

  const std::string& name() const { return name_; }
  const FieldDoc& doc() const { return doc_; }

  virtual bool Parse(void* object, const Node& node, const ParseContext& context) const = 0;
  // Called for a field that the user left out: makes default plugins.
  virtual void Complete(void* object, const Place& place, const ParseContext& context) const = 0;
  virtual Node Print(const void* object) const = 0;
  virtual std::string Type() const = 0;  // "integer", "list of number", "layer", ...
  virtual std::vector<std::string> Choices() const = 0;
  virtual const FieldTable* Inside() const = 0;  // of a section or of a list of sections
  virtual bool IsList() const = 0;

 private:
  std::string name_;
  FieldDoc doc_;
};

// All fields of a struct, in the order declared.
class FieldTable {
 public:
  const std::vector<std::unique_ptr<Field>>& fields() const { return fields_; }
  const Field* Find(std::string_view name) const;

  // Fills `object` from a map; `ignored` keys (such as "name") belong to the caller. An unknown key
  // is reported with the nearest known one. Returns whether nothing was reported.
  bool Parse(void* object, const Node& map, const ParseContext& context,
             const std::vector<std::string>& ignored = {}) const;
  // Every field with its current value.
  Node Print(const void* object) const;

  void Add(std::unique_ptr<Field> field) { fields_.push_back(std::move(field)); }

 private:
  // The message about a key that no field has.
  std::string Unknown(const std::string& key, const std::vector<std::string>& names) const;

  std::vector<std::unique_ptr<Field>> fields_;
};

template <typename S, typename M>
class MemberField final : public Field {
 public:
  MemberField(const char* name, M S::*member, FieldDoc doc) : Field(name, doc), member_(member) {}

  bool Parse(void* object, const Node& node, const ParseContext& context) const override {
    return FieldType<M>::Parse(node, doc(), context, &(static_cast<S*>(object)->*member_));
  }
  void Complete(void* object, const Place& place, const ParseContext& context) const override {
    if constexpr (requires { &FieldType<M>::Complete; }) {
      FieldType<M>::Complete(place, doc(), context, &(static_cast<S*>(object)->*member_));
    }
  }
  Node Print(const void* object) const override {
    return FieldType<M>::Print(static_cast<const S*>(object)->*member_);
  }
  std::string Type() const override { return FieldType<M>::Type(); }
  std::vector<std::string> Choices() const override {
    if constexpr (requires { FieldType<M>::Choices(); }) return FieldType<M>::Choices();
    return {};
  }
  const FieldTable* Inside() const override {
    if constexpr (requires { FieldType<M>::Inside(); }) return FieldType<M>::Inside();
    return nullptr;
  }
  bool IsList() const override {
    if constexpr (requires { FieldType<M>::kIsList; }) return true;
    return false;
  }

 private:
  M S::*member_;
};

// The visitor that builds a table; made once per type.
template <typename S>
class TableBuilder {
 public:
  template <typename Base, typename M>
  void operator()(const char* name, M Base::*member, FieldDoc doc) {
    table->Add(std::make_unique<MemberField<S, M>>(name, static_cast<M S::*>(member), doc));
  }
  FieldTable* table;
};

template <typename S>
const FieldTable& TableOf() {
  static const FieldTable table = [] {
    FieldTable made;
    TableBuilder<S> builder{&made};
    S::Fields(builder);
    return made;
  }();
  return table;
}

}  // namespace nabla

#include "framework/config/field_types.h"

#endif  // NABLA_FRAMEWORK_CONFIG_FIELDS_H_
