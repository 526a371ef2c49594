#include "framework/plugin/registry.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "plugins/builtin.h"
#include "tests/base/complaint.h"

namespace nabla {
namespace {

template <typename T>
class Leaky : public Activation<T> {
 public:
  static constexpr PluginInfo kInfo{"leaky", "A bent line.", "y = max(x, a x)"};

  template <typename V>
  static void Fields(V& v) {
    v("slope", &Leaky::slope, {.doc = "a", .min = 0, .max = 1});
  }
  void CheckFields() const {
    if (slope == 0.5) throw InputError("half a slope is not wanted");
  }
  void Forward(Matrix<const T>, Matrix<T>) const override {}
  void Backward(Matrix<const T>, Matrix<const T>, Matrix<const T>, Matrix<T>) const override {}

  double slope = 0.01;
};

template <typename T>
class Plain : public Leaky<T> {
 public:
  static constexpr PluginInfo kInfo{"plain", "A line.", "y = x"};

  template <typename V>
  static void Fields(V&) {}
};

template <typename T>
class Apply : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{"activation", "Applies an activation.", "y = f(x)"};

  template <typename V>
  static void Fields(V& v) {
    v("function", &Apply::function, {.doc = "f", .required = true});
  }
  Shape Output(const Shape& input) const override { return input; }
  void Forward(const ForwardBlock<T>&) const override {}
  void Backward(const BackwardBlock<T>&) const override {}

