// How the printed figures may differ from what the file takes them for.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <span>

#include "framework/search/hypothesis_list.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

std::span<const Node> References(HypothesisList* list) {
  const Node* references = list->tree.Find("reference");
  if (references == nullptr) return {};
  return references->items;
}

// The epochs of a reference, in ascending order; empty if it is no curve.
std::vector<int64_t> EpochsOf(const Node& reference) {
  const Node* node = reference.Find("epochs");
  Epochs epochs;
  Problems problems;
  if (node == nullptr || node->IsNull()) return {};
  const bool good = FieldType<Epochs>::Parse(*node, {}, {problems}, &epochs);
  return good && problems.empty() ? epochs.list : std::vector<int64_t>();
}

// What epochs become: 0 where a division leaves a rest.
struct Later {
  int64_t times = 1;
  int64_t by = 0;
  int64_t divisor = 1;

  int64_t operator()(int64_t epoch) const {
    return epoch % divisor == 0 ? times * (epoch / divisor) + by : 0;
  }
};

constexpr int64_t kMostEpochs = 1000000;

// The epochs of the references that are `chosen`; nothing if one would come before the first or
// after too many.
std::vector<Setting> Moved(HypothesisList* list,
                           const std::vector<std::pair<size_t, Later>>& chosen) {
  std::vector<Setting> settings;
  const auto own = static_cast<int64_t>(NumberAt(list, "train", "epochs"));
  int64_t most = own;
  for (const auto& [i, later] : chosen) {
    Epochs epochs{EpochsOf(list->tree.Find("reference")->items[i])};
    if (epochs.list.empty()) continue;
    for (int64_t& epoch : epochs.list) epoch = later(epoch);
    if (std::ranges::min(epochs.list) < 1) return {};
    most = std::max({most, later(own), epochs.list.back()});
    settings.push_back({fmt::format("reference.{}.epochs", i), FieldType<Epochs>::Print(epochs)});
  }
  if (settings.empty() || most > kMostEpochs) return {};
  settings.push_back({"train.epochs", Node::Scalar(std::to_string(most))});
  if (NumberAt(list, "evaluate", "every") > 1) {
    settings.push_back({"evaluate.every", Node::Scalar("1")});
  }
  return settings;
}

std::vector<Setting> AllMoved(HypothesisList* list, Later later) {
  std::vector<std::pair<size_t, Later>> all;
  for (size_t i = 0; i < References(list).size(); ++i) all.emplace_back(i, later);
  return Moved(list, all);
}

std::string TextAt(const Node& reference, const char* key) {
  const Node* node = reference.Find(key);
  return node != nullptr ? node->text : "";
}

// How many references before this one show the same metric in the same list: each execution of a
// cell prints it once more.
std::vector<size_t> ExecutionsOf(HypothesisList* list) {
  std::map<std::pair<std::string, std::string>, size_t> seen;
  std::vector<size_t> executions;
  for (const Node& reference : References(list)) {
    executions.push_back(seen[{TextAt(reference, "list"), TextAt(reference, "metric")}]++);
  }
  return executions;
}

void AddRepeated(HypothesisList* list) {
  const std::span<const Node> references = References(list);
  const std::vector<size_t> executions = ExecutionsOf(list);
  if (references.empty() || std::ranges::max(executions) == 0) return;
  const auto epochs = static_cast<int64_t>(NumberAt(list, "train", "epochs"));
  std::vector<Setting> anew;
  std::vector<std::pair<size_t, Later>> later;
  for (size_t i = 0; i < references.size(); ++i) {
    const auto execution = static_cast<int64_t>(executions[i]);
    later.push_back({i, {.by = execution * epochs}});
    if (execution == 0) continue;
    anew.push_back({fmt::format("reference.{}.list", i),
                    Node::Scalar(fmt::format("{}{}execution {}", TextAt(references[i], "list"),
                                             TextAt(references[i], "list").empty() ? "" : ", ",
                                             execution + 1))});
  }
  const size_t count = std::ranges::max(executions) + 1;
  list->Add("executions",
            fmt::format("the figures are of {} executions, each from new weights", count), anew);
  list->Add("executions",
            fmt::format("the figures are of {} executions that continue each other", count),
            Moved(list, later));
}

// The cell of one list ran before, that of the others did not.
void AddListsLater(HypothesisList* list) {
  std::map<std::string, std::vector<size_t>> lists;
  const std::span<const Node> references = References(list);
  for (size_t i = 0; i < references.size(); ++i) {
    if (!EpochsOf(references[i]).empty()) lists[TextAt(references[i], "list")].push_back(i);
  }
  constexpr size_t kMostLists = 4;
  constexpr int64_t kRunsBefore = 3;
  if (lists.size() < 2 || lists.size() > kMostLists) return;
  const auto epochs = static_cast<int64_t>(NumberAt(list, "train", "epochs"));
  for (const auto& [name, members] : lists) {
    for (int64_t run = 1; run <= kRunsBefore; ++run) {
      std::vector<std::pair<size_t, Later>> later;
      for (const size_t i : members) later.push_back({i, {.by = run * epochs}});
      list->Add("executions",
                fmt::format("the epochs of list \"{}\" are {} later", name, run * epochs),
                Moved(list, later));
    }
  }
}

}  // namespace

