// Experiments with the metrics that another program computed for them.
#ifndef NABLA_TESTS_TRAINING_CASES_H_
#define NABLA_TESTS_TRAINING_CASES_H_

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "framework/training/experiment.h"
#include "tests/plugins/builtins.h"

namespace nabla {

struct Built {
  explicit Built(const std::string& yaml, size_t thread_count = 1)
      : spec(ParseExperiment<double>(ParseYaml(yaml, "case"), Builtins())),
        data(PrepareData(spec, Load(*spec.dataset))),
        threads(thread_count),
        experiment(spec, Builtins(), data, threads) {}

  static DataSplits Load(const Dataset& dataset) {
    Files files{FilesOptions()};
    return dataset.Load(files);
  }

  ExperimentSpec<double> spec;
  PreparedData data;
  Threads threads;
  Experiment<double> experiment;
};

struct Trained : Built {
  explicit Trained(const std::string& yaml, size_t thread_count = 1) : Built(yaml, thread_count) {
    EXPECT_TRUE(experiment.trainer().Run({}));
  }

  const std::vector<EpochMetrics>& history() { return experiment.trainer().history(); }
};

struct Case {
  std::string name;
  std::string yaml;
  std::map<std::string, std::vector<double>> expected;  // metric: one value an epoch
};

// A file of lines "case NAME", the lines of its experiment, and "expect METRIC VALUE...".
inline std::vector<Case> ReadCases(const std::string& path) {
  std::ifstream file(path);
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("case ")) {
      cases.push_back({line.substr(5), "", {}});
    } else if (line.starts_with("expect ")) {
      std::istringstream words(line.substr(7));
      std::string metric;
      words >> metric;
      for (double value; words >> value;) cases.back().expected[metric].push_back(value);
    } else {
      cases.back().yaml += line + "\n";
    }
  }
  return cases;
}

inline double ValueOf(const EpochMetrics& epoch, const std::string& metric) {
  if (metric == "train_loss") return epoch.train_loss;
  if (metric == "train_accuracy") return epoch.train_accuracy.value();
  if (metric == "learning_rate") return epoch.learning_rate.value();
  return metric == "test_loss" ? epoch.test_loss.value() : epoch.test_accuracy.value();
}

inline void ExpectMetrics(const Case& known, double tolerance) {
  Trained trained(known.yaml);
  for (const auto& [metric, values] : known.expected) {
    ASSERT_EQ(values.size(), trained.history().size()) << known.name;
    for (size_t e = 0; e < values.size(); ++e) {
      EXPECT_NEAR(ValueOf(trained.history()[e], metric), values[e], tolerance)
          << known.name << ", " << metric << ", epoch " << e + 1;
    }
  }
}

// Trains the experiment with `from` replaced by `to`, which must be refused with this message.
inline void ExpectRefused(std::string yaml, const std::string& from, const std::string& to,
                          const std::string& message) {
  ASSERT_NE(yaml.find(from), std::string::npos);
  yaml.replace(yaml.find(from), from.size(), to);
  try {
    Trained trained(yaml);
    FAIL() << message;
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
  }
}

}  // namespace nabla

#endif  // NABLA_TESTS_TRAINING_CASES_H_
