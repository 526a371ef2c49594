#include "framework/data/files.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/sha256.h"
#include "tests/base/complaint.h"
#include "tests/data/fake_mirror.h"
#include "tests/data/samples.h"

namespace nabla {
namespace {

class FilesTest : public testing::Test {
 protected:
  FilesTest() { setenv("no_proxy", "127.0.0.1", 1); }

  FilesOptions Options() const {
    FilesOptions options;
    options.cache_dir = cache_.path();
    options.limits.connect = std::chrono::milliseconds(1000);
    options.limits.silence = std::chrono::milliseconds(1000);
    options.limits.stall = std::chrono::milliseconds(1000);
    return options;
  }

  FilesOptions WithData() const {
    FilesOptions options = Options();
    options.data_dir = data_.path();
    return options;
  }

  RemoteFile From(const std::vector<std::string>& ways) const {
    RemoteFile file = sample_;
    for (const std::string& way : ways) file.mirrors.push_back(mirror_.Url(way));
    return file;
  }

  std::string Get(Files& files, const RemoteFile& file) const {
    return AsText(files.Get({file})[0].span());
  }

  std::string Get(const FilesOptions& options, const RemoteFile& file) const {
    Files files(options);
    return Get(files, file);
  }

  void ExpectInputError(const FilesOptions& options, const std::string& path,
                        const std::string& part) const {
    try {
      Get(options, From({"ok"}));
      ADD_FAILURE() << "no error";
    } catch (const InputError& error) {
      EXPECT_EQ(error.problems()[0].place.origin, path);
      EXPECT_NE(error.problems()[0].message.find(part), std::string::npos) << error.what();
    }
    EXPECT_EQ(mirror_.requests(), 0);
  }

