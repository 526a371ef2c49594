// One layer of a network as tables show it.
#ifndef NABLA_FRAMEWORK_MEASURE_LAYER_SUMMARY_H_
#define NABLA_FRAMEWORK_MEASURE_LAYER_SUMMARY_H_

#include <cstddef>
#include <string>
#include <vector>

namespace nabla {

struct LayerSummary {
  std::string path;            // "2", or "2.0" inside a residual
  std::string name;            // "linear"
  std::vector<size_t> output;  // the shape of a row
  size_t parameters = 0;       // numbers that training changes
  size_t fixed = 0;            // other numbers that it keeps, such as running means
  size_t multiply_adds = 0;    // of one row, forward
  bool frozen = false;         // whether layer_updates keeps the parameters as they are
};

// The same in JSON, of either kind that nlohmann has.
template <typename Json>
Json LayerJson(const LayerSummary& layer) {
  Json json = {{"layer", layer.path},    {"name", layer.name},
               {"output", layer.output}, {"parameters", layer.parameters},
               {"fixed", layer.fixed},   {"multiply_adds", layer.multiply_adds}};
  if (layer.frozen) json["frozen"] = true;
  return json;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_LAYER_SUMMARY_H_
