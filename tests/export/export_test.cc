// `run export`, read by NumPy, PyTorch and gcc.
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

// export_oracle.py knows these layers.
constexpr const char* kPictures =
    "name: pictures\n"
    "dataset: {name: synthetic_digits, train: 500, test: 100, scale: 255, mean: 0.25, std: 0.5}\n"
    "model:\n"
    "  - {name: conv2d, channels: 4, kernel_size: 3, stride: 2, padding: 1}\n"
    "  - batch_norm\n"
    "  - gelu\n"
    "  - {name: max_pool2d, kernel_size: 2}\n"
    "  - {name: linear, units: 10}\n"
    "loss: cross_entropy\n"
    "optimizer: {name: adam, lr: 0.01}\n"
    "train: {batch_size: 50, epochs: 1}\n"
    "checkpoint: {best: test_loss}\n";

// Rows of pixels as CSV, half of them 0.
std::string SomePixels(size_t rows) {
  std::string text;
  for (size_t i = 0; i < rows * 784; ++i) {
    const size_t pixel = i * 7919 % 512;
    text += std::to_string(pixel > 255 ? 0 : pixel) + (i % 784 == 783 ? "\n" : ",");
  }
  return text;
}

class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    program_.Write("pictures.yaml", kPictures);
    EXPECT_EQ(program_.Run({"pictures.yaml", "--out", "run", "--quiet"}).code, 0);
  }

  Outcome Export(const Words& more) {
    Words words = {"export"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }

  std::string Ask(const std::string& words) const {
    return Shell("cd " + program_.folder() + " && /usr/bin/python3 " + std::getenv("TEST_SRCDIR") +
                 "/nabla/tests/export/export_oracle.py " + words);
  }

  Program program_;
};

TEST_F(ExportTest, NumPyReadsTheWeightsOfTheCheckpoint) {
  const Outcome exported = Export({"run", "--format", "safetensors"});
  EXPECT_EQ(exported.code, 0) << exported.err;
  EXPECT_EQ(exported.out, "wrote " + program_.Path("run/model.safetensors") + "\n");
  EXPECT_EQ(Export({"run", "--format", "npz", "--out", "model.npz"}).code, 0);
  EXPECT_EQ(Ask("same run/checkpoint.safetensors run/model.safetensors model.npz"),
            "0.weight 4 9\n0.bias 1 4\n1.running_mean 1 4\n1.running_var 1 4\n1.weight 1 4\n"
            "1.bias 1 4\n4.weight 196 10\n4.bias 1 10\n");
}

TEST_F(ExportTest, PyTorchGivesTheSameProbabilities) {
  ASSERT_EQ(Export({"run", "--format", "safetensors", "--out", "m.safetensors"}).code, 0);
  program_.Write("pixels.csv", SomePixels(5));
  program_.Write("predicted.txt", program_.Run({"predict", "run", "pixels.csv"}).out);
  const std::string said = Ask("torch_forward m.safetensors pixels.csv predicted.txt");
  if (Contains(said, "not installed")) GTEST_SKIP() << said;
  char* end = nullptr;
  EXPECT_LE(std::strtod(said.c_str(), &end), 1e-5) << said;
  EXPECT_STREQ(end, "\n");
}

TEST_F(ExportTest, AnExportedModelPredictsAsItsRunDoes) {
  ASSERT_EQ(Export({"run", "--format", "safetensors", "--out", "m.safetensors"}).code, 0);
  program_.Write("pixels.csv", SomePixels(2));
  const Outcome of_run = program_.Run({"predict", "run", "pixels.csv"});
  EXPECT_EQ(of_run.code, 0) << of_run.err;
  EXPECT_EQ(program_.Run({"predict", "m.safetensors", "pixels.csv"}).out, of_run.out);
  // The only epoch is the best one too.
  EXPECT_EQ(program_.Run({"predict", "run", "pixels.csv", "--best"}).out, of_run.out);
}

