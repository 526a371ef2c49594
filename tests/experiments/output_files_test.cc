// What commands write to a file that the user names never replaces a file of another kind.
#include <gtest/gtest.h>

#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

constexpr const char* kData = "x,y,kind\n1,2,a\n2,1,b\n";

class OutputFilesTest : public testing::Test {
 protected:
  OutputFilesTest() {
    program_.Write("net.yaml", kSmallExperiment);
    EXPECT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o", "train.epochs=1"}).code, 0);
    program_.Write("precious", kData);
  }

  void ExpectRefused(Words words, const std::string& file, const std::string& message) {
    const std::string before = program_.Read(file);
    const Outcome run = program_.Run(words);
    EXPECT_EQ(run.code, 2) << words[0] << run.out;
    EXPECT_TRUE(Contains(run.err, file + ": error: this file exists already")) << run.err;
    EXPECT_TRUE(Contains(run.err, message)) << run.err;
    EXPECT_TRUE(program_.Read(file) == before) << words[0];
  }
  void ExpectDone(const Words& words) {
    const Outcome run = program_.Run(words);
    EXPECT_EQ(run.code, 0) << run.err;
  }

  Program program_;
};

TEST_F(OutputFilesTest, AModelReplacesOnlyModelsOfItsFormat) {
  const Words formats = {"safetensors", "npz", "onnx", "c"};
  for (const std::string& format : formats) {
    const Words words = {"export", "o", "--format", format, "--out"};
    const auto to = [&](const std::string& file) {
      Words all = words;
      all.push_back(file);
      return all;
    };
    ExpectDone(to("m." + format));
    ExpectDone(to("m." + format));
    ExpectRefused(
        to("precious"), "precious",
        "it is not a model as " + format + " that nabla wrote; give another --out, or remove it");
    program_.Write("empty", "");
    ExpectDone(to("empty"));
    for (const char* begin : {"P", "PK\x03\x04", "\x08", "//", "{", "\n"}) {
      program_.Write("short", begin);
      ExpectRefused(to("short"), "short", "");
    }
  }
  for (const std::string& format : formats) {
    for (const std::string& other : formats) {
      if (format == other) continue;
      ExpectRefused({"export", "o", "--format", format, "--out", "m." + other}, "m." + other, "");
    }
  }
  // From it a training can be resumed, from a model it cannot.
  ExpectDone({"net.yaml", "--quiet", "--out", "p", "train.epochs=1"});
  ExpectRefused({"export", "o", "--format", "safetensors", "--out", "p/checkpoint.safetensors"},
                "p/checkpoint.safetensors", "");
  // The place that it chooses itself.
  program_.Write("o/model.onnx", kData);
  ExpectRefused({"export", "o", "--format", "onnx"}, "o/model.onnx",
                "name another file with --out");
}

TEST_F(OutputFilesTest, APageReplacesOnlyPages) {
  ExpectRefused({"report", "o", "--out", "net.yaml"}, "net.yaml",
                "it is not a page that nabla wrote; give another --out, or remove it");
  program_.Write("mine.html", "<!doctype html>\n<p>My page, made with love.\n");
  ExpectRefused({"report", "o", "--out", "mine.html"}, "mine.html", "");
  ExpectDone({"report", "o", "--out", "page.html"});
  ExpectDone({"report", "o", "--out", "page.html"});
  // As pages of earlier versions begin.
  program_.Write("old.html", "<!doctype html>\n<body><footer>Made with nabla 0.1.0</footer>\n");
  ExpectDone({"report", "o", "--out", "old.html"});
  program_.Write("report.html", kData);
  ExpectRefused({"report", "o", "o"}, "report.html", "name another file with --out");
  const Outcome folder = program_.Run({"report", "o", "--out", "o"});
  EXPECT_EQ(folder.code, 2);
  EXPECT_TRUE(Contains(folder.err, "o: error: this is a folder; give another --out")) << folder.err;
}

TEST_F(OutputFilesTest, OtherFilesAreNotReplacedEither) {
  program_.Write("rates/find_lr.csv", kData);
  ExpectRefused({"find-lr", "net.yaml", "--steps", "20", "--out", "rates"}, "rates/find_lr.csv",
                "it is not a table of rates that nabla wrote");
  ExpectDone({"find-lr", "net.yaml", "--steps", "20", "--out", "more"});
  ExpectDone({"find-lr", "net.yaml", "--steps", "20", "--out", "more"});
  program_.Write("net.txt", "lr = 0.1");
  ExpectRefused({"import", "net.txt", "--out", "net.yaml"}, "net.yaml", "give another --out");
}

TEST_F(OutputFilesTest, ADashIsNoFile) {
  for (const Words& words : {Words{"export", "o", "--format", "onnx", "--out", "-"},
                             {"report", "o", "--out", "-"},
                             {"net.yaml", "--out", "-"},
                             {"import", "precious", "--out", "-"},
                             {"investigate", "net.yaml", "--page", "-"},
                             {"investigate", "net.yaml", "--write", "-"},
                             {"compare", "net.yaml", "seed=1,2", "--out", "-"},
                             {"rerun", "o", "--out", "-"},
                             {"new-plugin", "activation", "mine", "--out", "-"},
                             {"find-lr", "net.yaml", "--out", "-"}}) {
    const Outcome run = program_.Run(words);
    EXPECT_EQ(run.code, 2) << words[0];
    EXPECT_TRUE(Contains(run.err, "\"-\" would be a file of that name")) << words[0] << run.err;
    EXPECT_FALSE(program_.Has("-")) << words[0];
  }
}

}  // namespace
}  // namespace nabla
