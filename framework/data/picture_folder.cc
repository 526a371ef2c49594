#include "framework/data/picture_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/nearest.h"
#include "framework/base/utf8.h"
#include "framework/data/disk.h"
#include "framework/picture/picture.h"

namespace nabla {
namespace {

constexpr size_t kMostFileBytes = size_t{1} << 28;
constexpr const char* kEndingsText = "(.png, .jpg, .jpeg)";

[[noreturn]] void Fail(const std::string& path, const std::string& message) {
  throw InputError({Problem{{path}, message}});
}

std::string Inside(const std::string& folder, const std::string& name) {
  return (std::filesystem::path(folder) / name).string();
}

bool IsHidden(const std::string& name) { return name.starts_with('.'); }

// Names of some things, of which messages show the first.
struct SomeNames {
  void Add(std::string name) {
    if (++count == 1) first = std::move(name);
  }

  size_t count = 0;
  std::string first;
};

// The pictures below one folder. A million files fit: each is its name and its class.
struct Listing {
  struct File {
    uint32_t folder = 0;  // of its class, among `folders`
    std::string name;
  };

  std::string PathOf(const File& file) const {
    return Inside(Inside(root, folders[file.folder]), file.name);
  }

  // The classes that the folders name, fit to be printed.
  std::vector<std::string> Classes() const {
    std::vector<std::string> classes;
    for (const std::string& folder : folders) classes.push_back(Escaped(folder));
    return classes;
  }

  std::string root;
  std::vector<std::string> folders;
  std::vector<File> files;
  SomeNames left_out;
};

void AddClass(const Files& files, const std::string& folder, Listing* listing) {
  const std::string path = Inside(listing->root, folder);
  if (!IsUtf8(folder)) Fail(path, "the name of a class must be UTF-8");
  const FolderNames names = ListFolder(files.Resolve(path));
  const auto place = static_cast<uint32_t>(listing->folders.size());
  const size_t before = listing->files.size();
  for (const std::string& name : names.files) {
    if (IsPictureName(name)) {
      listing->files.push_back({place, name});
    } else {
      listing->left_out.Add(folder + "/" + name);
    }
  }
  for (const std::string& name : names.folders) listing->left_out.Add(folder + "/" + name + "/");
  listing->folders.push_back(folder);
  if (listing->files.size() > before) return;
  Fail(path, std::string("the class has no pictures ") + kEndingsText +
                 (names.folders.empty()
                      ? ""
                      : ", only folders; if these are the classes, write `train: " + path + "`"));
}

Listing List(const Files& files, const std::string& root) {
  Listing listing{.root = root};
  const FolderNames names = ListFolder(files.Resolve(root));
  for (const std::string& name : names.files) listing.left_out.Add(name);
  for (const std::string& name : names.folders) {
    if (IsHidden(name)) {
      listing.left_out.Add(name + "/");
    } else {
      AddClass(files, name, &listing);
    }
  }
  if (listing.folders.empty()) {
    Fail(root, "expected a folder for each class, with its pictures in it, found no folders");
  }
  return listing;
}

// A folder that holds `train`, and nothing else but perhaps `test`, stands for these.
PictureFolders Parts(const Files& files, const PictureFolders& folders) {
  if (!folders.test.empty()) return folders;
  const FolderNames names = ListFolder(files.Resolve(folders.train));
  const bool parted = std::ranges::count(names.folders, "train") == 1 &&
                      std::ranges::all_of(names.folders, [](const std::string& name) {
                        return IsHidden(name) || name == "train" || name == "test";
                      });
  if (!parted) return folders;
  const bool tested = std::ranges::count(names.folders, "test") == 1;
  return {Inside(folders.train, "train"), tested ? Inside(folders.train, "test") : ""};
}

void CheckClasses(const Listing& listing, const std::vector<std::string>& known) {
  for (const std::string& folder : listing.folders) {
    const std::string name = Escaped(folder);
    if (std::ranges::count(known, name) > 0) continue;
    Fail(Inside(listing.root, folder), "no training picture has this class" + Suggest(name, known));
  }
}

bool IsGrey(const Picture& picture) {
  const size_t plane = picture.width * picture.height;
  const auto* p = picture.pixels.data();
  return std::equal(p, p + plane, p + plane) && std::equal(p, p + plane, p + 2 * plane);
}

// Reads the pictures of one listing after another with the same size and channels.
class Reader {
 public:
  Reader(const Files& files, const PictureSettings& settings, size_t channels)
      : files_(files), settings_(settings), channels_(channels) {
    if (settings.height) size_ = {*settings.width, *settings.height, 0, settings.fit};
  }

  // False where a picture has colours, but one channel was only a guess.
  bool Read(const Listing& listing, const std::vector<std::string>& classes,
            LabelledPictures* owned) {
    std::vector<int32_t> labels;
    for (const std::string& name : listing.Classes()) {
      const auto at = std::ranges::find(classes, name);
      labels.push_back(static_cast<int32_t>(at - classes.begin()));
    }
    owned->labels.reserve(listing.files.size());
    for (const Listing::File& file : listing.files) {
      if (!Add(listing.PathOf(file), listing.files.size(), &owned->pixels)) return false;
      owned->labels.push_back(labels[file.folder]);
    }
    return true;
  }

  Shape shape() const { return {{channels_, size_.height, size_.width}}; }

