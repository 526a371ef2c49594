// Files that came from somebody else, models and run folders: they load no code, lead to no file
// outside their folder, show a terminal nothing but text, and take no more memory than they have.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "framework/formats/safetensors.h"
#include "tests/experiments/program.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// A row of as many zeros as the digits have pixels.
std::string Row() {
  std::string row = "0";
  for (int i = 1; i < 784; ++i) row += ",0";
  return row + "\n";
}

// "tracing.so" leaves the file "trace" as soon as it is loaded.
class LibrariesOfFiles : public testing::Test {
 protected:
  LibrariesOfFiles() {
    fs::copy_file(
        std::string(std::getenv("TEST_SRCDIR")) + "/nabla/tests/plugin/libraries/tracing.so",
        program_.Path("tracing.so"));
    program_.environment["NABLA_TRACE"] = program_.Path("trace");
    program_.Write("traced.yaml", std::string(kSmallExperiment) +
                                      "schedule: traced\n"
                                      "plugins: [tracing.so]\n"
                                      "reference: [{metric: train_loss, epochs: 1, printed: 1}]\n");
    program_.Write("row.csv", Row());
    program_.Write("labelled.csv", "3," + Row());
  }

  void Train() {
    const Outcome trained = program_.Run({"traced.yaml", "--out", "run"});
    ASSERT_EQ(trained.code, 0) << trained.err;
    ASSERT_TRUE(Loaded());
  }

  // Whether the library was loaded since it was asked last.
  bool Loaded() { return fs::remove(program_.Path("trace")); }

  void ExpectRefused(const Words& words) {
    const Outcome outcome = program_.Run(words);
    EXPECT_EQ(outcome.code, 2) << words[0] << outcome.out << outcome.err;
    EXPECT_TRUE(Contains(outcome.err, "error: needs --plugin tracing.so: ")) << outcome.err;
    EXPECT_FALSE(Loaded()) << words[0];
  }

  void ExpectLoads(const Words& words) {
    const Outcome outcome = program_.Run(words);
    EXPECT_EQ(outcome.code, 0) << words[0] << outcome.out << outcome.err;
    EXPECT_TRUE(Loaded()) << words[0];
  }

  Program program_;
};

// A finished run is used again only with the libraries that it was trained with.
TEST_F(LibrariesOfFiles, AChangedLibraryIsNamedWhenARunIsUsedAgain) {
  Train();
  const Words again = {"traced.yaml", "--resume", "--out", "run"};
  EXPECT_EQ(program_.Run(again).code, 0);
  // What follows the last section of an ELF file is not loaded.
  std::ofstream(program_.Path("tracing.so"), std::ios::app) << "changed";
  const Outcome refused = program_.Run(again);
  EXPECT_EQ(refused.code, 2) << refused.out;
  EXPECT_TRUE(Contains(refused.err, "the library tracing.so has changed since this run"))
      << refused.err;
}

TEST_F(LibrariesOfFiles, AreLoadedOnlyWithPlugin) {
  Train();
  ExpectLoads({"export", "run", "--format", "safetensors", "--plugin", "tracing.so"});
  for (const Words& words : {Words{"predict", "run", "row.csv"},
                             {"predict", "run/model.safetensors", "row.csv"},
                             {"evaluate", "run", "labelled.csv"},
                             {"summary", "run"},
                             {"export", "run", "--format", "npz"},
                             {"export", "run/model.safetensors", "--format", "onnx"},
                             {"rerun", "run", "--out", "again"},
                             {"report", "run"}}) {
    ExpectRefused(words);
    Words with = words;
    with.insert(with.end(), {"--plugin", "./tracing.so"});
    ExpectLoads(with);
  }
  // What was loaded is what the new run says.
  EXPECT_TRUE(Contains(program_.Read("again/config.yaml"), "./tracing.so"));
  ExpectRefused({"why", "run", "again"});
  ExpectLoads({"why", "run", "again", "--plugin", "./tracing.so"});
  ExpectRefused({"compare", "run", "again"});
  for (const Words& words : {Words{"diff", "run", "again"}, {"runs", "--folder", "."}}) {
    EXPECT_EQ(program_.Run(words).code, 0);
    EXPECT_FALSE(Loaded());
  }
}

TEST_F(LibrariesOfFiles, AFileThatTheUserNamesIsTyped) {
  Train();
  ExpectLoads({"run/config.yaml", "--out", "same"});
  ExpectLoads({"time", "traced.yaml"});
}

