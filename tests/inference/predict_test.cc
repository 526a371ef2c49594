// `run predict`: the numbers of an evaluation, and what the program prints.
#include "framework/inference/predict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "framework/base/error.h"
#include "framework/inference/output_kind.h"
#include "framework/inference/predict_input.h"
#include "framework/picture/png.h"
#include "framework/training/experiment.h"
#include "framework/training/task_defaults.h"
#include "plugins/builtin.h"
#include "tests/experiments/program.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

TEST(ReadingTest, LossesAndLastLayersSayWhatOutputsAre) {
  Registry registry;
  RegisterBuiltins(registry);
  const auto kind = [&registry](const std::string& last, const std::string& loss,
                                size_t classes = 2) {
    const Node tree = ParseYaml(
        "name: a\ndataset: xor\nmodel: [" + last + "]\nloss: " + loss + "\noptimizer: sgd\n", "");
    return OutputKindOf(ParseExperiment<float>(tree, registry), classes);
  };
  EXPECT_EQ(kind("tanh", "cross_entropy"), OutputKind::kLogits);
  EXPECT_EQ(kind("softmax", "cross_entropy"), OutputKind::kLogits);
  EXPECT_EQ(kind("tanh", "bce_with_logits"), OutputKind::kSeparateLogits);
  EXPECT_EQ(kind("sigmoid", "bce"), OutputKind::kProbabilities);
  EXPECT_EQ(kind("softmax", "nll"), OutputKind::kProbabilities);
  EXPECT_EQ(kind("log_softmax", "{name: nll, input: log_probabilities}"),
            OutputKind::kLogProbabilities);
  EXPECT_EQ(kind("softmax", "mse"), OutputKind::kProbabilities);
  EXPECT_EQ(kind("{name: activation, function: log_softmax}", "kl_div"),
            OutputKind::kLogProbabilities);
  EXPECT_EQ(kind("tanh", "mse"), OutputKind::kScores);
  EXPECT_EQ(kind("softmax", "mse", 0), OutputKind::kNumbers);
}

TEST(ReadingTest, OutputsBecomeProbabilities) {
  const std::vector<double> z = {0, std::log(3.0)};
  const auto near = [](const std::vector<double>& found, double a, double b) {
    EXPECT_NEAR(found[0], a, 1e-15);
    EXPECT_NEAR(found[1], b, 1e-15);
  };
  near(Interpret(OutputKind::kLogits, z), 0.25, 0.75);
  near(Interpret(OutputKind::kSeparateLogits, z), 0.5, 0.75);
  near(Interpret(OutputKind::kLogProbabilities, z), 1, 3);
  near(Interpret(OutputKind::kProbabilities, z), z[0], z[1]);
  near(Interpret(OutputKind::kScores, z), z[0], z[1]);
}

// A metric that notes the bits of what it is shown.
template <typename T>
class Bits final : public Metric<T> {
 public:
  explicit Bits(std::string* bits) : bits_(bits) {}
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<Pass>(bits_);
  }

 private:
  struct Pass final : public MetricPass<T> {
    explicit Pass(std::string* to) : bits(to) {}
    void Add(Matrix<const T> z, const Targets<T>&) override {
      for (size_t r = 0; r < z.rows; ++r) {
        bits->append(reinterpret_cast<const char*>(z.Row(r)), z.cols * sizeof(T));
      }
    }
    std::vector<std::pair<std::string, double>> Results() const override { return {}; }
    std::string* bits;
  };
  std::string* bits_;
};

// Rows as a file would hold them.
RawRows RawOf(const Samples& samples) {
  return {samples.count,
          {samples.pixels.begin(), samples.pixels.end()},
          {samples.numbers.begin(), samples.numbers.end()}};
}

// A model that was never trained, predicting the rows that its data set tests on.
template <typename T>
void ExpectBitsOfEvaluation(const std::string& yaml) {
  SCOPED_TRACE(yaml);
  Registry registry;
  RegisterBuiltins(registry);
  const Node tree = ParseYaml(yaml, "");
  const auto spec = ParseExperiment<T>(tree, registry);
  Files files(FilesOptions{.offline = true});
  const DataSplits loaded = spec.dataset->Load(files);
  const PreparedData data = PrepareData(spec, loaded);
  Threads threads(2);
  Experiment<T> experiment(spec, registry, data, threads);
  std::string seen;
  {
    const FlushDenormals flush;
    Evaluation<T>(experiment.network(), *spec.loss, {std::make_shared<Bits<T>>(&seen)}, data.test,
                  threads)
        .Run();
  }
  Model<T> model{{"", "", data.input}, spec, nullptr};
  // The file's way: checkpoint, parameters, sums of segments.
  const std::string path = FreshFolder() + "/m.safetensors";
  model.head.config = PrintYaml(ResolvedConfig(spec));
  Put(path, WriteModel(model.head, experiment.network()));
  const Model<T> read = std::get<Model<T>>(LoadModel(path, registry));
  const OwnedMatrix<T> outputs =
      PredictOutputs(read, MakeSamples(read.head.input, RawOf(loaded.test)), threads);
  std::string predicted;
  for (size_t r = 0; r < outputs.view().rows; ++r) {
    predicted.append(reinterpret_cast<const char*>(outputs.view().Row(r)),
                     outputs.view().cols * sizeof(T));
  }
  EXPECT_EQ(predicted.size(), data.test.count * outputs.view().cols * sizeof(T));
  EXPECT_TRUE(predicted == seen);
}

