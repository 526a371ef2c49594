// The functions of NumPy, PyTorch, Keras, scikit-learn and pandas that an experiment depends on.
#ifndef NABLA_FRAMEWORK_PYTHON_LIBRARY_H_
#define NABLA_FRAMEWORK_PYTHON_LIBRARY_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "framework/python/array_rules.h"
#include "framework/python/trace.h"

namespace nabla {

struct Arguments {
  std::vector<Value> list;
  std::map<std::string, Value> keywords;
  CellPlace place;
  int loops = 0;
  int unknown_loops = 0;   // those among them whose turns are not known
  bool sometimes = false;  // in some turns, such as every fourth

  // The argument at a position or under a name; unknown if there is none.
  Value At(size_t position, const char* keyword) const {
    const auto found = keywords.find(keyword);
    if (found != keywords.end()) return found->second;
    return position < list.size() ? list[position] : Value();
  }
};

class Library {
 public:
  // Calls a function or an object of the program.
  using Caller = std::function<Value(const Value& callee, const Arguments& a)>;

  Library(ArrayRules* rules, CodeTrace* trace, Caller caller)
      : rules_(rules), trace_(trace), caller_(std::move(caller)) {}

  // Gives data to the Sequentials that the program makes, for one that hands its net to a library.
  void CallSequentials();
  // The modules of a Sequential.
  Value Modules(const Value& sequential) const {
    return rules_->Sequence(ModulesOf(*sequential.object));
  }

  // Options of a program's command line, which parse_args reads.
  void SetCommandLine(std::map<std::string, Value> options) { command_line_ = std::move(options); }

  // The number that stands for a size which the program does not say, such as "table.shape[1]".
  Value SizeNamed(const std::string& path);

  // A function by its full path, "numpy.random.randn"; `self` is what a method belongs to.
  Value Call(const std::string& path, const Value& self, const Arguments& a);

 private:
  Value Field(const Arguments& a);
  Value RowsDrawn(const std::string& name, const Value& x, const Arguments& a);
  Value Random(const std::string& name, const std::string& generator, const Arguments& a);
  Value Filled(const Filling& filling, std::vector<Value> shape, const Arguments& a);
  Value Dimension(const Value& v);
  std::vector<Value> ShapeOf(const Value& v);
  std::vector<Value> ShapeFrom(const Arguments& a, size_t first, const char* keyword);
  Value ArrayFunction(const std::string& name, const Value& self, const Arguments& a, bool* known);
  Value Creation(const std::string& name, const Arguments& a, bool* known);
  Value ArrayMethod(const std::string& name, const Value& self, const Arguments& a, bool* known);
  Value Reshaped(const Value& v, std::vector<Value> shape);
  Value PiecewiseFunction(const std::string& name, const Arguments& a, bool* known);
  Value MathFunction(const std::string& name, const Arguments& a, bool* known);
  std::vector<Value> ModulesOf(const Object& sequential) const;
  Value WeightedModule(const std::string& path, const Arguments& a, bool* known);
  Value TorchModule(const Value& self, const Arguments& a);
  Value TorchFunction(const std::string& name, const Arguments& a, bool* known);
  void NoteBehind(const std::string& name, const Value& p, const Value& x, CellPlace place,
                  Object* module = nullptr);
  Value Initial(const Value& self, const Arguments& a);
  Value InitInPlace(const std::string& name, const Arguments& a);
  Value InitByMethod(const std::string& name, Value parameter, const Arguments& a, bool* known);
  void CollectModules(const Object& of, int depth, std::vector<Value>* all);
  Value OfModules(const std::string& name, const Value& self, const Arguments& a, bool* known);
  Value Dataset(const std::string& path, const Arguments& a, bool* known);
  Value DataOf(const std::string& name, const std::string& detail, const Arguments& a,
               bool guessed);
  Value Rows(int dataset, bool test, bool labels);
  Value Pairs(int dataset);
  Value SplitRows(const Arguments& a);
  void NoteScaling(const std::string& what, const Value& x, const Value& value, const Arguments& a,
                   bool own, int fitted = 0);
  static std::string Normalized(const std::string& path, const Arguments& a);
  Value Scaled(const std::string& path, const Value& self, const Arguments& a, bool* known);
  // What a mean, a maximum or the like goes over: columns, row, all.
  static std::string MomentOver(const Value& x, const Value& axis);
  Value Prepared(const std::string& path, const Arguments& a, bool* known);
  void SetOptions(const Value& words, Object* parser);
  Value Argument(const std::string& name, const Value& self, const Arguments& a);
  void Seed(const std::string& path, const Arguments& a);

  static constexpr int kMostModules = 20000;  // calls of torch.nn's objects
  static constexpr int kDeepestModule = 30;

  ArrayRules* rules_;
  CodeTrace* trace_;
  Caller caller_;
  std::vector<Value> sequentials_;
  std::map<std::string, Value> command_line_;  // options by their names without dashes
  std::map<std::string, Value> sizes_;         // that the program does not say, by path
  int modules_ = 0;
  int module_depth_ = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_LIBRARY_H_
