// Arrays that are read are written to a file that reads the same, and those of a data set are
// sound.
#include "framework/formats/npz.h"

#include "framework/table/array_data.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  DataSplits splits;
  const auto load = [&] {
    const ArrayFile file({data, size}, "fuzz");
    // A .npy file alone has no targets; no checksum guards its numbers.
    splits = DataOfArrays("fuzz", {.file = &file}, nullptr, {.aims_at_inputs = file.single()});
  };
  if (Accepts(load)) {
    for (const Samples& rows : {splits.train, splits.test}) {
      const size_t inputs = rows.pixels.size() + rows.numbers.size();
      Require(inputs == rows.count * rows.shape.size(), "each row has its inputs");
      Require(rows.labels.size() == (rows.classes > 0 ? rows.count : 0), "and its class");
      Require(rows.values.size() == rows.count * rows.values_per_row, "or its values");
      for (const int32_t label : rows.labels) {
        Require(label >= 0 && size_t(label) < rows.classes, "which is one");
      }
    }
  }
  std::vector<NamedTensor> tensors, again;
  if (!Accepts([&] { tensors = ReadNpz({data, size}, "fuzz"); })) return 0;
  Require(Accepts([&] { again = ReadNpz(WriteNpz(tensors), "written"); }),
          "what is written can be read");
  Require(tensors == again, "and is the same");
  return 0;
}
