#include "framework/inference/predict_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "framework/base/error.h"
#include "framework/data/gzip.h"
#include "framework/data/idx.h"
#include "framework/formats/png.h"

namespace nabla {
namespace {

constexpr size_t kMostUnpacked = size_t{1} << 32;

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

RawRows FromPng(const Bytes& file, const std::string& name, const Shape& shape) {
  const size_t n = shape.dims.size();
  if (n == 3 && shape.dims[0] != 1) {
    Fail({name}, fmt::format("the model takes {}, but pictures are read in grey; give an IDX file "
                             "or CSV",
                             Wanted(shape)));
  }
  GreyImage image = ReadPng(file.span(), name);
  const bool fits = n == 1 ? image.height * image.width == shape.size()
                           : image.height == shape.dims[n - 2] && image.width == shape.dims[n - 1];
  if (!fits) {
    Fail({name},
         fmt::format("the picture has {} x {} pixels (height x width), but the model takes {}",
                     image.height, image.width, Wanted(shape)));
  }
  return {1, std::move(image.pixels), {}};
}

// Whether rows of these shapes hold the same pixels: leading dimensions of 1 do not matter, and a
// flat row matches every picture of its size.
bool IsSamePicture(Shape a, Shape b) {
  for (Shape* shape : {&a, &b}) {
    while (!shape->dims.empty() && shape->dims[0] == 1) shape->dims.erase(shape->dims.begin());
  }
  const bool flat = a.dims.size() < 2 || b.dims.size() < 2;
  return flat ? a.size() == b.size() : a == b;
}

RawRows FromIdx(Bytes file, const std::string& name, const Shape& shape) {
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
  return {array.dims[0], {data.begin(), data.end()}, {}};
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

std::optional<double> NumberIn(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

// Calls cell(text, column) for every cell of a line; columns count from 1, in bytes.
template <typename F>
void ForCells(std::string_view line, F cell) {
  for (size_t begin = 0; begin <= line.size();) {
    const size_t end = std::min(line.find(',', begin), line.size());
    cell(Trimmed(line.substr(begin, end - begin)), static_cast<int>(begin) + 1);
    begin = end + 1;
  }
}

// Whether no cell is a number.
bool IsHeader(std::string_view line) {
  bool names = true;
  ForCells(line, [&names](std::string_view cell, int) { names = names && !NumberIn(cell); });
  return names;
}

void AddLine(std::string_view line, const Place& place, size_t wanted, RawRows* rows) {
  const size_t before = rows->numbers.size();
  ForCells(line, [&](std::string_view cell, int column) {
    const auto number = NumberIn(cell);
    if (!number) {
      Fail({place.origin, place.line, column},
           fmt::format("expected a number, found \"{}\"", cell.substr(0, 40)));
    }
    rows->numbers.push_back(*number);
  });
  const size_t found = rows->numbers.size() - before;
  if (found != wanted) {
    Fail(place, fmt::format("the line has {} numbers, but the model takes {}{}", found, wanted,
                            found == wanted + 1 ? "; leave out the label" : ""));
  }
  ++rows->count;
}

bool AreBytes(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [](double x) { return x >= 0 && x <= 255 && x == std::floor(x); });
}

RawRows FromCsv(std::span<const uint8_t> bytes, const std::string& name, const ModelInput& input) {
  const std::string_view text = TextOf(bytes);
  RawRows rows;
  int number = 1;
  for (size_t begin = 0; begin < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = Trimmed(text.substr(begin, end - begin));
    begin = end + 1;
    if (line.empty() || (number == 1 && IsHeader(line))) continue;
    AddLine(line, {name, number, 0}, input.shape.size(), &rows);
  }
  if (rows.count == 0) Fail({name}, "there are no rows");
  if (input.pixels && AreBytes(rows.numbers)) {
    for (const double x : rows.numbers) rows.pixels.push_back(static_cast<uint8_t>(x));
    rows.numbers.clear();
  }
  return rows;
}

}  // namespace

RawRows ReadInputs(Bytes file, const std::string& name, const ModelInput& input, bool invert) {
  if (LooksLikeGzip(file.span())) file = Gunzip(file.span(), kMostUnpacked, name);
  const std::string_view text = TextOf(file.span());
  RawRows rows;
  if (text.starts_with("\x89PNG")) {
    rows = FromPng(file, name, input.shape);
  } else if (text.size() >= 4 && text[0] == 0 && text[1] == 0) {
    rows = FromIdx(std::move(file), name, input.shape);
  } else if (text.find('\0') == std::string_view::npos) {
    rows = FromCsv(file.span(), name, input);
  } else {
    Fail({name}, "expected a PNG picture, an IDX file or lines of numbers (CSV)");
  }
  if (invert && rows.pixels.empty()) Fail({name}, "--invert is for pixels from 0 to 255");
  if (invert) {
    for (uint8_t& pixel : rows.pixels) pixel = static_cast<uint8_t>(255 - pixel);
  }
  return rows;
}

}  // namespace nabla
