// A file that is read is written to one that reads the same.
#include "framework/formats/safetensors.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  SafetensorsFile file;
  if (!Accepts([&] { file = ReadSafetensors({data, size}, "fuzz"); })) return 0;
  SafetensorsFile again;
  Require(Accepts([&] { again = ReadSafetensors(WriteSafetensors(file), "written"); }),
          "what is written can be read");
  Require(file == again, "and is the same");
  return 0;
}
