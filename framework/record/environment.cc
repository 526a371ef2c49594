#include "framework/record/environment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <ctime>
#include <fstream>

#include "framework/base/hash.h"
#include "framework/base/version.h"
#include "framework/engine/threads.h"
#include "framework/kernels/simd.h"

namespace nabla {
namespace {

std::string Compiler() {
#if defined(__clang__)
  return fmt::format("clang {}", __clang_version__);
#else
  return fmt::format("gcc {}", __VERSION__);
#endif
}

std::string CpuName() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    const size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string System() {
  utsname name = {};
  if (uname(&name) != 0) return "unknown";
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

template <typename S>
void AddSpan(const S& span, Hasher* hasher) {
  hasher->Add(span.data(), span.size_bytes());
}

}  // namespace

std::string RowsOf(const Environment& environment) {
  std::string rows;
  for (const auto& [key, value] : environment) {
    if (key.ends_with("_data")) rows += key + " " + value + "\n";
  }
  return rows;
}

std::string DataHash(const Samples& samples) {
  if (samples.count == 0) return "";
  Hasher hasher;
  AddSpan(samples.pixels, &hasher);
  AddSpan(samples.numbers, &hasher);
  AddSpan(samples.labels, &hasher);
  AddSpan(samples.values, &hasher);
  if (!samples.weights.empty()) AddSpan(samples.weights, &hasher);
  const double normalization[] = {samples.normalization.scale, samples.normalization.mean,
                                  samples.normalization.std};
  hasher.Add(normalization, sizeof(normalization));
  return hasher.Hex();
}

RunInputs InputsOf(const DataSplits& data, const std::map<std::string, std::string>& libraries) {
  RunInputs inputs = {{"train_data", DataHash(data.train)}};
  if (data.validation.count > 0) {
    inputs.emplace_back("validation_data", DataHash(data.validation));
  }
  if (data.test.count > 0) inputs.emplace_back("test_data", DataHash(data.test));
  for (const auto& [name, hash] : libraries) inputs.emplace_back("plugin " + name, hash);
  return inputs;
}

Environment FindEnvironment(const RunInputs& inputs, size_t threads, size_t ranks) {
  Environment all = {
      {"nabla", kVersion},
      {"compiler", Compiler()},
      {"system", System()},
      {"cpu", CpuName()},
      {"usable_cores", std::to_string(UsableCores())},
      {"simd", SimdName()},
      {"threads", std::to_string(threads)},
      {"ranks", std::to_string(ranks)},
      {"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))}};
  all.insert(all.end(), inputs.begin(), inputs.end());
  return all;
}

}  // namespace nabla
