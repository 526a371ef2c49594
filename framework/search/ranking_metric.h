// By which metric experiments are ranked. Their losses are one metric only if they are the same
// function of targets in the same units: half_mse is no better than mse because it is half as
// large.
#ifndef NABLA_FRAMEWORK_SEARCH_RANKING_METRIC_H_
#define NABLA_FRAMEWORK_SEARCH_RANKING_METRIC_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/node.h"

namespace nabla {

// The keys in which experiments differ and that decide what a metric of theirs measures.
class UnitKeys {
 public:
  // An experiment with every default (ResolvedConfig). A loss that is left open counts as that of
  // the others.
  void Add(const Node& config);

  // Those because of which values of a metric, such as "test_loss", are not of one metric; empty if
  // they are, as accuracies always are.
  std::vector<std::string> Against(std::string_view metric) const;

 private:
  std::optional<Node> first_;
  std::optional<Node> first_loss_;  // of the first one that is not left open
  bool shows_another_ = false;      // a loss than that which training minimises
  std::vector<std::string> of_targets_;
  std::vector<std::string> of_loss_;
  std::vector<std::string> of_train_loss_;  // only of it
};

struct RankableMetric {
  std::string name;  // of certain rows: "test_rmse"
  bool smaller_is_better = false;
};

// What experiments are ranked by.
struct RankingMetric {
  std::string name;
  bool smaller_is_better = false;
  // Because of which not even this is one metric, so that its order says nothing of which
  // experiment is better; empty if it does.
  std::vector<std::string> against = {};
  // A line that says why it is not the usual metric, or that it is none; "" if all is usual.
  std::string note = "";
};

// Of the metrics that all experiments have, the accuracy of the validation rows, or else their
// loss, or else those of the test rows, or else the loss of training. If that loss is not one
// metric, the first that is: accuracy, rmse, mae, r2 or any other one, of validation, test or
// training rows. If there is none either, that loss.
RankingMetric ChooseRankingMetric(const std::vector<RankableMetric>& common, const UnitKeys& keys);

// The metric as it is, because it was asked for.
RankingMetric AskedRankingMetric(const RankableMetric& asked, const UnitKeys& keys);

// "the settings differ in loss and penalties, so test_loss is not one metric".
std::string NotOneMetric(const std::vector<std::string>& against, std::string_view metric);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SEARCH_RANKING_METRIC_H_
