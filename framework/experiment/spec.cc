#include "framework/experiment/spec.h"

namespace nabla {
namespace {

// A run folder is named after it.
void CheckName(const ExperimentHead& head, const Node& tree, Problems& problems) {
  const Node* node = tree.Find("name");
  if (node == nullptr) return;
  const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  if (head.name.empty() || head.name.find_first_not_of(allowed) != std::string::npos ||
      head.name.front() == '.') {
    problems.Add(node->place,
                 "a name consists of letters, digits, '_', '-' and '.', found " + node->Describe());
  }
}

void CheckReferences(const std::vector<Reference>& references, const Node& tree,
                     Problems& problems) {
  const Node* list = tree.Find("reference");
  if (list == nullptr || list->items.size() != references.size()) return;
  for (size_t i = 0; i < references.size(); ++i) {
    const Reference& r = references[i];
    const Place& place = list->items[i].place;
    if (static_cast<int64_t>(r.printed.size()) != r.epochs.size()) {
      problems.Add(place, std::to_string(r.epochs.size()) + " epochs, but " +
                              std::to_string(r.printed.size()) + " printed figures");
    }
  }
}

}  // namespace

Dtype DtypeOf(const Node& tree) {
  const Node* node = tree.Find("dtype");
  return node != nullptr && node->text == "float64" ? Dtype::kFloat64 : Dtype::kFloat32;
}

template <typename T>
ExperimentSpec<T> ParseExperiment(const Node& tree, const Registry& registry) {
  Problems problems;
  if (!tree.IsMap()) {
    throw InputError(std::vector<Problem>{
        {tree.place, "expected an experiment (a map of keys), found " + tree.Describe()}});
  }
  ExperimentSpec<T> spec;
  const auto maker = registry.Maker<T>();
  TableOf<ExperimentSpec<T>>().Parse(&spec, tree, {problems, maker.get()});
  CheckName(spec, tree, problems);
  CheckReferences(spec.reference, tree, problems);
  if (const Node* model = tree.Find("model"); model != nullptr && model->IsList()) {
    if (model->items.empty()) problems.Add(model->place, "a model needs at least one layer");
  }
  problems.ThrowIfAny();
  return spec;
}

template ExperimentSpec<float> ParseExperiment(const Node&, const Registry&);
template ExperimentSpec<double> ParseExperiment(const Node&, const Registry&);

}  // namespace nabla
