#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/plugins/made.h"

namespace nabla {
namespace {

using Results = std::map<std::string, double>;

// Four rows of three probabilities.
const std::vector<double> kProbabilities = {0.7,  0.2,  0.1,   // 0, right
                                            0.1,  0.3,  0.6,   // 2, wrong: 1
                                            0.4,  0.4,  0.2,   // 0, wrong: 1, a tie
                                            0.05, 0.05, 0.9};  // 2, right
const std::vector<int32_t> kLabels = {0, 1, 1, 2};

std::unique_ptr<MetricPass<double>> PassOver(const std::string& yaml) {
  const auto metric = Made<Metric<double>>(yaml);
  auto pass = metric->Start({.classes = 3});
  const Matrix<const double> z{kProbabilities.data(), 4, 3, 3};
  pass->Add(z.Rows(0, 3), {.labels = kLabels.data()});
  pass->Add(z.Rows(3, 4), {.labels = kLabels.data() + 3});
  return pass;
}

Results ResultsOf(const std::string& yaml) {
  Results results;
  for (const auto& [name, value] : PassOver(yaml)->Results()) results[name] = value;
  return results;
}

TEST(MetricTest, Accuracy) { EXPECT_EQ(ResultsOf("accuracy"), (Results{{"accuracy", 0.5}})); }

// One output says class 1 above the threshold.
TEST(MetricTest, AccuracyOfASingleOutput) {
  const std::vector<double> outputs = {0.2, 0.5, 0.7, 0.9};
  const std::vector<int32_t> labels = {0, 1, 1, 0};
  const auto accuracy = [&](const std::string& yaml) {
    const auto metric = Made<Metric<double>>(yaml);
    metric->Check({{1}}, 2);
    const auto pass = metric->Start({.classes = 2});
    pass->Add({outputs.data(), 4, 1, 1}, {.labels = labels.data()});
    return pass->Results()[0].second;
  };
  EXPECT_EQ(accuracy("accuracy"), 0.5);
  EXPECT_EQ(accuracy("{name: accuracy, threshold: 0.4}"), 0.75);
  EXPECT_EQ(accuracy("{name: accuracy, threshold: 0}"), 0.5);
  EXPECT_THROW(Made<Metric<double>>("accuracy")->Check({{1}}, 3), InputError);
  EXPECT_THROW(Made<Metric<double>>("top_k")->Check({{1}}, 2), InputError);
}

// accuracy_score, 1 - hamming_loss, f1_score(average="micro") and precision_recall_fscore_support
// of scikit-learn 1.2.
TEST(MetricTest, MultilabelIsScikitLearns) {
  const std::vector<double> z = {.9, .2, .6, .4, .8, .7, .1, .3, .2, .8, .6, .1, .7, .9, .55};
  const std::vector<double> t = {1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 1};
  const auto metric = Made<Metric<double>>("multilabel");
  metric->Check({{3}}, 0);
  TargetMeaning meaning{.values = {"a", "b", "c"}, .labels = true};
  const auto pass = metric->Start({.meaning = meaning});
  pass->Add({z.data(), 2, 3, 3}, {.values = {t.data(), 2, 3, 3}});
  pass->Add({z.data() + 6, 3, 3, 3}, {.values = {t.data() + 6, 3, 3, 3}});
  std::map<std::string, double> found;
  for (const auto& [name, value] : pass->Results()) found[name] = value;
  EXPECT_DOUBLE_EQ(found.at("subset_accuracy"), 0.6);
  EXPECT_DOUBLE_EQ(found.at("binary_accuracy"), 0.8);
  EXPECT_DOUBLE_EQ(found.at("f1_micro"), 0.823529411764706);
  const NamedMatrix table = pass->Matrices().at(0);
  EXPECT_EQ(table.row_names, meaning.values);
  const std::vector<double> wanted = {1, 1, 1, 3, 2 / 3.0, 1, 0.8, 2, 2 / 3.0, 2 / 3.0, 2 / 3.0, 3};
  ASSERT_EQ(table.values.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_DOUBLE_EQ(table.values[i], wanted[i]) << i;
}

// roc_auc_score and average_precision_score of scikit-learn 1.2.
TEST(MetricTest, RocAucIsScikitLearns) {
  const auto of = [](const std::string& yaml, const std::vector<double>& z, size_t outputs,
                     const std::vector<int32_t>& labels) {
    const auto metric = Made<Metric<double>>(yaml);
    const size_t classes = outputs == 1 ? 2 : outputs;
    metric->Check({{outputs}}, classes);
    const auto pass = metric->Start({.classes = classes});
    pass->Add({z.data(), 2, outputs, outputs}, {.labels = labels.data()});
    const size_t rest = labels.size() - 2;
    pass->Add({z.data() + 2 * outputs, rest, outputs, outputs}, {.labels = labels.data() + 2});
    return std::pair(pass->Results()[0].second, pass->Results()[1].second);
  };
  const std::vector<double> logits = {2, -1, .5, .1, .4, 3, 1, 1, -2, -1, 0, .2};
  const auto [area, precision] = of("roc_auc", logits, 3, kLabels);
  EXPECT_DOUBLE_EQ(area, 0.8055555555555557);
  EXPECT_DOUBLE_EQ(precision, 0.7777777777777777);
  EXPECT_DOUBLE_EQ(of("{name: roc_auc, input: probabilities}", logits, 3, kLabels).first,
                   0.7777777777777778);
  const auto [single, ties] = of("roc_auc", {.2, .5, .5, .9, .4, .5}, 1, {0, 1, 0, 1, 1, 0});
  EXPECT_DOUBLE_EQ(single, 0.6666666666666667);
  EXPECT_DOUBLE_EQ(ties, 0.7);
  // Of two classes scikit-learn takes the second one; that of the first would be 0.73333.
  const auto [both, of_second] =
      of("{name: roc_auc, input: probabilities}", {.8, .2, .5, .5, .5, .5, .1, .9, .6, .4, .5, .5},
         2, {0, 1, 0, 1, 1, 0});
  EXPECT_DOUBLE_EQ(both, 0.6666666666666667);
  EXPECT_DOUBLE_EQ(of_second, 0.7);
  // Undefined where all rows are of one class.
  const auto undefined = of("roc_auc", {.2, .5, .5}, 1, {1, 1, 1});
  EXPECT_TRUE(std::isnan(undefined.first) && std::isnan(undefined.second));
}

TEST(MetricTest, TopKCountsEqualOutputsInOrder) {
  EXPECT_EQ(ResultsOf("{name: top_k, k: 1}"), (Results{{"top1_accuracy", 0.5}}));
  EXPECT_EQ(ResultsOf("{name: top_k, k: 2}"), (Results{{"top2_accuracy", 1.0}}));
  EXPECT_EQ(ResultsOf("top_k"), (Results{{"top5_accuracy", 1.0}}));
}

TEST(MetricTest, ConfusionMatrix) {
  const auto pass = PassOver("confusion_matrix");
  EXPECT_TRUE(pass->Results().empty());
  const std::vector<NamedMatrix> matrices = pass->Matrices();
  ASSERT_EQ(matrices.size(), 1u);
  EXPECT_EQ(matrices[0].name, "confusion_matrix");
  EXPECT_EQ(matrices[0].row_names, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(matrices[0].values, (std::vector<double>{1, 0, 0, 1, 0, 1, 0, 0, 1}));
}

TEST(MetricTest, PerClass) {
  // Predicted 2, 0, 2 rows; there are 1, 2, 1; right are 1, 0, 1.
  const double f1 = 2.0 / 3;
  const Results results = ResultsOf("per_class");
  EXPECT_NEAR(results.at("precision"), (0.5 + 0 + 0.5) / 3, 1e-15);
  EXPECT_NEAR(results.at("recall"), (1 + 0 + 1) / 3.0, 1e-15);
  EXPECT_NEAR(results.at("f1"), (f1 + 0 + f1) / 3, 1e-15);
  const auto matrices = PassOver("per_class")->Matrices();
  ASSERT_EQ(matrices.size(), 1u);
  EXPECT_EQ(matrices[0].values, (std::vector<double>{0.5, 1, f1, 1, 0, 0, 0, 2, 0.5, 1, f1, 1}));
}

// As many as labels may say: a matrix of their pairs would fit into no memory.
TEST(MetricTest, ManyClassesAreCountedByClass) {
  constexpr size_t kClasses = 1 << 20;
  EXPECT_THROW(Made<Metric<double>>("confusion_matrix")->Check({{2001}}, 2001), InputError);
  Made<Metric<double>>("confusion_matrix")->Check({{2000}}, 2000);
  const auto pass = Made<Metric<double>>("per_class")->Start({.classes = kClasses});
  std::vector<double> z(kClasses);
  z[7] = 1;
  const int32_t label = 7;
  pass->Add({z.data(), 1, kClasses, kClasses}, {.labels = &label});
  EXPECT_EQ(pass->Results()[0].second, 1.0 / kClasses);
}

TEST(MetricTest, BrierOfProbabilitiesAndOfLogits) {
  const double expected = ((0.09 + 0.04 + 0.01) + (0.01 + 0.49 + 0.36) + (0.16 + 0.36 + 0.04) +
                           (0.0025 + 0.0025 + 0.01)) /
                          4;
  EXPECT_NEAR(ResultsOf("{name: brier, input: probabilities}").at("brier"), expected, 1e-15);
  // Logarithms of probabilities are logits that give them back.
  const auto pass = Made<Metric<double>>("brier")->Start({.classes = 3});
  std::vector<double> logits;
  for (const double p : kProbabilities) logits.push_back(std::log(p) + 5);
  pass->Add(Matrix<const double>{logits.data(), 4, 3, 3}, {.labels = kLabels.data()});
  EXPECT_NEAR(pass->Results()[0].second, expected, 1e-14);
}

TEST(MetricTest, CalibrationError) {
  // Two bins: 0.4 wrong | 0.7 right, 0.6 wrong, 0.9 right.
  const double expected = (0.4 + std::abs(2 - (0.7 + 0.6 + 0.9))) / 4;
  const Results results = ResultsOf("{name: calibration_error, bins: 2, input: probabilities}");
  EXPECT_NEAR(results.at("calibration_error"), expected, 1e-15);
}

// A single output for two classes gives what both outputs give.
TEST(MetricTest, ProbabilitiesOfASingleOutput) {
  const std::vector<double> p = {0.2, 0.5, 0.7, 0.9};
  std::vector<double> both;
  std::vector<double> logits;
  for (const double x : p) {
    both.insert(both.end(), {1 - x, x});
    logits.push_back(std::log(x / (1 - x)));
  }
  const std::vector<int32_t> labels = {0, 1, 1, 0};
  for (const std::string name : {"brier", "calibration_error"}) {
    const auto of = [&](const std::string& input, const std::vector<double>& z, size_t cols) {
      const auto metric = Made<Metric<double>>("{name: " + name + ", input: " + input + "}");
      metric->Check({{cols}}, 2);
      EXPECT_THROW(metric->Check({{1}}, 3), InputError);
      const auto pass = metric->Start({.classes = 2});
      pass->Add(Matrix<const double>{z.data(), 4, cols, cols}, {.labels = labels.data()});
      return pass->Results().at(0).second;
    };
    const double wanted = of("probabilities", both, 2);
    EXPECT_EQ(of("probabilities", p, 1), wanted) << name;
    EXPECT_NEAR(of("logits", logits, 1), wanted, 1e-15) << name;
    if (name == "brier") {
      EXPECT_NEAR(wanted, 2 * (0.04 + 0.25 + 0.09 + 0.81) / 4, 1e-15);
    }
  }
}

// A single output above the threshold is class 1, as for the accuracy.
TEST(MetricTest, ConfusionOfASingleOutput) {
  const std::vector<double> outputs = {0.2, 0.5, 0.7, 0.9};
  const std::vector<int32_t> labels = {0, 1, 1, 0};
  const EvaluatedRows rows{.classes = 2, .meaning = {.classes = {"no", "yes"}}, .threshold = 0.4};
  for (const auto& [yaml, wanted] :
       {std::pair{"confusion_matrix", std::vector<double>{1, 1, 0, 2}},
        {"per_class", std::vector<double>{1, 0.5, 2.0 / 3, 2, 2.0 / 3, 1, 0.8, 2}}}) {
    const auto metric = Made<Metric<double>>(yaml);
    metric->Check({{1}}, 2);
    const auto pass = metric->Start(rows);
    pass->Add({outputs.data(), 4, 1, 1}, {.labels = labels.data()});
    const NamedMatrix matrix = pass->Matrices().at(0);
    EXPECT_EQ(matrix.row_names, (std::vector<std::string>{"no", "yes"}));
    ASSERT_EQ(matrix.values.size(), wanted.size());
    for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(matrix.values[i], wanted[i], 1e-15) << i;
  }
}

// scikit-learn 1.2's mean_absolute_error, mean_squared_error(squared=False) and r2_score of
// t = [[3, -0.5], [2, 1], [7, 2], [4.25, 2]] and z = [[2.5, 0], [0, 2], [8, 2], [5, 1.5]].
TEST(MetricTest, DistancesFromTargetsAreThoseOfScikitLearn) {
  const std::vector<double> z = {2.5, 0, 0, 2, 8, 2, 5, 1.5};
  const std::vector<double> t = {3, -0.5, 2, 1, 7, 2, 4.25, 2};
  for (const auto& [name, wanted] :
       {std::pair{"mae", 0.78125}, {"rmse", 0.9089143904}, {"r2", 0.6139989707}}) {
    const auto metric = Made<Metric<double>>(name);
    metric->Check({{2}}, 0);
    const auto pass = metric->Start({});
    const Matrix<const double> outputs{z.data(), 4, 2, 2};
    const Matrix<const double> targets{t.data(), 4, 2, 2};
    pass->Add(outputs.Rows(0, 3), {.values = targets.Rows(0, 3)});
    pass->Add(outputs.Rows(3, 4), {.values = targets.Rows(3, 4)});
    EXPECT_NEAR(pass->Results().at(0).second, wanted, 1e-10) << name;
  }
  const std::vector<double> same = {2, 2};
  const auto r2 = [&](const std::vector<double>& outputs) {
    const auto pass = Made<Metric<double>>("r2")->Start({});
    pass->Add({outputs.data(), outputs.size(), 1, 1},
              {.values = {same.data(), outputs.size(), 1, 1}});
    return pass->Results().at(0).second;
  };
  EXPECT_EQ(r2({2, 2}), 1);
  EXPECT_EQ(r2({2, 3}), 0);
  EXPECT_TRUE(std::isnan(r2({2})));  // of a single row
}

TEST(MetricTest, ChecksWhatItIsGiven) {
  const std::set<std::string> of_values = {"mae", "multilabel", "rmse", "r2"};
  for (const std::string& name : BuiltinRegistry().Names("metric")) {
    const auto metric = Made<Metric<double>>(name);
    EXPECT_NO_THROW(metric->Check({{3}}, 3)) << name;
    if (of_values.contains(name)) {
      EXPECT_NO_THROW(metric->Check({{3}}, 0)) << name;
    } else {
      EXPECT_THROW(metric->Check({{3}}, 0), InputError) << name;
    }
    EXPECT_THROW(metric->Check({{3}}, 4), InputError) << name;
  }
}

}  // namespace
}  // namespace nabla
