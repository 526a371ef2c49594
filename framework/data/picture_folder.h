// Folders of pictures, one for each class, as a data set.
#ifndef NABLA_FRAMEWORK_DATA_PICTURE_FOLDER_H_
#define NABLA_FRAMEWORK_DATA_PICTURE_FOLDER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/fields.h"
#include "framework/data/files.h"
#include "framework/model/dataset.h"
#include "framework/picture/fit_picture.h"

namespace nabla {

template <>
struct EnumNames<PictureFit> {
  static constexpr std::pair<PictureFit, const char*> kNames[] = {
      {PictureFit::kMiddle, "middle"}, {PictureFit::kStrokes, "strokes"}};
};

struct PictureFolders {
  std::string train;
  std::string test;  // "": none, or the folder `test` beside the folder `train` in `train`
};

struct PictureSettings {
  // Without a size, all pictures must have that of the first.
  std::optional<size_t> height = std::nullopt;
  std::optional<size_t> width = std::nullopt;
  // 1 or 3; if it is not set, 1 where all pictures are grey.
  std::optional<size_t> channels = std::nullopt;
  PictureFit fit = PictureFit::kMiddle;
  Normalization normalization = {};
};

// The pictures CLASS/NAME.png, .jpg and .jpeg of both folders as rows of shape (channels, height,
// width), a byte a pixel, in the order of their names' bytes. The classes are the folders of the
// training pictures. Those of another size are fitted as `run predict` fits a picture to the
// trained model (fit_picture.h). Remarks name what was left out: files that are not pictures, and
// all whose names begin with a dot. Throws InputError placed at the file or folder: a picture that
// cannot be read, pictures of different sizes, a folder without pictures, fewer than two classes, a
// class that only test pictures have.
DataSplits ReadPictureFolders(const Files& files, const std::string& name,
                              const PictureFolders& folders, const PictureSettings& settings);

struct LabelledPictures {
  std::vector<uint8_t> pixels;
  std::vector<int32_t> labels;
  std::vector<std::string> remarks;
};

// The pictures of one folder for a model that knows `classes`; others are an InputError.
// `settings` have a size and channels.
LabelledPictures ReadLabelledPictures(const Files& files, const std::string& folder,
                                      const std::vector<std::string>& classes,
                                      const PictureSettings& settings);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_PICTURE_FOLDER_H_
