#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "framework/data/files.h"
#include "framework/data/idx.h"
#include "tests/data/samples.h"

namespace nabla {
namespace {

RemoteFile Mnist(const std::string& stem, const std::string& rank, const std::string& sha256) {
  return {.folder = "mnist",
          .names = {stem + "-" + rank + "-ubyte", stem + "." + rank + "-ubyte"},
          .sha256 = sha256,
          .mirrors = {}};
}

const std::vector<RemoteFile>& MnistFiles() {
  static const std::vector<RemoteFile> files = {
      Mnist("train-images", "idx3",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
      Mnist("train-labels", "idx1",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
      Mnist("t10k-images", "idx3",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      Mnist("t10k-labels", "idx1",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")};
  return files;
}

TEST(MnistTest, RealFilesAreWhole) {
  const char* folder = std::getenv("NABLA_DATA");
  if (folder == nullptr) GTEST_SKIP() << "NABLA_DATA is not set: no real MNIST";
  const TemporaryFolder cache;
  FilesOptions options;
  options.env_dir = folder;
  options.cache_dir = cache.path();
  options.offline = true;
  // The second time takes what the first one put into the cache.
  for (int time = 0; time < 2; ++time) {
    std::vector<Bytes> contents = Files(options).Get(MnistFiles());
    for (size_t i = 0; i < 4; i += 2) {
      const IdxArray images = ParseIdx(std::move(contents[i]), "images", 3);
      const IdxArray labels = ParseIdx(std::move(contents[i + 1]), "labels", 1);
      EXPECT_EQ(images.dims, (std::vector<size_t>{i == 0 ? 60000u : 10000u, 28, 28}));
      EXPECT_NO_THROW(CheckImagesAndLabels(images, labels, 10, "images", "labels"));
    }
  }
}

}  // namespace
}  // namespace nabla
