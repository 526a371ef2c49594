// A picture that is read is written to one that reads the same.
#include "framework/picture/png.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  Picture image, again;
  if (!Accepts([&] { image = ReadPng({data, size}, "fuzz"); })) return 0;
  Require(image.width <= kMostPicturePixels && image.height <= kMostPicturePixels,
          "within its bounds");
  Require(image.pixels.size() == image.width * image.height, "as many pixels as its size says");
  if (image.pixels.size() > 1 << 16) return 0;  // packing large ones would take all the time
  const auto written = WriteGreyPng(image.width, image.height, image.pixels);
  Require(Accepts([&] { again = ReadPng(written, "written"); }), "what is written can be read");
  image.transparent = false;  // it lies on white now
  Require(image == again, "and is the same");
  return 0;
}
