#include "framework/engine/ranks.h"

#include <algorithm>
#include <exception>

#include "framework/base/error.h"
#include "framework/kernels/add.h"

namespace nabla {
namespace {

// The first character of a rank's outcome; the error follows it.
constexpr char kGood = '+';
constexpr char kBadInput = '?';
constexpr char kFailed = '!';

std::string Outcome(const std::function<void()>& action) {
  try {
    action();
    return std::string(1, kGood);
  } catch (const InputError& e) {
    return kBadInput + std::string(e.what());
  } catch (const std::exception& e) {
    return kFailed + std::string("error: ") + e.what();
  }
}

std::string Numbered(size_t rank) { return "rank " + std::to_string(rank); }

// sums += others. The order of the operands decides only which NaN's bits the sum takes.
template <typename T>
void AddTo(std::span<T> sums, const T* others, bool others_first) {
  T* s = sums.data();
  AddSpan(others_first ? others : s, others_first ? s : others, s, sums.size());
}

}  // namespace

std::string Ranks::FromFirst(const std::string& mine) {
  return Gather(index() == 0 ? mine : "").front();
}

std::string Ranks::Name() const {
  return Numbered(index()) + " of " + std::to_string(count()) + " on " + host();
}

void Together(Ranks* ranks, const std::function<void()>& action) {
  if (ranks == nullptr) return action();
  const std::string mine = Outcome(action);
  const std::vector<std::string> all = ranks->Gather(mine);
  const auto failed = [](const std::string& outcome) { return outcome.front() != kGood; };
  const auto first = std::find_if(all.begin(), all.end(), failed);
  if (first == all.end()) return;
  const bool bad_input = first->front() == kBadInput;
  if (std::count(all.begin(), all.end(), *first) == static_cast<std::ptrdiff_t>(all.size())) {
    throw RanksFailed(first->substr(1), bad_input);
  }
  const std::vector<std::string> hosts = ranks->Gather(ranks->host());
  std::string text;
  for (size_t r = 0; r < all.size(); ++r) {
    if (!failed(all[r])) continue;
    if (!text.empty()) text += "\n";
    text += Numbered(r) + " on " + hosts[r] + ": " + all[r].substr(1);
  }
  throw RanksFailed(text, bad_input);
}

void CheckAlike(Ranks& ranks, const std::vector<SharedFact>& facts) {
  const std::vector<std::string> hosts = ranks.Gather(ranks.host());
  std::string text;
  for (const SharedFact& fact : facts) {
    const std::vector<std::string> all = ranks.Gather(fact.value);
    for (size_t r = 1; r < all.size(); ++r) {
      if (all[r] == all[0]) continue;
      if (!text.empty()) text += "\n";
      text += Numbered(r) + " on " + hosts[r] + ": " + fact.name + " is " + all[r] +
              ", but on rank 0 on " + hosts[0] + " it is " + all[0];
    }
  }
  if (!text.empty()) throw RanksFailed(text, true);
}

template <typename T>
RankSum<T>::RankSum(Ranks& ranks, size_t numbers, size_t metrics)
    : ranks_(ranks),
      numbers_(numbers),
      metrics_(metrics),
      metric_bytes_(metrics * sizeof(double)),
      mine_(metric_bytes_ + numbers * sizeof(T)),
      theirs_(mine_.size()) {}

template <typename T>
void RankSum<T>::Run() {
  for (size_t distance = 1; distance < ranks_.count(); distance *= 2) {
    const size_t partner = ranks_.index() ^ distance;
    ranks_.Swap(partner, mine_, theirs_);
    const bool partner_first = partner < ranks_.index();
    AddTo(metrics(), reinterpret_cast<const double*>(theirs_.data()), partner_first);
    AddTo(numbers(), reinterpret_cast<const T*>(theirs_.data() + metric_bytes_), partner_first);
  }
}

template class RankSum<float>;
template class RankSum<double>;

}  // namespace nabla
