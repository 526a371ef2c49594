#include "framework/verdict/mistakes.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "framework/spec/tree_edits.h"
#include "framework/verdict/initializer_mistakes.h"

namespace nabla {
namespace {

class Collector {
 public:
  explicit Collector(const Node& resolved) : resolved_(resolved) {}

  // `change` returns whether it could change the tree.
  void Try(const std::string& name, const std::string& folder,
           const std::function<bool(Node&)>& change) {
    Node tree = resolved_;
    if (change(tree)) found.push_back({name, folder, std::move(tree)});
  }

  // Halves and doubles an integer or, with `whole` unset, a number; `at` returns it, or null.
  void Scale(const std::string& name, const std::string& folder, bool whole, double most,
             const std::function<Node*(Node&)>& at) {
    for (const double factor : {0.5, 2.0}) {
      Try(name + (factor < 1 ? " / 2" : " x 2"), folder + (factor < 1 ? "_half" : "_double"),
          [&](Node& tree) {
            Node* node = at(tree);
            if (node == nullptr || NumberOf(*node) <= 0) return false;
            const double before = NumberOf(*node);
            const auto halved = static_cast<int64_t>(before * factor);
            if (whole && (halved < 1 || before * factor > most)) return false;
            node->text = whole ? fmt::format("{}", halved) : fmt::format("{}", before * factor);
            return true;
          });
    }
  }

  std::vector<Mistake> found;

 private:
  const Node& resolved_;
};

constexpr double kNoLimit = 1 << 20;

void AddUnits(const Node& resolved, Collector* collector) {
  for (const char* key : {"channels", "units"}) {
    Node tree = resolved;
    const size_t layers = LayersWith(tree, key).size();
    // The last layer with units gives the outputs.
    const size_t hidden = std::string_view(key) == "units" && layers > 0 ? layers - 1 : layers;
    for (size_t i = 0; i < hidden; ++i) {
      const std::string which = hidden > 1 ? fmt::format(" of layer {}", i + 1) : "";
      collector->Scale(key + which, fmt::format("{}_{}", key, i + 1), true, kNoLimit,
                       [&](Node& root) { return LayersWith(root, key)[i].node->Find(key); });
    }
  }
}

void AddBias(const Node& resolved, Collector* collector) {
  Node tree = resolved;
  bool any = false;
  for (const LayerAt& layer : LayersWith(tree, "bias")) {
    any = any || layer.node->Find("bias")->text == "true";
  }
  collector->Try(any ? "no bias" : "with biases", any ? "no_bias" : "biases", [&](Node& root) {
    const std::vector<LayerAt> layers = LayersWith(root, "bias");
    for (const LayerAt& layer : layers) layer.node->Find("bias")->text = any ? "false" : "true";
    return !layers.empty();
  });
}

// Changes the weights of all layers alike; those that no initializer changes so stay. Returns how
// many have changed.
template <typename F>
size_t ChangeWeights(Node& root, F change) {
  size_t changed = 0;
  for (const auto& [path, layer] : LayersWith(root, "weight")) {
    const std::optional<Node> other = change(*layer->Find("weight"));
    if (!other) continue;
    ++changed;
    layer->Set("weight", *other);
  }
  return changed;
}

void AddWeights(const Node& resolved, Collector* collector) {
  const auto scale = [](Node& root, double factor) {
    return ChangeWeights(root, [&](const Node& own) { return Rescaled(own, factor); });
  };
  // What one layer doubles and the next halves may cancel.
  Node doubled = resolved, halved = resolved;
  const double factor = scale(doubled, 2) >= scale(halved, 0.5) ? 2 : 0.5;
  collector->Try(factor > 1 ? "weights x 2" : "weights / 2", "weights_scaled",
                 [&](Node& root) { return scale(root, factor) > 0; });
  collector->Try("weights of another distribution", "distribution",
                 [&](Node& root) { return ChangeWeights(root, OtherwiseDistributed) > 0; });
}

Node* BatchSize(Node& root) { return Find(root, "train", "batch_size"); }

void AddBatches(const Node& resolved, size_t rows, Collector* collector) {
  Node tree = resolved;
  const Node* shuffle = Find(tree, "train", "shuffle");
  const Node* size = BatchSize(tree);
  if (shuffle == nullptr || size == nullptr) return;
  const double most = static_cast<double>(rows);
  if (NumberOf(*size) < most) {  // a batch of all rows has no order
    const bool shuffles = shuffle->text == "true";
    collector->Try(shuffles ? "no shuffling" : "with shuffling", "order", [&](Node& root) {
      Find(root, "train", "shuffle")->text = shuffles ? "false" : "true";
      return true;
    });
  }
  collector->Scale("batch", "batch", true, most, [&](Node& root) {
    Node* own = BatchSize(root);
    if (NumberOf(*own) > most) own->text = std::to_string(rows);
    return own;
  });
}

void AddInputs(Collector* collector) {
  collector->Try("inputs not standardised", "raw_inputs", [](Node& root) {
    Node* standardise = root.Find("standardise");
    if (standardise == nullptr || standardise->text != "true") return false;
    standardise->text = "false";
    return true;
  });
  collector->Try("inputs not brought to a range", "raw_inputs", [](Node& root) {
    Node* range = root.Find("min_max");
    if (range == nullptr || range->IsNull()) return false;
    *range = Node();
    return true;
  });
  collector->Try("inputs / 2", "inputs_half", [](Node& root) {
    const auto is = [&](const char* key, const char* off) {
      const Node* node = root.Find(key);
      return node != nullptr && !node->IsNull() && node->text != off;
    };
    // These undo it.
    if (is("standardise", "false") || is("min_max", "") || is("scale_rows", "none")) return false;
    if (Node* std = Find(root, "dataset", "std"); std != nullptr) {
      std->text = fmt::format("{}", 2 * NumberOf(*std));
      return true;
    }
    Node* inputs = Find(root, "dataset", "inputs");
    if (inputs == nullptr) return false;
    for (Node& row : inputs->items) {
      for (Node& x : row.items) x.text = fmt::format("{}", NumberOf(x) / 2);
    }
    return true;
  });
}

void AddLoss(Collector* collector) {
  const auto reduce = [](const char* from, const char* to) {
    return [from, to](Node& root) {
      Node* reduction = Find(root, "loss", "reduction");
      if (reduction == nullptr || reduction->text != from) return false;
      reduction->text = to;
      return true;
    };
  };
  collector->Try("loss summed", "loss_summed", reduce("mean", "sum"));
  collector->Try("loss averaged", "loss_averaged", reduce("sum", "mean"));
  collector->Try("loss averaged over classes", "loss_averaged", reduce("sum_classes", "mean"));
}

}  // namespace

std::vector<Mistake> MistakesIn(const Node& resolved, size_t rows) {
  Collector collector(resolved);
  collector.Scale("rate", "rate", false, 0,
                  [](Node& root) { return Find(root, "optimizer", "lr"); });
  AddUnits(resolved, &collector);
  AddBias(resolved, &collector);
  AddWeights(resolved, &collector);
  AddBatches(resolved, rows, &collector);
  AddInputs(&collector);
  AddLoss(&collector);
  return std::move(collector.found);
}

}  // namespace nabla
