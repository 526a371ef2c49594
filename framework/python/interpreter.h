// Goes through a program as Python would, once through each loop and both ways where a condition
// is not known, without running anything: functions that matter are known by name, others give
// unknown values.
#ifndef NABLA_FRAMEWORK_PYTHON_INTERPRETER_H_
#define NABLA_FRAMEWORK_PYTHON_INTERPRETER_H_

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/python/array_rules.h"
#include "framework/python/ast.h"
#include "framework/python/library.h"
#include "framework/python/trace.h"

namespace nabla {

class Interpreter {
 public:
  explicit Interpreter(CodeTrace* trace);

  // Statements of a cell, which must outlive the interpreter.
  void Run(const std::vector<Statement>& statements, int cell);
  void SetCommandLine(std::map<std::string, Value> options) {
    library_.SetCommandLine(std::move(options));
  }
  // Names of the notebook that cells set in another order than that in which they stand.
  void SetDisordered(std::set<std::string> names) { disordered_ = std::move(names); }
  // Calls functions and makes classes that nothing called, as if it were in a loop: the calls may
  // stand where the notebook breaks off, or in a library that gets the net.
  void RunUncalled();

 private:
  static constexpr int kMostSteps = 300000;
  static constexpr int kDeepestCall = 40;
  static constexpr size_t kMostTurns = 64;  // of a loop over something known
  static constexpr int kMostBases = 100;    // of a class, seen for one name

  using Flow = std::optional<Value>;  // of a return

  void CallMethods(const Value& type, Object* instance);

  // Statements.
  Flow RunBlock(const std::vector<Statement>& block);
  Flow RunStatement(const Statement& s);
  Flow RunIf(const Statement& s);
  std::optional<bool> InFirstTurn(const Expr& condition);
  void RunBranch(const std::vector<Statement>& block, bool first, int line);
  Flow RunFor(const Statement& s);
  Flow RunWhile(const Statement& s);
  Flow RunWith(const Statement& s);
  void RunImport(const Statement& s);
  void RunAugmented(const Statement& s);
  void Define(const Statement& s);
  void DefineClass(const Statement& s);
  void Assign(const Expr& target, Value value);
  void AssignItems(const std::vector<Expr>& targets, const Value& value);
  void AssignItem(const Expr& target, const Value& value);
  void NoteSetAgain(const Value& of, const std::string& name, const Value& value, int line);
  void Bind(const std::string& name, Value value, int line);
  void Name(const std::string& name, Value value);
  void TakeSpelled(const std::string& name, const Value& value);
  void Note(const std::string& name, const Value& value, int line);
  std::vector<Value> Turns(const Value& iterated) const;
  TracedLoop LoopOver(const Value& iterated, const Expr& target, int line);
  void EndAtBreak(const std::vector<Statement>& body, TracedLoop* loop);
  void EndLoop(size_t index, size_t updates, int order);
  void Differ(std::vector<Value*> turns, const Doubt* doubt, int depth);
  Doubt* DoubtTurns(std::vector<Value>* turns);
  void Tried(bool range, size_t loops, int order, Doubt* doubt) const;
  bool TrainedAnew(bool range, size_t loops, int order) const;
  std::map<std::string, double> NumbersHere();
  void DoubtDifferent(const std::map<std::string, double>& before,
                      const std::map<std::string, double>& between);
  void DoubtNew(const std::map<std::string, double>& before, size_t settings);

