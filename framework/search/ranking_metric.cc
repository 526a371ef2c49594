#include "framework/search/ranking_metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "framework/spec/config_edits.h"

namespace nabla {
namespace {

constexpr const char* kUsual[] = {"validation_accuracy", "validation_loss", "test_accuracy",
                                  "test_loss", "train_loss"};

bool Says(const Node& node) {
  if (node.IsNull()) return false;
  return node.IsScalar() ? node.text != "false" : !node.items.empty() || !node.entries.empty();
}

// What a map says of a key; null if it is left out, or says that there is none.
const Node* SaidIn(const Node& map, std::string_view key) {
  const Node* node = map.Find(key);
  return node != nullptr && Says(*node) ? node : nullptr;
}

std::string TextIn(const Node& map, std::string_view key) {
  const Node* node = map.Find(key);
  return node != nullptr && node->IsScalar() ? node->text : "";
}

Node Named(const char* key, const Node& value) {
  Node map = Node::Map();
  map.Set(key, value);
  return map;
}

// Copies what `from` says of the keys.
void Copy(const Node& from, std::initializer_list<const char*> keys, Node* to) {
  for (const char* key : keys) {
    if (const Node* node = SaidIn(from, key)) to->Set(key, *node);
  }
}

bool InputsAreTargets(const Node& config) {
  const Node* data = config.Find("dataset");
  return TextIn(config, "targets") == "inputs" ||
         (data != nullptr && TextIn(*data, "target") == "input");
}

// What the outputs are compared with.
Node TargetsOf(const Node& config) {
  Node targets = Node::Map();
  Copy(config, {"targets"}, &targets);
  if (const Node* data = config.Find("dataset")) {
    Node part = Node::Map();
    part.Set("name", data->IsScalar() ? *data : Node::Scalar(TextIn(*data, "name")));
    Copy(*data, {"target", "targets", "target_scale", "label_column", "task"}, &part);
    if (InputsAreTargets(config)) Copy(*data, {"scale", "scaled", "size", "channels"}, &part);
    targets.Set("dataset", std::move(part));
  }
  if (InputsAreTargets(config)) Copy(config, {"standardise", "standardise_by"}, &targets);
  return targets;
}

// The penalties that the loss of the training rows, or that of all rows, shows.
Node PenaltiesOf(const Node& config, bool only_train) {
  Node shown = Node::List();
  const Node* penalties = SaidIn(config, "penalties");
  if (penalties == nullptr) return shown;
  for (const Node& penalty : penalties->items) {
    const std::string where = TextIn(penalty, "shown");
    if (where == "both" || (only_train && where != "none")) shown.items.push_back(penalty);
  }
  return shown;
}

// By what the values of the loss function are weighted, and what is added to them.
Node ScaleOf(const Node& config, bool only_train) {
  Node scale = Node::Map();
  Copy(config, {"standardise_targets", "class_weights"}, &scale);
  Node penalties = PenaltiesOf(config, only_train);
  if (Says(penalties)) scale.Set("penalties", std::move(penalties));
  const Node* data = config.Find("dataset");
  if (data == nullptr || SaidIn(*data, "row_weight") == nullptr) return scale;
  scale.Set("dataset", Named("row_weight", *data->Find("row_weight")));
  return scale;
}

// Whether the training rows decide the unit of the loss.
bool FollowsRows(const Node& config) {
  return SaidIn(config, "standardise_targets") != nullptr ||
         TextIn(config, "class_weights") == "balanced";
}

Node RowsOf(const Node& config) {
  Node rows = Node::Map();
  Copy(config, {"standardise_by", "split", "subset"}, &rows);
  if (Node* split = rows.Find("split")) {
    std::erase_if(split->entries, [](const Node::Entry& entry) { return entry.key == "fold"; });
  }
  return rows;
}

// The loss that metrics show; null if it is left open.
const Node* LossOf(const Node& config) {
  const Node* shown = SaidIn(config, "shown_loss");
  return shown != nullptr ? shown : SaidIn(config, "loss");
}

void AddKeys(const Node& a, const Node& b, std::vector<std::string>* keys) {
  for (const ConfigEdit& edit : EditsBetween(a, b)) {
    if (std::ranges::count(*keys, edit.path) == 0) keys->push_back(edit.path);
  }
}

const RankableMetric* FindMetric(const std::vector<RankableMetric>& all, const std::string& name) {
  const auto found = std::ranges::find(all, name, &RankableMetric::name);
  return found == all.end() ? nullptr : &*found;
}

// The best known metrics first; then the others.
int PlaceOf(std::string_view result) {
  constexpr std::string_view kFirst[] = {"accuracy", "rmse", "mae", "r2"};
  return static_cast<int>(std::ranges::find(kFirst, result) - std::begin(kFirst));
}

// The first that is one metric; null if none is.
const RankableMetric* FindOneMetric(const std::vector<RankableMetric>& common,
                                    const UnitKeys& keys) {
  for (const std::string rows : {"validation_", "test_", "train_"}) {
    const RankableMetric* best = nullptr;
    for (const RankableMetric& metric : common) {
      if (!metric.name.starts_with(rows) || !keys.Against(metric.name).empty()) continue;
      const auto place = [&](const RankableMetric& m) {
        return PlaceOf(std::string_view(m.name).substr(rows.size()));
      };
      if (best == nullptr || place(metric) < place(*best)) best = &metric;
    }
    if (best != nullptr) return best;
  }
  return nullptr;
}

}  // namespace

void UnitKeys::Add(const Node& config) {
  if (const Node* loss = LossOf(config)) {
    const bool shown = SaidIn(config, "shown_loss") != nullptr;
    if (!first_loss_) {
      first_loss_ = *loss;
    } else {
      const char* key = shown || shows_another_ ? "shown_loss" : "loss";
      AddKeys(Named(key, *first_loss_), Named(key, *loss), &of_loss_);
    }
    shows_another_ = shows_another_ || shown;
  }
  if (!first_) {
    first_ = config;
    return;
  }
  AddKeys(TargetsOf(*first_), TargetsOf(config), &of_targets_);
  AddKeys(ScaleOf(*first_, false), ScaleOf(config, false), &of_loss_);
  if (FollowsRows(*first_) && FollowsRows(config)) {
    AddKeys(RowsOf(*first_), RowsOf(config), &of_loss_);
  }
  AddKeys(ScaleOf(*first_, true), ScaleOf(config, true), &of_train_loss_);
}

std::vector<std::string> UnitKeys::Against(std::string_view metric) const {
  const std::string_view result = metric.substr(metric.find('_') + 1);
  std::vector<std::string> keys;
  const auto add = [&](const std::vector<std::string>& more) {
    for (const std::string& key : more) {
      if (std::ranges::count(keys, key) == 0) keys.push_back(key);
    }
  };
  if (result == "loss") {
    add(of_loss_);
    if (metric == "train_loss") add(of_train_loss_);
  }
  if (result == "loss" || result == "mae" || result == "rmse") add(of_targets_);
  return keys;
}

RankingMetric ChooseRankingMetric(const std::vector<RankableMetric>& common, const UnitKeys& keys) {
  RankingMetric usual{.name = kUsual[4], .smaller_is_better = true};
  for (const char* name : kUsual) {
    const RankableMetric* found = FindMetric(common, name);
    if (found == nullptr) continue;
    usual = {.name = name, .smaller_is_better = found->smaller_is_better};
    break;
  }
  usual.against = keys.Against(usual.name);
  if (usual.against.empty()) return usual;
  const std::string why = "note: " + NotOneMetric(usual.against, usual.name);
  if (const RankableMetric* one = FindOneMetric(common, keys)) {
    return {.name = one->name,
            .smaller_is_better = one->smaller_is_better,
            .note = fmt::format("{}: {} decides", why, one->name)};
  }
  usual.note = why + ", and they have no other: its order does not say which is better";
  return usual;
}

RankingMetric AskedRankingMetric(const RankableMetric& asked, const UnitKeys& keys) {
  RankingMetric metric{.name = asked.name,
                       .smaller_is_better = asked.smaller_is_better,
                       .against = keys.Against(asked.name)};
  if (metric.against.empty()) return metric;
  metric.note = fmt::format("note: {}: its order does not say which is better",
                            NotOneMetric(metric.against, metric.name));
  return metric;
}

std::string NotOneMetric(const std::vector<std::string>& against, std::string_view metric) {
  std::string keys;
  for (size_t i = 0; i < against.size(); ++i) {
    keys += (i == 0 ? "" : i + 1 == against.size() ? " and " : ", ") + against[i];
  }
  return fmt::format("the settings differ in {}, so {} is not one metric", keys, metric);
}

}  // namespace nabla
