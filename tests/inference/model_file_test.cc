// Model files whose checksum is right and whose contents are not.
#include "framework/inference/model_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/formats/safetensors.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kClasses =
    "name: a\ndataset: {name: csv, train: a.csv, target: kind}\n"
    "model: [{name: linear, units: 3}]\nloss: cross_entropy\n"
    "optimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 1}\n";
constexpr const char* kNumbers =
    "name: a\ndataset: {name: csv, train: a.csv, target: z, columns: [x, y]}\n"
    "model: [{name: linear, units: 1}]\nloss: mse\n"
    "optimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 1}\n";

class ModelFileTest : public testing::Test {
 protected:
  void Train(const std::string& experiment) {
    program_.Write("a.csv", "x,y,z,kind\n1,2,0.5,a\n2,1,1.5,b\n3,4,2.5,c\n4,3,3.5,a\n");
    program_.Write("a.yaml", experiment);
    const Outcome trained = program_.Run({"a.yaml", "--quiet", "--out", "o"});
    ASSERT_EQ(trained.code, 0) << trained.err;
  }

  // The input of the model, or its experiment, changed; its checksum fits.
  void Forge(const std::function<void(Json*)>& input, const std::string& from = "",
             const std::string& to = "") {
    std::ifstream stream(program_.Path("o/checkpoint.safetensors"), std::ios::binary);
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
    SafetensorsFile file = ReadSafetensors(bytes, "o");
    Json json = Json::parse(file.metadata["input"]);
    if (input) input(&json);
    file.metadata["input"] = json.dump();
    std::string& config = file.metadata["config"];
    const size_t at = config.find(from);
    ASSERT_NE(at, std::string::npos) << from << " in " << config;
    config.replace(at, from.size(), to);
    file.metadata["checksum"] = ContentHash(file, "checksum");
    const std::vector<uint8_t> forged = WriteSafetensors(file);
    program_.Write("forged.safetensors", {forged.begin(), forged.end()});
  }

  void ExpectRefused(const std::string& why) {
    program_.Write("b.csv", "x,y,z,kind\n1,2,0.5,a\n");
    program_.Write("rows.csv", "x,y\n1,2\n");
    program_.Write("wide.csv", "x,y,z\n1,2,3\n");
    for (const Words& words :
         {Words{"evaluate", "forged.safetensors", "b.csv"},
          Words{"predict", "forged.safetensors", "rows.csv"},
          Words{"predict", "forged.safetensors", "wide.csv", "--json"},
          Words{"export", "forged.safetensors", "--format", "onnx", "--out", "x.onnx"}}) {
      const Outcome outcome = program_.Run(words);
      EXPECT_EQ(outcome.code, 2) << words[0] << outcome.out << outcome.err;
      EXPECT_TRUE(Contains(outcome.err, "forged.safetensors: error: " + why)) << outcome.err;
    }
  }

  Program program_;
};

TEST_F(ModelFileTest, ClassesWithWhatValuesHaveAreRefused) {
  Train(std::string(kClasses) + "metrics: []\n");
  const std::string why = "its targets are classes and values";
  Forge([](Json* in) { in->update({{"values", 1}, {"value_names", {"only"}}, {"labels", true}}); });
  ExpectRefused(why);
  Forge([](Json* in) { (*in)["labels"] = true; });
  ExpectRefused(why);
  Forge([](Json* in) {
    in->update({{"autoencoder", true},
                {"values", 3},
                {"target_mean", {0, 0, 0}},
                {"target_std", {1, 1, 1}}});
  });
  ExpectRefused(why);
  Forge([](Json* in) { (*in)["values"] = 3; });
  ExpectRefused(why);
}

TEST_F(ModelFileTest, ALossThatTheTargetsDoNotFitIsRefused) {
  Train(kNumbers);
  Forge({}, "shown_loss: null", "shown_loss: cross_entropy");
  ExpectRefused("this loss needs class labels");
}

// What is shown of an output has a name, or a mean, for each.
TEST_F(ModelFileTest, FewerValuesThanOutputsAreRefused) {
  Train(kNumbers);
  program_.Write("b.csv", "x,y\n1,2\n");
  for (const Json& more : {Json{{"labels", true}}, Json{{"autoencoder", true}}}) {
    Forge([&](Json* in) {
      in->update(more);
      (*in)["values"] = 0;
      in->erase("value_names");
    });
    const Outcome outcome = program_.Run({"predict", "forged.safetensors", "b.csv"});
    EXPECT_EQ(outcome.code, 2) << outcome.out;
  }
}

// Files of other versions may leave metrics to the rows.
TEST_F(ModelFileTest, MetricsMayBeOpen) {
  Train(kNumbers);
  program_.Write("b.csv", "x,y,z,kind\n1,2,0.5,a\n");
  Forge({}, "metrics: [mae, rmse, r2]", "metrics: null");
  EXPECT_EQ(program_.Run({"evaluate", "forged.safetensors", "b.csv"}).code, 0);
}

}  // namespace
}  // namespace nabla
