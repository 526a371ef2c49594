#include "framework/spec/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/spec/spec.h"

namespace nabla {
namespace {

// Lets zsh run functions written for bash; `emulate -L ksh` makes their arrays begin with 0.
constexpr const char* kZsh =
    R"((( $+functions[compdef] )) || { autoload -U +X compinit && compinit -u }
autoload -U +X bashcompinit && bashcompinit
)";

// The script is also a file that zsh loads by itself when it first completes the program.
constexpr const char* kZshFirst =
    R"(if [[ ${funcstack[1]-} == _nabla ]]; then _bash_complete -o nospace -F _nabla; fi
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

// The same in the language of fish, which takes one offer a line.
constexpr const char* kFishFunction = R"fish(
function _nabla_files
  for file in $argv[1]*.yaml
    echo $file
  end
  __fish_complete_directories $argv[1] ''
end

function _nabla
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  set -l command run
  if set -q before[2]; and contains -- $before[2] $_nabla_commands
    set command $before[2]
  end
  if contains -- $before[-1] (_nabla_options $command)
    __fish_complete_path $current
  else if string match -q -- '-*' $current
    _nabla_options $command
    _nabla_flags $command
  else if string match -q -- '*=*' $current
    set -l key (string split -m 1 = -- $current)[1]
    for value in (_nabla_values $key)
      echo $key=$value
    end
  else if not set -q before[2]
    printf '%s\n' $_nabla_commands $_nabla_experiments --help
    _nabla_files $current
  else
    _nabla_words $command
    switch "$(_nabla_files_of $command)"
      case yaml
        _nabla_files $current
      case any
        __fish_complete_path $current
    end
  end
end
)fish";

// How a shell writes what the functions above look up.
struct Dialect {
  const char* list;         // name, words
  const char* lookup;       // a function of one argument: name, cases
  const char* one_case;     // the argument, the words that it prints
  const char* experiments;  // the same for the files and keys of experiments: the argument
};

constexpr Dialect kSh = {
    .list = "{}='{}'\n",
    .lookup = "{}() {{\n  case \"$1\" in\n{}  esac\n}}\n",
    .one_case = "    {}) echo '{}' ;;\n",
    .experiments = "    {}) echo \"$_nabla_experiments $_nabla_keys\" ;;\n",
};

constexpr Dialect kFish = {
    .list = "set -g {} {}\n",
    .lookup = "function {}\n  switch $argv[1]\n{}  end\nend\n",
    .one_case = "    case '{}'\n      string split ' ' -- '{}'\n",
    .experiments = "    case '{}'\n      printf '%s\\n' $_nabla_experiments $_nabla_keys\n",
};

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

// Shell functions that print the words for their argument.
class Lookups {
 public:
  explicit Lookups(const Dialect& dialect) : dialect_(dialect) {}

  void Command(const CompletedCommand& command) {
    options_ += Case(command.name, Joined(command.options));
    flags_ += Case(command.name, Joined(command.flags));
    words_ += command.experiments ? fmt::format(fmt::runtime(dialect_.experiments), command.name)
                                  : Case(command.name, Joined(command.words));
    files_ += Case(command.name, command.experiments ? "yaml" : command.paths ? "any" : "");
  }

  void Key(const CompletedKey& key) { values_ += Case(key.key, Joined(key.values)); }

  std::string Text() const {
    return Function("_nabla_options", options_) + Function("_nabla_flags", flags_) +
           Function("_nabla_words", words_) + Function("_nabla_files_of", files_) +
           Function("_nabla_values", values_);
  }

 private:
  std::string Case(const std::string& name, const std::string& words) const {
    return words.empty() ? "" : fmt::format(fmt::runtime(dialect_.one_case), name, words);
  }
  std::string Function(const std::string& name, const std::string& cases) const {
    return fmt::format(fmt::runtime(dialect_.lookup), name, cases);
  }

  const Dialect& dialect_;
  std::string options_, flags_, words_, files_, values_;
};

// What the functions of every shell look up.
std::string Tables(const Completions& c, const Dialect& dialect) {
  std::string commands, keys;
  Lookups lookups(dialect);
  for (const CompletedKey& key : c.keys) {
    keys += key.key + "= ";
    lookups.Key(key);
  }
  for (const CompletedCommand& command : c.commands) {
    commands += (commands.empty() ? "" : " ") + command.name;
    lookups.Command(command);
  }
  const auto list = [&dialect](const char* name, const std::string& words) {
    return fmt::format(fmt::runtime(dialect.list), name, words);
  };
  return list("_nabla_commands", commands) + list("_nabla_experiments", Joined(c.experiments)) +
         list("_nabla_keys", keys) + lookups.Text();
}

}  // namespace

std::vector<CompletedKey> OverrideKeys(const Registry& registry) {
  KeyWalk walk(registry);
  walk.Table(ExperimentFields(), "");
  return walk.keys;
}

std::string CompletionScript(const std::string& shell, const Completions& c) {
  const std::string programs = Joined(c.programs);
  // zsh reads this line in the files of its folders.
  std::string script = shell == "zsh" ? fmt::format("#compdef {}\n", programs) : "";
  script += fmt::format("# Completes the command line of nabla: {}.\n", programs);
  if (shell == "fish") {
    script += Tables(c, kFish) + kFishFunction;
    for (const std::string& program : c.programs) {
      script += fmt::format("complete -c {} -f -a '(_nabla)'\n", program);
    }
    return script;
  }
  if (shell == "zsh") script += kZsh;
  script += Tables(c, kSh) + kFunction;
  if (shell == "bash") return script + fmt::format("complete -F _nabla {}\n", programs);
  return script + fmt::format("complete -o nospace -F _nabla {}\n", programs) + kZshFirst;
}

}  // namespace nabla
