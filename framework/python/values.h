// What reading a program without running it knows of the values in it.
#ifndef NABLA_FRAMEWORK_PYTHON_VALUES_H_
#define NABLA_FRAMEWORK_PYTHON_VALUES_H_

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/python/ast.h"
#include "framework/python/place.h"

namespace nabla {

enum class ValueKind {
  kUnknown,
  kNone,
  kNumber,    // number; True and False too
  kString,    // text
  kSequence,  // object->items: a list or a tuple
  kDict,      // object->fields by key
  kFunction,  // object: def or lambda, bound to object->self if it is a method
  kClass,     // object
  kInstance,  // object->type is its class
  kLibrary,   // text: dotted path of a module, class or function; object: whose method it is
  kRange,     // object->items: start, stop, step
  kArray,     // object: anything that a library made, mostly arrays
};

struct Object;

// Why a value may be another one; null if it turns out to be sure.
struct Doubt {
  const char* why = nullptr;
};

struct Value {
  ValueKind kind = ValueKind::kUnknown;
  double number = 0;
  bool invented = false;     // stands for a size that the program does not say, or comes from one
  double base = 0;           // of rate / size with an invented size: the rate
  bool counts_rows = false;  // the length of an array
  bool twice = false;        // 2 m, or something over it, where m has a name
  bool doubled = false;      // 2 / m
  bool changes = false;      // the first of the values that a loop gives it
  double first = std::numeric_limits<double>::quiet_NaN();  // kUnknown: in a loop's first turn
  std::string text;  // also: a number as it is spelled, if it is a literal
  std::string name;  // that it was last bound to
  CellPlace place;   // where it is spelled
  Object* object = nullptr;
  const Doubt* doubt = nullptr;  // of it or of what it comes from

  bool Is(ValueKind k) const { return kind == k; }
  bool IsNumber() const { return kind == ValueKind::kNumber; }
  bool IsKnown() const { return IsNumber() && !invented; }
  bool IsDoubtful() const { return doubt != nullptr && doubt->why != nullptr; }
};

// The doubt about what is made of two values.
inline const Doubt* DoubtOf(const Value& a, const Value& b) {
  return a.IsDoubtful() || b.doubt == nullptr ? a.doubt : b.doubt;
}

// How an array was filled.
struct Filling {
  std::string how;        // normal, uniform, constant, explicit, or "" if it was not
  std::string generator;  // numpy, numpy_generator, torch; "" for constants
  double a = 0;           // mean; lower bound; the constant
  double b = 1;           // standard deviation; upper bound
  std::string named;      // xavier_uniform and the like, where the program says it by name
  const Object* spelled = nullptr;  // explicit: whose items are the numbers
  bool invented = false;            // a or b come from a size that the program does not say
  const Doubt* doubt = nullptr;     // about a or b
};

// What was done to rows of data.
struct DataNote {
  int dataset = -1;  // index into CodeTrace::datasets
  bool labels = false;
  bool frame = false;  // a table of pandas, whose moments are those of its columns
  bool flat = false;   // pictures that the program reshaped
  bool ones = false;   // a column of ones stands beside them, for biases within the weights
  double rows = 0;     // n of x[:n], -n of x[n:]; 0 for all rows
};

// The lazily known contents of one value. Fields by use; most stay empty.
struct Object {
  std::vector<Value> items;
  std::map<std::string, Value> fields;  // entries, attributes, or the variables of a scope
  std::vector<std::string> keys;        // of entries, in the order in which they came
  // Functions, classes and scopes.
  const Statement* statement = nullptr;
  const Expr* lambda = nullptr;
  Object* self = nullptr;
  Object* parent = nullptr;  // scope that a function was made in; class of an instance
  std::vector<Value> bases;
  std::string name;
  int cell = 0;
  std::vector<std::string> outside;  // names of a scope that "global" gave to the outermost one
  // Arrays.
  std::string made_by;  // path of the library's function
  std::vector<Value> arguments;
  std::map<std::string, Value> keywords;
  std::vector<Value> shape;
  bool ranked = false;  // whether `shape` says anything
  Filling filling;
  CellPlace filled;            // where
  Object* view_of = nullptr;   // of its transpose
  std::vector<Value> factors;  // numbers that it was multiplied by
  bool unread_factor = false;  // also by a name whose value the program does not say
  int layer = -1;              // index into CodeTrace::layers, if it is that layer's output
  bool activated = false;      // behind the layer's activation
  int made = 0;  // events before that output was computed; the call that made a net or a loader
  bool difference = false;  // computed from outputs less targets, as gradients are
  std::string form;         // what became of the output: "exp(-z)", "1+exp(-z)", ...
  DataNote data;
  Object* part_of = nullptr;  // the rows that the program spells and that this is some of
  double added = 0;           // a small number, as in log(p + 1e-12)
  bool literal = false;       // items hold rows that the program spells
  bool fed = false;           // to the first layer, so these are no weights
  int neuron = 0;             // the layer, from 1, of a neuron made of numbers w1 x1 + w2 x2 + b
  Object* neuron_weight = nullptr;  // its first
  bool fired = false;               // behind its activation
  Object* moment_of = nullptr;      // the array whose mean or standard deviation this is
  std::string over;                 // then: columns, row (of each one), all
  Object* scaled = nullptr;         // the drawn array that this is, times `factors`
  Value first;                      // of a number that a loop changes: in its first turn
  bool turn = false;                // it is what the loop counts
  bool gradient = false;            // x.grad, perhaps times numbers
  bool grows = false;               // a list that a loop of unknown length adds to
};

// Owns objects. They live as long as the heap, so values may point to each other in circles.
class Heap {
 public:
  static constexpr size_t kMost = 100000;

  Object* New() {
    objects_.emplace_back();
    return &objects_.back();
  }
  bool full() const { return objects_.size() >= kMost; }

 private:
  std::deque<Object> objects_;
};

// Sets an entry of a dict.
inline void SetEntry(const std::string& key, Value value, Object* dict) {
  if (dict->fields.insert_or_assign(key, std::move(value)).second) dict->keys.push_back(key);
}

// The keys of a dict in their order.
inline std::vector<std::string> KeysOf(const Object& dict) {
  std::vector<std::string> keys;
  std::set<std::string> told;
  for (const std::string& key : dict.keys) {
    if (dict.fields.contains(key) && told.insert(key).second) keys.push_back(key);
  }
  for (const auto& [key, value] : dict.fields) {
    if (told.insert(key).second) keys.push_back(key);
  }
  return keys;
}

// With small letters for A to Z.
inline std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

inline Value NumberValue(double number) {
  Value v;
  v.kind = ValueKind::kNumber;
  v.number = number;
  return v;
}

inline Value StringValue(std::string text) {
  Value v;
  v.kind = ValueKind::kString;
  v.text = std::move(text);
  return v;
}

inline Value ObjectValue(ValueKind kind, Object* object) {
  Value v;
  v.kind = kind;
  v.object = object;
  return v;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_VALUES_H_
