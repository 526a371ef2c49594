// What operators and products do to arrays and numbers, as far as shapes, fillings and layers go.
#ifndef NABLA_FRAMEWORK_PYTHON_ARRAY_RULES_H_
#define NABLA_FRAMEWORK_PYTHON_ARRAY_RULES_H_

#include <string>
#include <vector>

#include "framework/python/trace.h"
#include "framework/python/values.h"

namespace nabla {

class ArrayRules {
 public:
  static constexpr size_t kMostItems = 500000;  // of all sequences; later ones are unknown
  static constexpr size_t kMostLiteral = 256;   // rows of an array that are kept
  static constexpr size_t kLongestText = 10000;

  ArrayRules(Heap* heap, CodeTrace* trace) : heap_(heap), trace_(trace) {}

  // An array of which nothing is known but where its rows came from.
  Value Derived(const Value& from, const std::string& made_by = "");
  Value Fresh(const std::string& made_by);
  Value Sequence(std::vector<Value> items);
  Value Range(const std::vector<Value>& bounds);  // stop; start, stop; start, stop, step

  // The size along an axis; one is invented where the program does not say.
  Value Size(const Value& array, size_t axis);
  Value Invented();
  void SetShape(const Value& array, std::vector<Value> shape);
  // Of an array of which it is not known how many axes it has.
  void Unrank(const Value& array);

  // left op right, for all but matrix products. `loops` are open around it: there W - rate * dW is
  // an update of W, and is W.
  Value Binary(const std::string& op, const Value& left, const Value& right, CellPlace place,
               int loops);
  Value Negated(const Value& v);
  // Notes left + right or left - right as an update, where nothing but the rate is known.
  void NoteStep(const std::string& op, const Value& left, const Value& right, CellPlace place);
  // The numbers and texts of a list, each once.
  Value Distinct(const Value& list);
  Value Dot(const Value& left, const Value& right, CellPlace place);
  Value Transposed(const Value& array);
  Value Indexed(const Value& array, const std::vector<Value>& index,
                const std::vector<bool>& is_slice);

  // Functions of every number, such as exp and log; also marks activations that they make up.
  Value Mapped(const std::string& function, const Value& array, CellPlace place);
  // Makes rows that the program spells the first values of weights.
  static void Spelled(Object* rows) {
    rows->filling.how = "explicit";
    rows->filling.spelled = rows;
  }
  // The same for a neuron made of numbers.
  Value Fired(const std::string& activation, const Value& z, CellPlace place);
  // Notes a sum over a layer's weights, as penalties have.
  void NoteWeightSum(const char* what, const Value& weight, CellPlace place);
  // Marks the layer whose output `z` is as followed by an activation.
  Value Activated(const std::string& activation, const Value& z, CellPlace place, double slope = 0);
  // np.c_[x, np.ones(n)], np.hstack((np.ones((n, 1)), x)): x, whose weights have a row of biases;
  // unknown where no part is of ones.
  Value WithOnes(const std::vector<Value>& parts);
  // Output of a layer without bias or activation so far; one that was never used becomes known.
  Value LayerOutput(Object* weight, const Value& input, bool right, bool transposed,
                    CellPlace place);

 private:
  // Remembers the rows of the first layer, if the program spells them.
  void NoteInputs(const Value& input);
  void NoteJoined(const Value& left, const Value& right);
  std::vector<Value> TransposedRows(const std::vector<Value>& rows);
  Value Numbers(const std::string& op, const Value& left, const Value& right);
  Value Standing(const Value& unknown);
  // Sets the first value of left op right, if both have one.
  void SetFirst(const std::string& op, const Value& left, const Value& right, Object* to);
  Value Plain(const std::string& op, const Value& left, const Value& right);
  Value Refilled(const std::string& op, const Value& array, const Value& number, bool left);
  Value Update(const Value& weight, const Value& step, CellPlace place);
  Value AddBias(const Value& output, const Value& bias);
  Value Combined(const std::string& op, const Value& left, const Value& right, CellPlace place);
  static bool IsDifference(const Value& v) { return v.object != nullptr && v.object->difference; }
  static void AddFactor(const Value& part, Object* to);
  static void AddFactors(const Value& part, Object* to);
  void NoteForm(const std::string& op, const Value& left, const Value& right, const Value& result,
                CellPlace place);
  void NoteScalingForm(const std::string& op, const Value& left, const Value& right,
                       const Value& result, CellPlace place);
  void NoteScaled(const std::string& op, const Value& left, const Value& right, CellPlace place);
  void NoteAdded(const Value& left, const Value& right, CellPlace place, int loops);
  bool IsLayer(const Object* weight) const;
  static void NoteTerms(const std::string& op, const Value& left, const Value& right, Object* to);
  std::string Form(const std::string& op, const Value& left, const Value& right) const;

  Heap* heap_;
  CodeTrace* trace_;
  int invented_ = 0;
  size_t items_ = 0;  // of all sequences so far
};

// Whether the name is one that programs give to weights or biases.
bool IsWeightName(const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_ARRAY_RULES_H_