TEST(PredictTest, GivesTheBitsOfAnEvaluation) {
  const std::string end = "\nloss: cross_entropy\noptimizer: {name: sgd, lr: 0.1}\n";
  for (const char* digits : {"", ", mean: 0.3, std: 0.4"}) {
    for (const char* more : {"", "\nstandardise: true", "\nmin_max: [-1, 1]",
                             "\nscale_rows: standardise\nmin_max: [0, 1]", "\nscale_rows: norm"}) {
      for (const char* first : {"{name: linear, units: 64}", "tanh"}) {
        const std::string yaml =
            std::string(
                "name: a\ndataset: {name: synthetic_digits, train: 90, test: 70, scale: 255") +
            digits + "}" + more + "\nmodel: [" + first + ", relu, {name: linear, units: 10}]" + end;
        ExpectBitsOfEvaluation<float>(yaml);
        ExpectBitsOfEvaluation<double>("dtype: float64\n" + yaml);
        ExpectBitsOfEvaluation<double>("dtype: float64\nfloat32_inputs: true\n" + yaml);
      }
    }
  }
  ExpectBitsOfEvaluation<float>(
      "name: a\ndataset: {name: spirals, points: 60, test_points: 40}\nstandardise: true\n"
      "model: [{name: linear, units: 8}, tanh, {name: linear, units: 2}]" +
      end);
}

TEST(PredictTest, GivesTheBitsOfAnEvaluationOfOtherMomentsAndTargets) {
  const std::string data = "name: a\ndataset: {name: spirals, points: 60, test_points: 40}\n";
  const std::string optimizer = "\noptimizer: {name: sgd, lr: 0.1}\n";
  ExpectBitsOfEvaluation<float>(data + "standardise: true\nstandardise_by: all_rows\n" +
                                "model: [{name: linear, units: 2}]\nloss: cross_entropy" +
                                optimizer);
  for (const char* more : {"", "standardise: true\n", "min_max: [0, 2]\n", "scale_rows: max\n"}) {
    ExpectBitsOfEvaluation<float>(data + more + "targets: inputs\n" +
                                  "model: [{name: linear, units: 2}]\nloss: mse" + optimizer);
  }
}

// One output of a sigmoid stands for two classes.
TEST(PredictTest, ASingleOutputGivesBothProbabilities) {
  using Values = std::vector<double>;
  EXPECT_EQ(Interpret(OutputKind::kProbabilities, Values{0.75}), (Values{0.25, 0.75}));
  EXPECT_EQ(Interpret(OutputKind::kSeparateLogits, Values{0}), (Values{0.5, 0.5}));
  EXPECT_EQ(Interpret(OutputKind::kScores, Values{0.25}), (Values{0.75, 0.25}));
  EXPECT_EQ(Interpret(OutputKind::kLogits, Values{3}), Values{1});
}