TEST_F(LibrariesOfFiles, AnotherLibraryIsNotEnough) {
  Train();
  fs::copy_file(program_.Path("tracing.so"), program_.Path("other.so"));
  const Outcome outcome = program_.Run({"predict", "run", "row.csv", "--plugin", "other.so"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.err, "needs --plugin tracing.so")) << outcome.err;
}

// What a folder already holds is compared, not run.
TEST_F(LibrariesOfFiles, FoldersToGoOnWithLoadNone) {
  program_.Write("plain.yaml", kSmallExperiment);
  Train();
  const Outcome outcome = program_.Run({"plain.yaml", "--out", "run", "--resume"});
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_FALSE(Loaded());
}

// `reproduce` without a file is about the bundled experiments.
TEST_F(LibrariesOfFiles, FilesInTheFolderThatNobodyNamedAreNotRead) {
  program_.Write("mnist_3layer.yaml", program_.Read("traced.yaml"));
  EXPECT_EQ(program_.Run({"reproduce", "no_such_key=1"}).code, 2);
  EXPECT_FALSE(Loaded());
}

// A run folder, "runs/a", that somebody may have changed.
class HostileFolder : public testing::Test {
 protected:
  HostileFolder() {
    program_.Write("small.yaml", kSmallExperiment);
    program_.Write("row.csv", Row());
    EXPECT_EQ(program_.Run({"small.yaml", "--out", "runs/a", "--quiet"}).code, 0);
    program_.Write("secret.json", R"({"rows": ["a"], "columns": ["b"], "values": [[1]]})");
  }

  // Sets a key of summary.json.
  void Summary(const std::string& key, const Json& value) {
    Json summary = Json::parse(program_.Read("runs/a/summary.json"));
    summary[key] = value;
    program_.Write("runs/a/summary.json", summary.dump());
  }

  Program program_;
};

TEST_F(HostileFolder, NamesLeadToNoOtherFolder) {
  for (const std::string name :
       {"../../secret", "/etc/passwd", "..", ".hidden", "a/b", "", "a\nb"}) {
    const std::string sound = program_.Read("runs/a/summary.json");
    Summary("name", name);
    for (const char* command : {"rerun", "report"}) {
      EXPECT_EQ(program_.Run({command, "runs/a"}).code, 2) << name;
    }
    program_.Write("runs/a/summary.json", sound);
    Summary("matrices", Json::array({name}));
    const Outcome outcome = program_.Run({"diff", "runs/a", "runs/a"});
    EXPECT_EQ(outcome.code, 2) << name;
    EXPECT_TRUE(Contains(outcome.err, "is no name")) << outcome.err;
    program_.Write("runs/a/summary.json", sound);
  }
}

TEST_F(HostileFolder, LinksLeadToNoOtherFile) {
  const Words report = {"report", "runs/a"};
  fs::rename(program_.Path("runs/a/config.yaml"), program_.Path("runs/config.yaml"));
  fs::create_symlink("../config.yaml", program_.Path("runs/a/config.yaml"));
  const Outcome read = program_.Run(report);
  EXPECT_EQ(read.code, 2);
  EXPECT_TRUE(Contains(read.err, "config.yaml: error: a link that leads out of the folder"))
      << read.err;
  fs::create_directory(program_.Path("other"));
  for (const Words& words :
       {Words{"rerun", "runs/a"}, {"why", "runs/a", "other"}, {"compare", "runs/a", "other"}}) {
    const Outcome made = program_.Run(words);
    EXPECT_EQ(made.code, 2) << words[0];
    EXPECT_TRUE(Contains(made.err, "a link that leads out of the folder")) << made.err;
  }
  // What is written takes the place of a link.
  program_.Write("precious", "mine\n");
  fs::create_directories(program_.Path("new"));
  for (const char* name : {"log.txt", "metrics.csv", "metrics.jsonl", "environment.json",
                           "report.html", "summary.json", "checkpoint.safetensors"}) {
    fs::create_symlink("../precious", program_.Path(std::string("new/") + name));
  }
  const Outcome trained = program_.Run({"small.yaml", "--out", "new", "--quiet"});
  EXPECT_EQ(program_.Read("precious"), "mine\n") << trained.err;
}

TEST_F(HostileFolder, FilesThatNeverEndAreRefused) {
  const fs::path summary = program_.Path("runs/a/summary.json");
  fs::remove(summary);
  ASSERT_EQ(mkfifo(summary.c_str(), 0600), 0);
  EXPECT_EQ(program_.Run({"diff", "runs/a", "runs/a"}).code, 2);
  fs::remove(summary);
  fs::create_symlink("/dev/zero", summary);
  EXPECT_EQ(program_.Run({"diff", "runs/a", "runs/a"}).code, 2);
}

