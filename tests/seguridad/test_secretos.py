"""No file of the repository holds a secret: keys of known kinds, and long random values that have a name."""

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.settings import ROOT

KINDS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "age identity": r"AGE-SECRET-KEY-1[0-9A-Z]{20,}",
    "AWS": r"A(?:KI|SI)A[0-9A-Z]{16}\b",
    "GitHub": r"gh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{40,}",
    "Google": r"AIza[\w-]{35}\b",
    "Slack": r"xox[abeprs]-[\w-]{10,}",
    "OpenAI or Anthropic": r"\bsk-(?:proj-|ant-)?[\w-]{32,}",
    "Meta": r"EAA[A-Za-z0-9]{60,}",
    "Telegram": r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b",
    "JWT": r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "npm or PyPI": r"npm_[A-Za-z0-9]{36}\b|\bpypi-[\w-]{60,}",
    "password in an address": r"\b[a-z][a-z+]*://[^\s:/@'\"{}<>$]+:(?!contrase|password|clave|xxx|\.\.\.)[^\s:/@'\"{}<>$]{8,}@",
}
NAMED = re.compile(
    r"(?i)(?:passw(?:or)?d|passphrase|secret|token|api_?key|clave|contrase(?:ñ|n)a)\w*[\"']?\s*[:=]\s*[\"']?"
    r"([A-Za-z0-9+/_=-]{20,})"
)
RANDOM_BITS = 3.6  # a character's, of what no person would write
# Others' code, and hashes of files that anybody may fetch.
OTHERS = ("api/web/static/swagger/", "api/web/static/vendor/", "tests/vendor/", "api/web/package-lock.json")


def files() -> list[str]:
    """What is in the repository, and what is about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("this is no checkout of the repository")
    return [one for one in listed.stdout.split("\0") if one and not one.startswith(OTHERS)]


def secrets_in(text: str) -> Iterator[str]:
    """The kinds of what looks like a secret."""
    for kind, pattern in KINDS.items():
        if re.search(pattern, text):
            yield kind
    for found in NAMED.finditer(text):
        if bits(found[1]) > RANDOM_BITS and any(map(str.isdigit, found[1])):
            yield f"named value {found[1][:4]}…"


def bits(word: str) -> float:
    """Shannon's entropy of a word's characters."""
    shares = [count / len(word) for count in Counter(word).values()]
    return -sum(share * math.log2(share) for share in shares)


def test_no_secret_is_kept() -> None:
    """Every file that git knows; what is not text is searched as well."""
    paths = {name: ROOT / name for name in files()}
    found = {
        name: told
        for name, path in paths.items()
        if path.is_file() and (told := list(secrets_in(path.read_bytes().decode("utf-8", "replace"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
        "110201543:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_",
        "EAA" + "b3Xz" * 20,
        "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmN",
        "postgresql://tributa:" + "x9f3Kq2mZp@db.ejemplo.cl/tributa",
        "TRIBUTA_SECRET_KEY=" + "q8Zr1Tn0Vb7Yw3Lk9Hd5Js2Gf6",
        '"agent_api_key": ' + '"mJ4pX9vR2cW7bN1qT6zK8"',
    ],
)
def test_secrets_would_be_found(secret: str) -> None:
    """One of each kind that matters here, in a line of settings."""
    assert list(secrets_in(f"# a line\n{secret}\n"))


def test_data_and_environments_are_left_out() -> None:
    """What holds secrets on a machine that runs Tributa is ignored by git."""
    held = [".env", "models/tributa.tar.gz"]
    told = subprocess.run(
        ["git", "check-ignore", *held], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode == 128:
        pytest.skip("this is no checkout of the repository")
    assert told.stdout.split() == held
    assert not (ROOT / "secrets.json").exists()
