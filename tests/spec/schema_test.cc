#include "framework/spec/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "framework/base/error.h"
#include "framework/config/fields.h"
#include "framework/plugin/registry.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Checks a tree against a schema of the keywords that ours has; any other fails the test.
class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  bool Accepts(const Node& node) const { return Accepts(node, root_); }

 private:
  bool Accepts(const Node& node, const Json& schema) const {
    for (const auto& [keyword, value] : schema.items()) {
      if (!Holds(node, keyword, value, schema)) return false;
    }
    return true;
  }

  bool Holds(const Node& node, const std::string& keyword, const Json& value,
             const Json& schema) const {
    if (keyword == "$ref") {
      return Accepts(node, root_.at(Json::json_pointer(value.get<std::string>().substr(1))));
    }
    if (keyword == "type") return HasType(node, value);
    if (keyword == "const") return node.IsScalar() && node.text == value.get<std::string>();
    if (keyword == "enum" || keyword == "anyOf" || keyword == "allOf") {
      size_t good = 0;
      for (const Json& each : value) {
        good += keyword == "enum" ? node.IsScalar() && node.text == each.get<std::string>()
                                  : Accepts(node, each);
      }
      return keyword == "allOf" ? good == value.size() : good > 0;
    }
    if (keyword == "items") {
      for (const Node& item : node.items) {
        if (!Accepts(item, value)) return false;
      }
      return true;
    }
    if (keyword == "properties") {
      for (const Node::Entry& entry : node.entries) {
        if (value.contains(entry.key) && !Accepts(entry.value, value[entry.key])) return false;
      }
      return true;
    }
    if (keyword == "additionalProperties") {
      for (const Node::Entry& entry : node.entries) {
        if (!schema["properties"].contains(entry.key)) return false;
      }
      return true;
    }
    if (keyword == "required") {
      for (const Json& key : value) {
        if (node.Find(key.get<std::string>()) == nullptr) return false;
      }
      return true;
    }
    return InBounds(node, keyword, value);
  }

  static bool InBounds(const Node& node, const std::string& keyword, const Json& bound) {
    static const std::set<std::string> said = {"$schema", "title", "description", "definitions"};
    if (said.contains(keyword)) return true;
    double x = 0;
    if (!Number(node, &x)) return true;
    if (keyword == "minimum") return x >= bound.get<double>();
    if (keyword == "maximum") return x <= bound.get<double>();
    if (keyword == "exclusiveMinimum") return x > bound.get<double>();
    if (keyword == "exclusiveMaximum") return x < bound.get<double>();
    ADD_FAILURE() << "a keyword that this test does not know: " << keyword;
    return false;
  }

  static bool Number(const Node& node, double* x) {
    Problems problems;
    return node.IsScalar() && ParseDouble(node, {}, problems, x);
  }

  static bool HasType(const Node& node, const Json& type) {
    if (type.is_array()) {
      return std::any_of(type.begin(), type.end(),
                         [&](const Json& each) { return HasType(node, each); });
    }
    double x = 0;
    const bool truth = node.text == "true" || node.text == "false";
    if (type == "null") return node.IsNull();
    if (type == "array") return node.IsList();
    if (type == "object") return node.IsMap();
    if (type == "boolean") return node.IsScalar() && !node.quoted && truth;
    if (type == "number") return Number(node, &x);
    if (type == "integer") return Number(node, &x) && x == static_cast<double>(int64_t(x));
    return type == "string" && node.IsScalar() && !Number(node, &x);
  }

  const Json& root_;
};

class SchemaTest : public testing::Test {
 protected:
  SchemaTest() {
    RegisterBuiltins(registry_);
    schema_ = Json::parse(ExperimentSchema(registry_));
  }

  bool Accepts(const std::string& text) const {
    return Validator(schema_).Accepts(ParseYaml(text, "test.yaml"));
  }

  Registry registry_;
  Json schema_;
};

TEST_F(SchemaTest, BundledExperimentsAreGood) {
  const fs::path folder = std::string(std::getenv("TEST_SRCDIR")) + "/nabla/experiments";
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path());
    EXPECT_TRUE(Accepts({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}))
        << entry.path();
    ++count;
  }
  EXPECT_GE(count, 5u);
}

constexpr const char* kGood =
    "name: good\n"
    "dataset: {name: mnist, scale: 255}\n"
    "model: [{name: linear, units: 10, weight: he_normal}, relu, {name: elu, alpha: 2}]\n"
    "loss: cross_entropy\n"
    "optimizer: {name: sgd, lr: 0.1}\n"
    "train: {epochs: 3}\n";

std::string Changed(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST_F(SchemaTest, RefusesWhatTheProgramRefuses) {
  EXPECT_TRUE(Accepts(kGood));
  EXPECT_FALSE(Accepts(Changed(kGood, "name: good\n", "")));
  EXPECT_FALSE(Accepts(Changed(kGood, "train:", "trian:")));
  EXPECT_FALSE(Accepts(Changed(kGood, "epochs: 3", "epochs: 0")));
  EXPECT_FALSE(Accepts(Changed(kGood, "epochs: 3", "epochs: many")));
  EXPECT_FALSE(Accepts(Changed(kGood, "epochs: 3", "epoch: 3")));
  EXPECT_FALSE(Accepts(Changed(kGood, "scale: 255", "scale: 0")));
  EXPECT_FALSE(Accepts(Changed(kGood, "lr: 0.1", "rate: 0.1")));
  EXPECT_FALSE(Accepts(Changed(kGood, "units: 10, ", "")));
  EXPECT_FALSE(Accepts(Changed(kGood, "he_normal", "she_normal")));
  EXPECT_FALSE(Accepts(Changed(kGood, "relu", "rleu")));
  // It requires a parameter, so its bare name is not enough.
  EXPECT_FALSE(Accepts(Changed(kGood, "relu", "conv2d")));
}

TEST_F(SchemaTest, DescribesEveryPluginAndEveryParameter) {
  for (const std::string& kind : Registry::Kinds()) {
    for (const std::string& name : registry_.Names(kind)) {
      const Json& plugin = schema_["definitions"][kind + "." + name];
      EXPECT_NE(plugin.value("description", ""), "") << kind << "/" << name;
      for (const auto& [key, field] : plugin["properties"].items()) {
        if (key == "name") continue;
        EXPECT_NE(field.value("description", ""), "") << kind << "/" << name << " " << key;
      }
    }
  }
}

}  // namespace
}  // namespace nabla