// A FIFO that nobody reads or writes keeps whoever opens it waiting.
TEST_F(HostileFolder, AFifoInTheFolderOfARunIsRefused) {
  for (const std::string name : {"log.txt", "metrics.csv", "metrics.jsonl", "environment.json",
                                 "config.yaml", "checkpoint.safetensors"}) {
    const std::string folder = "fifo_" + name;
    fs::create_directories(program_.Path(folder));
    ASSERT_EQ(mkfifo(program_.Path(folder + "/" + name).c_str(), 0600), 0);
    const Outcome outcome = program_.Run({"small.yaml", "--out", folder, "--quiet"});
    EXPECT_TRUE(outcome.code == 1 || outcome.code == 2) << name << outcome.err;
    EXPECT_TRUE(Contains(outcome.err, folder)) << name << outcome.err;
  }
}

TEST_F(HostileFolder, ThePlanOfASweepLeadsToNoOtherFile) {
  const auto sweep = [&](const std::string& out) {
    return program_.Run({"small.yaml", "optimizer.lr=0.1,0.2", "--out", out, "--quiet"});
  };
  fs::create_directories(program_.Path("fifo"));
  ASSERT_EQ(mkfifo(program_.Path("fifo/plan.json").c_str(), 0600), 0);
  const Outcome fifo = sweep("fifo");
  EXPECT_EQ(fifo.code, 2);
  EXPECT_TRUE(Contains(fifo.err, "plan.json")) << fifo.err;
  for (const std::string name : {".claim", ".followed", "plan.json"}) {
    const std::string folder = "links" + name;
    fs::create_directories(program_.Path(folder));
    fs::create_symlink("../victim", program_.Path(folder + "/" + name));
    const Outcome outcome = sweep(folder);
    EXPECT_TRUE(outcome.code == 1 || outcome.code == 2) << name << outcome.err;
    EXPECT_TRUE(Contains(outcome.err, name)) << outcome.err;
    EXPECT_FALSE(program_.Has("victim")) << name;
  }
}

TEST_F(HostileFolder, TextsSteerNoTerminal) {
  const std::string text =
      "\x1b[2J\x1b]0;owned\x07\r"
      "complete\xc2\x9b"
      "31m";
  for (const char* key : {"status", "dataset", "weights_hash"}) Summary(key, text);
  program_.Write("b.csv", "\x1b[31mred,1\n" + Row());
  EXPECT_EQ(program_.Run({"small.yaml", "--out", "b", "--quiet"}).code, 0);
  for (const Words& words : {Words{"runs"},
                             {"runs", "--json"},
                             {"report", "runs/a"},
                             {"diff", "runs/a", "runs/a"},
                             {"why", "runs/a", "b"},
                             {"compare", "runs/a", "b"},
                             {"predict", "runs/a", "b.csv"},
                             {"rerun", "runs/a", "--out", "again"},
                             {"\x1b[31m.yaml"}}) {
    const Outcome outcome = program_.Run(words);
    for (const std::string* said : {&outcome.out, &outcome.err}) {
      for (const char* bad : {"\x1b", "\r", "\x07", "\xc2\x9b"}) {
        EXPECT_FALSE(Contains(*said, bad)) << words[0] << *said;
      }
    }
  }
  EXPECT_TRUE(Contains(program_.Run({"runs"}).out, "\\x1b[2J"));
  const Json runs = Json::parse(program_.Run({"runs", "--json"}).out);
  EXPECT_EQ(runs[0]["status"], text);
}

