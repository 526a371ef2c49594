#include "experiments/investigation_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "framework/base/version.h"
#include "framework/config/edit_text.h"
#include "framework/report/investigation_page.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kTableRows = 12;
constexpr size_t kMostNamed = 40;  // single changes that fit
constexpr size_t kFewNamed = 10;   // of what is less likely the answer

// "p = 0.45", or "p <= 0.005" where no run of ours is as strange: more runs would give less.
std::string PText(const Standing& standing) {
  return fmt::format("p {} {:.2g}", standing.beyond_all() ? "<=" : "=", std::min(1.0, standing.p));
}

std::string WrittenText(const Standing& written) {
  if (!written.judged()) {
    return written.runs == 0
               ? "as written: not judged, since no run has ended"
               : fmt::format(
                     "as written: not judged; the values are {:.2g} standard deviations "
                     "off, by {} runs",
                     written.misfit.deviations, written.runs);
  }
  const Finding word = written.few()                      ? Finding::kTooFew
                       : written.fits()                   ? Finding::kReproduced
                       : written.p <= kNotReproducedShare ? Finding::kNotReproduced
                       : written.beyond_all()             ? Finding::kBeyondAll
                                                          : Finding::kUnusual;
  return fmt::format("as written: {} ({}, {} runs)", ToString(word), PText(written), written.runs);
}

const std::string& NameOf(const Standing& standing, const HypothesisRuns& runs) {
  return runs.candidates()[standing.candidate].hypothesis.name;
}

// "optimizer.lr = 0.1 (p = 0.4), 0.12 (p = 0.2); no bias (p = 0.3)": values of one key together.
// The page and --json have those that are past `most`.
std::string Named(const std::vector<const Standing*>& all, const HypothesisRuns& runs,
                  size_t most = kFewNamed) {
  std::vector<std::pair<std::string, std::string>> groups;  // key, values
  for (size_t i = 0; i < std::min(most, all.size()); ++i) {
    const std::string& name = NameOf(*all[i], runs);
    const Hypothesis& own = runs.candidates()[all[i]->candidate].hypothesis;
    const std::string head = own.settings.empty() ? "" : own.settings[0].path + " = ";
    const bool has_key = !head.empty() && own.settings.size() == 1 && name.starts_with(head);
    const std::string p = fmt::format(" ({})", PText(*all[i]));
    const auto same =
        has_key ? std::ranges::find(groups, head, &std::pair<std::string, std::string>::first)
                : groups.end();
    if (same == groups.end()) {
      groups.emplace_back(has_key ? head : "", name + p);
    } else {
      same->second += ", " + name.substr(head.size()) + p;
    }
  }
  std::string names;
  for (const auto& [key, values] : groups) names += (names.empty() ? "" : "; ") + values;
  if (all.size() > most) names += fmt::format("; and {} more", all.size() - most);
  return names;
}

template <typename F>
std::vector<const Standing*> Those(const SearchResult& result, F is) {
  std::vector<const Standing*> those;
  for (const Standing& one : result.others) {
    if (is(one)) those.push_back(&one);
  }
  return those;
}

// Where no hypothesis fits.
std::string NothingText(const SearchResult& result, const HypothesisRuns& runs) {
  if (result.written.stands()) {
    return fmt::format("the file fits as it is, nothing else of {} tried does\n", result.tried);
  }
  std::string text = fmt::format("nothing of {} tried fits", result.tried);
  if (!result.others.empty()) {
    const Standing& nearest = result.others[0];
    text += fmt::format("; the nearest is {}, {:.2g} standard deviations off",
                        NameOf(nearest, runs), nearest.misfit.deviations);
  }
  return text + "\n";
}

// `fits`: hypotheses that do, at least one, best first.
std::string FitText(std::vector<const Standing*> fits, const SearchResult& result,
                    const HypothesisRuns& runs) {
  const auto changes = [&](const Standing* s) {
    return runs.candidates()[s->candidate].hypothesis.changes;
  };
  const Standing* best = fits[0];
  const size_t count = fits.size();
  const bool written = result.written.stands();
  std::string text;
  if (!written) {
    fits.erase(fits.begin());
    text = fmt::format("fits: {} ({}, {} runs){}\n", NameOf(*best, runs), PText(*best), best->runs,
                       fits.empty() ? fmt::format(", nothing else of {} tried", result.tried) : "");
  }
  // Two changes are no answer where one is, but one of them may be what happened.
  const auto pairs = std::ranges::find_if(
      fits, [&](const Standing* s) { return changes(s) > (written ? 1 : changes(best)); });
  const std::vector<const Standing*> alike(fits.begin(), pairs);
  std::vector<const Standing*> two;
  std::vector<const Standing*> more;  // than one of the two alone, which fits as well
  for (const Standing* s : std::vector(pairs, fits.end())) {
    if (s->says_more()) (s->gain ? more : two).push_back(s);
  }
  if (!alike.empty()) {
    text += fmt::format("{}: {}\n",
                        written ? "the file fits as it is; so do" : "cannot be told apart from it",
                        Named(alike, runs, kMostNamed));
  } else if (written) {
    text += "the file fits as it is\n";
  }
  if (!more.empty()) {
    text += fmt::format("two changes that fit better than one: {}\n", Named(more, runs));
  }
  if (!two.empty()) text += fmt::format("two changes that fit: {}\n", Named(two, runs));
  if (!fits.empty()) text += fmt::format("these are {} of {} tried\n", count, result.tried);
  return text;
}

std::string AnswerText(const SearchResult& result, const HypothesisRuns& runs) {
  const auto fits = Those(result, [](const Standing& s) { return s.fits(); });
  const auto possible = Those(result, [](const Standing& s) { return s.possible(); });
  std::string text = fits.empty() ? NothingText(result, runs) : FitText(fits, result, runs);
  if (!possible.empty()) text += fmt::format("not excluded: {}\n", Named(possible, runs));
  return text;
}

