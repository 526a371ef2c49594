// C headers of every layer and activation, compiled by gcc and run.
#include "framework/export/c_header.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/export/c_layers.h"
#include "framework/inference/output_kind.h"
#include "plugins/builtin.h"
#include "tests/export/c_program.h"
#include "tests/export/listed_models.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

constexpr size_t kRows = 3;

class CHeaderTest : public testing::Test {
 protected:
  CHeaderTest() { RegisterBuiltins(registry_); }

  // A network with a linear layer of 50 units over 8 x 8 numbers.
  template <typename T>
  Model<T> Plain(bool pixels, const std::string& more = "") const {
    return ModelOf<T>({"plain", "[{name: linear, units: 50" + more + "}]", {1, 8, 8}, pixels},
                      registry_);
  }

  template <typename T>
  std::string ErrorOf(const Model<T>& model) const {
    try {
      MakeCHeader(model, "net");
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  }

  Registry registry_;
};

template <typename T>
void ExpectClose(const std::vector<double>& found, const std::vector<double>& expected,
                 const std::string& name) {
  const double relative = sizeof(T) == sizeof(float) ? 1e-6 : 1e-14;
  ASSERT_EQ(found.size(), expected.size()) << name;
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], relative * (1 + std::abs(expected[i]))) << name;
  }
}

TEST_F(CHeaderTest, EveryBuiltInLayerAndActivationHasACounterpartAndIsTested) {
  const std::vector<Listed> listed = ListedModels(registry_);
  for (const char* kind : {"layer", "activation"}) {
    for (const std::string& name : registry_.Names(kind)) {
      EXPECT_TRUE(HasCMapping(kind, name)) << kind << "/" << name;
      EXPECT_TRUE(std::ranges::count(listed, name, &Listed::name) > 0) << kind << "/" << name;
    }
  }
}

// What calls exp and the like: all others must have nabla's bits.
bool IsRounded(const std::string& name) {
  static const std::set<std::string> rounded = {"activation",
                                                "concat",
                                                "elu",
                                                "gelu",
                                                "log_sigmoid",
                                                "log_softmax",
                                                "mish",
                                                "selu",
                                                "sigmoid",
                                                "silu",
                                                "softmax",
                                                "softplus",
                                                "tanh",
                                                "elu flat",
                                                "gelu flat",
                                                "log_sigmoid flat",
                                                "log_softmax flat",
                                                "mish flat",
                                                "selu flat",
                                                "sigmoid flat",
                                                "silu flat",
                                                "softmax flat",
                                                "softplus flat",
                                                "tanh flat",
                                                "gelu tanh",
                                                "softplus bent",
                                                "selu bent",
                                                "elu bent",
                                                "residual nested"};
  return rounded.contains(name);
}

template <typename T>
void ExpectNumbersOfNabla(const Registry& registry) {
  CProgram program;
  for (const Listed& listed : ListedModels(registry)) {
    const Model<T> model = ModelOf<T>(listed, registry);
    program.Add(listed.name, model, SomeRows(model.head.input, kRows));
  }
  for (const CProgram::Net& net : program.Run()) {
    EXPECT_EQ(net.exact, !IsRounded(net.name)) << net.name;
    if (net.exact) {
      EXPECT_EQ(net.predicted, net.expected) << net.name;
    } else {
      ExpectClose<T>(net.predicted, net.expected, net.name);
    }
  }
}

TEST_F(CHeaderTest, EveryLayerGivesTheNumbersOfNabla) { ExpectNumbersOfNabla<float>(registry_); }

TEST_F(CHeaderTest, EveryLayerGivesTheNumbersOfNablaInFloat64) {
  ExpectNumbersOfNabla<double>(registry_);
}

const Normalization kShifted{255, 0.1307, 0.3081};

InputMoments SomeMoments(size_t width) {
  InputMoments moments;
  for (size_t i = 0; i < width; ++i) {
    moments.mean.push_back(0.1 * static_cast<double>(i) - 3);
    moments.std.push_back(i == 5 ? std::numeric_limits<double>::infinity()
                                 : 0.3 + 0.01 * static_cast<double>(i));
  }
  return moments;
}

