#include "framework/check/conformance.h"

#include <algorithm>
#include <exception>
#include <map>

#include "framework/check/conformance_checks.h"

namespace nabla {
namespace {

constexpr const char* kDocumented = "has a valid name and a description";
constexpr const char* kFieldsDocumented = "every parameter is documented";
constexpr const char* kConstructs = "can be made from its defaults";
constexpr const char* kPrints = "its printed configuration makes it again";
constexpr const char* kUnknown = "refuses unknown parameters";
constexpr const char* kRuns = "runs";

void CheckInfo(const PluginInfo& info, const FieldTable& fields, Findings& findings) {
  const std::string name = info.name;
  const bool good_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  findings.Expect(good_name, kDocumented, "its name may contain only a-z, 0-9 and _");
  findings.Expect(std::string(info.doc).size() > 4, kDocumented, "kInfo.doc is empty or too short");
  findings.Check(kFieldsDocumented);
  for (const auto& field : fields.fields()) {
    const bool documented = std::string(field->doc().doc).size() > 2;
    findings.Expect(documented, kFieldsDocumented, "\"" + field->name() + "\" has no description");
  }
}

std::string Joined(const Problems& problems) {
  std::string text;
  for (const Problem& p : problems.list()) text += (text.empty() ? "" : "; ") + p.message;
  return text;
}

template <typename T>
void CheckConfig(const Subject& subject, Findings& findings) {
  const auto maker = subject.registry.Maker<T>();
  const Node example = ExampleConfig(subject.registry, subject.kind, subject.name);
  Problems problems;
  const MadePlugin made = maker->Make(subject.kind, example, problems);
  findings.Expect(made.object != nullptr, kConstructs, Joined(problems));
  if (made.object == nullptr) return;

  const std::string printed = PrintYaml(made.config);
  Problems more;
  const MadePlugin again = maker->Make(subject.kind, ParseYaml(printed, "printed"), more);
  findings.Expect(again.object != nullptr, kPrints, Joined(more));
  if (again.object != nullptr) {
    findings.Expect(PrintYaml(again.config) == printed, kPrints, "it reads back differently");
  }

  Node wrong = example;
  wrong.Set("no_such_parameter", Node::Scalar("1"));
  Problems expected;
  maker->Make(subject.kind, wrong, expected);
  findings.Expect(!expected.empty(), kUnknown, "accepts no_such_parameter");
}

void CheckOne(const Subject& subject, Findings& findings) {
  static const std::map<std::string, void (*)(const Subject&, Findings&)> checks = {
      {"activation", CheckActivation}, {"initializer", CheckInitializer},
      {"layer", CheckLayer},           {"loss", CheckLoss},
      {"metric", CheckMetric},         {"optimizer", CheckOptimizer},
      {"schedule", CheckSchedule}};
  VisitKind<double>(subject.kind, [&]<typename I>(const I*) {
    const Entry<I>* entry = subject.registry.table<I>().Find(subject.name);
    CheckInfo(entry->info, *entry->make().fields, findings);
  });
  CheckConfig<float>(subject, findings);
  CheckConfig<double>(subject, findings);
  const auto check = checks.find(subject.kind);
  // A data set depends on files, so its own test must check what it loads.
  if (check == checks.end()) return;
  findings.Check(kRuns);
  check->second(subject, findings);
}

}  // namespace

std::vector<CheckResult> CheckPlugins(const Registry& registry, const CheckOptions& options) {
  std::vector<CheckResult> results;
  for (const std::string& kind : Registry::Kinds()) {
    if (!options.kind.empty() && options.kind != kind) continue;
    for (const std::string& name : registry.Names(kind)) {
      if (!options.name.empty() && options.name != name) continue;
      Findings findings;
      try {
        CheckOne({registry, kind, name, options.trials}, findings);
      } catch (const std::exception& e) {
        findings.Fail(kRuns, std::string("throws: ") + e.what());
      }
      for (const CheckFinding& f : findings.all()) {
        results.push_back({kind, name, f.check, f.message.empty(), f.message});
      }
    }
  }
  return results;
}

}  // namespace nabla