// Of lists that are exact; "" if none is.
std::string DigitsText(const SearchResult& result, const HypothesisRuns& runs) {
  if (!result.digits) return "";
  const DigitFinding& digits = *result.digits;
  if (digits.written) return "exact digits: those of the file's own seed\n";
  if (digits.agree.empty()) {
    return fmt::format("exact digits: those of none of {} hypotheses, seeds and generators\n",
                       digits.tried);
  }
  std::string names;
  for (const size_t c : digits.agree) {
    names += fmt::format("{}{}", names.empty() ? "" : "; ", runs.candidates()[c].hypothesis.name);
  }
  return fmt::format("exact digits: those of {}, of {} hypotheses, seeds and generators tried\n",
                     names, digits.tried);
}

// What is said first.
std::string LeadText(const SearchResult& result, const HypothesisRuns& runs) {
  std::string text = WrittenText(result.written) + "\n" + AnswerText(result, runs);
  text += DigitsText(result, runs);
  if (result.written.judged() && result.written.few()) {
    text += "so few runs exclude nothing; a larger --budget makes more\n";
  }
  if (result.left_out > 0) {
    text += fmt::format("{} hypotheses were not tried, for lack of time\n", result.left_out);
  }
  if (result.stopped) text += "the search ended early: this is what it knows so far\n";
  return text;
}

InvestigationRow RowOf(const Standing& standing, const HypothesisRuns& runs) {
  return {.name = NameOf(standing, runs),
          .deviations = standing.misfit.deviations,
          .misfit = standing.misfit.loss,
          .runs = standing.runs,
          .epoch = standing.last,
          .p = standing.judged() ? PText(standing).substr(2) : "",
          .fits = standing.fits()};
}

std::string RowText(const Standing& standing, const HypothesisRuns& runs) {
  const bool measured = standing.runs > 0;
  return fmt::format("{:<56} {:>10} {:>8} {:>6} {:>7} {:>10}\n", NameOf(standing, runs),
                     measured ? fmt::format("{:.3g}", standing.misfit.deviations) : "-",
                     measured ? fmt::format("{:.2f}", standing.misfit.loss) : "-", standing.runs,
                     standing.last == 0 ? "-" : std::to_string(standing.last),
                     standing.judged() ? PText(standing).substr(2) : "");
}

Json StandingJson(const Standing& standing, const HypothesisRuns& runs) {
  const Hypothesis& own = runs.candidates()[standing.candidate].hypothesis;
  Json json = {{"name", own.name}, {"family", own.family}};
  Json& settings = json["settings"] = Json::object();
  for (const auto& [path, value] : own.settings) settings[path] = InlineYaml(value);
  if (own.loss_factor != 1) json["loss_factor"] = own.loss_factor;
  json["runs"] = standing.runs;
  json["up_to_epoch"] = standing.last;
  json["deviations"] = standing.misfit.deviations;
  json["misfit"] = standing.misfit.loss;
  if (!standing.judged()) return json;
  json["fits"] = standing.fits();
  json["p"] = standing.p;
  json["corrected_p"] = standing.corrected;
  if (standing.gain) json["gain"] = *standing.gain;
  Json& lists = json["lists"] = Json::array();
  for (const JudgedList& list : standing.lists) {
    lists.push_back({{"list", list.name},
                     {"verdict", ToString(list.finding)},
                     {"p", list.p.p()},
                     {"runs", list.p.runs},
                     {"runs_as_far", list.p.as_far}});
  }
  return json;
}

}  // namespace

std::string InvestigationText(const SearchResult& result, const HypothesisRuns& runs) {
  std::string text = LeadText(result, runs);
  text += fmt::format("\n{:<56} {:>10} {:>8} {:>6} {:>7} {:>10}\n", "hypothesis", "deviations",
                      "misfit", "runs", "epochs", "p");
  text += RowText(result.written, runs);
  for (size_t i = 0; i < std::min(kTableRows, result.others.size()); ++i) {
    text += RowText(result.others[i], runs);
  }
  return text;
}

std::string InvestigationHtml(const SearchResult& result, const HypothesisRuns& runs) {
  InvestigationPage page{.name = HeadOf(runs.candidates()[0].spec).name,
                         .answer = {},
                         .written = RowOf(result.written, runs),
                         .others = {}};
  std::istringstream lead(LeadText(result, runs));
  for (std::string line; std::getline(lead, line);) page.answer.push_back(line);
  for (const Standing& one : result.others) page.others.push_back(RowOf(one, runs));
  return RenderInvestigation(page, kVersion);
}

std::string InvestigationJson(const SearchResult& result, const HypothesisRuns& runs) {
  Json json = {{"name", HeadOf(runs.candidates()[0].spec).name},
               {"as_written", StandingJson(result.written, runs)}};
  Json& others = json["hypotheses"] = Json::array();
  for (const Standing& one : result.others) others.push_back(StandingJson(one, runs));
  if (result.digits) {
    Json& agree = json["exact_digits"] = {{"as_written", result.digits->written},
                                          {"tried", result.digits->tried}};
    agree["agree"] = Json::array();
    for (const size_t c : result.digits->agree) {
      agree["agree"].push_back(runs.candidates()[c].hypothesis.name);
    }
  }
  json["tried"] = result.tried;
  json["not_tried"] = result.left_out;
  json["ended_early"] = result.stopped;
  json["runs"] = runs.runs();
  json["seconds"] = runs.seconds();
  return json.dump(2) + "\n";
}

}  // namespace nabla
