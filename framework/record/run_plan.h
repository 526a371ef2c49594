// What a folder of many runs is for, so that processes that share it want the same.
#ifndef NABLA_FRAMEWORK_RECORD_RUN_PLAN_H_
#define NABLA_FRAMEWORK_RECORD_RUN_PLAN_H_

#include <map>
#include <memory>
#include <string>

#include "framework/config/node.h"
#include "framework/formats/descriptor.h"

namespace nabla {

// Runs by their folders, each below the common one, with a checksum of their configurations.
class RunPlan {
 public:
  // `folder` is where the run's results go, and no other's.
  void Add(const std::string& folder, const Node& config);

  // Writes plan.json into `folder`, which is made. A plan that stands there must be a part of this
  // one: runs may be added, none may be lost or become another, but for those that nobody has begun
  // and nobody is about to; with `may_grow` those that nobody is training now may get more epochs.
  // Throws InputError that names a run where it is not, or where the folder holds a single run;
  // RunError. While this plan lives, others know that it is followed.
  void Agree(const std::string& folder, bool may_grow = false);
  // Whether no other process has added runs since.
  bool StillStands(const std::string& folder) const;

 private:
  // Why the run, whose checksum in `folder` is another one, is not a part of this plan; "" if it is
  // or may become one. `alone`: nobody else follows the folder's plan.
  std::string ObjectionTo(const std::string& folder, const std::string& run, bool alone,
                          bool may_grow) const;

  std::map<std::string, std::string> configs_;    // YAML
  std::map<std::string, std::string> checksums_;  // of the same
  std::unique_ptr<Descriptor>
      followed_;  // locked together with others who follow the folder's plan
};

// Whether a folder is one of many runs.
bool HoldsRunPlan(const std::string& folder);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_RUN_PLAN_H_
