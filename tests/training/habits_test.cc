// What notebooks do beyond plain training, against NumPy: habits.py printed the numbers.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "framework/training/experiment.h"
#include "tests/plugins/builtins.h"

namespace nabla {
namespace {

struct Trained {
  explicit Trained(const std::string& yaml, size_t thread_count = 1)
      : spec(ParseExperiment<double>(ParseYaml(yaml, "habit"), Builtins())),
        data(PrepareData(spec, Load(*spec.dataset))),
        threads(thread_count),
        experiment(spec, Builtins(), data, threads) {
    EXPECT_TRUE(experiment.trainer().Run({}));
  }

  static DataSplits Load(const Dataset& dataset) {
    Files files{FilesOptions()};
    return dataset.Load(files);
  }

  const std::vector<EpochMetrics>& history() { return experiment.trainer().history(); }

  ExperimentSpec<double> spec;
  PreparedData data;
  Threads threads;
  Experiment<double> experiment;
};

struct Habit {
  std::string name;
  std::string yaml;
  std::map<std::string, std::vector<double>> expected;
};

std::vector<Habit> ReadHabits() {
  std::ifstream file("tests/training/habits.txt");
  std::vector<Habit> habits;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("case ")) {
      habits.push_back({line.substr(5), "", {}});
    } else if (line.starts_with("expect ")) {
      std::istringstream words(line.substr(7));
      std::string metric;
      words >> metric;
      for (double value; words >> value;) habits.back().expected[metric].push_back(value);
    } else {
      habits.back().yaml += line + "\n";
    }
  }
  return habits;
}

double ValueOf(const EpochMetrics& epoch, const std::string& metric) {
  if (metric == "train_loss") return epoch.train_loss;
  if (metric == "train_accuracy") return epoch.train_accuracy.value();
  return metric == "test_loss" ? epoch.test_loss.value() : epoch.test_accuracy.value();
}

TEST(HabitsTest, EveryHabitHasNumpysMetrics) {
  const std::vector<Habit> habits = ReadHabits();
  ASSERT_EQ(habits.size(), 19u);
  for (const Habit& habit : habits) {
    Trained trained(habit.yaml);
    for (const auto& [metric, values] : habit.expected) {
      ASSERT_EQ(values.size(), trained.history().size()) << habit.name;
      for (size_t e = 0; e < values.size(); ++e) {
        EXPECT_NEAR(ValueOf(trained.history()[e], metric), values[e], 1e-12)
            << habit.name << ", " << metric << ", epoch " << e + 1;
      }
    }
  }
}

// Threads and shards may not change a penalty's or a shared gradient's bits.
TEST(HabitsTest, ThreadsChangeNothing) {
  for (const Habit& habit : ReadHabits()) {
    Trained one(habit.yaml, 1);
    Trained three(habit.yaml, 3);
    EXPECT_EQ(one.experiment.network().Hash(), three.experiment.network().Hash()) << habit.name;
    for (size_t e = 0; e < one.history().size(); ++e) {
      EXPECT_EQ(one.history()[e].train_loss, three.history()[e].train_loss) << habit.name;
    }
  }
}

TEST(HabitsTest, ClippingSeesThePenalty) {
  std::string yaml = ReadHabits()[3].yaml;
  ASSERT_NE(yaml.find("penalties:"), std::string::npos);
  yaml.replace(yaml.find("shuffle: false"), 14, "shuffle: false, clip_value: 1e-9");
  Trained trained(yaml);
  const double before = ReadHabits()[3].expected["train_loss"][0];
  // Nine steps of at most 0.3e-9 leave the loss where it was.
  EXPECT_NEAR(trained.history()[2].train_loss, trained.history()[0].train_loss, 1e-6);
  EXPECT_GT(std::abs(trained.history()[2].train_loss - before), 1e-3);
}

void ExpectRefused(const std::string& from, const std::string& to, const std::string& message) {
  std::string yaml = ReadHabits()[0].yaml;
  ASSERT_NE(yaml.find(from), std::string::npos);
  yaml.replace(yaml.find(from), from.size(), to);
  try {
    Trained trained(yaml);
    FAIL() << message;
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
  }
}

TEST(HabitsTest, ContradictionsAreRefused) {
  ExpectRefused("optimizer:", "penalties: [{l2: 1, layers: [1]}]\noptimizer:",
                "penalties.0.layers has 1, but model.1 has no parameters for it");
  ExpectRefused("optimizer:", "penalties: [{l2: 1, layers: [9]}]\noptimizer:",
                "penalties.0.layers has 9, but model.9 has no parameters for it");
  ExpectRefused("optimizer:", "shown_loss: bcee\noptimizer:", "did you mean \"bce\"?");
  ExpectRefused("optimizer:", "targets: inputs\noptimizer:",
                "this loss needs class labels; the data set has none");
}

// A model of one output predicts both classes.
TEST(HabitsTest, AThresholdMayBeSet) {
  for (const Habit& habit : ReadHabits()) {
    if (habit.name != "one sigmoid output, mse") continue;
    const auto accuracy = [&](const std::string& threshold) {
      Trained trained(habit.yaml + "metrics: [{name: accuracy, threshold: " + threshold + "}]\n");
      EXPECT_EQ(trained.history()[2].test_metrics.size(), 1u);
      return trained.history()[2].test_accuracy.value();
    };
    EXPECT_EQ(accuracy("-1"), 4.0 / 7);  // all are of class 1
    EXPECT_EQ(accuracy("2"), 3.0 / 7);
  }
}

}  // namespace
}  // namespace nabla
