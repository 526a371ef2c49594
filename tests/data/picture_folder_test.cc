#include "framework/data/picture_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/disk.h"
#include "framework/inference/predict_input.h"
#include "framework/picture/png.h"
#include "tests/data/samples.h"
#include "tests/experiments/program.h"
#include "tests/picture/written_jpeg.h"

namespace nabla {
namespace {

using Json = nlohmann::json;
using Pixels = std::vector<uint8_t>;

std::string Text(const Pixels& bytes) { return {bytes.begin(), bytes.end()}; }

// A grey slope that begins with `first`, height x width.
Pixels Slope(size_t width, size_t height, int first) {
  Pixels pixels(width * height);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(first + 5 * i);
  return pixels;
}

std::string GreyPng(size_t width, size_t height, int first) {
  return Text(WriteGreyPng(width, height, Slope(width, height, first)));
}

std::string ColourPng(size_t width, size_t height, int first) {
  return Text(WriteRgbPng(width, height, Slope(3 * width, height, first)));
}

std::string ColourJpeg(size_t width, size_t height, int first) {
  return Text(WriteJpeg(width, height, Slope(3 * width, height, first)));
}

DataSplits Load(const TemporaryFolder& folder, const PictureSettings& settings = {},
                const PictureFolders& folders = {"pets", ""}) {
  FilesOptions options;
  options.working_directory = folder.path();
  return ReadPictureFolders(Files(options), "image_folder", folders, settings);
}

std::string Complaint(const TemporaryFolder& folder, const PictureSettings& settings = {},
                      const PictureFolders& folders = {"pets", ""}) {
  try {
    Load(folder, settings, folders);
  } catch (const InputError& e) {
    const std::string what = e.what();
    const size_t at = what.find(folder.path());
    return at == 0 ? what.substr(folder.path().size()) : what;
  }
  return "accepted";
}

// The rows of two classes, 3 x 2 pixels.
void PutPets(const TemporaryFolder& folder, const std::string& root = "pets") {
  folder.Put(root + "/dog/b.PNG", GreyPng(3, 2, 30));
  folder.Put(root + "/cat/2.png", GreyPng(3, 2, 20));
  folder.Put(root + "/cat/10.png", GreyPng(3, 2, 10));
}

TEST(PictureFolderTest, FoldersAreClassesInTheOrderOfTheirNames) {
  const TemporaryFolder folder;
  PutPets(folder);
  folder.Put("pets/Ape/x.jpeg", Text(WriteJpeg(3, 2, Pixels(6, 77), {.channels = 1})));
  const DataSplits data = Load(folder, {.normalization = {255, 0.5, 2}});
  EXPECT_EQ(data.name, "image_folder");
  EXPECT_EQ(data.train.meaning->classes, (std::vector<std::string>{"Ape", "cat", "dog"}));
  EXPECT_EQ(data.train.classes, 3u);
  EXPECT_EQ(data.train.shape.ToString(), "1x2x3");
  EXPECT_EQ(data.train.normalization, (Normalization{255, 0.5, 2}));
  EXPECT_EQ(std::vector<int32_t>(data.train.labels.begin(), data.train.labels.end()),
            (std::vector<int32_t>{0, 1, 1, 2}));
  Pixels expected(6, 77);
  for (const int first : {10, 20, 30}) {
    const Pixels more = Slope(3, 2, first);
    expected.insert(expected.end(), more.begin(), more.end());
  }
  EXPECT_EQ(Pixels(data.train.pixels.begin(), data.train.pixels.end()), expected);
  EXPECT_EQ(data.test.count, 0u);
  EXPECT_EQ(data.remarks,
            std::vector<std::string>{"pets: note: 4 pictures of 3 x 2 pixels, grey, in 3 classes: "
                                     "Ape, cat, dog"});
}

TEST(PictureFolderTest, OnePictureInColourMakesAllColoured) {
  const TemporaryFolder folder;
  PutPets(folder);
  folder.Put("pets/dog/z.png", ColourPng(3, 2, 0));
  const DataSplits data = Load(folder);
  EXPECT_EQ(data.train.shape.ToString(), "3x2x3");
  EXPECT_EQ(data.train.pixels.size(), 4u * 18);
  EXPECT_EQ(data.train.pixels[0], 10);
  EXPECT_EQ(data.train.pixels[6], 10);
  EXPECT_EQ(data.train.pixels[3 * 18 + 6], 5);  // the first pixel's green
  EXPECT_EQ(Load(folder, {.channels = 1}).train.shape.ToString(), "1x2x3");
  const TemporaryFolder grey;
  PutPets(grey);
  EXPECT_EQ(Load(grey, {.channels = 3}).train.shape.ToString(), "3x2x3");
}

TEST(PictureFolderTest, TestPicturesHaveTheClassesOfTheTrainingPictures) {
  const TemporaryFolder folder;
  PutPets(folder, "pets/train");
  folder.Put("pets/test/dog/t.png", GreyPng(3, 2, 40));
  folder.Put("pets/notes.txt", "no class");
  for (const PictureFolders& folders :
       {PictureFolders{"pets", ""}, {"pets/", ""}, {"pets/train", "pets/test"}}) {
    const DataSplits data = Load(folder, {}, folders);
    EXPECT_EQ(data.train.count, 3u);
    ASSERT_EQ(data.test.count, 1u);
    EXPECT_EQ(data.test.labels[0], 1);
    EXPECT_EQ(data.test.classes, 2u);
    EXPECT_EQ(data.test.pixels[0], 40);
  }
  folder.Put("pets/test/dig/t.png", GreyPng(3, 2, 40));
  EXPECT_EQ(
      Complaint(folder),
      "pets/test/dig: error: no training picture has this class; did you mean \"dog\"? known: "
      "cat, dog");
}

TEST(PictureFolderTest, WhatIsNoPictureIsLeftOutAndSaid) {
  const TemporaryFolder folder;
  PutPets(folder);
  folder.Put("pets/README", "x");
  folder.Put("pets/.git/HEAD", "x");
  folder.Put("pets/cat/.DS_Store", "x");
  folder.Put("pets/cat/._2.png", "x");
  folder.Put("pets/cat/more/3.png", "x");
  const DataSplits data = Load(folder);
  EXPECT_EQ(data.train.count, 3u);
  ASSERT_EQ(data.remarks.size(), 2u);
  EXPECT_EQ(data.remarks[1],
            "pets: note: left out, since they are not pictures (.png, .jpg, .jpeg): README and 4 "
            "more");
}

TEST(PictureFolderTest, MistakesAreSaidWithTheFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(Complaint(folder), "pets: error: No such file or directory");
  folder.Put("pets/cat/1.png", GreyPng(3, 2, 1));
  EXPECT_EQ(Complaint(folder),
            "pets: error: expected a folder for each of at least two classes, found only cat/");
  folder.Put("pets/dog/readme.txt", "none");
  EXPECT_EQ(Complaint(folder), "pets/dog: error: the class has no pictures (.png, .jpg, .jpeg)");
  folder.Put("pets/dog/a/1.png", GreyPng(3, 2, 1));
  EXPECT_EQ(
      Complaint(folder),
      "pets/dog: error: the class has no pictures (.png, .jpg, .jpeg), only folders; if these "
      "are the classes, write `train: pets/dog`");
  folder.Put("pets/dog/1.png", GreyPng(2, 3, 1));
  EXPECT_EQ(Complaint(folder),
            "pets/dog/1.png: error: is 2 x 3 pixels, but pets/cat/1.png is 3 x 2: write `size: [2, "
            "3]`, a height and a width, to fit all to one size");
  folder.Put("pets/dog/1.png", GreyPng(3, 2, 1).substr(0, 50));
  EXPECT_TRUE(Complaint(folder).starts_with("pets/dog/1.png: error: PNG: ")) << Complaint(folder);
  folder.Put("pets/dog/1.png", "");
  EXPECT_EQ(Complaint(folder), "pets/dog/1.png: error: is neither a PNG nor a JPEG picture");
  folder.Put("flat/1.png", GreyPng(3, 2, 1));
  EXPECT_EQ(Complaint(folder, {}, {"flat", ""}),
            "flat: error: expected a folder for each class, with its pictures in it, found no "
            "folders");
}

TEST(PictureFolderTest, NamesOfClassesAreFitToBePrinted) {
  const TemporaryFolder folder;
  folder.Put("pets/a\nb/1.png", GreyPng(3, 2, 1));
  folder.Put("pets/g\xC3\xB6/1.png", GreyPng(3, 2, 2));
  const Files files({.working_directory = folder.path()});
  const DataSplits data = ReadPictureFolders(files, "p", {"pets", ""}, {});
  EXPECT_EQ(data.train.meaning->classes, (std::vector<std::string>{"a\\x0ab", "g\xC3\xB6"}));
  const LabelledPictures again = ReadLabelledPictures(files, "pets", data.train.meaning->classes,
                                                      {.height = 2, .width = 3, .channels = 1});
  EXPECT_EQ(again.labels, (std::vector<int32_t>{0, 1}));
}

TEST(PictureFolderTest, LinksAreFollowedAndLoopsAreNoTrap) {
  const TemporaryFolder folder;
  PutPets(folder);
  folder.Put("others/w.png", GreyPng(3, 2, 50));
  ASSERT_EQ(symlink("../others", folder.path("pets/elk").c_str()), 0);
  ASSERT_EQ(symlink("../cat", folder.path("pets/cat/loop").c_str()), 0);
  EXPECT_EQ(Load(folder).train.count, 4u);
  ASSERT_EQ(symlink("x.png", folder.path("pets/dog/x.png").c_str()), 0);
  EXPECT_TRUE(Complaint(folder).ends_with("x.png: error: Too many levels of symbolic links"))
      << Complaint(folder);
  const TemporaryFolder other;
  PutPets(other);
  ASSERT_EQ(symlink(".", other.path("pets/loop").c_str()), 0);
  EXPECT_TRUE(Complaint(other).starts_with("pets/loop: error: the class has no pictures"));
}

// Pictures of any size, dark and light, in colour or not, of both formats: what the model is
// trained on is what `predict` makes of the same file.
TEST(PictureFolderTest, PredictMakesOfAPictureWhatTrainingDid) {
  for (const bool colours : {false, true}) {
    for (const PictureFit fit : {PictureFit::kMiddle, PictureFit::kStrokes}) {
      const TemporaryFolder folder;
      PutPets(folder);
      folder.Put("pets/cat/large.png", GreyPng(40, 30, 0));
      folder.Put("pets/cat/tall.jpg", Text(WriteJpeg(9, 31, Slope(9, 31, 9), {.channels = 1})));
      folder.Put("pets/dog/same.png", GreyPng(8, 6, 200));
      folder.Put("pets/dog/white.png", Text(WriteGreyPng(20, 20, Pixels(400, 255))));
      if (colours) folder.Put("pets/dog/colour.jpg", ColourJpeg(12, 20, 0));
      const DataSplits data = Load(folder, {.height = 6, .width = 8, .fit = fit});
      const size_t width = data.train.shape.size();
      EXPECT_EQ(width, colours ? 144u : 48u);
      ModelInput input{.shape = data.train.shape, .pixels = true, .moments = {}, .classes = 2};
      size_t row = 0;
      for (const std::string name : {"cat", "dog"}) {
        for (const std::string& file : ListFolder(folder.path("pets/" + name)).files) {
          // Neither a dark nor a light mean of the training rows decides.
          input.trained_on = InputRange{0, 255, row % 2 == 0 ? 10.0 : 200.0};
          const std::string path = folder.path("pets/" + name + "/" + file);
          const RawRows rows =
              ReadInputs(*ReadFile(path, 1 << 20), path, input, false, nullptr, {.fit = fit});
          const auto trained = data.train.pixels.subspan(row++ * width, width);
          EXPECT_EQ(rows.pixels, Pixels(trained.begin(), trained.end())) << file;
        }
      }
      EXPECT_EQ(row, data.train.count);
    }
  }
}

constexpr const char* kNet =
    "name: pets\nseed: 1\ndataset: {name: image_folder, train: pets, size: [8, 8]}\n"
    "split: {test_fraction: 0.25, stratify: true}\naugment: {shift: 1}\n"
    "model: [{name: conv2d, channels: 4, kernel_size: 3, padding: 1}, relu, flatten, {name: "
    "linear, "
    "units: 2}]\nloss: cross_entropy\noptimizer: {name: adam, lr: 0.02}\n"
    "metrics: [confusion_matrix]\ntrain: {epochs: 15, batch_size: 8}\n";

// Light and dark pictures of several sizes.
void PutLightAndDark(const Program& program) {
  for (int i = 0; i < 16; ++i) {
    const size_t side = 8 + static_cast<size_t>(i % 3);
    const std::string name = std::to_string(i) + ".png";
    program.Write("pets/moonlit/" + name,
                  Text(WriteGreyPng(side, side, Pixels(side * side, 20 + i))));
    program.Write("pets/sunny/" + name,
                  Text(WriteGreyPng(side, side, Pixels(side * side, 200 + i))));
  }
}

TEST(PictureFolderTest, NamesGoThroughEverything) {
  Program program;
  PutLightAndDark(program);
  program.Write("net.yaml", kNet);
  const Outcome run = program.Run({"net.yaml", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.err, "in 2 classes: moonlit, sunny\n")) << run.err;
  EXPECT_GE(Json::parse(program.Read("o/summary.json")).at("test_accuracy"), 0.9);
  EXPECT_TRUE(program.Read("o/confusion_matrix.csv")
                  .starts_with("confusion_matrix,moonlit,sunny\nmoonlit,"));
  EXPECT_TRUE(Contains(program.Read("o/report.html"), "sunny"));
  const Outcome one = program.Run({"predict", "o", "pets/sunny/3.png", "--top", "1"});
  EXPECT_TRUE(Contains(one.out, "sunny")) << one.out << one.err;
  const Outcome folder = program.Run({"predict", "o", "pets/moonlit", "--json"});
  const Json rows = Json::parse(folder.out);
  ASSERT_EQ(rows.size(), 16u);
  EXPECT_EQ(rows[2].at("class"), "moonlit");
  ASSERT_EQ(program.Run({"export", "o", "--format", "onnx", "--out", "m.onnx"}).code, 0);
  EXPECT_TRUE(Contains(program.Read("m.onnx"), "sunny"));
  ASSERT_EQ(program.Run({"export", "o", "--format", "safetensors", "--out", "m"}).code, 0);
  EXPECT_EQ(program.Run({"predict", "m", "pets/sunny/3.png", "--top", "1"}).out, one.out);
  EXPECT_EQ(program.Run({"net.yaml", "--resume", "--out", "o", "train.epochs=16"}).code, 0);
  const Outcome whole = program.Run({"evaluate", "o", "pets", "--json"});
  EXPECT_EQ(Json::parse(whole.out).at("rows"), 32) << whole.err;
  EXPECT_GE(Json::parse(whole.out).at("metrics").at("accuracy"), 0.9);
  program.Write("more/sunny/a.png", GreyPng(8, 8, 1));
  program.Write("more/rainy/a.png", GreyPng(8, 8, 1));
  const Outcome unknown = program.Run({"evaluate", "o", "more"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(Contains(unknown.err, "rainy: error: no training picture has this class"))
      << unknown.err;
  std::string folds = kNet;
  folds.replace(folds.find("test_fraction: 0.25, stratify: true"), 35, "folds: 3, fold: 2");
  program.Write("folds.yaml", folds);
  EXPECT_EQ(program.Run({"folds.yaml", "--out", "f", "dtype=float64"}).code, 0);
}

}  // namespace
}  // namespace nabla
