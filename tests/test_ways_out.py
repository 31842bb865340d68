"""The ways out that sentences name are there: commands that the command line has, with options that they have."""

import argparse
import ast
import re
from pathlib import Path

import trova_widgets
from trova_widgets.cli import _parser

PACKAGE = Path(trova_widgets.__file__).parent
# options of pip and of Dask that sentences and commands name
OTHERS = {"--force-reinstall", "--nthreads"}
# colours and lengths of a style sheet are written like options
_STYLE = re.compile(r"--(trova|v|jp)-|\{|var\(")
_COMMAND = re.compile(r"\btrova ([a-z]+)\b(?P<rest>[^.;,'\"`]*)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def _options() -> dict[str, set[str]]:
    """The options of each command, those of its actions among them."""
    found: dict[str, set[str]] = {}

    def gather(parser: argparse.ArgumentParser, name: str) -> None:
        for action in parser._actions:
            found.setdefault(name, set()).update(action.option_strings)
            if isinstance(action, argparse._SubParsersAction):
                for child, sub in action.choices.items():
                    gather(sub, name or child)

    gather(_parser(), "")
    return found


def _sentences() -> list[tuple[str, str]]:
    """Every text that the package can say, with the file that says it."""
    said = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documents = {
            node.body[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if node in documents:
                continue
            if isinstance(node, ast.JoinedStr):
                # what is filled in stands as a word
                text = "".join(
                    part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "X"
                    for part in node.values
                )
                said.append((path.name, text))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.append((path.name, node.value))
    for path in sorted(PACKAGE.rglob("*.vue")):
        said += [(path.name, text) for text in re.findall(r"<code>(.*?)</code>", path.read_text(encoding="utf-8"))]
    return said


def test_every_command_and_option_that_a_sentence_names_is_there() -> None:
    options = _options()
    assert len(options) > 15
    every = set().union(*options.values()) | OTHERS
    missing = []
    named = 0
    for file, text in _sentences():
        for found in _COMMAND.finditer(text):
            command, rest = found[1], found["rest"]
            if command not in options:
                # "trova" as a word of a sentence or of an address is followed by another one
                continue
            named += 1
            missing += [
                f"{file}: trova {command} {name}" for name in _OPTION.findall(rest) if name not in options[command]
            ]
        if " " in text and not _STYLE.search(text):
            missing += [f"{file}: {name}" for name in _OPTION.findall(text) if name not in every]
    assert named > 20
    assert missing == []