  Plug<Activation<T>> function;
};

class Slow : public Schedule {
 public:
  static constexpr PluginInfo kInfo{"slow", "Always a tenth.", ""};
  double Rate(double base, const ScheduleTime&) const override { return base / 10; }
};

Registry SmallRegistry() {
  Registry registry;
  registry.Add<Leaky>("here");
  registry.Add<Plain>("here");
  registry.Add<Apply>("here");
  return registry;
}

struct Outcome {
  MadePlugin made;
  std::vector<std::string> problems;
};

template <typename T = float>
Outcome Make(const Registry& registry, const std::string& kind, const std::string& text) {
  Problems problems;
  Outcome outcome{registry.Maker<T>()->Make(kind, ParseYaml(text, "f"), problems), {}};
  for (const Problem& p : problems.list()) outcome.problems.push_back(p.ToString());
  EXPECT_EQ(outcome.made.object == nullptr, !problems.empty()) << text;
  return outcome;
}

using Lines = std::vector<std::string>;

TEST(Registry, WorksWithASinglePlugin) {
  Registry registry;
  EXPECT_EQ(registry.size(), 0u);
  EXPECT_EQ(Make(registry, "schedule", "slow").problems,
            Lines{"f:1:1: error: unknown schedule \"slow\"; one of a library of plugins needs "
                  "--plugin FILE.so"});
  registry.Add<Slow>("here");
  EXPECT_EQ(registry.size(), 1u);
  EXPECT_EQ(registry.Names("schedule"), Lines{"slow"});
  EXPECT_EQ(registry.Names("layer"), Lines());
  const Outcome slow = Make(registry, "schedule", "slow");
  EXPECT_EQ(std::static_pointer_cast<const Schedule>(slow.made.object)->Rate(1, {}), 0.1);
}

TEST(Registry, HoldsAPluginForEveryNumberType) {
  const Registry registry = SmallRegistry();
  EXPECT_EQ(registry.size(), 3u);
  EXPECT_NE(registry.table<Activation<float>>().Find("leaky"), nullptr);
  EXPECT_NE(registry.table<Activation<double>>().Find("leaky"), nullptr);
  EXPECT_EQ(registry.table<Activation<float>>().Find("nothing"), nullptr);
  EXPECT_EQ(registry.table<Activation<float>>().Find("leaky")->origin, "here");
  EXPECT_TRUE(Make<double>(registry, "activation", "leaky").problems.empty());
}

TEST(Registry, NamesBothOriginsOfADuplicate) {
  Registry registry;
  registry.Add<Leaky>("plugins/activation/leaky.cc");
  EXPECT_EQ(ComplaintOf([&] { registry.Add<Leaky>("/tmp/leaky.so"); }),
            "error: activation \"leaky\" from /tmp/leaky.so is already registered from "
            "plugins/activation/leaky.cc");
}

TEST(Registry, TellsTheNearestOfAnUnknownName) {
  const Registry registry = SmallRegistry();
  EXPECT_EQ(Make(registry, "activation", "leeky").problems,
            Lines{"f:1:1: error: unknown activation \"leeky\"; did you mean \"leaky\"? known: "
                  "leaky, plain; one of a library of plugins needs --plugin FILE.so"});
  EXPECT_EQ(Make(registry, "activation", "{slope: 1, name: zzz}").problems,
            Lines{"f:1:18: error: unknown activation \"zzz\"; known: leaky, plain; one of a "
                  "library of plugins needs --plugin FILE.so"});
  // An activation is a layer too.
  EXPECT_EQ(Make(registry, "layer", "plane").problems,
            Lines{"f:1:1: error: unknown layer \"plane\"; did you mean \"plain\"? known: "
                  "activation, leaky, plain; one of a library of plugins needs --plugin FILE.so"});
}

TEST(Registry, TakesABareNameOrAMap) {
  const Registry registry = SmallRegistry();
  const auto slope = [&](const std::string& text) {
    const Outcome outcome = Make(registry, "activation", text);
    const auto activation = std::static_pointer_cast<const Activation<float>>(outcome.made.object);
    return dynamic_cast<const Leaky<float>&>(*activation).slope;
  };
  EXPECT_EQ(slope("leaky"), 0.01);
  EXPECT_EQ(slope("{name: leaky}"), 0.01);
  EXPECT_EQ(slope("{slope: 0.25, name: leaky}"), 0.25);
}

TEST(Registry, SaysWhatAPluginIsWrittenLike) {
  const Registry registry = SmallRegistry();
  const std::string expected =
      "f:1:1: error: expected an activation: its name, or a map with "
      "`name:`, found ";
  EXPECT_EQ(Make(registry, "activation", "[leaky]").problems, Lines{expected + "a list"});
  EXPECT_EQ(Make(registry, "activation", "~").problems, Lines{expected + "nothing"});
  EXPECT_EQ(Make(registry, "activation", "{slope: 1}").problems,
            Lines{expected + "a map without a name"});
  EXPECT_EQ(
      Make(registry, "activation", "{slope: 1, nane: leaky}").problems,
      Lines{"f:1:12: error: unknown key \"nane\"; did you mean \"name\"? an activation is its "
            "name, or a map with `name:`"});
  EXPECT_EQ(Make(registry, "activation", "{name: [leaky]}").problems,
            Lines{expected + "a map without a name"});
  EXPECT_EQ(Make(registry, "loss", "[]").problems,
            Lines{"f:1:1: error: expected a loss: its name, or a map with `name:`, found a list"});
}

TEST(Registry, ChecksParameters) {
  const Registry registry = SmallRegistry();
  EXPECT_EQ(
      Make(registry, "activation", "{name: leaky, slop: 1, slope: 2}").problems,
      (Lines{"f:1:15: error: unknown key \"slop\"; did you mean \"slope\"? known: name, slope",
             "f:1:31: error: 2 is out of range: must be 0 <= x <= 1"}));
  EXPECT_EQ(Make(registry, "activation", "{name: plain, slope: 1}").problems,
            Lines{"f:1:15: error: unknown key \"slope\"; known: name"});
  EXPECT_EQ(Make(registry, "activation", "{name: leaky, slope: 0.5}").problems,
            Lines{"f:1:8: error: half a slope is not wanted"});
}

TEST(Registry, AppliesAnActivationAsALayer) {
  const Registry registry = SmallRegistry();
  for (const std::string text :
       {"leaky", "{name: leaky, slope: 0.25}", "{name: activation, function: leaky}"}) {
    const Outcome outcome = Make(registry, "layer", text);
    EXPECT_EQ(outcome.problems, Lines()) << text;
    const auto layer = std::static_pointer_cast<const Layer<float>>(outcome.made.object);
    const auto* apply = dynamic_cast<const Apply<float>*>(layer.get());
    ASSERT_NE(apply, nullptr) << text;
    EXPECT_NE(dynamic_cast<const Leaky<float>*>(apply->function.object.get()), nullptr) << text;
  }
  EXPECT_EQ(Make(registry, "layer", "{name: leaky, slope: 2}").problems,
            Lines{"f:1:22: error: 2 is out of range: must be 0 <= x <= 1"});
}

TEST(Registry, ResolvesAConfigThatResolvesToItself) {
  const Registry registry = SmallRegistry();
  const auto resolved = [&](const std::string& kind, const std::string& text) {
    const std::string first = PrintYaml(Make(registry, kind, text).made.config);
    EXPECT_EQ(PrintYaml(Make(registry, kind, first).made.config), first);
    return first;
  };
  EXPECT_EQ(resolved("activation", "plain"), "plain\n");
  EXPECT_EQ(resolved("activation", "{name: plain}"), "plain\n");
  EXPECT_EQ(resolved("activation", "leaky"), "name: leaky\nslope: 0.01\n");
  EXPECT_EQ(resolved("layer", "leaky"), "name: leaky\nslope: 0.01\n");
  EXPECT_EQ(resolved("layer", "plain"), "plain\n");
  EXPECT_EQ(resolved("layer", "{name: activation, function: leaky}"),
            "name: activation\nfunction:\n  name: leaky\n  slope: 0.01\n");
}

TEST(Registry, KnowsTheEightKinds) {
  EXPECT_EQ(Registry::Kinds().size(), 8u);
  for (const std::string& kind : Registry::Kinds()) {
    bool seen = false;
    EXPECT_TRUE(VisitKind<float>(kind, [&]<typename I>(const I*) { seen = kind == I::kKind; }));
    EXPECT_TRUE(seen) << kind;
  }
  EXPECT_FALSE(VisitKind<float>("pizza", [](const auto*) {}));
}

TEST(Registry, HasBuiltInPluginsOfEveryKind) {
  Registry registry;
  RegisterBuiltins(registry);
  for (const std::string& kind : Registry::Kinds()) EXPECT_FALSE(registry.Names(kind).empty());
  EXPECT_EQ(registry.table<Activation<float>>().Find("relu")->origin, "built in");
  EXPECT_THROW(RegisterBuiltins(registry), InputError);
}

}  // namespace
}  // namespace nabla
