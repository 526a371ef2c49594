#include "framework/plugin/datasets.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "framework/data/gzip.h"
#include "framework/data/idx.h"
#include "framework/plugin/samples.h"

namespace nabla {
namespace {

constexpr size_t kClasses = 10;

std::vector<RemoteFile> RemoteFiles(const IdxSource& source) {
  std::vector<RemoteFile> files;
  for (const std::string set : {"train-", "t10k-"}) {
    for (const std::string kind : {"images", "labels"}) {
      const std::string rank = kind == "images" ? "idx3-ubyte" : "idx1-ubyte";
      files.push_back({.folder = source.folder,
                       .names = {set + kind + "-" + rank, set + kind + "." + rank},
                       .sha256 = source.sha256[files.size()],
                       .mirrors = source.mirrors});
    }
  }
  return files;
}

Bytes ReadInstalled(const std::string& folder, const RemoteFile& file, Files& files) {
  const std::string path = folder + "/" + file.names[0];
  if (std::filesystem::exists(path)) return files.Read(path, file.max_size);
  return Gunzip(files.Read(path + ".gz", file.max_size).span(), file.max_size, path + ".gz");
}

}  // namespace

std::string InstalledFolder(const std::string& list, const std::string& name) {
  std::ifstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    const std::filesystem::path path(line);
    if (path.filename() == name || path.filename() == name + ".gz") return path.parent_path();
  }
  return "";
}

DataSplits IdxDataset::LoadIdx(const std::string& name, const IdxSource& source,
                               Files& files) const {
  const std::vector<RemoteFile> wanted = RemoteFiles(source);
  const std::string folder =
      source.package.empty()
          ? ""
          : InstalledFolder("/var/lib/dpkg/info/" + source.package + ".list", wanted[0].names[0]);
  std::vector<Bytes> bytes;
  if (folder.empty()) {
    bytes = files.Get(wanted);
  } else {
    for (const RemoteFile& file : wanted) bytes.push_back(ReadInstalled(folder, file, files));
  }
  const auto split = [&](size_t i) {
    const std::string& images = wanted[i].names[0];
    const std::string& labels = wanted[i + 1].names[0];
    return ImageSamples(ParseIdx(std::move(bytes[i]), images, 3),
                        ParseIdx(std::move(bytes[i + 1]), labels, 1), kClasses, images, labels,
                        {scale, mean, std});
  };
  DataSplits splits{.name = name};
  splits.train = split(0);
  splits.test = split(2);
  return splits;
}

Samples NumberSamples(std::vector<double> numbers, std::vector<int32_t> labels, size_t columns,
                      size_t classes) {
  struct Owned {
    std::vector<double> numbers;
    std::vector<int32_t> labels;
  };
  auto owned = std::make_shared<Owned>(Owned{std::move(numbers), std::move(labels)});
  return {.count = owned->labels.size(),
          .shape = {{columns}},
          .numbers = owned->numbers,
          .classes = classes,
          .labels = owned->labels,
          .keep_alive = owned};
}

}  // namespace nabla
