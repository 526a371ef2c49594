// A model that was trained with missing values, for other programs: NaN alone says that a number is
// missing; neither what stands for it nor its mark need to be given.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/experiments/program.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// Of age, its mark, Bern, Oslo, Rome, the mark of the city, height, its mark.
constexpr size_t kInputs = 8;

class MissingTest : public testing::Test {
 protected:
  MissingTest() {
    std::string rows = "age,city,height,kind\n";
    const char* cities[] = {"Oslo", "", "Rome", "Bern"};
    for (int r = 0; r < 60; ++r) {
      rows += (r % 5 == 0 ? "" : std::to_string(20 + r * 7 % 40)) + "," + cities[r % 4] + "," +
              (r % 7 == 0 ? "NA" : "1." + std::to_string(50 + r * 3 % 49)) +
              (r * 7 % 40 > 15 || r % 5 == 0 ? ",up\n" : ",down\n");
    }
    program_.Write("a.csv", rows);
    program_.Write("new.csv", "age,city,height\n33,Rome,1.7\n,Rome,1.7\n33,,1.6\n,,\n30,Oslo,NA\n");
  }

  // What `predict` makes of new.csv: 5 rows, 2 classes.
  std::vector<double> Predicted(const std::string& missing, const std::string& dtype) {
    program_.Write("net.yaml",
                   "name: net\ndtype: " + dtype +
                       "\ndataset: {name: csv, train: a.csv, target: kind, missing: " + missing +
                       "}\nstandardise: true\nmodel: [{name: linear, units: 8}, relu, {name: "
                       "linear, units: 2}]\nloss: cross_entropy\noptimizer: {name: adam, lr: "
                       "0.05}\ntrain: {epochs: 20, batch_size: 10}\n");
    std::filesystem::remove_all(program_.Path("o"));
    EXPECT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
    const Outcome outcome = program_.Run({"predict", "o", "new.csv", "--json"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::vector<double> found;
    for (const Json& row : Json::parse(outcome.out)) {
      found.push_back(row.at("probabilities").at("down"));
      found.push_back(row.at("probabilities").at("up"));
    }
    // The marks matter, or the test says nothing.
    EXPECT_GT(std::abs(found[0] - found[2]), 0.001);
    EXPECT_GT(std::abs(found[0] - found[4]), 0.001);
    return found;
  }

  // new.csv as other programs have it: no mark of a number is set; a city is one of its three
  // inputs, or the mark of those.
  static std::vector<float> Inputs() {
    const float nan = std::nanf("");
    return {33,  0, 0, 0, 1, 0, 1.7F, 0,  //
            nan, 0, 0, 0, 1, 0, 1.7F, 0,  //
            33,  0, 0, 0, 0, 1, 1.6F, 0,  //
            nan, 0, 0, 0, 0, 1, nan,  0,  //
            30,  0, 0, 1, 0, 0, nan,  0};
  }

  Program program_;
};

TEST_F(MissingTest, AHeaderOfCTakesNaN) {
  for (const std::string missing : {"mean", "median"}) {
    for (const std::string dtype : {"float32", "float64"}) {
      const std::vector<double> expected = Predicted(missing, dtype);
      const std::string number = dtype == "float32" ? "float" : "double";
      ASSERT_EQ(program_.Run({"export", "o", "--format", "c", "--out", "m.h"}).code, 0);
      std::string cells;
      for (const float x : Inputs()) cells += std::isnan(x) ? "NAN, " : std::to_string(x) + ", ";
      program_.Write("main.c",
                     "#include <stdio.h>\n#include \"m.h\"\nint main(void) {\n  static const " +
                         number + " x[] = {" + cells + "};\n  for (int r = 0; r < 5; ++r) {\n    " +
                         number + " y[2], p[2];\n    m_predict(x + " + std::to_string(kInputs) +
                         " * r, y);\n    m_probabilities(y, p);\n    printf(\"%.9g %.9g\\n\", "
                         "p[0], p[1]);\n  }\n  return 0;\n}\n");
      for (const char* compiler : {"gcc -std=c99 main.c", "g++ -x c++ main.c"}) {
        std::istringstream found(Shell("cd " + program_.folder() + " && " + compiler +
                                       " -Wall -Wextra -Werror -lm -o main && ./main"));
        for (const double value : expected) {
          double p = -1;
          found >> p;
          EXPECT_NEAR(p, value, 1e-6) << missing << dtype << compiler;
        }
      }
    }
  }
}

TEST_F(MissingTest, OnnxRuntimeTakesNaN) {
  if (std::getenv("NABLA_ORT") == nullptr) GTEST_SKIP() << "NABLA_ORT names no onnxruntime-web";
  const auto bytes = [](const std::vector<float>& numbers) {
    return std::string(reinterpret_cast<const char*>(numbers.data()),
                       numbers.size() * sizeof(float));
  };
  for (const std::string missing : {"mean", "median"}) {
    const std::vector<double> expected = Predicted(missing, "float32");
    ASSERT_EQ(program_.Run({"export", "o", "--format", "onnx", "--out", "m.onnx"}).code, 0);
    program_.Write("m.in", bytes(Inputs()));
    program_.Write("m.out", bytes({expected.begin(), expected.end()}));
    const Json manifest = {{{"name", "missing"},
                            {"model", program_.Path("m.onnx")},
                            {"shape", {5, kInputs}},
                            {"input", program_.Path("m.in")},
                            {"output", program_.Path("m.out")},
                            {"result", "probabilities"}}};
    program_.Write("manifest.json", manifest.dump());
    const std::string said =
        Shell(std::string("node ") + std::getenv("TEST_SRCDIR") +
              "/nabla/tests/export/onnx_run.js " + program_.Path("manifest.json"));
    ASSERT_TRUE(said.starts_with("missing ")) << said;
    char* end = nullptr;
    EXPECT_LE(std::strtod(said.c_str() + 8, &end), 1e-5) << said;
    EXPECT_STREQ(end, "\n") << said;
  }
}

}  // namespace
}  // namespace nabla
