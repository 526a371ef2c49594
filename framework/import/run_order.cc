#include "framework/import/run_order.h"

#include <algorithm>
#include <utility>

namespace nabla {
namespace {

// The names that a cell's own statements set to a number that they spell.
std::set<std::string> NumbersIn(const std::vector<Statement>& program) {
  std::set<std::string> names;
  for (const Statement& s : program) {
    if (s.kind != Statement::Kind::kAssign) continue;
    const Expr& value = s.values[0];
    const bool list = value.kind == Expr::Kind::kTuple || value.kind == Expr::Kind::kList;
    for (const Expr& target : s.targets) {
      const bool number = value.kind == Expr::Kind::kNumber || list;
      if (target.kind == Expr::Kind::kName && number) names.insert(target.text);
      if (target.kind != Expr::Kind::kTuple) continue;
      for (const Expr& item : target.items) {
        if (item.kind == Expr::Kind::kName && list) names.insert(item.text);
      }
    }
  }
  return names;
}

}  // namespace

std::set<std::string> DisorderedNames(const Notebook& notebook,
                                      const std::map<int, std::vector<Statement>>& programs,
                                      int main) {
  std::set<std::string> disordered;
  std::map<std::string, int> latest;  // name -> the latest run of a cell above that sets it
  std::map<std::string, int> above;   // likewise, of those above the training
  int trained = 0;                    // the training's run
  for (const NotebookCell& cell : notebook.cells) {
    const auto program = programs.find(cell.number);
    if (!cell.execution || program == programs.end()) continue;
    if (cell.number == main) {
      trained = *cell.execution;
      for (const auto& [name, run] : above) {
        if (run > *cell.execution) disordered.insert(name);
      }
    }
    for (const std::string& name : NumbersIn(program->second)) {
      const auto [known, is_new] = latest.try_emplace(name, *cell.execution);
      if (!is_new && known->second > *cell.execution) disordered.insert(name);
      if (main > 0 && cell.number > main && *cell.execution < trained) disordered.insert(name);
      known->second = std::max(known->second, *cell.execution);
      if (main == 0 || cell.number < main) above[name] = known->second;
    }
  }
  return disordered;
}

}  // namespace nabla