  // Expressions.
  Value Eval(const Expr& e);
  Value EvalKind(const Expr& e);
  Value EvalNumber(const Expr& e);
  Value EvalName(const Expr& e);
  Value EvalItems(const Expr& e);
  Value EvalDict(const Expr& e);
  Value EvalConstant(const Expr& e);
  Value EvalLambda(const Expr& e);
  Value EvalText(const Expr& e);
  Value Loaded(const std::string& text, int line);
  Value Words(const std::string& text);
  struct FormattedText {
    std::string plain;         // with {} for each field
    std::vector<Expr> fields;  // their expressions
    bool spelled = true;       // nothing but these decides what it says
  };
  const FormattedText& Parsed(const Expr& e);
  Value EvalFormatted(const Expr& e);
  Value Formatted(const std::string& text, const std::vector<Value>& values) const;
  Value EvalAttribute(const Expr& e);
  Value Attribute(const Value& of, const std::string& name);
  Value ArrayAttribute(const Value& of, const std::string& name);
  Value EvalSubscript(const Expr& e);
  Value SequenceSlice(const Value& of, const Expr& slice);
  // n of x[:n], -n of x[n:], 0 of anything else than rows of data.
  double NoteSlice(const Value& of, const Value& from, const Value& to, int line);
  Value EvalConditional(const Expr& e);
  Value EvalUnary(const Expr& e);
  Value EvalBinary(const Expr& e);
  std::optional<Value> OwnOperator(const std::string& op, const Value& left, const Value& right,
                                   int line);
  Value EvalComprehension(const Expr& e);
  Value Repeated(const Value& iterated, const std::vector<Value>& items);
  std::optional<bool> Truth(const Value& v) const;
  const Value* Find(const std::string& name) const;

  // Calls.
  Value EvalCall(const Expr& e);
  Arguments EvalArguments(const Expr& e);
  Value CallValue(const Value& callee, Arguments arguments);
  std::optional<Value> CallKnown(const Value& callee, const Arguments& arguments);
  Value CallFunction(const Value& function, const Arguments& arguments);
  Value BindAndRun(const Value& function, const Arguments& arguments);
  void BindParameters(const Statement& def, Object* self, const Arguments& arguments,
                      Object* scope);
  Value CallLambda(const Value& function, const Arguments& arguments);
  Value MakeInstance(const Value& type, const Arguments& arguments);
  Value CallBuiltin(const std::string& name, const Arguments& arguments, bool* known);
  Value ListBuiltin(const std::string& name, const Arguments& a, bool* known);
  Value NumberBuiltin(const std::string& name, const Arguments& a, bool* known);
  Value Range(const Arguments& a);
  Value DictOf(const std::vector<Value>& pairs);
  Value Super();
  Value CallSequenceMethod(const Value& self, const std::string& name, const Arguments& a);
  Value FindMethod(Object* type, const std::string& name) const;
  Value FindMethod(Object* type, const std::string& name, int* classes) const;
  Value Map(const Arguments& a);
  Value Zip(const Arguments& a);
  Value Product(const Arguments& a);
  Value Enumerate(const Arguments& a);

  CellPlace At(int line) const { return {cell_, line}; }
  bool Spent() { return ++steps_ > kMostSteps || heap_.full(); }

  Heap heap_;
  CodeTrace* trace_;
  ArrayRules rules_;
  Library library_;
  Object* globals_;
  Object* scope_;
  std::deque<Doubt> doubts_;  // of loops
  int cell_ = 0;
  int steps_ = 0;
  int depth_ = 0;                 // of calls
  int nested_ = 0;                // of expressions and blocks
  int loops_ = 0;                 // around what runs now
  int unknown_loops_ = 0;         // those among them that run once for an unknown number of turns
  bool maybe_ = false;            // a condition around it is not known
  bool sometimes_ = false;        // and that is one of a remainder: i % 4 == 0
  std::optional<Value> perhaps_;  // what was returned below such a condition
  std::set<const Statement*> called_;
  std::set<std::string> disordered_;
  // f-strings, by line and text. Kept, since functions in them point into the trees.
  std::map<std::pair<int, std::string>, FormattedText> formatted_;
  std::string star_module_;                     // of the last \"from module import *\"
  std::vector<Value> functions_;                // and classes, in order
  std::map<const Object*, Object*> instances_;  // class -> the last one of it
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_INTERPRETER_H_
