// Python's syntax as a tree, as far as reading settings needs it.
#ifndef NABLA_FRAMEWORK_PYTHON_AST_H_
#define NABLA_FRAMEWORK_PYTHON_AST_H_

#include <string>
#include <utility>
#include <vector>

namespace nabla {

struct Expr {
  enum class Kind {
    kName,           // text
    kNumber,         // text: as spelled
    kString,         // text: its content
    kFormatted,      // f-string; text: its content with the braces
    kConstant,       // text: True, False, None, ...
    kList,           // items; sets too
    kTuple,          // items
    kDict,           // items: key, value, key, value, ...
    kCall,           // items: what is called, then the arguments
    kAttribute,      // items: of what; text: name
    kSubscript,      // items: of what, index
    kSlice,          // items: from, to, step; a kOther stands for one that is left out
    kUnary,          // text: operator; items: operand
    kBinary,         // text: operator; items: left, right. Comparisons, and, or, in, := too
    kConditional,    // items: if so, condition, if not
    kLambda,         // keywords: parameters; items: body, then the default of each, kOther for none
    kComprehension,  // items: element, target, iterated, condition if any; text: dict, whose
                     // elements are pairs, set, or ""; keywords: "flat" if the element is that of
                     // a second loop, whose items it gives
    kStarred,        // items: one
    kOther,          // nothing known
  };

  Kind kind = Kind::kOther;
  std::string text;
  std::vector<Expr> items;
  std::vector<std::string> keywords;  // kCall: of each argument, "" if positional, "*", "**"
  int line = 0;
  int depth = 1;  // of the tree
};

struct FunctionParameter {
  std::string name;
  std::vector<Expr> fallback;  // none or one
  std::string stars;           // "", "*" or "**"
};

struct Statement {
  enum class Kind {
    kExpression,  // value
    kAssign,      // targets (a = b = value), value
    kAugmented,   // targets (one), name: the operator without =, value
    kDef,         // name, parameters, body
    kClass,       // name, bases: targets, body
    kFor,         // targets (one), value, body, otherwise
    kWhile,       // value, body, otherwise
    kIf,          // value, body, otherwise
    kBlock,       // with, try and the like: body; targets = values, pairwise, for with
    kReturn,      // value, if any; name: "yield" if it is that
    kImport,      // imports: (module or module.name, the name here)
    kGlobal,      // targets: names of the outermost scope
    kOther,       // name: "break" and the like
  };

  Kind kind = Kind::kOther;
  int line = 0;
  std::string name;
  std::vector<Expr> targets;
  std::vector<Expr> values;
  std::vector<FunctionParameter> parameters;
  std::vector<std::pair<std::string, std::string>> imports;
  std::vector<Statement> body;
  std::vector<Statement> otherwise;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PYTHON_AST_H_