// Everything that nabla does to inputs before the first layer, and to outputs after the last one.
template <typename T>
void ExpectInputsOfNabla(const std::function<Model<T>(bool)>& plain) {
  CProgram program;
  const auto add = [&](const std::string& name, bool pixels, const auto& change) {
    Model<T> model = plain(pixels);
    change(&model.head.input);
    RawRows rows = SomeRows(model.head.input, kRows);
    if (name == "missing") rows.numbers[7] = std::nan("");
    // Whole numbers are normalised as bytes are.
    for (size_t i = 0; i < rows.numbers.size(); i += 3)
      rows.numbers[i] = std::floor(rows.numbers[i]);
    program.Add(name, model, std::move(rows));
  };
  const std::vector<double> fill(64, 0.3);
  add("scaled", true, [](ModelInput* in) { in->normalization.scale = 255; });
  add("shifted", true, [](ModelInput* in) { in->normalization = kShifted; });
  add("numbers", false, [](ModelInput* in) { in->normalization = {3, 0.1, 0.7}; });
  add("float32", false, [](ModelInput* in) {
    in->normalization = {3, 0.1, 0.7};
    in->float32 = true;
  });
  add("standardised", false, [](ModelInput* in) { in->moments = SomeMoments(64); });
  add("standardised bytes", true, [](ModelInput* in) {
    in->moments = SomeMoments(64);
    in->float32 = true;
  });
  add("standardised again", false, [](ModelInput* in) {
    in->normalization = {2, 0.5, 3};
    in->moments = SomeMoments(64);
  });
  for (const auto& named : EnumNames<RowScale>::kNames) {
    const RowScale scale = named.first;
    const std::string name = named.second;
    add(fmt::format("rows by {}", name), false, [&](ModelInput* in) {
      in->scale_rows = scale;
      in->moments = SomeMoments(64);
    });
    add(fmt::format("bytes by {}", name), true, [&](ModelInput* in) { in->scale_rows = scale; });
  }
  add("missing", false, [&](ModelInput* in) {
    in->fill = fill;
    in->missing = MissingValues::kMean;
    in->scale_rows = RowScale::kStandardise;
  });
  add("missing", false, [&](ModelInput* in) {
    in->fill = fill;
    in->missing = MissingValues::kMean;
    in->moments = SomeMoments(64);
  });
  add("targets", false, [](ModelInput* in) {
    in->meaning.mean.assign(50, 7.7);
    in->meaning.std.assign(50, 0.3);
  });
  for (const CProgram::Net& net : program.Run()) {
    EXPECT_TRUE(net.exact) << net.name;
    EXPECT_EQ(net.predicted, net.expected) << net.name;
  }
}

TEST_F(CHeaderTest, InputsAreNormalisedAsNablaDoes) {
  ExpectInputsOfNabla<float>([&](bool pixels) { return Plain<float>(pixels); });
}

TEST_F(CHeaderTest, InputsAreNormalisedAsNablaDoesInFloat64) {
  ExpectInputsOfNabla<double>([&](bool pixels) { return Plain<double>(pixels); });
}

// docs/determinism.md, "Folded normalisation".
TEST_F(CHeaderTest, FoldedNormalisationKeepsItsBits) {
  CProgram program;
  for (const char* more : {"", ", bias: false"}) {
    Model<float> model = Plain<float>(true, more);
    model.head.input.normalization = kShifted;
    model.head.input.sparse = true;
    model.network->KeepSegmentSums();
    const RawRows rows = SomeRows(model.head.input, kRows);
    program.Add(more, model, rows);
  }
  for (const CProgram::Net& net : program.Run()) EXPECT_EQ(net.predicted, net.expected);
}

TEST_F(CHeaderTest, ProbabilitiesAreThoseOfNabla) {
  CProgram program;
  std::vector<OutputKind> kinds;
  const auto add = [&](const std::string& loss, size_t units, const std::string& last) {
    Model<float> model =
        ModelOf<float>({loss,
                        "[{name: linear, units: " + std::to_string(units) + "}" + last + "]",
                        {7},
                        false,
                        loss},
                       registry_);
    model.head.input.classes = std::max<size_t>(units, 2);
    model.head.input.values = 0;
    kinds.push_back(OutputKindOf(model));
    program.Add(loss, model, SomeRows(model.head.input, 1));
  };
  add("cross_entropy", 4, "");
  add("bce_with_logits", 1, "");
  add("{name: nll, input: log_probabilities}", 3, ", log_softmax");
  add("mse", 3, ", softmax");
  const std::vector<CProgram::Net>& nets = program.Run();
  for (size_t i = 0; i < nets.size(); ++i) {
    std::vector<double> expected = Interpret(kinds[i], nets[i].expected);
    // The header has as many as outputs: that of class 1.
    if (nets[i].expected.size() == 1) expected.erase(expected.begin());
    const bool same = kinds[i] == OutputKind::kProbabilities;
    ExpectClose<float>(same ? nets[i].predicted : nets[i].probabilities, expected, nets[i].name);
    EXPECT_EQ(nets[i].probabilities.empty(), same) << nets[i].name;
  }
}