class PredictProgramTest : public testing::Test {
 protected:
  Outcome Predict(const Words& more) {
    Words words = {"predict"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }

  Program program_;
  int runs_ = 0;
};

// The class is the one that `accuracy` counts: above its threshold, or above where both are equal.
TEST_F(PredictProgramTest, ASingleOutputHasTheThresholdOfAccuracy) {
  program_.Write("a.csv", "x,kind\n0.25,down\n0.75,up\n0.6,down\n");
  program_.Write("b.csv", "x\n0.25\n0.75\n0.6\n");
  const auto classes = [&](const std::string& metrics, const std::string& last,
                           const std::string& loss) {
    program_.Write("net.yaml",
                   "name: net\ndataset: {name: csv, train: a.csv, target: kind}\n"
                   "model: [{name: linear, units: 1, weight: {name: explicit, values: [[1]]}, "
                   "bias_init: zeros}" +
                       last + "]\nloss: " + loss + "\nmetrics: " + metrics +
                       "\noptimizer: {name: sgd, lr: 0}\ntrain: {epochs: 1}\n");
    const std::string folder = "o" + std::to_string(++runs_);
    EXPECT_EQ(program_.Run({"net.yaml", "--quiet", "--out", folder}).code, 0);
    std::string found;
    const Json rows = Json::parse(Predict({folder, "b.csv", "--json"}).out);
    for (const Json& row : rows) {
      found += row["class"].get<std::string>() + " ";
      EXPECT_GT(row["probabilities"]["up"], 0.5);  // sigmoid(x), x > 0
    }
    const Json evaluated =
        Json::parse(program_.Run({"evaluate", folder, "a.csv", "--json"}).out)["metrics"];
    const double right = found == "down up down " ? 1 : found == "down up up " ? 2. / 3 : 1. / 3;
    EXPECT_NEAR(evaluated["accuracy"], right, 1e-6) << found;
    return found;
  };
  const std::string logits = "bce_with_logits";
  EXPECT_EQ(classes("[]", "", logits), "up up up ");
  EXPECT_EQ(classes("[{name: accuracy, threshold: 0.7}]", "", logits), "down up down ");
  EXPECT_EQ(classes("[{name: accuracy, threshold: 0.5}]", "", logits), "down up up ");
  EXPECT_EQ(classes("[{name: accuracy, threshold: 0.65}]", ", sigmoid", "bce"), "down up down ");
  // The class that it is taken for is listed first.
  program_.Write("b.csv", "x\n0.25\n");
  EXPECT_TRUE(Predict({"o2", "b.csv"}).out.starts_with("class  probability\n down     0.437823\n"))
      << Predict({"o2", "b.csv"}).out;
  EXPECT_TRUE(Contains(Predict({"o2", "b.csv", "--top", "1"}).out, "down"));
}

TEST_F(PredictProgramTest, OneRowIsATableBestFirst) {
  program_.Write("small.yaml", kSmallExperiment);
  ASSERT_EQ(program_.Run({"small.yaml", "--out", "run", "--quiet"}).code, 0);
  program_.Write("one.png", Text(WriteGreyPng(28, 28, std::vector<uint8_t>(784, 90))));
  const Outcome outcome = Predict({"run", "one.png", "--top", "3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(line, "class  probability");
  double before = 1;
  for (int i = 0; i < 3; ++i) {
    double c = -1, p = -1;
    ASSERT_TRUE(lines >> c >> p);
    EXPECT_LE(p, before);
    EXPECT_GT(p, 0);
    before = p;
  }
  EXPECT_FALSE(lines >> line);
  const Outcome small = Predict({"run", "small.yaml"});
  EXPECT_EQ(small.code, 2);
  EXPECT_TRUE(Contains(small.err, "small.yaml:") && Contains(small.err, ": error: ")) << small.err;
  EXPECT_EQ(Predict({"run", "nothing.png"}).err, "nothing.png: error: no such file\n");
}

TEST_F(PredictProgramTest, RemarksGoToStandardError) {
  program_.Write("small.yaml", kSmallExperiment);
  ASSERT_EQ(program_.Run({"small.yaml", "--out", "run", "--quiet"}).code, 0);
  std::vector<uint8_t> paper(784, 255);
  std::fill(paper.begin() + 300, paper.begin() + 400, uint8_t{0});
  program_.Write("digit.png", Text(WriteGreyPng(28, 28, paper)));
  Outcome outcome = Predict({"run", "digit.png"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(Contains(outcome.out, "class  probability")) << outcome.out;
  EXPECT_EQ(outcome.err,
            "digit.png: warning: it is mostly bright, and what the model was trained on mostly "
            "dark: --invert turns it over\n");
  EXPECT_EQ(Predict({"run", "digit.png", "--invert"}).err, "");
  std::string rows;
  for (int i = 0; i < 784; ++i) rows += std::string(i > 0 ? "," : "") + (i > 500 ? "0.75" : "0");
  program_.Write("rows.csv", rows + "\n");
  outcome = Predict({"run", "rows.csv"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(Contains(outcome.err,
                       "rows.csv: warning: its numbers go from 0 to 0.75, and those "
                       "that the model was trained on from 0 to 255"))
      << outcome.err;
}

TEST_F(PredictProgramTest, RegressionPrintsNumbers) {
  program_.Write("sum.yaml",
                 "name: sum\n"
                 "dtype: float64\n"
                 "dataset: {name: inline, inputs: [[0, 1], [1, 1]], targets: [[1], [2]]}\n"
                 "model:\n"
                 "  - name: linear\n"
                 "    units: 1\n"
                 "    weight: {name: explicit, values: [[2], [0.5]]}\n"
                 "    bias_init: zeros\n"
                 "loss: mse\n"
                 "optimizer: {name: sgd, lr: 0}\n"
                 "train: {epochs: 1}\n");
  ASSERT_EQ(program_.Run({"sum.yaml", "--out", "run", "--quiet"}).code, 0);
  program_.Write("two.csv", "1,1\n-2,0.25\n");
  EXPECT_EQ(Predict({"run", "two.csv"}).out, "0: 2.5\n1: -3.875\n");
  program_.Write("one.csv", "3,1\n");
  EXPECT_EQ(Predict({"run", "one.csv"}).out, "6.5\n");
  EXPECT_EQ(Predict({"run", "one.csv", "--top", "0"}).code, 2);
  EXPECT_EQ(Predict({"run", "one.csv", "two.csv"}).out,
            "one.csv: 6.5\ntwo.csv, row 0: 2.5\ntwo.csv, row 1: -3.875\n");
  EXPECT_EQ(Predict({"run", "one.csv", "--json"}).out,
            "[\n  {\"file\":\"one.csv\",\"row\":0,\"values\":[6.5]}\n]\n");
}

TEST_F(PredictProgramTest, ClassesOfManyRowsAreALineEach) {
  program_.Write("classes.yaml",
                 "name: classes\n"
                 "dataset: {name: inline, inputs: [[0, 1], [1, 0]], labels: [0, 1]}\n"
                 "model:\n"
                 "  - name: linear\n"
                 "    units: 2\n"
                 "    weight: {name: explicit, values: [[1, 0], [0, 1]]}\n"
                 "    bias_init: zeros\n"
                 "loss: mse\n"
                 "optimizer: {name: sgd, lr: 0}\n"
                 "train: {epochs: 1}\n");
  ASSERT_EQ(program_.Run({"classes.yaml", "--out", "run", "--quiet"}).code, 0);
  program_.Write("two.csv", "3,1\n-2,0.25\n");
  EXPECT_EQ(Predict({"run", "two.csv"}).out,
            "0: class 0, scores 3.000000 1.000000\n1: class 1, scores -2.000000 0.250000\n");
  EXPECT_EQ(Predict({"run", "two.csv", "--top", "1"}).out,
            "0: class 0 3.000000\n1: class 1 0.250000\n");
  ASSERT_EQ(program_.Run({"classes.yaml", "--out", "soft", "--quiet", "loss=cross_entropy"}).code,
            0);
  EXPECT_EQ(Predict({"soft", "two.csv"}).out,
            "0: class 0, probabilities 0.880797 0.119203\n"
            "1: class 1, probabilities 0.095349 0.904651\n");
}

TEST_F(PredictProgramTest, FoldersOfPicturesAndJson) {
  program_.Write("small.yaml", kSmallExperiment);
  ASSERT_EQ(program_.Run({"small.yaml", "--out", "run", "--quiet"}).code, 0);
  std::vector<uint8_t> paper(60 * 40, 240);
  for (size_t y = 5; y < 30; ++y) paper[y * 60 + 20] = paper[y * 60 + 21] = 10;
  for (const char* name : {"p/b.png", "p/a.PNG", "p/no.txt"}) {
    program_.Write(name, Text(WriteGreyPng(60, 40, paper)));
  }
  Outcome outcome = Predict({"run", "p/b.png"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("class  probability\n")) << outcome.out;
  EXPECT_TRUE(
      outcome.err.starts_with("p/b.png: note: 60 x 40 pixels became 28 x 28: inverted, cut "
                              "to the strokes, scaled and centred as in MNIST\n"));
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 15);
  EXPECT_TRUE(Contains(outcome.err, "@")) << outcome.err;
  outcome = Predict({"run", "p", "--top", "1"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("p/a.PNG: class ")) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "\np/b.png: class "));
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 2);
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 2);
  outcome = Predict({"run", "p", "p/b.png", "--json", "--top", "2"});
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 3);  // notes
  const Json rows = Json::parse(outcome.out);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].at("file"), "p/b.png");
  EXPECT_EQ(rows[2].at("row"), 0);
  EXPECT_EQ(rows[1].at("probabilities"), rows[2].at("probabilities"));
  EXPECT_EQ(rows[2].at("probabilities").size(), 2u);
  EXPECT_TRUE(rows[2].at("probabilities").contains(rows[2].at("class").get<std::string>()));
  program_.Write("q/no.txt", "");
  outcome = Predict({"run", "q"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.err, "q holds no pictures (.png, .jpg, .jpeg)")) << outcome.err;
}

}  // namespace
}  // namespace nabla
