// How the training may differ: its rate, rows, batches, order, loss and optimizer.
#include <algorithm>
#include <cmath>

#include "framework/search/hypothesis_list.h"
#include "framework/spec/spec.h"

namespace nabla {
// A sum over rows or classes instead of a mean acts as a factor, too.
void AddRates(HypothesisList* list) {
  const double rate = NumberAt(list, "optimizer", "lr");
  if (rate <= 0) return;
  std::vector<double> rates;
  const auto add = [&](double other) {
    const bool known =
        std::ranges::any_of(rates, [&](double r) { return std::abs(r / other - 1) < 1e-6; });
    if (other != rate && !known) rates.push_back(other);
  };
  for (const double factor : {2.0, 10.0, 5.0, 4.0, 3.0, 100.0, 8.0, 20.0, 50.0, 1000.0}) {
    add(rate * factor);
    add(rate / factor);
  }
  // Numbers that people choose.
  const double unit = std::pow(10, std::floor(std::log10(rate)));
  for (const double power : {0.1, 1.0, 10.0}) {
    for (const double digit : {1, 3, 5, 2}) add(digit * unit * power);
  }
  list->Numbers("rate", "optimizer.lr", rates, false, 1e9);
  rates.clear();
  for (const double count :
       {BatchRows(list), Rows(*list), static_cast<double>(list->facts.classes)}) {
    if (count <= 1) continue;
    add(rate * count);
    add(rate / count);
  }
  const size_t before = list->found.size();
  list->Numbers("rate", "optimizer.lr", rates, false, 1e9);
  for (size_t i = before; i < list->found.size(); ++i) list->found[i].rarity = 0;
}

void AddRows(HypothesisList* list) {
  const double all = Rows(*list);
  if (NumberAt(list, "train", "rows_per_epoch") > 0) {
    list->Set("rows", "train.rows_per_epoch", Node::Scalar("0"));
  }
  const double own[] = {10000,
                        std::floor(all / 2),
                        std::floor(all / 10),
                        5000,
                        1000,
                        20000,
                        std::floor(all / 5),
                        2500,
                        50000,
                        std::floor(all / 4),
                        100};
  list->Numbers("rows", "train.rows_per_epoch", own, true, all - 1);
}

void AddBatches(HypothesisList* list) {
  const double b = BatchRows(list);
  const double own[] = {2 * b,       std::floor(b / 2),
                        4 * b,       std::floor(b / 4),
                        8 * b,       std::floor(b / 8),
                        32,          64,
                        100,         128,
                        16,          10,
                        50,          256,
                        Rows(*list), 1};
  list->Numbers("batch", "train.batch_size", own, true, Rows(*list));
}

void AddOrder(HypothesisList* list) {
  list->Try("order", "train", "shuffle", {"false", "true"});
  list->Try("order", "train", "drop_last", {"false", "true"});
  list->Try("order", "train", "order", {"choice", "replacement"});
  list->rarity = 1;
  list->Try("order", "train", "order", {"permutation", "shuffle", "dataloader"});
}

namespace {

// A logarithm that is kept from 0.
void AddGuarded(const std::string& loss, HypothesisList* list) {
  const int own = std::exchange(list->rarity, 1);
  for (const char* key : {"epsilon", "clamp"}) {
    for (const char* least : {"1e-12", "1e-8", "1e-7"}) {
      Node guarded = Node::Map();
      guarded.Set("name", Node::Scalar(loss));
      guarded.Set(key, Node::Scalar(least));
      list->Set("loss", "loss", guarded);
    }
  }
  list->rarity = own;
}

}  // namespace

void AddLosses(HypothesisList* list) {
  list->Try("loss", "loss", "reduction", {"mean", "sum", "sum_classes"});
  list->Try("loss", "loss", "label_smoothing", {"0", "0.1", "0.2", "0.05"});
  for (const char* key : {"epsilon", "clamp"}) {
    list->Try("loss", "loss", key,
              {"0", "1e-12", "1e-8", "1e-7", "1e-10", "1e-15", "1e-6", "1e-5", "1e-9"});
  }
  const Node* loss = list->tree.Find("loss");
  const std::string own = loss != nullptr ? PluginName(*loss) : "";
  for (const std::string& name : list->registry.Names("loss")) {
    const bool usual = name == "mse" || name == "cross_entropy" || name == "half_mse" ||
                       name == "bce" || name == "nll" || name == "bce_with_logits";
    list->rarity = usual ? 0 : 1;
    if (name != own) list->Set("loss", "loss", Node::Scalar(name));
    if (name != own && (name == "cross_entropy" || name == "nll")) AddGuarded(name, list);
    if (name != "mse" && name != "bce" && name != "l1" && name != "half_mse") continue;
    Node summed = Node::Map();
    summed.Set("name", Node::Scalar(name));
    summed.Set("reduction", Node::Scalar("sum_classes"));
    if (name != own) list->Set("loss", "loss", summed);
  }
}

namespace {

void AddDropouts(HypothesisList* list) {
  const std::vector<LayerAt> dropouts = LayersWith(list->tree, "p");
  for (const char* p : {"0", "0.5", "0.2", "0.25", "0.1", "0.3", "0.8"}) {
    std::vector<Setting> settings;
    for (const LayerAt& layer : dropouts) settings.push_back({layer.path + ".p", Node::Scalar(p)});
    list->Add("optimizer", fmt::format("dropout p = {}", p), std::move(settings));
  }
}

void AddSchedules(HypothesisList* list) {
  list->Set("optimizer", "schedule", Node::Scalar("constant"));
  for (const char* gamma : {"0.9", "0.95", "0.99"}) {
    Node schedule = Node::Map();
    schedule.Set("name", Node::Scalar("exponential"));
    schedule.Set("gamma", Node::Scalar(gamma));
    list->Set("optimizer", "schedule", schedule);
  }
  list->rarity = 1;
  list->Set("optimizer", "schedule", Node::Scalar("cosine"));
}

void AddPenaltiesTimes(double factor, const Node& penalties, HypothesisList* list) {
  std::vector<Setting> settings;
  for (size_t i = 0; i < penalties.items.size(); ++i) {
    for (const char* key : {"l2", "l1"}) {
      const double own = NumberOf(*penalties.items[i].Find(key));
      if (own == 0) continue;
      settings.push_back({fmt::format("penalties.{}.{}", i, key),
                          Node::Scalar(fmt::format("{:.6g}", factor * own))});
    }
  }
  list->Add("penalty", fmt::format("penalties x {:g}", factor), std::move(settings));
}

Node PenaltyOf(const char* key, const char* factor, const char* shown) {
  Node penalty = Node::Map();
  penalty.Set(key, Node::Scalar(factor));
  penalty.Set("shown", Node::Scalar(shown));
  Node penalties = Node::List();
  penalties.items.push_back(std::move(penalty));
  return penalties;
}

}  // namespace

void AddOptimizers(HypothesisList* list) {
  list->Try("optimizer", "optimizer", "momentum", {"0.9", "0", "0.5", "0.99", "0.95", "0.8"});
  if (NumberAt(list, "optimizer", "momentum") > 0) {
    list->Try("optimizer", "optimizer", "nesterov", {"true", "false"});
  }
  list->Try("optimizer", "optimizer", "weight_decay",
            {"0", "0.0001", "0.001", "0.01", "0.0005", "0.1"});
  const Node* rate = Find(list->tree, "optimizer", "lr");
  for (const char* name : {"sgd", "adam", "rmsprop", "adagrad", "adamw"}) {
    list->rarity = std::string(name) == "sgd" || std::string(name) == "adam" ? 0 : 1;
    list->Set("optimizer", "optimizer", Node::Scalar(name));  // with its own rate
    Node other = Node::Map();
    other.Set("name", Node::Scalar(name));
    if (rate != nullptr) other.Set("lr", *rate);
    list->Set("optimizer", "optimizer", other);
  }
  // What suits one optimizer suits no other: both are changed together.
  const Node* own = list->tree.Find("optimizer");
  for (const char* name : {"adam", "sgd", "rmsprop"}) {
    if (own != nullptr && PluginName(*own) == name) continue;
    const bool plain = std::string(name) == "sgd";
    list->rarity = std::string(name) == "rmsprop" ? 1 : 0;
    for (const char* lr : {"0.01", plain ? "0.1" : "0.001", plain ? "0.5" : "0.005",
                           plain ? "1" : "0.0001", plain ? "0.001" : "0.1", "0.05"}) {
      Node other = Node::Map();
      other.Set("name", Node::Scalar(name));
      other.Set("lr", Node::Scalar(lr));
      list->Set("optimizer", "optimizer", other);
    }
  }
  AddDropouts(list);
  AddSchedules(list);
}

void AddPenalties(HypothesisList* list) {
  const Node* own = list->tree.Find("penalties");
  if (own != nullptr && !own->items.empty()) {
    list->Set("penalty", "penalties", Node::List());
    for (const char* shown : {"none", "train", "both"}) {
      std::vector<Setting> settings;
      for (size_t i = 0; i < own->items.size(); ++i) {
        settings.push_back({fmt::format("penalties.{}.shown", i), Node::Scalar(shown)});
      }
      list->Add("penalty", fmt::format("penalties shown in {}", shown), std::move(settings));
    }
    for (const double factor : {2.0, 0.5, 10.0, 0.1}) AddPenaltiesTimes(factor, *own, list);
    return;
  }
  list->rarity = 1;
  for (const char* factor : {"0.01", "0.001", "0.0001", "0.1"}) {
    for (const char* shown : {"train", "none"}) {
      list->Set("penalty", "penalties", PenaltyOf("l2", factor, shown));
    }
  }
}

void AddGradients(HypothesisList* list) {
  list->rarity = 1;
  list->Try("gradient", "train", "share_bias_gradients", {"true", "false"});
  list->Try("gradient", "train", "clip_norm", {"0", "1", "5"});
  list->Try("gradient", "train", "clip_value", {"0", "1"});
}

}  // namespace nabla
