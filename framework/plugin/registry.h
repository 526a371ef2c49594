// Plugins by kind and name. There is no global registry: main makes one, each test its own.
#ifndef NABLA_FRAMEWORK_PLUGIN_REGISTRY_H_
#define NABLA_FRAMEWORK_PLUGIN_REGISTRY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "framework/config/fields.h"
#include "framework/model/activation.h"
#include "framework/model/dataset.h"
#include "framework/model/info.h"
#include "framework/model/initializer.h"
#include "framework/model/layer.h"
#include "framework/model/loss.h"
#include "framework/model/metric.h"
#include "framework/model/optimizer.h"
#include "framework/model/schedule.h"

namespace nabla {

// A plugin with its default parameters, and the means to set them.
template <typename I>
struct Instance {
  std::shared_ptr<I> object;
  void* self = nullptr;  // the object that `fields` set
  const FieldTable* fields = nullptr;
  std::function<void()> check;  // throws InputError if the parameters contradict each other
};

// One registered plugin of interface I.
template <typename I>
struct Entry {
  PluginInfo info;
  std::string origin;  // where it comes from: "built in", or the path of a library
  std::function<Instance<I>()> make;
};

// All plugins of one interface.
template <typename I>
class Table {
 public:
  // Throws InputError naming both origins if the name is taken.
  void Add(Entry<I> entry);
  const Entry<I>* Find(std::string_view name) const;
  const std::vector<Entry<I>>& entries() const { return entries_; }
  std::vector<std::string> Names() const;

 private:
  std::vector<Entry<I>> entries_;
};

class Registry {
 public:
  // A plugin class for every number type: registered for float and double.
  template <template <typename> class P>
  void Add(const std::string& origin) {
    AddOne<P<float>>(origin);
    AddOne<P<double>>(origin);
  }
  // A plugin class without a number type.
  template <typename P>
  void Add(const std::string& origin) {
    AddOne<P>(origin);
  }

  template <typename I>
  const Table<I>& table() const {
    return std::get<Table<I>>(tables_);
  }

  // Makes plugins for number type T (float or double). The registry must outlive it.
  template <typename T>
  std::unique_ptr<PluginMaker> Maker() const;

  // The kinds, in the order in which data flows through them.
  static const std::vector<std::string>& Kinds();
  // Names of the plugins of a kind, sorted.
  std::vector<std::string> Names(std::string_view kind) const;
  // Notes that a library has registered plugins; `hash` is a checksum of its file.
  void AddLibrary(const std::string& path, const std::string& hash);
  // Whether a library with this file name, in any folder, has registered plugins.
  bool HasLibrary(const std::string& path) const;
  // The checksum of each library, by its file name.
  const std::map<std::string, std::string>& libraries() const { return libraries_; }
  // The number of registered plugins, each counted once for all number types.
  size_t size() const;

 private:
  template <typename P>
  void AddOne(const std::string& origin);

  std::tuple<Table<Dataset>, Table<Schedule>, Table<Layer<float>>, Table<Layer<double>>,
             Table<Activation<float>>, Table<Activation<double>>, Table<Loss<float>>,
             Table<Loss<double>>, Table<Initializer<float>>, Table<Initializer<double>>,
             Table<Optimizer<float>>, Table<Optimizer<double>>, Table<Metric<float>>,
             Table<Metric<double>>>
      tables_;
  std::map<std::string, std::string> libraries_;
};

// Calls f with a null pointer to the interface of `kind` for number type T; false if there is none.
template <typename T, typename F>
bool VisitKind(std::string_view kind, F f) {
  const auto visit = [&]<typename I>(const I* tag) {
    if (kind != I::kKind) return false;
    f(tag);
    return true;
  };
  return visit(static_cast<Dataset*>(nullptr)) || visit(static_cast<Layer<T>*>(nullptr)) ||
         visit(static_cast<Activation<T>*>(nullptr)) || visit(static_cast<Loss<T>*>(nullptr)) ||
         visit(static_cast<Initializer<T>*>(nullptr)) ||
         visit(static_cast<Optimizer<T>*>(nullptr)) || visit(static_cast<Schedule*>(nullptr)) ||
         visit(static_cast<Metric<T>*>(nullptr));
}

template <typename P>
void Registry::AddOne(const std::string& origin) {
  using I = typename P::Interface;
  static_assert(
      !std::is_abstract_v<P>,
      "the plugin lacks a function of its interface, or one has other arguments: see what "
      "ends in `= 0` in framework/model, and what new-plugin writes");
  const auto make = [] {
    auto object = std::make_shared<P>();
    Instance<I> instance{object, object.get(), nullptr, [] {}};
    static const FieldTable kNone;
    if constexpr (HasFields<P>) {
      instance.fields = &TableOf<P>();
    } else {
      instance.fields = &kNone;
    }
    if constexpr (requires(const P& p) { p.CheckFields(); }) {
      instance.check = [p = object.get()] { p->CheckFields(); };
    }
    return instance;
  };
  std::get<Table<I>>(tables_).Add({P::kInfo, origin, make});
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_REGISTRY_H_