TEST_F(ExportTest, OnnxHasTheNormalisationInside) {
  ASSERT_EQ(Export({"run", "--format", "onnx"}).code, 0);
  const std::string said = Ask("check_onnx run/model.onnx");
  if (Contains(said, "not installed")) GTEST_SKIP() << said;
  EXPECT_EQ(said, "");
  EXPECT_EQ(program_.Read("run/model.onnx").find("input/Div_") == std::string::npos, false);
}

TEST_F(ExportTest, OnnxRuntimeGivesTheSameProbabilities) {
  if (std::getenv("NABLA_ORT") == nullptr) GTEST_SKIP() << "NABLA_ORT names no onnxruntime-web";
  ASSERT_EQ(Export({"run", "--format", "onnx", "--out", "m.onnx"}).code, 0);
  program_.Write("pixels.csv", SomePixels(5));
  program_.Write("predicted.txt", program_.Run({"predict", "run", "pixels.csv"}).out);
  const std::string manifest = Ask("manifest m.onnx pixels.csv predicted.txt");
  program_.Write("manifest.json", manifest);
  const std::string said =
      Shell("cd " + program_.folder() + " && node " + std::getenv("TEST_SRCDIR") +
            "/nabla/tests/export/onnx_run.js manifest.json");
  char* end = nullptr;
  ASSERT_TRUE(said.starts_with("program ")) << said;
  EXPECT_LE(std::strtod(said.c_str() + 8, &end), 1e-5) << said;
  EXPECT_STREQ(end, "\n");
}

TEST_F(ExportTest, AHeaderOfCPredictsAsItsRunDoes) {
  const Outcome exported = Export({"run", "--format", "c"});
  ASSERT_EQ(exported.code, 0) << exported.err;
  EXPECT_EQ(exported.out, "wrote " + program_.Path("run/model.h") + "\n");
  const std::string pixels = SomePixels(1);
  program_.Write("pixels.csv", pixels);
  program_.Write("main.c",
                 "#include <stdio.h>\n#include \"run/model.h\"\nint main(void) {\n"
                 "  static const float x[] = {" +
                     pixels +
                     "};\n  float y[10], p[10];\n  int c = 0;\n"
                     "  model_predict(x, y);\n  model_probabilities(y, p);\n"
                     "  for (int i = 0; i < 10; ++i) if (p[i] > p[c]) c = i;\n"
                     "  printf(\"%d %.6f\", c, p[c]);\n  return 0;\n}\n");
  std::istringstream ours(
      Shell("cd " + program_.folder() + " && gcc -std=c99 main.c -lm -o main && ./main"));
  std::istringstream table(program_.Run({"predict", "run", "pixels.csv", "--top", "1"}).out);
  std::string word;
  int c = -1, expected_c = -2;
  double p = 0, expected_p = 1;
  ours >> c >> p;
  table >> word >> word >> expected_c >> expected_p;
  EXPECT_EQ(c, expected_c);
  EXPECT_NEAR(p, expected_p, 2e-6);
}

TEST_F(ExportTest, NamesInAHeaderOfCAreThoseOfItsFile) {
  ASSERT_EQ(Export({"run", "--format", "c", "--out", "my-digits.2.h"}).code, 0);
  EXPECT_TRUE(
      Contains(program_.Read("my-digits.2.h"), "void my_digits_2_predict(const float x[784]"));
  ASSERT_EQ(Export({"run", "--format", "c", "--name", "Net"}).code, 0);
  EXPECT_TRUE(Contains(program_.Read("run/model.h"), "void Net_predict("));
  for (const char* name : {"3d", "a-b", "a;int b", "_x", "\n"}) {
    const Outcome refused = Export({"run", "--format", "c", "--name", name, "--out", "no.h"});
    EXPECT_EQ(refused.code, 2) << name;
    EXPECT_TRUE(refused.err.starts_with("--name: error: \"")) << refused.err;
    EXPECT_FALSE(program_.Has("no.h"));
  }
}

