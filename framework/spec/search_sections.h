// What an experiment file says about searches: many settings, and what a notebook hides.
#ifndef NABLA_FRAMEWORK_SPEC_SEARCH_SECTIONS_H_
#define NABLA_FRAMEWORK_SPEC_SEARCH_SECTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/fields.h"

namespace nabla {

// Any map, kept as written.
template <>
struct FieldType<Node> {
  static bool Parse(const Node& n, const FieldDoc&, const ParseContext& c, Node* out) {
    if (!n.IsMap()) c.problems.Add(n.place, "expected a map, found " + n.Describe());
    *out = n;
    return n.IsMap();
  }
  static Node Print(const Node& v) { return v; }
  static std::string Type() { return "map"; }
};

// Successive halving of a sweep's settings (K. Jamieson and A. Talwalkar, 2016): all of them train
// for a few epochs, the best of them for more, and only the last ones to the end.
struct HalvingSection {
  int64_t factor = 3;
  std::optional<double> epochs;
  std::optional<std::string> metric;

  template <typename V>
  static void Fields(V& v) {
    v("factor", &HalvingSection::factor,
      {.doc = "each rung keeps the best 1 / factor of the settings, for factor times the epochs",
       .min = 2,
       .max = 10000});
    v("epochs", &HalvingSection::epochs,
      {.doc =
           "where the first rung ends, which may be within an epoch; if left out, each rung ends "
           "after factor times the epochs of the one before, the last at train.epochs",
       .unit = "epochs",
       .min = 0,
       .max = 1e6,
       .above_min = true});
    v("metric", &HalvingSection::metric,
      {.doc =
           "the metric, as in checkpoint.best, whose mean over seeds and folds ranks the settings "
           "at the end of a rung; if left out, the one that orders the table"});
  }
};

// Settings to try, with several seeds each.
struct SweepSection {
  int64_t seeds = 1;
  int64_t folds = 0;
  Node grid = Node::Map();
  Node random = Node::Map();
  int64_t samples = 10;
  std::optional<HalvingSection> halving;

  template <typename V>
  static void Fields(V& v) {
    v("seeds", &SweepSection::seeds,
      {.doc = "runs of each setting, with seeds seed, seed + 1, ...", .min = 1, .max = 10000});
    v("folds", &SweepSection::folds,
      {.doc =
           "cross-validation: runs of each setting and seed, each of which tests on another part "
           "of the rows, the same parts for all settings; 0 for none",
       .min = 0,
       .max = 10000});
    v("grid", &SweepSection::grid,
      {.doc = "key: [value, ...]; every combination is a setting. \"key, key\" change together"});
    v("random", &SweepSection::random,
      {.doc =
           "key: {from: a, to: b, scale: log} or key: [value, ...], drawn again for each sample"});
    v("samples", &SweepSection::samples,
      {.doc = "how many random draws to try for each combination of the grid",
       .min = 1,
       .max = 10000});
    v("halving", &SweepSection::halving,
      {.doc = "successive halving: train all settings for a few epochs and only the best ones to "
              "the end"});
  }
};

// What `run investigate` tries besides its own hypotheses, and what it leaves out.
struct InvestigateSection {
  double budget = 600;
  Node grid = Node::Map();
  std::vector<std::string> without;

  template <typename V>
  static void Fields(V& v) {
    v("budget", &InvestigateSection::budget,
      {.doc = "how long the search may take", .unit = "seconds", .min = 0, .max = 1e7});
    v("grid", &InvestigateSection::grid,
      {.doc = "key: [value, ...]; each value is one more hypothesis"});
    v("without", &InvestigateSection::without,
      {.doc = "families of hypotheses, or names of single ones, that are known to be wrong"});
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SEARCH_SECTIONS_H_
