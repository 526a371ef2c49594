// What every plugin says about itself.
#ifndef NABLA_FRAMEWORK_MODEL_INFO_H_
#define NABLA_FRAMEWORK_MODEL_INFO_H_

namespace nabla {

// A plugin class has `static constexpr PluginInfo kInfo`. This is the only place for its formula;
// `describe` and the documentation read it from here.
struct PluginInfo {
  const char* name;          // as in the YAML file
  const char* doc;           // one line
  const char* formula;       // plain text, with the letters B, I, O, C, N; "" where there is none
  const char* example = "";  // YAML in flow style, if required parameters alone do not suffice
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_INFO_H_
