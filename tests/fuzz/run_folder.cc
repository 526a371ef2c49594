// summary.json, a zero byte, metrics.jsonl. Epochs that are read are printed to lines that read the
// same.
#include "framework/record/run_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "framework/record/epoch_json.h"
#include "framework/record/finished_run.h"
#include "tests/fuzz/fuzz.h"

namespace nabla {
namespace {

const std::string& Folder() {
  static const std::string folder = [] {
    std::string made = std::filesystem::temp_directory_path() / "fuzz_run_XXXXXX";
    Require(mkdtemp(made.data()) != nullptr, "there is a temporary folder");
    return made;
  }();
  return folder;
}

void Put(const std::string& name, const std::string& text) {
  std::ofstream(Folder() + "/" + name, std::ios::binary) << text;
}

std::string Print(const std::vector<EpochMetrics>& epochs) {
  std::string lines;
  for (const EpochMetrics& epoch : epochs) lines += PrintEpoch(epoch) + "\n";
  return lines;
}

void Try(const std::string& summary, const std::string& metrics) {
  Put("summary.json", summary);
  Put("metrics.jsonl", metrics);
  Put("environment.json", summary);
  Accepts([] { ReadRun(Folder()); });
  Accepts([] { ReadEnvironment(Folder()); });
  std::vector<EpochMetrics> epochs, again;
  if (!Accepts([&] { epochs = ParseEpochs(metrics, "fuzz"); })) return;
  const std::string lines = Print(epochs);
  Require(Accepts([&] { again = ParseEpochs(lines, "printed"); }), "what is printed can be read");
  Require(Print(again) == lines, "and is the same");
}

}  // namespace
}  // namespace nabla

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(nabla::Chars({data, size}));
  const size_t zero = text.find('\0');
  if (zero != std::string::npos) nabla::Try(text.substr(0, zero), text.substr(zero + 1));
  return 0;
}
