"""pyproject.toml, the lock and environment.yml agree; Binder reads what it should."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tree
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import MatchSpec

from course_utils import FIXED_SETTINGS
from course_utils.authoring import requirements
from course_utils.desk.environment import SUPPORTED
from course_utils.errors import CourseError
from course_utils.paths import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
GENERATOR_LOCK = (ROOT / "generator.lock").read_text(encoding="utf-8")
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
DIRECT = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]


def test_the_pythons_promised_are_the_same_everywhere() -> None:
    (_, oldest), (_, newest) = min(SUPPORTED), max(SUPPORTED)
    assert PROJECT["requires-python"] == f">=3.{oldest},<3.{newest + 1}"
    assert list(SUPPORTED) == [(3, minor) for minor in range(oldest, newest + 1)]
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert all(f"Python 3.{minor}" in text for minor in (oldest, newest))


def test_the_lock_is_what_uv_makes_of_pyproject() -> None:
    try:
        rendered = requirements.render_lock(ROOT)
    except CourseError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"needs the package registry: {error}")
    assert rendered == LOCK


def test_the_generators_lock_is_what_uv_makes_of_the_extra() -> None:
    try:
        rendered = requirements.render_generator_lock(ROOT)
    except CourseError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"needs the package registry: {error}")
    assert rendered == GENERATOR_LOCK


def test_the_generators_lock_pins_the_extra_and_what_no_set_up_installs() -> None:
    wanted = [Requirement(one) for one in PROJECT["optional-dependencies"]["generator"]]
    found = requirements.locked(GENERATOR_LOCK)
    assert [pin.name for pin in found] == [one.name for one in wanted]
    for one, pin in zip(wanted, found, strict=True):
        [version] = [part.version for part in pin.specifier]
        assert str(pin.specifier).startswith("==") and one.specifier.contains(version)
        assert pin.name not in {other.name for other in requirements.locked(LOCK)}
        assert pin.name not in ENVIRONMENT
    assert GENERATOR_LOCK.count("--hash=sha256:") >= len(found)


def test_a_lock_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(CourseError, match=r"uv could not make requirements\.lock"):
        requirements.render_lock(tmp_path)


def test_the_environment_file_is_derived() -> None:
    assert requirements.render_environment(PYPROJECT, LOCK) == ENVIRONMENT


def test_a_requirement_missing_from_the_lock_is_named() -> None:
    with pytest.raises(CourseError, match="lacks keras"):
        requirements.render_environment(PYPROJECT, LOCK.replace("\nkeras==", "\nkerat=="))


def test_every_locked_package_is_pinned_and_hashed() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.rstrip("\n"))
    assert len(blocks) > 100
    for block in blocks:
        first, *hashes = block.replace("\\\n", "\n").splitlines()
        assert [one.operator for one in Requirement(first.strip()).specifier] == ["=="], first
        assert hashes, first
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64} *", line) for line in hashes)


@pytest.mark.parametrize(
    "name", ["requirements.lock", "generator.lock", "environment.yml", "postBuild", "start"]
)
def test_no_file_names_a_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(?<!-)-(-index-url|-extra-index-url|-find-links|i |f )", text)


@pytest.mark.parametrize("text", DIRECT)
def test_direct_requirements_are_pinned_within_their_bounds(text: str) -> None:
    wanted = Requirement(text)
    found = [
        pin
        for pin in requirements.locked(LOCK)
        if canonicalize_name(pin.name) == canonicalize_name(wanted.name)
    ]
    assert found
    for pin in found:
        [version] = [part.version for part in pin.specifier]
        assert wanted.specifier.contains(version)


def test_each_line_of_the_environment_file_is_valid() -> None:
    content = yaml.safe_load(ENVIRONMENT)
    assert content["channels"] == ["conda-forge"]
    *conda, pip = content["dependencies"]
    # Only an exact Python is understood by Binder; JupyterLab is in its image already.
    assert conda == ["python=3.12", "jupyterlab>=4.4,<5", "pip>=25.2"]
    for line in conda:
        MatchSpec(line, strict=True)
    pins = [Requirement(line) for line in pip["pip"]]
    assert all(str(pin.specifier).startswith("==") for pin in pins)
    runtime = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert {pin.name for pin in pins} == runtime - {"jupyterlab", "pip"}
    assert set(map(str, pins)) <= set(map(str, requirements.locked(LOCK)))


def test_start_exports_the_fixed_settings_and_runs_what_follows() -> None:
    done = subprocess.run(
        [ROOT / "start", sys.executable, "-c", "import os; print(dict(os.environ))"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    exported = eval(done.stdout)
    assert {name: exported.get(name) for name in FIXED_SETTINGS} == FIXED_SETTINGS


@pytest.mark.parametrize("fetched", [0, 1])
def test_post_build_survives_data_that_cannot_be_fetched(tmp_path: Path, fetched: int) -> None:
    for name, code in (("pip", 0), ("python", fetched)):
        tool = tmp_path / name
        tool.write_text(f'#!/bin/sh\necho "{name} $*"\nexit {code}\n')
        tool.chmod(0o755)
    done = subprocess.run(
        [ROOT / "postBuild"],
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line for line in lines if "could not" not in line] == [
        "pip install --no-deps -e .",
        "python -m course_utils.datasets",
    ]
    assert len(lines) == 2 + fetched


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Dockerfile that Binder would build from the files under version control."""
    copy = tmp_path_factory.mktemp("binder")
    tree.copy_to(copy)
    options = "--debug --no-build --user-id 1000 --user-name jovyan ."
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", *options.split()],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout + done.stderr


def test_binder_takes_conda_with_the_exact_python(recipe: str) -> None:
    assert "Building conda environment for python=3.12" in recipe
    assert re.search(r"env update .*environment\.yml", recipe)


def test_binder_caches_the_packages_across_commits(recipe: str) -> None:
    """The environment's layer comes before the layer that changes with every commit."""
    environment = re.search(r"^COPY .*src/environment\.yml", recipe, re.MULTILINE)
    everything = re.search(r"^COPY .*src/ \$\{REPO_DIR\}", recipe, re.MULTILINE)
    assert environment and everything
    assert environment.start() < everything.start()


def test_binder_runs_post_build_and_start(recipe: str) -> None:
    assert re.search(r"^RUN \./postBuild", recipe, re.MULTILINE)
    assert re.search(r'^ENV R2D_ENTRYPOINT="\$\{REPO_DIR\}/start"', recipe, re.MULTILINE)
    for name in ("postBuild", "start"):
        assert os.access(ROOT / name, os.X_OK)
