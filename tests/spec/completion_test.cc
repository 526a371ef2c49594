// The completion scripts, sourced and asked by the shells themselves.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

// What a command of the system prints.
std::string Output(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  for (size_t got; (got = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
    text.append(buffer.data(), got);
  }
  return text;
}

class Completion {
 public:
  explicit Completion(const std::string& shell) : shell_(shell) {
    const Outcome script = program_.Run({"completion", shell});
    EXPECT_EQ(script.code, 0) << script.err;
    program_.Write("script", script.out);
    program_.Write("mine.yaml", "name: mine\n");
    program_.Write("other.txt", "");
    program_.Write("folder/empty", "");
  }

  // What the shell offers for the last of `words`, in the order offered, each between blanks.
  std::string Offers(const Words& words) const {
    if (shell_ == "fish") return FishOffers(words);
    std::string line = "cd " + program_.folder() + "; . ./script 2>&1; ";
    if (shell_ == "zsh") line += "setopt KSH_ARRAYS SH_WORD_SPLIT; ";
    line += "COMP_WORDS=(";
    for (const std::string& word : words) line += "\"" + word + "\" ";
    line += "); COMP_CWORD=" + std::to_string(words.size() - 1) + "; _nabla; ";
    line += "echo \" ${COMPREPLY[*]} \"";
    program_.Write("ask", line);
    const std::string plain = shell_ == "zsh" ? " -f " : " --norc ";
    std::string offered = Output(shell_ + plain + program_.Path("ask"));
    if (!offered.empty()) offered.pop_back();
    return offered;
  }

 private:
  // fish asks its own functions, and describes offers after a tab.
  std::string FishOffers(const Words& words) const {
    std::string line = "cd " + program_.folder() + "; . ./script 2>&1; complete -C '";
    for (const std::string& word : words) line += (&word == words.data() ? "" : " ") + word;
    program_.Write("ask", line + "' | string replace -r '\\t.*' ''");
    std::string offered = " " + Output("fish --no-config " + program_.Path("ask"));
    std::replace(offered.begin(), offered.end(), '\n', ' ');
    return offered;
  }

  const std::string shell_;
  Program program_;
};

void ExpectOffers(const Completion& shell, const Words& words, const Words& wanted,
                  const Words& unwanted = {}) {
  const std::string offers = shell.Offers(words);
  for (const std::string& word : wanted) {
    EXPECT_TRUE(Contains(offers, " " + word + " ")) << words.back() << " -> " << offers;
  }
  for (const std::string& word : unwanted) {
    EXPECT_FALSE(Contains(offers, " " + word + " ")) << words.back() << " -> " << offers;
  }
}

// What holds in all shells.
void ExpectWords(const Completion& shell) {
  ExpectOffers(shell, {"run", ""}, {"run", "sweep", "time", "find-lr", "mnist_3layer.yaml"});
  EXPECT_TRUE(Contains(shell.Offers({"run", "find"}), " find-lr "));
  ExpectOffers(shell, {"run", "list", ""}, {"layer", "metric"}, {"bash", "layer/conv2d"});
  ExpectOffers(shell, {"run", "describe", "layer/co"}, {"layer/conv2d"}, {"layer/linear"});
  ExpectOffers(shell, {"run", "check", "loss"}, {"loss", "loss/cross_entropy"}, {"layer"});
  ExpectOffers(shell, {"run", "completion", ""}, {"bash", "zsh", "fish"});
  ExpectOffers(shell, {"run", "x.yaml", "train.e"}, {"train.epochs="}, {"train.batch_size="});
  ExpectOffers(shell, {"run", "time", "x.yaml", "--"}, {"--threads", "--json"}, {"--quiet"});
  ExpectOffers(shell, {"run", "x.yaml", "--th"}, {"--threads"}, {"--json"});
}

// What holds in bash and fish.
void ExpectFiles(const Completion& shell) {
  EXPECT_EQ(shell.Offers({"run", "find"}), " find-lr ");
  ExpectOffers(shell, {"run", "m"}, {"mine.yaml", "mnist_cnn.yaml"}, {"other.txt"});
  ExpectOffers(shell, {"run", "time", ""}, {"mine.yaml", "folder/", "mnist_cnn.yaml", "seed="},
               {"other.txt", "layer"});
}

TEST(CompletionTest, BashOffersWhatComesNext) {
  const Completion bash("bash");
  ExpectWords(bash);
  ExpectFiles(bash);
  EXPECT_EQ(bash.Offers({"run", "x.yaml", "--data", "fol"}), " folder ");
}

// bash cuts at "=".
TEST(CompletionTest, BashOffersValuesOfKeys) {
  const Completion bash("bash");
  ExpectOffers(bash, {"run", "x.yaml", "optimizer", "="}, {"sgd", "adam"}, {"relu"});
  EXPECT_EQ(bash.Offers({"run", "x.yaml", "optimizer", "=", "adama"}), " adamax ");
  EXPECT_EQ(bash.Offers({"run", "x.yaml", "dtype", "=", ""}), " float32 float64 ");
  EXPECT_EQ(bash.Offers({"run", "sweep", "x.yaml", "train.shuffle", "=", ""}), " true false ");
  EXPECT_EQ(bash.Offers({"run", "x.yaml", "seed", "=", ""}), "  ");
  ExpectOffers(bash, {"run", "x.yaml", "optimizer.l"}, {"optimizer.lr="});
}

TEST(CompletionTest, ZshToo) {
  if (Output("command -v zsh").empty()) GTEST_SKIP() << "zsh is not installed";
  const Completion zsh("zsh");
  ExpectWords(zsh);
  ExpectOffers(zsh, {"run", "x.yaml", "optimizer=adama"}, {"optimizer=adamax"}, {"optimizer=sgd"});
}

TEST(CompletionTest, FishToo) {
  if (Output("command -v fish").empty()) GTEST_SKIP() << "fish is not installed";
  const Completion fish("fish");
  ExpectWords(fish);
  ExpectFiles(fish);
  EXPECT_EQ(fish.Offers({"run", "x.yaml", "--data", "fol"}), " folder/ ");
  ExpectOffers(fish, {"run", "x.yaml", "optimizer=adama"}, {"optimizer=adamax"}, {"optimizer=sgd"});
  EXPECT_EQ(fish.Offers({"run", "x.yaml", "dtype="}), " dtype=float32 dtype=float64 ");
}

TEST(CompletionTest, AnotherShellGetsTheNearest) {
  const Outcome other = Program().Run({"completion", "bahs"});
  EXPECT_EQ(other.code, 2);
  EXPECT_EQ(other.err,
            "error: unknown shell \"bahs\"; did you mean \"bash\"? known: bash, zsh, fish\n");
}

}  // namespace
}  // namespace nabla