// The program may take 1 GB; what the files say would be more.
TEST_F(HostileFolder, ModelsTakeNoMoreMemoryThanTheyHave) {
#ifndef NABLA_SANITIZED
  const std::string path = program_.Path("runs/a/checkpoint.safetensors");
  const SafetensorsFile sound = ReadSafetensors(Content(path), path);
  const auto predict = [&](const std::string& key, const std::string& from, const std::string& to) {
    SafetensorsFile file = sound;
    std::string& text = file.metadata[key];
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << text;
    text.replace(at, from.size(), to);
    // Anybody can compute it.
    file.metadata["checksum"] = ContentHash(file, "checksum");
    Put(program_.Path("bad.safetensors"), WriteSafetensors(file));
    const Outcome outcome = program_.Run({"predict", "bad.safetensors", "row.csv"});
    EXPECT_EQ(outcome.code, 2) << to << outcome.err;
    EXPECT_TRUE(Contains(outcome.err, "bad.safetensors")) << outcome.err;
  };
  rlimit before, limit;
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  limit = before;
  limit.rlim_cur = 1 << 30;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &limit), 0);
  predict("config", "units: 16", "units: 1000000");
  predict("input", "\"values\":0", "\"values\":1000000000000");
  predict("input", "\"values\":0", "\"values\":16000000");
  predict("input", "\"values\":0", "\"values\":-1");
  predict("input", "\"classes\":10", "\"classes\":0");
  predict("input", "\"classes\":10", "\"classes\":1e300");
  predict("input", "\"classes\":10", "\"classes\":11");
  predict("input", "28,28", "4294967296,4294967296");
  predict("input", "28,28", "0,28");
  predict("input", "\"std\":", "\"std\":0,\"x\":");
  setrlimit(RLIMIT_AS, &before);
#endif
}

// Means for fewer inputs than there are would be read beyond their end.
TEST_F(HostileFolder, ModelsHaveAsManyMomentsAsInputs) {
  const std::string standardised = std::string(kSmallExperiment) + "standardise: true\n";
  program_.Write("standard.yaml", standardised);
  ASSERT_EQ(program_.Run({"standard.yaml", "--out", "s", "--quiet"}).code, 0);
  const std::string path = program_.Path("s/checkpoint.safetensors");
  SafetensorsFile file = ReadSafetensors(Content(path), path);
  size_t moments = 0;
  for (NamedTensor& tensor : file.tensors) {
    if (tensor.dtype != ElementType::kF64) continue;
    tensor.shape = {1};
    tensor.bytes.resize(sizeof(double));
    ++moments;
  }
  ASSERT_EQ(moments, 2u);
  file.metadata["checksum"] = ContentHash(file, "checksum");
  Put(program_.Path("bad.safetensors"), WriteSafetensors(file));
  const Outcome outcome = program_.Run({"predict", "bad.safetensors", "row.csv"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.err, "are not one for each input")) << outcome.err;
}

// Runs SQL on a database, which is made if it is not there.
void Sql(const std::string& path, const std::string& statements) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
}

TEST_F(HostileFolder, DatabasesOfOthersAreLeftAlone) {
  const std::string path = program_.Path("runs/runs.db");
  const auto expect_refused = [&](const std::string& what) {
    const auto before = Content(path);
    const Outcome outcome = program_.Run({"runs"});
    EXPECT_EQ(outcome.code, 2) << what;
    EXPECT_TRUE(Contains(outcome.err, "runs/runs.db: error: not an index of runs that nabla made"))
        << what << outcome.err;
    EXPECT_EQ(Content(path), before) << what;
    fs::remove(path);
  };
  for (const std::string version : {"0", "1", "2", "3"}) {
    Sql(path,
        "CREATE TABLE runs (marathon); INSERT INTO runs VALUES (42.195); CREATE TABLE config"
        " (x); PRAGMA user_version = " +
            version);
    expect_refused("another's, version " + version);
  }
  program_.Write("runs/runs.db", "my notes about runs\n");
  expect_refused("text");
  program_.Write("theirs.db", "x");
  fs::create_symlink("../theirs.db", path);
  expect_refused("a link to another's");
  fs::create_symlink("../nowhere.db", path);
  EXPECT_EQ(program_.Run({"runs"}).code, 2);
  EXPECT_FALSE(program_.Has("nowhere.db"));
}

TEST_F(HostileFolder, OurDatabaseIsMadeAnewWhateverIsInIt) {
  const std::string path = program_.Path("runs/runs.db");
  const std::string good = program_.Run({"runs"}).out;
  ASSERT_TRUE(Contains(good, "complete")) << good;
  for (const std::string sql :
       {"PRAGMA user_version = 2", "CREATE TABLE more (x)", "DROP TABLE config",
        "CREATE TRIGGER t BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'no'); END",
        "UPDATE runs SET stamp = 'text'"}) {
    Sql(path, sql);
    const Outcome outcome = program_.Run({"runs"});
    EXPECT_EQ(outcome.code, 0) << sql << outcome.err;
    EXPECT_EQ(outcome.out, good) << sql;
  }
  // Damaged behind its header.
  std::vector<uint8_t> content = Content(path);
  for (size_t i = 100; i < content.size(); ++i) content[i] = 0xa5;
  Put(path, content);
  EXPECT_EQ(program_.Run({"runs"}).out, good);
}

}  // namespace
}  // namespace nabla
