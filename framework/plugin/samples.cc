#include "framework/plugin/samples.h"

#include <utility>

namespace nabla {

Samples ImageSamples(IdxArray images, IdxArray labels, size_t classes,
                     const std::string& images_name, const std::string& labels_name,
                     const Normalization& normalization) {
  CheckImagesAndLabels(images, labels, classes, images_name, labels_name);
  struct Owned {
    IdxArray images;
    std::vector<int32_t> labels;
  };
  auto owned = std::make_shared<Owned>();
  owned->images = std::move(images);
  const auto bytes = labels.data();
  owned->labels.assign(bytes.begin(), bytes.end());
  return {.count = owned->labels.size(),
          .shape = {{1, owned->images.dims[1], owned->images.dims[2]}},
          .pixels = owned->images.data(),
          .normalization = normalization,
          .classes = classes,
          .labels = owned->labels,
          .keep_alive = owned};
}

}  // namespace nabla
