"""A page of docs/ as a reader follows it: the one command that makes its tables, and what it then asks."""

import os
import re
import shlex
from contextlib import nullcontext
from pathlib import Path

import pytest

from jobs import cli, night

ROOT = Path(__file__).parent.parent
COMMAND = re.compile(r"```sh\n([^`]*? backfill)\n```")
QUESTION = re.compile(r'```sh\ncoilmart \S+ \S+ sql "([^"]+)"\n```\n```text\n(.*?)```', re.DOTALL)


class Page:
    """The page of that name; ``questions``: each query with the answer that the page gives."""

    def __init__(self, name):
        self.text = (ROOT / "docs" / name).read_text("utf-8")
        self.questions = QUESTION.findall(self.text)

    def make_tables(self, home, spark):
        """Run the page's one command in that home: the lake."""
        words = shlex.split(COMMAND.search(self.text).group(1).replace("\\\n", ""))
        words[words.index("--home") + 1] = str(home)
        with pytest.MonkeyPatch.context() as own:
            own.chdir(ROOT)
            for name in [name for name in os.environ if name.startswith("COILMART_")]:
                if name != "COILMART_SPARK":
                    own.delenv(name)
            # What the command sets is taken back with it.
            for name in ("COILMART_HOME", "COILMART_LANDING"):
                own.setenv(name, "")
            while "=" in words[0]:
                own.setenv(*words.pop(0).split("=", 1))
            # The engine of all tests: another Java machine would take longer than the night.
            own.setattr(night, "spark_session", lambda settings: nullcontext(spark))
            assert not cli.app(words[1:], standalone_mode=False)
        return str(home / "lake")