  const std::string content_ = "the content " + std::string(5000, 'c');
  const RemoteFile sample_ = SampleFile(content_);
  const TemporaryFolder data_;
  const TemporaryFolder env_;
  const TemporaryFolder cache_;
  FakeMirror mirror_{Gzip(content_), Gzip("something else")};
};

TEST_F(FilesTest, EverySpellingPlainOrPacked) {
  for (const std::string name : {"sample", "sample.other"}) {
    const TemporaryFolder folder;
    FilesOptions options = Options();
    options.data_dir = folder.path();
    folder.Put("set/" + name, content_);
    EXPECT_EQ(Get(options, sample_), content_);
    std::filesystem::remove(folder.path("set/" + name));
    folder.Put("set/" + name + ".gz", Gzip(content_));
    EXPECT_EQ(Get(options, sample_), content_);
  }
}

TEST_F(FilesTest, RelativeToTheWorkingDirectory) {
  data_.Put("inner/set/sample", content_);
  FilesOptions options = Options();
  options.data_dir = "inner";
  options.working_directory = data_.path();
  Files files(options);
  EXPECT_EQ(Get(files, sample_), content_);
  EXPECT_EQ(AsText(files.Read("inner/set/sample").span()), content_);
  EXPECT_EQ(files.Resolve("inner"), data_.path("inner"));
  EXPECT_EQ(files.Resolve("/x"), "/x");
}

TEST_F(FilesTest, ReadComplainsInTheUsersWords) {
  const Files files(Options());
  EXPECT_EQ(ComplaintOf([&] { files.Read("none.csv"); }), "none.csv: error: no such file");
}

// The files are unchecked here, so that each place can hold another content.
TEST_F(FilesTest, OrderOfPlaces) {
  RemoteFile file = From({"ok"});
  file.sha256 = "";
  FilesOptions options = WithData();
  options.env_dir = env_.path();
  EXPECT_EQ(Get(options, file), content_);
  cache_.Put("set/sample", "cache");
  EXPECT_EQ(Get(options, file), "cache");
  env_.Put("set/sample.gz", Gzip("env"));
  EXPECT_EQ(Get(options, file), "env");
  data_.Put("set/sample", "data");
  EXPECT_EQ(Get(options, file), "data");
  EXPECT_EQ(mirror_.requests(), 1);
}

TEST_F(FilesTest, FolderWithoutTheFileIsNoted) {
  data_.Put("set/other", "");
  FilesOptions options = WithData();
  options.env_dir = env_.path("none");
  Files files(options);
  EXPECT_EQ(Get(files, From({"ok"})), content_);
  EXPECT_EQ(files.notes(), (std::vector<std::string>{
                               data_.path("set") + " (--data): no sample, compressed or not",
                               env_.path("none/set") + " (NABLA_DATA): no such folder",
                           }));
}

TEST_F(FilesTest, BadFileOfTheUserIsAnErrorNotADownload) {
  data_.Put("set/sample", "bad");
  ExpectInputError(
      WithData(), data_.path("set/sample"),
      "expected SHA-256 " + sample_.sha256 + ", found " + Sha256Hex(AsBytes("bad")) + " (3 bytes)");
}

TEST_F(FilesTest, BadPackedFileOfTheUserIsAnError) {
  data_.Put("set/sample.gz", Gzip("bad"));
  ExpectInputError(WithData(), data_.path("set/sample.gz"), "unpacked: expected SHA-256");
  data_.Put("set/sample.gz", Gzip(content_).substr(0, 40));
  ExpectInputError(WithData(), data_.path("set/sample.gz"), "truncated");
  std::filesystem::remove(data_.path("set/sample.gz"));
  std::filesystem::create_directory(data_.path("set/sample"));
  ExpectInputError(WithData(), data_.path("set/sample"), "regular file");
  EXPECT_EQ(cache_.CountFiles(), 0u);
}

TEST_F(FilesTest, BadFileShowsBeforeAnotherIsDownloaded) {
  RemoteFile missing = From({"ok"});
  missing.names = {"missing"};
  data_.Put("set/sample", "bad");
  Files files(WithData());
  EXPECT_THROW(files.Get({missing, sample_}), InputError);
  EXPECT_EQ(mirror_.requests(), 0);
}

TEST_F(FilesTest, DownloadIsKept) {
  EXPECT_EQ(Get(Options(), From({"ok"})), content_);
  EXPECT_EQ(cache_.Text("set/sample"), content_);
  EXPECT_EQ(cache_.CountFiles(), 1u);
  EXPECT_EQ(Get(Options(), From({"ok"})), content_);
  EXPECT_EQ(mirror_.requests(), 1);
}

TEST_F(FilesTest, BadCacheIsReplaced) {
  cache_.Put("set/sample", "bad");
  Files files(Options());
  EXPECT_EQ(Get(files, From({"ok"})), content_);
  EXPECT_EQ(cache_.Text("set/sample"), content_);
  ASSERT_EQ(files.notes().size(), 1u);
  EXPECT_NE(files.notes()[0].find("(cache): expected SHA-256"), std::string::npos);
}

TEST_F(FilesTest, BadCacheIsNeverTrusted) {
  cache_.Put("set/sample", "bad");
  FilesOptions options = Options();
  options.offline = true;
  EXPECT_THROW(Get(options, From({"ok"})), DataUnavailable);
  EXPECT_EQ(mirror_.requests(), 0);
}

TEST_F(FilesTest, UnpackedFileIsKeptForNextTime) {
  data_.Put("set/sample.gz", Gzip(content_));
  EXPECT_EQ(Get(WithData(), sample_), content_);
  EXPECT_EQ(cache_.Text("set/sample"), content_);
  EXPECT_EQ(Get(WithData(), sample_), content_);
  // A cached copy does not hide that the file itself went bad.
  data_.Put("set/sample.gz", Gzip(content_) + "x");
  EXPECT_THROW(Get(WithData(), sample_), InputError);
}

TEST_F(FilesTest, KnownPackedFileIsNotUnpackedAgain) {
  const std::string packed = "would not even unpack";
  data_.Put("set/sample.gz", packed);
  cache_.Put("set/sample", content_);
  cache_.Put("set/sample.origin",
             sample_.sha256 + " is unpacked from " + Sha256Hex(AsBytes(packed)) + "\n");
  EXPECT_EQ(Get(WithData(), sample_), content_);
  // If the copy is bad, the file counts.
  cache_.Put("set/sample", "bad");
  EXPECT_THROW(Get(WithData(), sample_), InputError);
}

TEST_F(FilesTest, UnwritableCacheDoesNoHarm) {
  cache_.Put("file", "");
  FilesOptions options = WithData();
  options.cache_dir = cache_.path("file/inner");
  data_.Put("set/sample.gz", Gzip(content_));
  Files files(options);
  EXPECT_EQ(Get(files, sample_), content_);
  ASSERT_EQ(files.notes().size(), 1u);
  EXPECT_NE(files.notes()[0].find("the cache is not used: cannot write"), std::string::npos);
  options.cache_dir = "";
  EXPECT_EQ(Get(options, sample_), content_);
}

class BadMirrorTest : public FilesTest,
                      public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(BadMirrorTest, NextMirrorHelps) {
  Files files(Options());
  EXPECT_EQ(Get(files, From({GetParam().first, "ok"})), content_);
  EXPECT_EQ(cache_.Text("set/sample"), content_);
  ASSERT_EQ(files.notes().size(), 1u);
  EXPECT_NE(files.notes()[0].find(GetParam().second), std::string::npos) << files.notes()[0];
}

TEST_P(BadMirrorTest, WithoutAnotherNothingIsKept) {
  try {
    Get(Options(), From({GetParam().first}));
    FAIL();
  } catch (const DataUnavailable& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("set/sample was not found"), std::string::npos);
    EXPECT_NE(text.find(cache_.path("set/sample") + " (cache): no such file"), std::string::npos);
    EXPECT_NE(text.find(mirror_.Url(GetParam().first) + "sample.gz: "), std::string::npos) << text;
    EXPECT_NE(text.find(GetParam().second), std::string::npos) << text;
  }
  EXPECT_EQ(cache_.CountFiles(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, BadMirrorTest,
    testing::Values(std::pair("403", "HTTP status 403"), std::pair("404", "HTTP status 404"),
                    std::pair("truncated", " bytes "),
                    std::pair("wrong", "unpacked: expected SHA-256"),
                    std::pair("html", "expected gzip data, found \"<!DOCTYPE html>"),
                    std::pair("stalled", "stalled"), std::pair("silent", "no answer"),
                    std::pair("closed", "sample.gz: ")),
    [](const auto& test) { return std::string("Way") + test.param.first; });

TEST_F(FilesTest, OneFileWithoutNetworkIsEnough) {
  RemoteFile file = sample_;
  file.mirrors = {"http://127.0.0.1:1/"};
  Files files(Options());
  EXPECT_THROW(files.Get({file, From({"ok"})}), DataUnavailable);
  EXPECT_EQ(mirror_.requests(), 0);
}

// Ten mirrors behind a network that swallows everything.
TEST_F(FilesTest, GivesUpInTime) {
  FilesOptions options = Options();
  options.limits = DownloadLimits();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(Get(options, From(std::vector<std::string>(10, "silent"))), DataUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(FilesTest, ProcessesAtOnceShareTheCache) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] { EXPECT_EQ(Get(Options(), From({"ok"})), content_); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cache_.Text("set/sample"), content_);
  EXPECT_EQ(cache_.CountFiles(), 1u);
}

TEST_F(FilesTest, OptionsFromTheEnvironment) {
  setenv("NABLA_DATA", "/data", 1);
  setenv("HOME", "/home/me", 1);
  setenv("BUILD_WORKING_DIRECTORY", "/project", 1);
  const FilesOptions options = FilesOptions::FromEnvironment();
  EXPECT_EQ(options.env_dir, "/data");
  EXPECT_EQ(options.cache_dir, "/home/me/.cache/nabla");
  EXPECT_EQ(options.working_directory, "/project");
  EXPECT_FALSE(options.offline);
}

}  // namespace
}  // namespace nabla
