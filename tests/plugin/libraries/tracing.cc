// A good library that tells when it is loaded.
#include "framework/plugin/abi.h"
#include "framework/plugin/registry.h"
#include "tests/plugin/libraries/traces.h"

namespace nabla {
namespace {

const Trace kTrace;

class Traced : public Schedule {
 public:
  static constexpr PluginInfo kInfo{"traced", "Never changes.", "lr(t) = lr"};
  using Interface = Schedule;
  double Rate(double base, const ScheduleTime&) const override { return base; }
};

}  // namespace
}  // namespace nabla

NABLA_PLUGIN_NOTE(NABLA_PLUGIN_ABI);
extern "C" void nabla_plugin_entry(nabla::Registry& registry, const char* origin, bool) {
  registry.Add<nabla::Traced>(origin);
}
