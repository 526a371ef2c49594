#include "framework/training/side_by_side.h"

#include <gtest/gtest.h>

#include "framework/base/error.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

// The second time it must not give the empty data that the first time left.
TEST(DataCache, DataThatCannotBeLoadedAreRefusedEachTime) {
  Registry registry;
  RegisterBuiltins(registry);
  const AnySpec spec = ParseAnyExperiment(ParseYaml(R"(name: gone
dataset: {name: csv, train: no_such_file.csv, target: y}
model: [{name: linear, units: 2}]
loss: cross_entropy
optimizer: adam
)",
                                                    "gone.yaml"),
                                          registry);
  Files files({.offline = true});
  DataCache cache(files);
  for (int i = 0; i < 3; ++i) EXPECT_THROW(cache.Get(HeadOf(spec)), InputError);
}

}  // namespace
}  // namespace nabla
