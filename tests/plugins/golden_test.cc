// Walks the folder NABLA_GOLDEN and runs every case of every file against the plugin it is about.
#include "tests/plugins/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

namespace nabla {

Tensor TensorAt(const Json& object, const std::string& key) {
  if (!HasTensor(object, key)) {
    ADD_FAILURE() << "no tensor \"" << key << "\"";
    return {{1}, {0}};
  }
  const Json& tensor = object[key];
  return {tensor["shape"].get<std::vector<size_t>>(), tensor["data"].get<std::vector<double>>()};
}

bool HasTensor(const Json& object, const std::string& key) {
  return object.contains(key) && object[key].is_object() && object[key].contains("shape");
}

namespace {

namespace fs = std::filesystem;

// The check of a family for float and double, nullptr for an unknown family.
std::function<void(const Json&)> CheckOf(const std::string& family) {
  const auto both = [](auto in_float, auto in_double) {
    return [=](const Json& test) {
      {
        SCOPED_TRACE("float32");
        in_float(test);
      }
      SCOPED_TRACE("float64");
      in_double(test);
    };
  };
  if (family == "activations") return both(CheckActivation<float>, CheckActivation<double>);
  if (family == "losses") return both(CheckLoss<float>, CheckLoss<double>);
  if (family == "layers") return both(CheckLayer<float>, CheckLayer<double>);
  if (family == "optimizers") return both(CheckOptimizer<float>, CheckOptimizer<double>);
  if (family == "schedules") return CheckSchedule;
  if (family == "end_to_end") return both(CheckNet<float>, CheckNet<double>);
  return nullptr;
}

// Runs the cases of one file and returns how many there were.
size_t CheckFile(const fs::path& path) {
  SCOPED_TRACE(path.filename().string());
  std::ifstream stream(path);
  const Json file = Json::parse(stream);
  const std::string family = file.value("family", "");
  const auto check = CheckOf(family);
  if (!check) {
    ADD_FAILURE() << "unknown family \"" << family << "\"";
    return 0;
  }
  size_t index = 0;
  for (const Json& test : file["cases"]) {
    SCOPED_TRACE("case " + std::to_string(index) + ", " + test.value("name", "") + " " +
                 test.value("kind", "") + test.value("params", Json()).dump().substr(0, 120));
    check(test);
    ++index;
  }
  return index;
}

// What tests/plugins/torch_layers.py wrote.
TEST(GoldenTest, LayersOfPyTorch) {
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator("tests/plugins/torch_layers")) {
    EXPECT_GT(CheckFile(entry.path()), 0u) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 9u);
}

TEST(GoldenTest, EveryCaseOfEveryFile) {
  const char* folder = std::getenv("NABLA_GOLDEN");
  if (folder == nullptr || *folder == 0) {
    GTEST_SKIP() << "set NABLA_GOLDEN to the folder of golden vectors to run this test";
  }
  ASSERT_TRUE(fs::is_directory(folder)) << folder;
  size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") cases += CheckFile(entry.path());
  }
  EXPECT_GT(cases, 0u) << "no cases in " << folder;
  RecordProperty("cases", static_cast<int>(cases));
}

}  // namespace
}  // namespace nabla
