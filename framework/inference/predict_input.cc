#include "framework/inference/predict_input.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <utility>

#include "framework/base/error.h"
#include "framework/data/gzip.h"
#include "framework/data/idx.h"
#include "framework/data/picture_folder.h"
#include "framework/formats/npy.h"
#include "framework/inference/model_file.h"
#include "framework/picture/picture.h"

namespace nabla {
namespace {

constexpr size_t kMostGunzipped = size_t{1} << 32;

[[noreturn]] void Fail(Place place, const std::string& what) {
  throw InputError(std::vector<Problem>{{std::move(place), what}});
}

std::string_view TextOf(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// "28 x 28 pixels".
std::string Wanted(const Shape& shape) {
  const size_t n = shape.dims.size();
  if (n < 2) return fmt::format("{} pixels", shape.size());
  const std::string channels =
      n == 3 && shape.dims[0] > 1 ? fmt::format("{} channels of ", shape.dims[0]) : std::string();
  return fmt::format("{}{} x {} pixels", channels, shape.dims[n - 2], shape.dims[n - 1]);
}

// The sides of the model's pictures; a flat row is a square one, if any.
TrainedPictures PicturesOf(const ModelInput& input, const std::string& name) {
  const std::vector<size_t>& dims = input.shape.dims;
  const double mean = input.trained_on ? input.trained_on->mean : 128;
  if (dims.size() >= 2) return {dims[dims.size() - 1], dims[dims.size() - 2], mean};
  const auto side = static_cast<size_t>(std::lround(std::sqrt(input.shape.size())));
  if (side * side == input.shape.size()) return {side, side, mean};
  Fail({name}, fmt::format("the model takes {}, which are no square picture", Wanted(input.shape)));
}

size_t ChannelsOf(const ModelInput& input, const std::string& name) {
  const std::vector<size_t>& dims = input.shape.dims;
  const size_t channels = dims.size() == 3 ? dims[0] : 1;
  if (input.pixels && (channels == 1 || channels == 3)) return channels;
  Fail({name}, fmt::format("the model takes {}, not pictures; give CSV, .npz or .npy",
                           input.pixels ? Wanted(input.shape) : "numbers"));
}

RawRows FromPicture(const Bytes& file, const std::string& name, const ModelInput& input,
                    bool invert, std::optional<PictureFit> fit) {
  const size_t channels = ChannelsOf(input, name);
  TrainedPictures trained = PicturesOf(input, name);
  trained.fit = fit;
  Picture picture = ReadPicture(file.span(), name, channels);
  if (invert) {
    for (uint8_t& pixel : picture.pixels) pixel = static_cast<uint8_t>(255 - pixel);
  }
  RawRows rows{1, {}, {}};
  if (picture.transparent) {
    rows.remarks.push_back(name + ": warning: transparent parts are taken for white");
  }
  if (picture.width == trained.width && picture.height == trained.height) {
    rows.pixels = std::move(picture.pixels);
    return rows;
  }
  FittedPicture fitted = FitPicture(picture, trained, !invert);
  std::string remark = name + ": note: " + fitted.how;
  if (channels == 1) {
    remark += "\n" + TextPicture(fitted.pixels, trained.width, trained.height);
    remark.pop_back();
  }
  rows.remarks.push_back(std::move(remark));
  rows.pixels = std::move(fitted.pixels);
  return rows;
}

// A file of labels beside the rows: one for each.
std::vector<int32_t> LabelsFrom(TargetSource* targets, const ModelInput& input,
                                const IdxArray& rows, const std::string& name) {
  if (input.classes == 0) Fail({name}, "IDX holds classes, but the model predicts numbers");
  if (targets->labels_name.empty()) {
    Fail({name}, "it holds no classes: name the file that does with --labels");
  }
  const IdxArray labels = ParseIdx(std::move(targets->labels), targets->labels_name, 1);
  CheckImagesAndLabels(rows, labels, input.classes, name, targets->labels_name);
  const std::span<const uint8_t> data = labels.data();
  return {data.begin(), data.end()};
}

RawRows FromIdx(Bytes file, const std::string& name, const ModelInput& input,
                TargetSource* targets) {
  const Shape& shape = input.shape;
  const size_t rank = file.data()[3];
  if (rank == 0) Fail({name}, "expected an IDX file of rows, found one without dimensions");
  const IdxArray array = ParseIdx(std::move(file), name, rank);
  const Shape row{{array.dims.begin() + 1, array.dims.end()}};
  if (!IsSamePicture(row, shape)) {
    Fail({name}, fmt::format("its rows are {}, but the model takes {}",
                             row.dims.empty() ? "single numbers" : row.ToString() + " pixels",
                             Wanted(shape)));
  }
  const std::span<const uint8_t> data = array.data();
  RawRows rows{array.dims[0], {data.begin(), data.end()}, {}};
  if (targets != nullptr) rows.labels = LabelsFrom(targets, input, array, name);
  return rows;
}

RawRows FromArrays(const Bytes& file, const std::string& name, const ModelInput& input,
                   const TargetSource* targets, const ArrayChoice& choice) {
  const ArrayFile arrays(file.span(), name);
  if (targets == nullptr || targets->labels_name.empty()) {
    return RowsFromArrays(arrays, nullptr, input, targets != nullptr, choice);
  }
  const ArrayFile labels(targets->labels.span(), targets->labels_name);
  return RowsFromArrays(arrays, &labels, input, true, choice);
}

// A target that the user named and that is not looked for would be another one than is evaluated.
void CheckAsked(const TargetSource& targets, bool table, const std::string& name) {
  if (targets.asked_columns && !table) {
    Fail({name}, "--target names columns of CSV files, and this is none");
  }
  if (targets.asked_labels && table) {
    Fail({name}, "--labels is for images and .npy files: the targets of CSV are columns, --target");
  }
}

}  // namespace

bool IsSamePicture(Shape a, Shape b) {
  for (Shape* shape : {&a, &b}) {
    while (!shape->dims.empty() && shape->dims[0] == 1) shape->dims.erase(shape->dims.begin());
  }
  const bool flat = a.dims.size() < 2 || b.dims.size() < 2;
  return flat ? a.size() == b.size() : a == b;
}

ReadSettings ReadSettingsOf(const Node& dataset) {
  ReadSettings settings{.arrays = ArrayChoiceOf(dataset)};
  settings.unused = {TextsIn(dataset.Find("ignore")), TextsIn(dataset.Find("columns"))};
  const Node* fit = dataset.Find("fit");
  for (const auto& [value, name] : EnumNames<PictureFit>::kNames) {
    if (fit != nullptr && fit->text == name) settings.fit = value;
  }
  return settings;
}

RawRows ReadInputs(Bytes file, const std::string& name, const ModelInput& input, bool invert,
                   TargetSource* targets, const ReadSettings& settings) {
  if (LooksLikeGzip(file.span())) file = Gunzip(file.span(), kMostGunzipped, name);
  const std::string_view text = TextOf(file.span());
  RawRows rows;
  const std::string weight = targets == nullptr ? "" : targets->weight;
  const bool evaluates = targets != nullptr;
  const bool picture = LooksLikePicture(file.span());
  const bool idx = text.size() >= 4 && text[0] == 0 && text[1] == 0;
  const bool arrays = text.starts_with("PK") || LooksLikeNpy(file.span());
  if (evaluates) CheckAsked(*targets, !picture && !idx && !arrays, name);
  if (evaluates && targets->inputs) targets = nullptr;
  if (picture) {
    if (targets != nullptr) Fail({name}, "a picture alone does not say what it shows");
    rows = FromPicture(file, name, input, invert, settings.fit);
  } else if (idx) {
    rows = FromIdx(std::move(file), name, input, targets);
  } else if (arrays) {
    rows = FromArrays(file, name, input, targets, settings.arrays);
  } else if (text.find('\0') == std::string_view::npos) {
    rows = RowsFromCsv(file.span(), name, input, targets == nullptr ? nullptr : &targets->columns,
                       weight, evaluates, targets != nullptr && targets->numbered, settings.unused);
  } else {
    Fail({name},
         "expected a picture (PNG or JPEG), an IDX file, arrays (.npz or .npy) or lines of "
         "numbers (CSV)");
  }
  if (invert && rows.pixels.empty()) Fail({name}, "--invert is for pixels from 0 to 255");
  if (invert && !picture) {
    for (uint8_t& pixel : rows.pixels) pixel = static_cast<uint8_t>(255 - pixel);
  }
  if (input.trained_on) {
    const InputRange range = RangeOf(rows.pixels, rows.numbers);
    for (const auto& odd : OddInputs(*input.trained_on, range, input.shape.size(), invert)) {
      rows.remarks.push_back(name + ": warning: " + odd);
    }
  }
  return rows;
}

void Append(RawRows more, const std::string& name, RawRows* rows) {
  if (rows->count > 0 && rows->weights.empty() != more.weights.empty()) {
    Fail({name}, more.weights.empty() ? "its rows have no weights, but those before have"
                                      : "its rows have weights, but those before have none");
  }
  if (rows->count > 0 && rows->pixels.empty() != more.pixels.empty()) {
    for (RawRows* part : {rows, &more}) {
      if (part->numbers.empty()) part->numbers.assign(part->pixels.begin(), part->pixels.end());
      part->pixels.clear();
    }
  }
  const auto add = [](const auto& from, auto* to) {
    to->insert(to->end(), from.begin(), from.end());
  };
  rows->count += more.count;
  add(more.pixels, &rows->pixels);
  add(more.numbers, &rows->numbers);
  add(more.remarks, &rows->remarks);
  add(more.labels, &rows->labels);
  add(more.values, &rows->values);
  add(more.weights, &rows->weights);
}

RawRows ReadPictureRows(const Files& files, const std::string& folder, const ModelInput& input,
                        std::optional<PictureFit> fit) {
  const size_t channels = ChannelsOf(input, folder);
  TrainedPictures trained = PicturesOf(input, folder);
  trained.fit = fit;
  const PictureSettings settings{.height = trained.height,
                                 .width = trained.width,
                                 .channels = channels,
                                 .fit = FitFor(trained)};
  if (input.classes == 0) Fail({folder}, "its folders are classes, but the model knows none");
  std::vector<std::string> classes;
  for (size_t c = 0; c < input.classes; ++c) classes.push_back(input.meaning.ClassName(c));
  LabelledPictures pictures = ReadLabelledPictures(files, folder, classes, settings);
  return {.count = pictures.labels.size(),
          .pixels = std::move(pictures.pixels),
          .numbers = {},
          .remarks = std::move(pictures.remarks),
          .labels = std::move(pictures.labels)};
}

}  // namespace nabla
