// Arrays that are read are written to a file that reads the same.
#include "framework/formats/npz.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  std::vector<NamedTensor> tensors, again;
  if (!Accepts([&] { tensors = ReadNpz({data, size}, "fuzz"); })) return 0;
  Require(Accepts([&] { again = ReadNpz(WriteNpz(tensors), "written"); }),
          "what is written can be read");
  Require(tensors == again, "and is the same");
  return 0;
}
