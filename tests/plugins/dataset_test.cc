// Data sets beyond MNIST: files in their form are read, wrong ones refused, drawn ones as said.
#include "framework/model/dataset.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/files.h"
#include "framework/plugin/datasets.h"
#include "tests/base/complaint.h"
#include "tests/data/samples.h"
#include "tests/plugins/made.h"

namespace nabla {
namespace {

Files FilesIn(const TemporaryFolder& folder) {
  FilesOptions options;
  options.data_dir = folder.path();
  options.offline = true;
  return Files(options);
}

std::string Idx(const std::vector<uint8_t>& dims, const std::string& content) {
  std::string text{0, 0, 8, static_cast<char>(dims.size())};
  for (const uint8_t dim : dims) text += std::string(3, '\0') + static_cast<char>(dim);
  return text + content;
}

// Two pictures to train on and one to test on, of 2 x 3 pixels.
void PutIdx(const TemporaryFolder& folder, const std::string& name) {
  folder.Put(name + "/train-images-idx3-ubyte.gz", Gzip(Idx({2, 2, 3}, "abcdefghijkl")));
  folder.Put(name + "/train-labels-idx1-ubyte.gz", Gzip(Idx({2}, "\x09\x01")));
  folder.Put(name + "/t10k-images-idx3-ubyte", Idx({1, 2, 3}, "mnopqr"));
  folder.Put(name + "/t10k-labels-idx1-ubyte", Idx({1}, "\x04"));
}

TEST(DatasetTest, SetsInTheFormOfMnistAreRead) {
  const TemporaryFolder folder;
  PutIdx(folder, "kmnist");
  Files files = FilesIn(folder);
  const DataSplits data = Made<Dataset>("{name: kmnist, scale: 2, mean: 1, std: 4}")->Load(files);
  EXPECT_EQ(data.name, "kmnist");
  EXPECT_EQ(data.train.count, 2u);
  EXPECT_EQ(data.train.shape.ToString(), "1x2x3");
  EXPECT_EQ(data.train.classes, 10u);
  EXPECT_EQ(data.train.labels[0], 9);
  EXPECT_EQ(data.train.pixels[11], 'l');
  EXPECT_EQ(data.test.labels[0], 4);
  EXPECT_EQ(data.test.pixels[0], 'm');
  EXPECT_EQ(data.test.normalization.std, 4);
}

// Debian's package comes before the folder, where it is installed.
TEST(DatasetTest, FashionMnistIsVerified) {
  const std::string list = "/var/lib/dpkg/info/dataset-fashion-mnist.list";
  if (!InstalledFolder(list, "train-images-idx3-ubyte").empty()) {
    GTEST_SKIP() << "dataset-fashion-mnist is installed";
  }
  const TemporaryFolder folder;
  PutIdx(folder, "fashion-mnist");
  Files files = FilesIn(folder);
  try {
    Made<Dataset>("{name: fashion_mnist}")->Load(files);
    FAIL() << "other pictures were taken";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("unpacked: expected SHA-256"), std::string::npos)
        << e.what();
  }
}

TEST(DatasetTest, AnInstalledPackageTellsItsFolder) {
  const TemporaryFolder folder;
  folder.Put("some.list", "/.\n/usr/share/doc/some\n/usr/share/some/train-images.gz\n");
  EXPECT_EQ(InstalledFolder(folder.path("some.list"), "train-images"), "/usr/share/some");
  EXPECT_EQ(InstalledFolder(folder.path("some.list"), "other"), "");
  EXPECT_EQ(InstalledFolder(folder.path("no.list"), "train-images"), "");
}

// `rows` rows of CIFAR-10's binary form, row r with the label and the blue of its last pixel
// `first`
// + r.
std::string CifarRows(int first, int rows) {
  std::string text;
  for (int r = 0; r < rows; ++r) {
    text += static_cast<char>(first + r);
    text += std::string(3071, '\0') + static_cast<char>(first + r);
  }
  return text;
}

void PutCifar(const TemporaryFolder& folder) {
  for (int batch = 1; batch <= 5; ++batch) {
    folder.Put("cifar-10-batches-bin/data_batch_" + std::to_string(batch) + ".bin",
               CifarRows(batch, 2));
  }
  folder.Put("cifar-10-batches-bin/test_batch.bin", CifarRows(7, 3));
}

TEST(DatasetTest, Cifar10IsReadBatchAfterBatch) {
  const TemporaryFolder folder;
  PutCifar(folder);
  Files files = FilesIn(folder);
  const DataSplits data = Made<Dataset>("cifar10")->Load(files);
  EXPECT_EQ(data.train.shape.ToString(), "3x32x32");
  EXPECT_EQ(data.train.count, 10u);
  EXPECT_EQ(data.test.count, 3u);
  EXPECT_EQ(std::vector<int>(data.train.labels.begin(), data.train.labels.end()),
            (std::vector<int>{1, 2, 2, 3, 3, 4, 4, 5, 5, 6}));
  for (size_t r = 0; r < 10; ++r) {
    EXPECT_EQ(data.train.pixels[(r + 1) * 3072 - 1], data.train.labels[r]);
    EXPECT_EQ(data.train.pixels[r * 3072], 0);
  }
}

TEST(DatasetTest, BadCifar10FilesAreRefused) {
  const std::string rows = CifarRows(9, 1);
  for (const auto& [content, message] :
       {std::pair{rows + "x", "expected rows of 3073 bytes, found 3074 bytes"},
        {std::string(), "expected rows of 3073 bytes, found 0 bytes"},
        {rows + CifarRows(10, 1), "row 1: expected a label from 0 to 9, found 10"}}) {
    const TemporaryFolder folder;
    PutCifar(folder);
    folder.Put("cifar-10-batches-bin/data_batch_3.bin", content);
    Files files = FilesIn(folder);
    EXPECT_EQ(ComplaintOf([&] { Made<Dataset>("cifar10")->Load(files); }),
              "data_batch_3.bin: error: " + std::string(message));
  }
  const TemporaryFolder nothing;
  Files files = FilesIn(nothing);
  EXPECT_THROW(Made<Dataset>("cifar10")->Load(files), DataUnavailable);
}

DataSplits Drawn(const std::string& yaml) {
  Files files{FilesOptions()};
  return Made<Dataset>(yaml)->Load(files);
}

TEST(DatasetTest, SpiralsAreSpirals) {
  const DataSplits data =
      Drawn("{name: spirals, arms: 3, points: 300, test_points: 60, turns: 2, noise: 0}");
  EXPECT_EQ(data.train.count, 300u);
  EXPECT_EQ(data.test.count, 60u);
  EXPECT_EQ(data.train.classes, 3u);
  const double circle = 2 * std::acos(-1);
  for (const Samples* split : {&data.train, &data.test}) {
    for (size_t r = 0; r < split->count; ++r) {
      const double x = split->numbers[2 * r];
      const double y = split->numbers[2 * r + 1];
      const double angle = circle * (split->labels[r] / 3.0 + 2 * std::hypot(x, y));
      EXPECT_NEAR(x * std::sin(angle), y * std::cos(angle), 1e-9);
      EXPECT_LE(std::hypot(x, y), 1);
      EXPECT_EQ(split->labels[r], static_cast<int32_t>(r % 3));
    }
  }
}

TEST(DatasetTest, XorIsXor) {
  const DataSplits data = Drawn("{name: xor, points: 200, test_points: 100}");
  int differ = 0;
  for (size_t r = 0; r < data.train.count; ++r) {
    const bool expected = (data.train.numbers[2 * r] < 0) != (data.train.numbers[2 * r + 1] < 0);
    EXPECT_EQ(data.train.labels[r], expected ? 1 : 0);
    differ += data.train.labels[r];
  }
  EXPECT_NEAR(differ, 100, 30);
  EXPECT_EQ(data.test.count, 100u);
}

TEST(DatasetTest, NoiseMovesPointsAndTheSeedDraws) {
  for (const std::string name : {"spirals", "xor"}) {
    const auto first = [&](const std::string& fields) {
      return Drawn("{name: " + name + ", points: 10" + fields + "}").train.numbers[0];
    };
    EXPECT_EQ(first(", seed: 1"), first(", seed: 1"));
    EXPECT_NE(first(", seed: 1"), first(", seed: 2"));
    EXPECT_NE(first(", noise: 0"), first(", noise: 0.1"));
    const DataSplits data = Drawn("{name: " + name + "}");
    EXPECT_NE(data.train.numbers[0], data.test.numbers[0]);
  }
}

}  // namespace
}  // namespace nabla
