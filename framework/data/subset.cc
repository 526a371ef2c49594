#include "framework/data/subset.h"

#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/generator.h"
#include "framework/base/philox.h"
#include "framework/data/split.h"

namespace nabla {
namespace {

// `which` names the rows in messages, and keeps the draws of both splits apart.
Samples Some(const std::optional<int64_t>& wanted, const std::optional<int64_t>& seed,
             const char* which, uint64_t stream, const Samples& samples) {
  if (!wanted) return samples;
  const auto rows = static_cast<size_t>(*wanted);
  if (rows > samples.count) {
    throw InputError("subset." + std::string(which) + " is " + std::to_string(rows) +
                     ", but there are only " + std::to_string(samples.count) + " rows");
  }
  if (!seed) return FirstRows(samples, rows);
  std::vector<uint32_t> order(samples.count);
  const uint64_t key = Key(static_cast<uint64_t>(*seed), {stream});
  MakeGenerator(RngKind::kNabla, key)->Permutation(order);
  order.resize(rows);
  return TakeRows(samples, order);
}

}  // namespace

DataSplits Subset(const SubsetSettings& settings, DataSplits data) {
  data.train = Some(settings.train, settings.seed, "train", 0, data.train);
  data.test = Some(settings.test, settings.seed, "test", 1, data.test);
  return data;
}

}  // namespace nabla
