// Names that an inner loop sets: what holds the value of its last turn, such as the loss of the
// last batch, and what counts batches.
#ifndef NABLA_FRAMEWORK_IMPORT_INNER_VALUES_H_
#define NABLA_FRAMEWORK_IMPORT_INNER_VALUES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "framework/python/ast.h"

namespace nabla {

// Follows the statements of a program in their order.
class InnerValues {
 public:
  void EnterLoop(const Statement& loop);
  void LeaveLoop();

  // "loss = ..."; what is made of a sum, such as total / n, is none of one turn.
  void Assigned(const Expr& target, const Expr& value);

  // "total += loss", "losses.append(loss)"
  void Accumulated(const std::string& name);

  // Whether a name is the variable or the counter of a loop within one over epochs.
  bool CountsBatches(const std::string& name) const { return counters_.contains(name); }

  // The words of a split in what the loop goes over that a sum adds up in: "test" of
  // "for x, y in test_loader: correct += ...". Empty if there are none.
  const std::vector<std::string>& SplitOf(const std::string& sum) const;

  // Whether an expression shows a name that an inner loop set last.
  bool IsOfLastTurn(const Expr& e) const { return IsOfLastTurn(e, 0); }

 private:
  bool UsesSum(const Expr& e, int depth) const;
  bool IsOfLastTurn(const Expr& e, int depth) const;

  int depth_ = 0;         // of loops
  int epochs_depth_ = 0;  // of the loop over epochs; 0 outside
  std::set<std::string> counters_;
  std::map<std::string, int> set_;  // name -> depth of the loop in which it was set last
  std::vector<std::vector<std::string>> splits_;            // of the loops around
  std::map<std::string, std::vector<std::string>> summed_;  // name -> the words of its loop
  std::set<std::string> sums_;  // and those that add up, or are made of such
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_INNER_VALUES_H_