// The training cell ran before, as long each time; or epochs are counted from elsewhere.
void AddShifts(HypothesisList* list) {
  constexpr int64_t kRunsBefore = 5;
  std::set<int64_t> printed;
  for (const Node& reference : References(list)) {
    for (const int64_t epoch : EpochsOf(reference)) printed.insert(epoch);
  }
  if (printed.empty()) return;
  const auto epochs = static_cast<int64_t>(NumberAt(list, "train", "epochs"));
  const auto shift = [&](int64_t by) {
    list->Add(
        "epochs",
        fmt::format("the printed epochs are {} {}", std::abs(by), by > 0 ? "later" : "earlier"),
        AllMoved(list, {.by = by}));
  };
  for (const int64_t by : {1, -1}) shift(by);
  for (int64_t run = 1; run <= kRunsBefore; ++run) shift(run * epochs);
  const int64_t before = *printed.begin() - 1;
  if (before > 1) shift(-before);
  list->rarity = 1;
  for (const int64_t length : {*printed.rbegin(), static_cast<int64_t>(printed.size())}) {
    for (int64_t run = 1; run <= kRunsBefore; ++run) shift(run * length);
  }
  for (const int64_t times : {2, 5, 10, 100}) {
    list->Add("epochs", fmt::format("the printed epochs are {} times those", times),
              AllMoved(list, {.times = times}));
  }
  for (const int64_t divisor : {10, 2, 5, 100}) {
    list->Add("epochs", fmt::format("the printed epochs are those divided by {}", divisor),
              AllMoved(list, {.divisor = divisor}));
  }
  // A cell that somebody tried with other numbers before.
  for (const int64_t by : {2, 3, 4, 5, 10, 20, 30, 40, 50, 60, 80, 100}) {
    if (by % epochs != 0 && by <= kRunsBefore * epochs) shift(by);
  }
}

void AddExecutions(HypothesisList* list) {
  AddRepeated(list);
  AddListsLater(list);
  const std::span<const Node> references = References(list);
  std::vector<Setting> settings;
  for (size_t i = 0; i < references.size(); ++i) {
    settings.push_back(
        {fmt::format("reference.{}.list", i), Node::Scalar(fmt::format("execution {}", i + 1))});
  }
  list->rarity = 1;
  if (references.size() > 1) {
    list->Add("executions", "every printed list is of an execution of its own", settings);
  }
}

namespace {

const char* OtherSplit(const std::string& metric) {
  return metric.starts_with("test_") ? "train" : "test";
}

// References of `metric` name the same metric of the other rows.
std::vector<Setting> Renamed(HypothesisList* list, const std::vector<std::string>& metrics,
                             const char* split) {
  std::vector<Setting> settings;
  const std::span<const Node> references = References(list);
  for (size_t i = 0; i < references.size(); ++i) {
    const std::string metric = TextAt(references[i], "metric");
    if (std::ranges::find(metrics, metric) == metrics.end()) continue;
    settings.push_back({fmt::format("reference.{}.metric", i),
                        Node::Scalar(OtherSplit(metric) + metric.substr(metric.find('_')))});
  }
  if (!settings.empty()) settings.push_back({"evaluate.split", Node::Scalar(split)});
  return settings;
}

}  // namespace

void AddMetrics(HypothesisList* list) {
  const std::vector<std::string> all = {"test_accuracy", "train_accuracy", "test_loss",
                                        "train_loss"};
  // train_accuracy is of all rows with `both`, otherwise of each batch before its step.
  for (const char* split : {"both", "test"}) {
    const bool batches = std::string(split) == "test";
    const std::string how = batches ? ", of each batch" : "";
    for (const std::string& metric : all) {
      const std::string other = OtherSplit(metric) + metric.substr(metric.find('_'));
      const std::string rows = batches ? ", with evaluate.split = test" : "";
      list->Add("metric", metric + " is " + other + (other == "train_accuracy" ? how : rows),
                Renamed(list, {metric}, split));
    }
    list->Add("metric", "train_accuracy and test_accuracy are exchanged" + how,
              Renamed(list, {"test_accuracy", "train_accuracy"}, split));
    list->Set("metric", "evaluate.split", Node::Scalar(split));
  }
}

// How the losses of an epoch become one.
void AddAverages(HypothesisList* list) {
  list->Try("average", "evaluate", "train_loss", {"after", "rows", "batches"});
}

namespace {

bool PrintsLoss(HypothesisList* list) {
  return std::ranges::any_of(References(list), [](const Node& reference) {
    return TextAt(reference, "metric").ends_with("_loss");
  });
}

}  // namespace

// A mean of what the notebook sums, or the reverse. Needs no training of its own.
void AddPrintedLosses(HypothesisList* list) {
  if (!PrintsLoss(list)) return;
  const double b = std::max(1.0, BatchRows(list));
  const double drawn = NumberAt(list, "train", "rows_per_epoch");
  const double rows = drawn > 0 ? std::min(drawn, Rows(*list)) : Rows(*list);
  const std::pair<const char*, double> factors[] = {
      {"rows of a batch", b},
      {"batches", std::ceil(rows / b)},
      {"rows", rows},
      {"classes", static_cast<double>(list->facts.classes)},
      {"2", 2}};
  for (const auto& [what, factor] : factors) {
    if (factor <= 1) continue;
    for (const bool times : {true, false}) {
      list->found.push_back(
          {.name =
               fmt::format("the printed losses are {} {}", times ? "multiplied by" : "divided by",
                           factor == 2 ? "2" : fmt::format("{:g} ({})", factor, what)),
           .family = "printed loss",
           .settings = {},
           .loss_factor = times ? factor : 1 / factor});
    }
  }
}

}  // namespace nabla
