#include "framework/spec/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/spec/spec.h"

namespace nabla {
namespace {

constexpr const char* kIntroduction =
    R"(# Completes nabla's command line for a program named `run` or `nabla`:
#   alias nabla=/path/to/bazel-bin/experiments/run
)";

// Lets zsh run functions written for bash; `emulate -L ksh` makes their arrays begin with 0.
constexpr const char* kZsh = R"(autoload -U +X compinit && compinit -u
autoload -U +X bashcompinit && bashcompinit
)";

constexpr const char* kFunction = R"sh(
_nabla_files() {  # _nabla_files PREFIX
  compgen -f -X '!*.yaml' -- "$1"
  compgen -d -S / -- "$1"
}

_nabla_match() {  # _nabla_match PREFIX BEGINNING WORD...
  local prefix="$1" beginning="$2" word
  shift 2
  for word in "$@"; do
    case "$word" in "$beginning"*) echo "$prefix$word" ;; esac
  done
}

_nabla() {
  if [ -n "$ZSH_VERSION" ]; then emulate -L ksh; fi
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" key="" prefix=""
  local command="${COMP_WORDS[1]}" words=""
  # bash splits key=value into three words, zsh does not.
  if [ "$cur" = "=" ]; then
    key="$prev" cur=""
  elif [ "$prev" = "=" ]; then
    key="${COMP_WORDS[COMP_CWORD-2]}"
  else
    case "$cur" in
      -*) ;;
      *=*) key="${cur%%=*}" prefix="${cur%%=*}=" cur="${cur#*=}" ;;
    esac
  fi
  case " $_nabla_commands " in
    *" $command "*) ;;
    *) command=run ;;
  esac
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ] && [ -z "$key" ]; then
    COMPREPLY=($(_nabla_match "" "$cur" $_nabla_commands $_nabla_experiments --help) \
               $(_nabla_files "$cur"))
  elif [ -n "$key" ]; then
    case "$key" in
      -*) COMPREPLY=($(compgen -f -- "$cur")) ;;
      *) COMPREPLY=($(_nabla_match "$prefix" "$cur" $(_nabla_values "$key"))) ;;
    esac
  else
    case " $(_nabla_options "$command") " in
      *" $prev "*) COMPREPLY=($(compgen -f -- "$cur")) ;;
      *)
        case "$cur" in
          -*) words="$(_nabla_options "$command") $(_nabla_flags "$command")" ;;
          *) words="$(_nabla_words "$command")" ;;
        esac
        COMPREPLY=($(_nabla_match "" "$cur" $words))
        case "$cur:$(_nabla_files_of "$command")" in
          -*) ;;
          *:yaml) COMPREPLY+=($(_nabla_files "$cur")) ;;
          *:any) COMPREPLY+=($(compgen -f -- "$cur")) ;;
        esac
        ;;
    esac
  fi
  case "${COMPREPLY[0]}" in
    *= | */) compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
)sh";

bool IsKind(const std::string& type) {
  const auto& kinds = Registry::Kinds();
  return std::find(kinds.begin(), kinds.end(), type) != kinds.end();
}

class KeyWalk {
 public:
  explicit KeyWalk(const Registry& registry) : registry_(registry) {}

  void Table(const FieldTable& table, const std::string& prefix) {
    for (const auto& field : table.fields()) {
      const std::string key = prefix + field->name();
      if (field->Inside() != nullptr && !field->IsList()) {
        Table(*field->Inside(), key + ".");
        continue;
      }
      Add(key, ValuesOf(*field));
      // Completion goes no deeper than a plugin within a plugin.
      const bool top = prefix.find('.') == std::string::npos;
      if (top && IsKind(field->Type())) Plugins(field->Type(), key + ".");
    }
  }

  std::vector<CompletedKey> keys;

 private:
  std::vector<std::string> ValuesOf(const Field& field) const {
    if (field.IsList()) return {};
    if (field.Type() == "bool") return {"true", "false"};
    if (IsKind(field.Type())) return registry_.Names(field.Type());
    return field.Choices();
  }

  // Plugins of a kind share keys, so a key appears once, with the values of all of them.
  void Add(const std::string& key, const std::vector<std::string>& values) {
    auto known =
        std::find_if(keys.begin(), keys.end(), [&](const CompletedKey& k) { return k.key == key; });
    if (known == keys.end()) known = keys.insert(known, {key, {}});
    for (const std::string& value : values) {
      auto& all = known->values;
      if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
    }
  }

  void Plugins(const std::string& kind, const std::string& prefix) {
    VisitKind<float>(kind, [&]<typename I>(const I*) {
      for (const Entry<I>& entry : registry_.table<I>().entries()) {
        Table(*entry.make().fields, prefix);
      }
    });
  }

  const Registry& registry_;
};

std::string Joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// A shell function that prints the words for its argument; `cases` are "name) echo ... ;;" lines.
std::string Lookup(const std::string& name, const std::string& cases) {
  return fmt::format("{}() {{\n  case \"$1\" in\n{}  esac\n}}\n", name, cases);
}

std::string Case(const std::string& name, const std::string& words) {
  return words.empty() ? "" : fmt::format("    {}) echo '{}' ;;\n", name, words);
}

}  // namespace

std::vector<CompletedKey> OverrideKeys(const Registry& registry) {
  KeyWalk walk(registry);
  walk.Table(TableOf<ExperimentSpec<float>>(), "");
  return walk.keys;
}

std::string CompletionScript(const std::string& shell, const Completions& c) {
  std::string commands, options, flags, words, files, values, keys;
  for (const CompletedKey& key : c.keys) {
    keys += key.key + "= ";
    values += Case(key.key, Joined(key.values));
  }
  const std::string experiments = Joined(c.experiments);
  for (const CompletedCommand& command : c.commands) {
    commands += (commands.empty() ? "" : " ") + command.name;
    options += Case(command.name, Joined(command.options));
    flags += Case(command.name, Joined(command.flags));
    words +=
        command.experiments
            ? fmt::format("    {}) echo \"$_nabla_experiments $_nabla_keys\" ;;\n", command.name)
            : Case(command.name, Joined(command.words));
    files += Case(command.name, command.experiments ? "yaml" : command.paths ? "any" : "");
  }
  std::string script = kIntroduction;
  if (shell == "zsh") script += kZsh;
  script += fmt::format("_nabla_commands='{}'\n_nabla_experiments='{}'\n_nabla_keys='{}'\n",
                        commands, experiments, keys);
  script += Lookup("_nabla_options", options) + Lookup("_nabla_flags", flags) +
            Lookup("_nabla_words", words) + Lookup("_nabla_files_of", files) +
            Lookup("_nabla_values", values);
  return script + kFunction + "complete " + (shell == "zsh" ? "-o nospace " : "") +
         "-F _nabla run nabla\n";
}

}  // namespace nabla
