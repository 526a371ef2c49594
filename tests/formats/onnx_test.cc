#include "framework/formats/onnx.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "framework/formats/protobuf.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

NamedTensor Floats(const std::string& name, std::vector<size_t> shape, std::vector<float> values) {
  return PackTensor<float>(name, std::move(shape),
                           {values.data(), 1, values.size(), values.size()});
}

// softmax(leaky_relu(x W' + b)), the input as pictures.
OnnxGraph Sample() {
  OnnxGraph graph{"small", {}, {}, {}, {}};
  graph.inputs = {{"x", ElementType::kF32, {"batch", int64_t{1}, int64_t{1}, int64_t{3}}}};
  graph.outputs = {{"y", ElementType::kF32, {"batch", int64_t{2}}}};
  graph.initializers = {Floats("w", {2, 3}, {1, 2, 3, 4, 5, 6}), Floats("b", {2}, {-1, 0.5f})};
  graph.nodes = {{"Flatten", {"x"}, {"flat"}, {{"axis", int64_t{1}}}, "flatten"},
                 {"Gemm", {"flat", "w", "b"}, {"z"}, {{"transB", int64_t{1}}, {"alpha", 1.0f}}},
                 {"LeakyRelu", {"z"}, {"a"}, {{"alpha", 0.25f}}},
                 {"Softmax", {"a"}, {"y"}, {{"axis", int64_t{-1}}}}};
  return graph;
}

std::string Written(const OnnxGraph& graph) {
  const std::string path = FreshFolder() + "/m.onnx";
  Put(path, WriteOnnx(graph));
  return path;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Onnx, CheckerAcceptsIt) {
  const std::string printed = Oracle({"check_onnx", Written(Sample())});
  if (Has(printed, "not installed")) GTEST_SKIP() << printed;
  EXPECT_EQ(printed, "8 [('', 13)]\n" + Show(Sample().initializers) +
                         "Flatten axis=1\nGemm transB=1 alpha=1.0\nLeakyRelu alpha=0.25\n"
                         "Softmax axis=-1\n");
}

TEST(Onnx, AttributesOfEveryKind) {
  OnnxGraph graph{"pool", {}, {}, {}, {}};
  graph.inputs = {{"x", ElementType::kF32, {"batch", int64_t{1}, int64_t{4}, int64_t{4}}}};
  graph.outputs = {{"y", ElementType::kF32, {"batch", int64_t{1}, int64_t{2}, int64_t{2}}},
                   {"c", ElementType::kF32, {int64_t{2}}}};
  using Ints = std::vector<int64_t>;
  graph.nodes = {{"MaxPool",
                  {"x"},
                  {"y"},
                  {{"auto_pad", "NOTSET"}, {"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}}},
                 {"Constant", {}, {"c"}, {{"value_floats", std::vector<float>{0.5f, 2}}}}};
  const std::string printed = Oracle({"check_onnx", Written(graph)});
  if (Has(printed, "not installed")) GTEST_SKIP() << printed;
  EXPECT_EQ(printed,
            "8 [('', 13)]\nMaxPool auto_pad=b'NOTSET' kernel_shape=[2, 2] strides=[2, 2]\n"
            "Constant value_floats=[0.5, 2.0]\n");
}

TEST(Onnx, EveryElementType) {
  OnnxGraph graph = Sample();
  for (const NamedTensor& tensor : SampleTensors()) graph.initializers.push_back(tensor);
  const std::string printed = Oracle({"check_onnx", Written(graph)});
  if (Has(printed, "not installed")) GTEST_SKIP() << printed;
  EXPECT_TRUE(Has(printed, Show(SampleTensors()))) << printed;
}

TEST(Onnx, ProtocReadsIt) {
  const std::string folder = "/usr/lib/python3/dist-packages/onnx";
  if (!std::filesystem::exists("/usr/bin/protoc") ||
      !std::filesystem::exists(folder + "/onnx.proto")) {
    GTEST_SKIP() << "protobuf-compiler or python3-onnx is not installed";
  }
  const std::string text = Shell("protoc --decode=onnx.ModelProto -I " + folder + " " + folder +
                                 "/onnx.proto < '" + Written(Sample()) + "'");
  EXPECT_TRUE(Has(text, "ir_version: 8\nproducer_name: \"nabla\"\ngraph {\n")) << text;
  EXPECT_TRUE(Has(text, "dim_param: \"batch\"\n")) << text;
  EXPECT_TRUE(Has(text, "opset_import {\n  domain: \"\"\n  version: 13\n}\n")) << text;
  // protoc prints fields that it does not know by their numbers.
  for (int field = 1; field < 30; ++field) {
    EXPECT_FALSE(Has(text, " " + std::to_string(field) + ": ")) << text;
  }
}

TEST(Onnx, TensorsAreChecked) {
  OnnxGraph graph = Sample();
  graph.initializers[0].shape = {7};
  EXPECT_EQ(Complaint("", [&] { WriteOnnx(graph); }),
            "tensor \"w\": 24 bytes, but F32 [7] takes 28");
}

// The examples of the format's description.
TEST(Protobuf, KnownBytes) {
  ProtobufWriter number;
  number.Int(1, 150);
  EXPECT_EQ(Hex(number.bytes()), "089601");
  ProtobufWriter text;
  text.String(2, "testing");
  EXPECT_EQ(Hex(text.bytes()), "120774657374696e67");
  ProtobufWriter nested;
  nested.Message(3, number);
  EXPECT_EQ(Hex(nested.bytes()), "1a03089601");
  ProtobufWriter extremes;
  extremes.Int(1, -2);
  extremes.Int(16, 0);
  EXPECT_EQ(Hex(extremes.bytes()), "08feffffffffffffffff01800100");
  ProtobufWriter fixed;
  fixed.Float(1, 1);
  fixed.Double(2, 1);
  EXPECT_EQ(Hex(fixed.bytes()), "0d0000803f11000000000000f03f");
}

}  // namespace
}  // namespace nabla
