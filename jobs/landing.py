"""What lies in landing: sources, their maps, the files that they feed tables with."""

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from jobs.plant_tables import of_the_plant
from jobs.settings import Settings
from pipelines.raw.file_names import glob_of, told_by
from pipelines.raw.source_map import SourceMap, TableMap, in_the_contracts_names
from pipelines.raw.source_toml import source_map
from pipelines.raw.toml_section import SourceMapError
from schemas.lineage import raw_tables

SOURCE_TOML = "source.toml"
BEING_WRITTEN = (".part", ".tmp")


class LandingError(RuntimeError):
    """There is no landing folder."""


@dataclass(frozen=True)
class LandingFile:
    """One file as it is now. ``source_file`` is its name in landing, wherever it lies."""

    path: Path
    source_file: str
    size_bytes: int
    modified_ns: int
    feeds: tuple[TableMap, ...]

    @property
    def source(self) -> str:
        """The folder of landing that it belongs to."""
        return self.source_file.split("/")[0]

    @property
    def modified_at(self) -> datetime:
        """When it was last written, to the microsecond."""
        return datetime.fromtimestamp(self.modified_ns // 1_000_000_000, UTC).replace(
            microsecond=self.modified_ns // 1_000 % 1_000_000
        )


@dataclass
class Landing:
    """Files, names of files that are still growing, and one sentence per source that cannot be read."""

    files: list[LandingFile] = field(default_factory=list)
    growing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def look(settings: Settings) -> Landing:
    """What lies in the landing folder now; a file that was just written is looked at twice."""
    landing = _listed(settings)
    _settle(landing, settings.settle_s)
    return landing


def sources_left_alone(settings: Settings) -> list[str]:
    """A sentence for each source that an ingest leaves alone, without reading a file."""
    return _listed(settings).problems


def _listed(settings: Settings) -> Landing:
    if not settings.landing.is_dir():
        raise LandingError(
            f"COILMART_LANDING promises the folder of the plant's files, but {settings.landing} is none; "
            "mount or make it, or write the reference mill's files with `coilmart landing`."
        )
    landing, maps = Landing(), {}
    for folder in sorted(settings.landing.iterdir()):
        if _is_ignored(folder.relative_to(settings.landing)):
            continue
        if not folder.is_dir():
            landing.problems.append(
                f"Landing holds a folder a source, but {folder.name} is a file or a link to nothing; "
                "move it into the folder of its raw table or source."
            )
            continue
        try:
            maps[folder] = _source_map(folder)
        except SourceMapError as error:
            landing.problems.append(error.args[0])
    maps, disagreeing = of_the_plant(settings.lake, maps)
    landing.problems += disagreeing
    for folder, found in maps.items():
        try:
            landing.files += _files(folder, found)
        except SourceMapError as error:
            landing.problems.append(error.args[0])
    return landing


def is_unchanged(file: LandingFile) -> bool:
    """True while the file is what it was when it was listed."""
    try:
        now = file.path.stat()
    except FileNotFoundError:
        return False
    return (now.st_size, now.st_mtime_ns) == (file.size_bytes, file.modified_ns)


def content_hashes(files: Iterable[LandingFile]) -> tuple[dict[str, str], list[str]]:
    """Digest of the bytes of each file, by its name in landing; a sentence for each that cannot be opened."""
    listed = list(files)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = dict(zip((file.source_file for file in listed), threads.map(_digest, listed), strict=True))
    problems = [
        f"A landing file can be read, but {name} cannot ({error.strerror}); give access to it."
        for name, error in found.items()
        # What is gone since it was listed is no news.
        if isinstance(error, OSError) and not isinstance(error, FileNotFoundError)
    ]
    return {name: digest for name, digest in found.items() if isinstance(digest, str)}, problems


def _digest(file: LandingFile) -> str | OSError:
    try:
        with file.path.open("rb") as content:
            return hashlib.file_digest(content, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        return error


def _files(folder: Path, found: SourceMap) -> list[LandingFile]:
    root = _root(folder, found)
    feeds: dict[Path, list[TableMap]] = {}
    for table_map in found.tables:
        for path in sorted(root.glob(glob_of(table_map.files))):
            relative = path.relative_to(root)
            told = told_by(table_map.files, relative.as_posix())
            if told is not None and path.is_file() and not _is_ignored(relative):
                feeds.setdefault(path, []).append(replace(table_map, told=told))
    for path, maps in feeds.items():
        if len({table_map.table.path for table_map in maps}) < len(maps):
            raise SourceMapError(
                f"A file feeds a table once, but two [[table]] of {folder.name}/{SOURCE_TOML} feed the same "
                f"from {path.name}; give them different files."
            )
    return [_landing_file(folder, root, path, tuple(maps)) for path, maps in feeds.items()]


def _landing_file(folder: Path, root: Path, path: Path, feeds: tuple[TableMap, ...]) -> LandingFile:
    now = path.stat()
    name = f"{folder.name}/{path.relative_to(root).as_posix()}"
    return LandingFile(path, name, now.st_size, now.st_mtime_ns, feeds)


def _source_map(folder: Path) -> SourceMap:
    if (folder / SOURCE_TOML).is_file():
        return source_map(_text(folder / SOURCE_TOML), f"{folder.name}/{SOURCE_TOML}")
    for table in raw_tables():
        if table.name == folder.name:
            return in_the_contracts_names(table)
    raise SourceMapError(
        f"A folder in landing is named like a raw table or has a {SOURCE_TOML}, but {folder.name} is not; "
        "rename it, or add a map."
    )


def _text(path: Path) -> str:
    try:
        # Some editors write a byte order mark.
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceMapError(
            f"{path.parent.name}/{path.name} promises UTF-8, but {error}; save it as UTF-8."
        ) from error


def _root(folder: Path, found: SourceMap) -> Path:
    expanded = os.path.expandvars(os.path.expanduser(found.folder))
    if unset := re.findall(r"\$\{?\w+\}?", expanded):
        raise SourceMapError(
            f"folder of {folder.name}/{SOURCE_TOML} promises a folder, but {unset[0]} is not set; set it."
        )
    root = (folder / expanded).resolve()
    if not root.is_dir():
        raise SourceMapError(
            f"folder of {folder.name}/{SOURCE_TOML} promises a folder, but {root} is none; mend or mount it."
        )
    return root


def _is_ignored(relative: Path) -> bool:
    hidden = any(part.startswith(".") for part in relative.parts)
    return hidden or relative.suffix in BEING_WRITTEN or relative.name == SOURCE_TOML


def _settle(landing: Landing, settle_s: float) -> None:
    """Wait once for files that were just written; those that changed meanwhile are growing."""
    young = list(_younger(landing.files, settle_s))
    if young:
        time.sleep(settle_s)
    growing = {file.source_file for file in young if not is_unchanged(file)}
    landing.growing += sorted(growing)
    landing.files = [file for file in landing.files if file.source_file not in growing]


def _younger(files: Iterable[LandingFile], settle_s: float) -> Iterator[LandingFile]:
    for file in files:
        if time.time() - file.modified_ns / 1e9 < settle_s:
            yield file
