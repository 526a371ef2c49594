// Registers a plugin, then throws.
#include <stdexcept>

#include "framework/plugin/abi.h"
#include "framework/plugin/registry.h"

namespace nabla {
namespace {

class Steady : public Schedule {
 public:
  static constexpr PluginInfo kInfo{"steady", "Never changes.", "lr(t) = lr"};
  double Rate(double base, const ScheduleTime&) const override { return base; }
};

}  // namespace
}  // namespace nabla

NABLA_PLUGIN_NOTE(NABLA_PLUGIN_ABI);
extern "C" void nabla_plugin_entry(nabla::Registry& registry, const char* origin, bool) {
  registry.Add<nabla::Steady>(origin);
  throw std::runtime_error("out of luck");
}
