// A key with one wrong letter is answered with the key that was meant: every key of every bundled
// experiment, every such mistake.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/spec/spec.h"
#include "framework/spec/sweep_points.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

constexpr double kWantedShare = 0.95;

// What lies beside a key of an English keyboard.
const std::map<char, std::string>& Beside() {
  static const std::map<char, std::string> kBeside = {
      {'a', "qwsz"},   {'b', "vghn"},   {'c', "xdfv"},   {'d', "serfcx"}, {'e', "wsdr"},
      {'f', "drtgvc"}, {'g', "ftyhbv"}, {'h', "gyujnb"}, {'i', "ujko"},   {'j', "huikmn"},
      {'k', "jiolm"},  {'l', "kop"},    {'m', "njk"},    {'n', "bhjm"},   {'o', "iklp"},
      {'p', "ol"},     {'q', "wa"},     {'r', "edft"},   {'s', "awedxz"}, {'t', "rfgy"},
      {'u', "yhji"},   {'v', "cfgb"},   {'w', "qase"},   {'x', "zsdc"},   {'y', "tghu"},
      {'z', "asx"},    {'_', "-"}};
  return kBeside;
}

// A letter left out, doubled, swapped with its neighbour, or replaced by one beside it on the
// keyboard or in the alphabet.
std::set<std::string> Mistakes(const std::string& word) {
  std::set<std::string> mistakes;
  for (size_t i = 0; i < word.size(); ++i) {
    const std::string before = word.substr(0, i);
    const std::string after = word.substr(i + 1);
    mistakes.insert(before + after);
    mistakes.insert(before + word[i] + word[i] + after);
    if (!after.empty()) mistakes.insert(before + after[0] + word[i] + after.substr(1));
    std::string others = Beside().contains(word[i]) ? Beside().at(word[i]) : "";
    if (std::isalnum(static_cast<unsigned char>(word[i])) != 0) {
      others += static_cast<char>(word[i] + 1);
      others += static_cast<char>(word[i] - 1);
    }
    for (const char other : others) mistakes.insert(before + other + after);
  }
  mistakes.erase(word);
  mistakes.erase("");
  return mistakes;
}

// The stretches of a key that are names: all of it, or "model" and "weight" of a sweep's
// "model.0.weight".
std::vector<std::pair<size_t, size_t>> NamesIn(const std::string& key) {
  std::vector<std::pair<size_t, size_t>> names;
  for (size_t begin = 0; begin < key.size();) {
    const size_t end = std::min(key.find_first_of(".,", begin), key.size());
    const size_t first = std::min(key.find_first_not_of(' ', begin), end);
    const bool is_index = std::isdigit(static_cast<unsigned char>(key[first])) != 0;
    if (first < end && !is_index) names.emplace_back(first, end - first);
    begin = end + 1;
  }
  return names;
}

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Makes every mistake in every key of an experiment and counts the right answers.
class Typist {
 public:
  Typist(const Registry& registry, Node* tree) : registry_(registry), tree_(tree) {}

  void TypeAll() { Walk(tree_); }

  size_t keys = 0;
  size_t mistakes = 0;
  size_t right = 0;
  std::vector<std::string> wrong;

 private:
  void Walk(Node* node) {
    for (Node& item : node->items) Walk(&item);
    for (Node::Entry& entry : node->entries) {
      const std::string key = entry.key;
      ++keys;
      for (const auto& [begin, length] : NamesIn(key)) {
        const std::string name = key.substr(begin, length);
        for (const std::string& mistake : Mistakes(name)) {
          entry.key = key.substr(0, begin) + mistake + key.substr(begin + length);
          Count(name, mistake);
        }
      }
      entry.key = key;
      Walk(&entry.value);
    }
  }

  void Count(const std::string& name, const std::string& mistake) {
    ++mistakes;
    const std::string errors = Errors();
    const bool good =
        errors.find("\"" + mistake + "\"; did you mean \"" + name + "\"?") != std::string::npos;
    right += good;
    if (!good) wrong.push_back(mistake + " for " + name);
  }

  std::string Errors() const {
    try {
      ParseAnyExperiment(*tree_, registry_);
      SweepPoints(*tree_, registry_);
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  }

  const Registry& registry_;
  Node* tree_;
};

TEST(Suggestion, OneWrongLetterInAKeyIsAnsweredWithTheKey) {
  Registry registry;
  RegisterBuiltins(registry);
  size_t files = 0;
  size_t mistakes = 0;
  size_t right = 0;
  std::map<std::string, size_t> wrong;
  const fs::path folder = fs::path(std::getenv("TEST_SRCDIR")) / "nabla/experiments";
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".yaml") continue;
    Node tree = ParseYaml(Read(file.path()), file.path().filename());
    Typist typist(registry, &tree);
    typist.TypeAll();
    EXPECT_GE(typist.keys, 10U) << file.path();
    ++files;
    mistakes += typist.mistakes;
    right += typist.right;
    for (const std::string& each : typist.wrong) ++wrong[each];
  }
  std::printf("%zu files, %zu mistakes, %zu answered rightly: %.2f %%\n", files, mistakes, right,
              100.0 * static_cast<double>(right) / static_cast<double>(mistakes));
  for (const auto& [mistake, times] : wrong) std::printf("  %s (%zu)\n", mistake.c_str(), times);
  EXPECT_GE(files, 10U);
  EXPECT_GE(static_cast<double>(right), kWantedShare * static_cast<double>(mistakes));
}

}  // namespace
}  // namespace nabla