TEST_F(ExportTest, ModelsWithPluginsOfAUser) {
  const std::string library =
      std::string(std::getenv("TEST_SRCDIR")) + "/nabla/tests/plugin/libraries/good.so";
  std::string text = kSmallExperiment;
  text.replace(text.find("- relu"), 6, "- square");
  program_.Write("square.yaml", text + "plugins: [" + library + "]\n");
  ASSERT_EQ(program_.Run({"square.yaml", "--out", "square", "--quiet"}).code, 0);
  EXPECT_EQ(Export({"square", "--format", "safetensors", "--plugin", library}).code, 0);
  program_.Write("pixels.csv", SomePixels(1));
  const Words predict = {"predict", "square/model.safetensors", "pixels.csv", "--plugin", library};
  EXPECT_EQ(program_.Run(predict).code, 0);
  const Outcome onnx = Export({"square", "--format", "onnx", "--plugin", library});
  EXPECT_EQ(onnx.code, 2);
  EXPECT_TRUE(Contains(onnx.err, "the layer \"square\" has no counterpart in ONNX")) << onnx.err;
  const Outcome c = Export({"square", "--format", "c", "--plugin", library});
  EXPECT_EQ(c.code, 2);
  EXPECT_TRUE(Contains(c.err, "the layer \"square\" has no counterpart in C")) << c.err;
}

TEST_F(ExportTest, StandardisedInputsAreStandardisedAgain) {
  program_.Write(
      "spirals.yaml",
      "name: s\n"
      "dataset: {name: spirals, points: 60, test_points: 20}\n"
      "standardise: true\n"
      "model: [{name: linear, units: 2, weight: {name: explicit, values: [[1, 0], [0, 1]]}, "
      "bias_init: zeros}]\n"
      "loss: mse\n"
      "optimizer: {name: sgd, lr: 0}\n"
      "train: {epochs: 1}\n");
  ASSERT_EQ(program_.Run({"spirals.yaml", "--out", "s", "--quiet"}).code, 0);
  ASSERT_EQ(Export({"s", "--format", "safetensors"}).code, 0);
  program_.Write("points.csv", "0.25,-0.5\n0,1\n");
  program_.Write("predicted.txt", program_.Run({"predict", "s", "points.csv"}).out);
  EXPECT_EQ(Ask("standardised s/model.safetensors points.csv predicted.txt"), "agrees\n");
}

TEST_F(ExportTest, BadInputIsToldApart) {
  const auto error = [this](const Words& words) {
    const Outcome outcome = Export(words);
    EXPECT_EQ(outcome.code, 2);
    return outcome.err;
  };
  EXPECT_EQ(error({"run", "--format", "onx"}),
            "--format: error: unknown format \"onx\"; did you mean \"onnx\"? known: safetensors, "
            "npz, onnx, c\n");
  EXPECT_EQ(error({"run", "--format", "npz", "--float32"}),
            "error: --float32 needs --format onnx\n");
  EXPECT_EQ(error({"run", "--format", "onnx", "--name", "net"}),
            "error: --name needs --format c\n");
  EXPECT_EQ(error({"nowhere", "--format", "npz"}),
            program_.Path("nowhere") + ": error: no such run folder or file\n");
  EXPECT_TRUE(Contains(error({"home", "--format", "npz"}), "no checkpoint.safetensors"));
  EXPECT_TRUE(Contains(error({"home", "--best", "--format", "npz"}), "no best.safetensors"));
  EXPECT_TRUE(Contains(error({"run/checkpoint.safetensors", "--best", "--format", "npz"}),
                       "--best needs a run folder"));
  EXPECT_TRUE(
      Contains(error({"run", "--format", "safetensors", "--out", "run/checkpoint.safetensors"}),
               "--out must not be the file to export"));
  EXPECT_TRUE(Contains(error({"pictures.yaml", "--format", "npz"}), "pictures.yaml: error: "));
}

TEST_F(ExportTest, ADamagedCheckpointIsRefused) {
  std::string bytes = program_.Read("run/checkpoint.safetensors");
  bytes[bytes.size() - 100] ^= 1;
  program_.Write("run/checkpoint.safetensors", bytes);
  const Outcome outcome = Export({"run", "--format", "npz"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, program_.Path("run/checkpoint.safetensors") +
                             ": error: damaged: its checksum does not match its contents\n");
  EXPECT_FALSE(program_.Has("run/model.npz"));
}

}  // namespace
}  // namespace nabla