// A name of this model ends no string, comment or line.
TEST_F(CHeaderTest, NamesAreOnlyText) {
  Model<float> model = ModelOf<float>({"names", "[{name: linear, units: 3}]", {2}}, registry_);
  model.spec.name = "a */ b\n#error ?\?/\n /* \\";
  TargetMeaning& meaning = model.head.input.meaning;
  meaning.classes = {"*/ \"?\?/", "x\\\n#error %s",
                     "\xC3\x9C"
                     "1\t"};
  model.head.input.coding = {{"size", {}, false}, {"/* ?\?=", {}, false}};
  model.head.input.classes = 3;
  const std::string folder = FreshFolder();
  Put(folder + "/net.h", FromText(MakeCHeader(model, "net")));
  Put(folder + "/main.c",
      FromText("#include <stdio.h>\n#include \"net.h\"\nint main(void) {\n"
               "  for (int c = 0; c < 3; ++c) fputs(net_class_names[c], stdout);\n"
               "  for (int i = 0; i < net_inputs; ++i) fputs(net_input_names[i], stdout);\n"
               "  return 0;\n}\n"));
  EXPECT_EQ(Shell("cd " + folder + " && " + kGcc + " main.c -lm -o main && ./main"),
            meaning.classes[0] + meaning.classes[1] + meaning.classes[2] + "size/* ?\?=");
}

TEST_F(CHeaderTest, OneProgramMayHaveItInManyFilesOfCAndCxx) {
  const std::string folder = FreshFolder();
  const std::vector<Listed> listed = ListedModels(registry_);
  std::string includes;
  std::string calls;
  // Those with most of the functions.
  for (const std::string name : {"residual projected", "conv_transpose2d", "embedding padded",
                                 "avg_pool2d", "group_norm", "batch_norm", "softmax"}) {
    const auto found = std::ranges::find(listed, name, &Listed::name);
    const std::string id = "m" + std::to_string(found - listed.begin());
    Put(folder + "/" + id + ".h", FromText(MakeCHeader(ModelOf<double>(*found, registry_), id)));
    includes += "#include \"" + id + ".h\"\n";
    calls += "  " + id + "_predict(x, y);\n  sum += y[0];\n";
  }
  const std::string body =
      "(void) {\n  double x[500] = {0}, y[500], sum = 0;\n" + calls + "  return sum;\n}\n";
  const std::string twice = includes + includes;
  Put(folder + "/a.c", FromText(twice + "double a(void);\ndouble a" + body));
  Put(folder + "/b.cc", FromText(twice + "double b();\ndouble b" + body));
  // Includes them and uses nothing.
  Put(folder + "/main.cc",
      FromText("#include <cstdio>\n" + includes + "extern \"C\" double a(void);\ndouble b();\n" +
               "int main() { std::printf(\"%d\\n\", a() == b()); }\n"));
  EXPECT_EQ(Shell("cd " + folder + " && " + kGcc + " -c a.c && " + kGxx +
                  " a.o b.cc main.cc -lm -o main && ./main"),
            "1\n");
}

TEST_F(CHeaderTest, WhatCannotBeWrittenIsNamed) {
  registry_.Add<Odd>("odd.so");
  EXPECT_EQ(
      ErrorOf(ModelOf<float>({"mine.yaml", "[{name: linear, units: 2}, odd]", {3}}, registry_)),
      "mine.yaml:4:35: error: the layer \"odd\" has no counterpart in C");
  Model<float> diverged = Plain<float>(false);
  diverged.network->parameters()[0].value.view()(1, 1) = std::numeric_limits<float>::infinity();
  EXPECT_EQ(ErrorOf(diverged),
            "error: 0_weight of the model has numbers that are not finite: its training diverged");
  Model<float> named = Plain<float>(false);
  named.head.input.meaning.values.assign(50, std::string(5000, 'a'));
  EXPECT_EQ(ErrorOf(named),
            "error: a name in the model has 5000 bytes; a string of C has at most 4095");
  const Listed large = {"large", "[{name: conv2d, channels: 1, kernel_size: 1}]", {1, 1025, 1024}};
  EXPECT_EQ(ErrorOf(ModelOf<float>(large, registry_)),
            "error: a row of the model needs more than 4194304 bytes on the stack: use another "
            "--format");
}

}  // namespace
}  // namespace nabla
