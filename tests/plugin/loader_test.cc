#include "framework/plugin/loader.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/kernels/simd.h"
#include "framework/plugin/abi.h"
#include "plugins/builtin.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

std::string Libraries() {
  return std::string(std::getenv("TEST_SRCDIR")) + "/nabla/tests/plugin/libraries";
}

class LoaderTest : public testing::Test {
 protected:
  LoaderTest() : loader_(Libraries(), registry_) {
    RegisterBuiltins(registry_);
    builtins_ = registry_.size();
  }

  // What is wrong with a library, after a check that nothing of it was registered.
  std::string Refusal(const std::string& path) {
    try {
      loader_.Load(path);
    } catch (const InputError& e) {
      EXPECT_EQ(registry_.size(), builtins_) << path;
      EXPECT_EQ(registry_.table<Schedule>().Find("steady"), nullptr);
      EXPECT_EQ(registry_.table<Schedule>().Find("log_rate"), nullptr);
      return e.what();
    }
    ADD_FAILURE() << path << " was loaded";
    return "";
  }

  template <typename I>
  std::shared_ptr<const I> Make(const std::string& name) {
    Problems problems;
    const MadePlugin made = registry_.Maker<double>()->Make(I::kKind, Node::Scalar(name), problems);
    problems.ThrowIfAny();
    return std::static_pointer_cast<const I>(made.object);
  }

  Registry registry_;
  PluginLoader loader_;
  size_t builtins_ = 0;
};

TEST_F(LoaderTest, LoadsEveryPluginOfALibrary) {
  loader_.Load("good.so");
  EXPECT_EQ(registry_.size(), builtins_ + 2);
  EXPECT_EQ(registry_.table<Schedule>().Find("log_rate")->origin, "good.so");
  EXPECT_NE(registry_.table<Activation<float>>().Find("square"), nullptr);
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    Registry registry;
    PluginLoader(Libraries(), registry).Load("good.so");
    EXPECT_EQ(registry.size(), 2u) << simd;
  }
  const auto square = Make<Activation<double>>("square");
  const double x[] = {-3, 0.5, 2, 4, 5};
  double y[5];
  square->Forward({x, 1, 5, 5}, {y, 1, 5, 5});
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(y[i], x[i] * x[i]);
}

TEST_F(LoaderTest, LibrariesUseTheKernelsOfTheProgram) {
  loader_.Load("good.so");
  EXPECT_NEAR(Make<Schedule>("log_rate")->Rate(1, {.t = 3, .total = 9}), 1 / (1 + std::log(4.0)),
              1e-15);
  void* library = dlopen((Libraries() + "/good.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr);
  EXPECT_NE(dlsym(library, NABLA_ENTRY_SYMBOL), nullptr);
  // nabla::LogOf(double), and Table<Schedule>::Add: exported here, absent there.
  for (const char* symbol :
       {"_ZN5nabla5LogOfEd", "_ZN5nabla5TableINS_8ScheduleEE3AddENS_5EntryIS1_EE"}) {
    EXPECT_NE(dlsym(RTLD_DEFAULT, symbol), nullptr) << symbol;
    EXPECT_EQ(dlsym(library, symbol), nullptr) << symbol;
  }
}

TEST_F(LoaderTest, LoadsALibraryOnce) {
  loader_.Load("good.so");
  loader_.Load("./good.so");
  loader_.Load(Libraries() + "/good.so");
  EXPECT_EQ(registry_.size(), builtins_ + 2);
}

TEST_F(LoaderTest, NamesFilesThatAreNotThere) {
  EXPECT_EQ(Refusal("absent.so"),
            "error: cannot load plugins from absent.so: there is no such file");
  EXPECT_EQ(Refusal("."), "error: cannot load plugins from .: it is not a file");
  // Never searched for, unlike what dlopen does with a bare name.
  EXPECT_EQ(Refusal("libdl.so.2"),
            "error: cannot load plugins from libdl.so.2: there is no such file");
}

TEST_F(LoaderTest, RefusesWhatIsNoLibrary) {
  const std::string path = testing::TempDir() + "text.so";
  std::ofstream(path) << "not a library\n";
  const std::string refusal = Refusal(path);
  EXPECT_EQ(refusal, "error: cannot load plugins from " + path + ": it is not a library");
}

// What static constructors of a library leave behind once it is loaded.
class Traces {
 public:
  Traces() { setenv("NABLA_TRACE", file_.c_str(), 1); }
  ~Traces() { unsetenv("NABLA_TRACE"); }
  bool Any() const { return std::ifstream(file_).good(); }

 private:
  const std::string file_ = FreshFolder() + "/trace";
};

TEST_F(LoaderTest, NoCodeRunsBeforeTheAbiIsKnown) {
  const Traces traces;
  Refusal("wrong_abi.so");
  Refusal("no_abi.so");
  EXPECT_FALSE(traces.Any());
  loader_.Load("tracing.so");
  EXPECT_TRUE(traces.Any());
}

TEST_F(LoaderTest, RefusesLibrariesThatAreCutOff) {
  const Traces traces;
  std::vector<uint8_t> content = Content(Libraries() + "/tracing.so");
  const std::string path = FreshFolder() + "/cut.so";
  while (content.size() > 1) {
    content.erase(content.end() - std::max<ptrdiff_t>(1, std::ssize(content) / 100), content.end());
    Put(path, content);
    const std::string refusal = Refusal(path);
    EXPECT_TRUE(refusal.ends_with(": it is truncated") ||
                refusal.ends_with(": it is not a library"))
        << refusal;
  }
  EXPECT_FALSE(traces.Any());
}

TEST_F(LoaderTest, RefusesLibrariesOfSomethingElse) {
  EXPECT_EQ(Refusal("no_abi.so"),
            "error: cannot load plugins from no_abi.so: it does not say which ABI it is for; build "
            "it as `nabla new-plugin` says");
  EXPECT_EQ(Refusal("no_entry.so"),
            "error: cannot load plugins from no_entry.so: it has no nabla_plugin_entry; build it "
            "as `nabla new-plugin` says");
}

TEST_F(LoaderTest, RefusesAnotherAbi) {
  EXPECT_EQ(Refusal("wrong_abi.so"),
            "error: cannot load plugins from wrong_abi.so: it was built for another ABI; expected "
            "\"" NABLA_PLUGIN_ABI "\", found \"nabla plugins 0, some compiler\"");
}

TEST_F(LoaderTest, RefusesLibrariesThatRegisterNothing) {
  EXPECT_EQ(Refusal("empty.so"),
            "error: cannot load plugins from empty.so: it registers no plugin");
}

TEST_F(LoaderTest, ForgetsWhatAThrowingEntryRegistered) {
  EXPECT_EQ(Refusal("throwing.so"),
            "error: cannot load plugins from throwing.so: its entry failed: out of luck");
}

TEST_F(LoaderTest, NamesBothOriginsOfADuplicate) {
  EXPECT_EQ(Refusal("duplicate.so"),
            "error: cannot load plugins from duplicate.so: activation \"relu\" from duplicate.so "
            "is already registered from built in");
}

}  // namespace
}  // namespace nabla
