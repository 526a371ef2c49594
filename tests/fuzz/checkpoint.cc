// The heads of checkpoints and models, also of those whose checksum was made to fit: without that
// nothing behind the checksum would ever be reached.
#include "framework/record/checkpoint.h"

#include "framework/formats/safetensors.h"
#include "tests/fuzz/fuzz.h"

namespace nabla {
namespace {

void Try(std::span<const uint8_t> bytes) {
  const MemoryFile file(bytes);
  Accepts([&] {
    const CheckpointHead head = ReadCheckpointHead(file.path());
    Require(head.epochs >= 0, "epochs are counted from 0");
  });
  Accepts([&] { ReadModelHead(file.path()); });
}

}  // namespace
}  // namespace nabla

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  Try({data, size});
  SafetensorsFile file;
  if (!Accepts([&] { file = ReadSafetensors({data, size}, "fuzz"); })) return 0;
  file.metadata["checksum"] = ContentHash(file, "checksum");
  Try(WriteSafetensors(file));
  return 0;
}