  void AddRemarks(const std::string& root, std::vector<std::string>* remarks) const {
    if (fitted_.count > 0) {
      remarks->push_back(fmt::format("{}: note: {} of the pictures had another size: {}", root,
                                     fitted_.count, fitted_.first));
    }
    if (transparent_.count == 0) return;
    remarks->push_back(
        fmt::format("{}: warning: transparent parts are taken for white, in {} of the pictures",
                    transparent_.first, transparent_.count));
  }

 private:
  bool Add(const std::string& path, size_t rows, std::vector<uint8_t>* pixels) {
    const bool guessed = !settings_.channels && channels_ == 1;
    const Bytes content = files_.Read(path, kMostFileBytes);
    Picture picture = ReadPicture(content.span(), path, guessed ? 3 : channels_);
    if (guessed) {
      if (!IsGrey(picture)) return false;
      picture.pixels.resize(picture.width * picture.height);
      picture.channels = 1;
    }
    if (picture.transparent) transparent_.Add(path);
    if (first_.empty()) {
      first_ = path;
      if (!settings_.height) size_ = {picture.width, picture.height, 0, settings_.fit};
    }
    if (pixels->empty()) pixels->reserve(rows * channels_ * size_.width * size_.height);
    if (picture.width != size_.width || picture.height != size_.height) Fit(path, &picture);
    pixels->insert(pixels->end(), picture.pixels.begin(), picture.pixels.end());
    return true;
  }

  void Fit(const std::string& path, Picture* picture) {
    if (!settings_.height) {
      Fail(path, fmt::format("is {} x {} pixels, but {} is {} x {}: write `size: [{}, {}]`, a "
                             "height and a width, to fit all to one size",
                             picture->width, picture->height, first_, size_.width, size_.height,
                             size_.height, size_.width));
    }
    FittedPicture fitted = FitPicture(*picture, size_, true);
    fitted_.Add(fmt::format("in {}, {}", path, fitted.how));
    picture->pixels = std::move(fitted.pixels);
  }

  const Files& files_;
  const PictureSettings& settings_;
  const size_t channels_;
  TrainedPictures size_;
  std::string first_;
  SomeNames fitted_;
  SomeNames transparent_;
};

Samples SamplesOf(std::shared_ptr<LabelledPictures> owned, const Reader& reader,
                  const PictureSettings& settings, std::shared_ptr<const TargetMeaning> meaning) {
  return {.count = owned->labels.size(),
          .shape = reader.shape(),
          .pixels = owned->pixels,
          .normalization = settings.normalization,
          .classes = meaning->classes.size(),
          .labels = owned->labels,
          .meaning = meaning,
          .keep_alive = owned};
}

void AddLeftOut(const Listing& listing, std::vector<std::string>* remarks) {
  const SomeNames& left_out = listing.left_out;
  if (left_out.count == 0) return;
  remarks->push_back(fmt::format(
      "{}: note: left out, since they are not pictures {}: {}{}", listing.root, kEndingsText,
      left_out.first, left_out.count == 1 ? "" : fmt::format(" and {} more", left_out.count - 1)));
}

// Nothing where a picture has colours, but one channel was only a guess.
std::optional<DataSplits> ReadAll(const Files& files, const Listing& train, const Listing* test,
                                  const PictureSettings& settings, size_t channels) {
  Reader reader(files, settings, channels);
  const auto meaning =
      std::make_shared<const TargetMeaning>(TargetMeaning{.classes = train.Classes()});
  DataSplits splits;
  for (const Listing* listing : {&train, test}) {
    if (listing == nullptr) continue;
    const auto owned = std::make_shared<LabelledPictures>();
    if (!reader.Read(*listing, meaning->classes, owned.get())) return std::nullopt;
    (listing == test ? splits.test : splits.train) = SamplesOf(owned, reader, settings, meaning);
  }
  splits.remarks.push_back(
      fmt::format("{}: note: {} pictures of {} x {} pixels, {}, in {} classes: {}", train.root,
                  splits.train.count, reader.shape().dims[2], reader.shape().dims[1],
                  channels == 1 ? "grey" : "in colour", train.folders.size(),
                  fmt::join(meaning->classes, ", ")));
  reader.AddRemarks(train.root, &splits.remarks);
  return splits;
}

}  // namespace

DataSplits ReadPictureFolders(const Files& files, const std::string& name,
                              const PictureFolders& folders, const PictureSettings& settings) {
  const PictureFolders parts = Parts(files, folders);
  const Listing train = List(files, parts.train);
  std::optional<Listing> test;
  if (!parts.test.empty()) test = List(files, parts.test);
  const Listing* tested = test ? &*test : nullptr;
  if (train.folders.size() < 2) {
    Fail(train.root, "expected a folder for each of at least two classes, found only " +
                         train.folders[0] + "/");
  }
  if (test) CheckClasses(*test, train.Classes());
  std::optional<DataSplits> splits =
      ReadAll(files, train, tested, settings, settings.channels.value_or(1));
  if (!splits) splits = ReadAll(files, train, tested, settings, 3);
  splits->name = name;
  AddLeftOut(train, &splits->remarks);
  if (test) AddLeftOut(*test, &splits->remarks);
  return *std::move(splits);
}

LabelledPictures ReadLabelledPictures(const Files& files, const std::string& folder,
                                      const std::vector<std::string>& classes,
                                      const PictureSettings& settings) {
  const Listing listing = List(files, folder);
  CheckClasses(listing, classes);
  LabelledPictures pictures;
  Reader reader(files, settings, *settings.channels);
  reader.Read(listing, classes, &pictures);
  reader.AddRemarks(folder, &pictures.remarks);
  AddLeftOut(listing, &pictures.remarks);
  return pictures;
}

}  // namespace nabla
