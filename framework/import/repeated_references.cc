#include "framework/import/repeated_references.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace nabla {

void DoubtRepeated(std::vector<ReferenceList>* lists) {
  using Key = std::tuple<std::string, std::string, std::vector<int64_t>>;
  const auto key = [](const ReferenceList& l) { return Key(l.metric, l.list, l.epochs); };
  std::map<Key, std::set<std::string>> values;
  const auto once = [](const ReferenceList& l) {
    return l.after && l.columns == 0 && l.printed.size() == 1;
  };
  for (const ReferenceList& list : *lists) {
    if (once(list)) values[key(list)].insert(list.printed[0]);
  }
  for (ReferenceList& list : *lists) {
    if (!once(list) || values[key(list)].size() < 2) continue;
    list.guessed = true;
    list.why += (list.why.empty() ? "" : "; ") + std::string("other values were printed too");
  }
}

}  // namespace nabla
