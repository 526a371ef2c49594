"""Writes the man page of nabla from its help: man.py DATE PROGRAM... prints it.

PROGRAM are the words that start nabla. The page holds the help of every command, so it says what the
program says.
"""

import re
import subprocess
import sys

DESCRIPTION = """nabla trains small neural networks from a YAML file, on CPUs, and compares their metrics with
those that a published notebook printed. FILE is the path of an experiment file, or the name of one of
those that come with nabla."""

ENVIRONMENT = [
    ("NABLA_DATA", "a folder with data sets, such as mnist/, searched after that of --data"),
    ("NABLA_SIMD", "avx2 or avx512 instead of the best that the processor has; on ARM64 only neon"),
]

FILES = [
    ("runs/", "the results, below the folder that nabla is called from"),
    ("~/.cache/nabla", "data sets that nabla has downloaded"),
    ("PREFIX/share/nabla/experiments", "the experiments that come with nabla"),
    ("PREFIX/share/doc/nabla", "the manual; nabla is PREFIX/bin/nabla"),
]


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def entries(lines):
    """(name, description) of lines such as "  --seed TEXT    the same as seed=N"."""
    found = []
    for line in lines:
        entry = re.match(r"  (\S.*?)(?:  +(.*))?$", line)
        if entry:
            found.append([entry[1], entry[2] or ""])
        elif line.strip() and found:  # the description of a long name
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return found


class Help:
    """The parts of a help: `about`, `usage`, `tables` by their titles, and what follows them."""

    def __init__(self, text):
        head, *blocks = text.rstrip("\n").split("\n\n")
        about, usage = head.rsplit("Usage: ", 1)
        self.about, self.usage, self.tables = about.strip(), usage, {}
        while blocks and re.match(r"(Positionals|Options|Subcommands):\n", blocks[0]):
            title, _, table = blocks.pop(0).partition(":\n")
            self.tables[title] = entries(table.splitlines())
        self.footer = "\n\n".join(blocks)


def listed(pairs):
    return [line for name, said in pairs for line in (".TP", f"\\fB{escaped(name)}\\fR", escaped(said))]


def verbatim(text):
    return [".PP", ".nf", *map(escaped, text.splitlines()), ".fi"]


def command(name, text, program):
    """The section of a command, without what the program's own help says too."""
    page = [f".SS {escaped(name)}", escaped(text.about), ".PP", f".B {escaped(text.usage)}"]
    for title in ("Positionals", "Options"):
        page += listed(pair for pair in text.tables.get(title, []) if not pair[0].startswith("-h,"))
    return page + (verbatim(text.footer) if text.footer not in ("", program.footer) else [])


def main():
    date, *start = sys.argv[1:]

    def said(*words):
        return subprocess.run([*start, *words], check=True, capture_output=True, text=True).stdout

    program = Help(said("--help"))
    page = [f'.TH NABLA 1 "{date}" "{said("--version").strip()}" "User Commands"',
            ".SH NAME", "nabla \\- train small neural networks from a YAML file",
            ".SH SYNOPSIS", ".B nabla", "FILE [key=value]... [OPTION]...", ".br",
            ".B nabla", "COMMAND [ARGUMENT]... [OPTION]...", ".br", ".B nabla", "\\-\\-help | \\-\\-version",
            ".SH DESCRIPTION", *map(escaped, DESCRIPTION.splitlines()), ".SH COMMANDS"]
    for name, _ in program.tables["Subcommands"]:
        page += command(name, Help(said(name, "--help")), program)
    page += [".SH NOTES", *verbatim(program.footer)]
    page += [".SH ENVIRONMENT", *listed(ENVIRONMENT), ".SH FILES", *listed(FILES)]
    print("\n".join(page))


if __name__ == "__main__":
    main()
