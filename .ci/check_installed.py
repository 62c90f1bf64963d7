"""Run by the Python of an environment, with a lock file: says whether what is installed is just that, and enough.

It has to hold what the lock names for this machine, at those versions, and nothing else (besides pip, and cinema
itself); and every requirement of everything in it, those that come with an extra that somebody asks for included, has
to be met by what is there. `pip check` leaves extras out: an extra that is not locked is found here.
"""

import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ALLOWED = {"cinema", "pip", "setuptools"}  # setuptools may come with the environment


def locked(lock: Path) -> dict[str, str]:
    """Name and version of each package that the lock names for this machine."""
    lines = re.findall(r"^([A-Za-z0-9].*?) \\$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    wanted = [Requirement(line) for line in lines]
    return {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in wanted
        if each.marker is None or each.marker.evaluate()
    }


def unmet(installed: dict[str, Distribution], extras_of_cinema: set[str]) -> list[str]:
    """What something that is installed, or an extra of it that something asks for, needs and does not have."""
    problems: list[str] = []
    seen: set[tuple[str, str]] = set()
    todo = [(name, "") for name in installed] + [("cinema", extra) for extra in extras_of_cinema]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in installed[name].requires or ():
            needed = Requirement(line)
            if needed.marker and not needed.marker.evaluate({"extra": extra}):
                continue
            found = installed.get(canonicalize_name(needed.name))
            if found is None or not needed.specifier.contains(found.version, prereleases=True):
                has = found.version if found else "not installed"
                problems.append(f"{name}{f'[{extra}]' if extra else ''} needs {line}, which is {has}")
                continue
            todo += [(canonicalize_name(needed.name), wanted) for wanted in needed.extras]
    return problems


def main(lock: Path, *extras: str) -> int:
    """Prints what is wrong; answers the exit status."""
    installed = {canonicalize_name(each.name): each for each in distributions()}
    wanted = locked(lock)
    present = {name: each.version for name, each in installed.items()}
    problems = [
        f"{name} {version} is locked, {present.get(name)} is installed"
        for name, version in wanted.items()
        if present.get(name) != version
    ]
    problems += [f"{name} is installed, but not locked" for name in present.keys() - wanted.keys() - _ALLOWED]
    problems += unmet(installed, set(extras))
    for problem in problems:
        print(f"{lock}: {problem}", file=sys.stderr)
    print(f"{lock}: {len(wanted)} packages on Python {sys.version.split()[0]}, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
