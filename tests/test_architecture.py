"""Rules of the house as tests: where things live, how big they may grow, what loads what, what README promises."""

import ast
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest

from capture.settings import CaptureSettings
from mining.settings import MiningSettings
from web.settings import WebSettings

ROOT = Path(__file__).parent.parent
PACKAGES = ("capture", "mining", "web")
SOURCES = sorted(
    p.relative_to(ROOT) for package in PACKAGES for p in (ROOT / package).rglob("*.py") if "versions" not in p.parts
)
# Pure vocabulary (tables, errors, values, ports) is tested through whoever uses it.
WITHOUT_OWN_TEST = {
    *("__init__", "__main__", "models", "suggestion_models", "errors", "speech", "carrier", "env", "embedder"),
    *("clusterer", "wordlists"),
}
README = (ROOT / "README.md").read_text("utf-8")
HEAVY = {
    *("av", "bertopic", "ctranslate2", "docx", "faster_whisper", "hdbscan", "numba", "onnxruntime", "openvino"),
    *("pandas", "pocketsphinx", "scipy", "sentence_transformers", "sklearn", "sknetwork", "torch", "transformers"),
    "umap",
}


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh Python has loaded after running `code`."""
    report = f"{code}\nimport sys; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", report], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_file_opens_with_why_it_exists_and_stays_small(path: Path) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert len(text.splitlines()) <= 400
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "say in two to five lines why this file exists and where it stands in the flow"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is {node.end_lineno} lines long"


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_file_has_its_test_under_the_same_name(path: Path) -> None:
    if path.stem not in WITHOUT_OWN_TEST:
        assert (ROOT / "tests" / path.parent / f"test_{path.stem}.py").exists()


def test_there_is_no_room_for_odds_and_ends() -> None:
    assert [p for p in SOURCES if re.search(r"util|helper|common|misc", p.stem)] == []


def test_the_help_text_loads_nothing_heavy_not_even_the_database() -> None:
    loaded = loaded_after("import click\nfrom web.cli import harvest\nharvest(['--help'], standalone_mode=False)")
    assert loaded & (HEAVY | {"sqlalchemy", "flask", "numpy", "alembic", "huey"}) == set()


def test_the_pages_load_nothing_heavy() -> None:
    assert loaded_after("import web.app") & HEAVY == set()


@pytest.mark.parametrize("kind", [CaptureSettings, MiningSettings, WebSettings])
def test_every_setting_is_in_the_readme_with_its_help(kind: type) -> None:
    for spec in fields(kind):
        if "env" in spec.metadata:
            row = next((line for line in README.splitlines() if line.startswith(f"| `{spec.metadata['env']}`")), "")
            assert spec.metadata["help"] in row, f"README lacks {spec.metadata['env']} with its help"


def test_every_command_in_the_readme_can_be_called_as_it_stands_there() -> None:
    from web.cli import harvest

    lines = re.findall(r"^harvest .*$", README, flags=re.MULTILINE)
    assert len(lines) >= 15
    for line in lines:
        command, words = harvest, shlex.split(line, comments=True)[1:]
        while isinstance(command, click.Group):
            words = without_own(command, words)
            assert words and words[0] in command.commands, line
            command = command.commands[words.pop(0)]
        assert without_own(command, words) == [], f"{line}: too many words"


def without_own(command: click.Command, words: list[str]) -> list[str]:
    """What is left of `words` after the command's own options and arguments. Raises click's errors for unknown options,
    missing arguments and values of a wrong type."""
    context = click.Context(command, info_name=command.name)
    given, rest, order = command.make_parser(context).parse_args(list(words))
    for parameter in order:
        if isinstance(parameter.type, click.Path) or parameter.expose_value is False:
            continue  # the files in an example need not be there
        parameter.process_value(context, given[parameter.name])
    return rest


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"^make (\w+)", README, flags=re.MULTILINE)) | {"demo", "test", "check", "install"}:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_the_lock_pins_every_dependency() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    lock = (ROOT / "constraints.txt").read_text("utf-8").lower().replace("_", "-")
    pinned = {line.split("==")[0] for line in lock.splitlines()}
    missing = {re.split(r"[\[>=<~ ]", d)[0].lower().replace("_", "-") for d in wanted} - pinned
    assert missing == set()
