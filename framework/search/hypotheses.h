// What a notebook may have done that its experiment file does not say, or says wrong.
#ifndef NABLA_FRAMEWORK_SEARCH_HYPOTHESES_H_
#define NABLA_FRAMEWORK_SEARCH_HYPOTHESES_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// One key of the experiment with another value, as an override names it: "train.shuffle".
struct Setting {
  std::string path;
  Node value;
};

struct Hypothesis {
  std::string name;    // "optimizer.lr = 0.02", "no bias"
  std::string family;  // one of HypothesisFamilies(): two of one family exclude each other
  std::vector<Setting> settings;
  double loss_factor = 1;  // the notebook's loss is this times ours: no key says so
  bool narrows = false;    // its one setting is a number, and those between two tried ones may fit
  bool whole = false;      // that number is an integer
  size_t changes = 1;      // to the file
  int rarity = 0;          // 0: what people often do; 1: what they do less often
};

// What the rows of the experiment say.
struct DataFacts {
  size_t rows = 0;     // to train on
  size_t classes = 0;  // 0 = the targets are numbers
};

// The families, likeliest first: rate, rows, batch, epochs, executions, metric, average, order,
// loss, printed loss, weights, activation, units, bias, inputs, data, optimizer, penalty, gradient,
// dtype, layer; "grid" is what the file adds, "seed" what explains exact digits.
std::vector<std::string> HypothesisFamilies();

// All that `resolved`, an experiment with every default, has a key for, likeliest first. Some say
// what the experiment says already, or make none that can be trained: they are for the caller to
// leave out.
std::vector<Hypothesis> HypothesesOn(const Node& resolved, const DataFacts& facts,
                                     const Registry& registry);

// Generators and seeds that people use, for figures whose digits they decide: only `resolved` with
// a list that is exact has them.
std::vector<Hypothesis> SeedHypotheses(const Node& resolved);

// Those that the file adds: one for each value of a grid of key: [value, ...].
std::vector<Hypothesis> HypothesesOfGrid(const Node& grid);

// `hypothesis` with another number, of the same family; a number of one digit is no rare one.
Hypothesis WithNumber(Hypothesis hypothesis, double number);

// What `resolved` says at the path, if that is a number; an epoch of 0 rows has all `rows`.
std::optional<double> WrittenNumber(const Node& resolved, const std::string& path, size_t rows);

// Whether the two can be true at once.
bool Agree(const Hypothesis& a, const Hypothesis& b);

// Both at once, if they agree.
Hypothesis Joined(const Hypothesis& a, const Hypothesis& b);

// `tree` with what the hypothesis says. Throws InputError where the tree has no such place.
Node Applied(const Hypothesis& hypothesis, Node tree);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SEARCH_HYPOTHESES_H_
