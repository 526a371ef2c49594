// What data set plugins share beyond samples.h: sets in MNIST's format, and points in a plane.
#ifndef NABLA_FRAMEWORK_PLUGIN_DATASETS_H_
#define NABLA_FRAMEWORK_PLUGIN_DATASETS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/data/files.h"
#include "framework/model/dataset.h"

namespace nabla {

// Where the four files {train,t10k}-{images-idx3,labels-idx1}-ubyte of a data set come from.
struct IdxSource {
  std::string folder;                 // inside a data folder
  std::vector<std::string> mirrors;   // URL prefixes
  std::array<std::string, 4> sha256;  // unpacked: training images, labels, test images, labels
  std::string package;                // of Debian, used first if installed; "" = none
};

// Ten classes of pictures in MNIST's format; the fields are those of NormalizationFields.
class IdxDataset : public Dataset {
 public:
  double scale = 255;
  double mean = 0;
  double std = 1;

 protected:
  DataSplits LoadIdx(const std::string& name, const IdxSource& source, Files& files) const;
};

// The folder in which an installed package has the file `name`, gzipped or not; "" if it has none.
// `list` is the path of dpkg's list of the package's files, which need not exist.
std::string InstalledFolder(const std::string& list, const std::string& name);

// N rows of I numbers, row-major, with their classes.
Samples NumberSamples(std::vector<double> numbers, std::vector<int32_t> labels, size_t columns,
                      size_t classes);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_DATASETS_H_
