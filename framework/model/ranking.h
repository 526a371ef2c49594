// How well scores put the rows of a class before the others: ROC and precision-recall curves.
#ifndef NABLA_FRAMEWORK_MODEL_RANKING_H_
#define NABLA_FRAMEWORK_MODEL_RANKING_H_

#include <optional>
#include <utility>
#include <vector>

namespace nabla {

struct RankedRow {
  double score = 0;
  bool positive = false;  // of the class
};

// Of every threshold on the score, the highest first; rows of one score pass it together.
struct RankingCurves {
  std::vector<std::pair<double, double>> roc;     // false and true positive rate, from (0, 0)
  std::vector<std::pair<double, double>> recall;  // recall and precision, from (0, 1)
  double roc_auc = 0;                             // by trapezoids; scikit-learn's roc_auc_score
  double average_precision = 0;  // sum (R_n - R_n-1) P_n; scikit-learn's average_precision_score
};

// Nothing where all rows are positive or none is, or where a score is NaN.
std::optional<RankingCurves> CurvesOf(std::vector<RankedRow> rows);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_RANKING_H_
