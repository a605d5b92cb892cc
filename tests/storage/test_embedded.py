"""The PostgreSQL of our own: kept, shared, and whole after the worst."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from bot.storage.embedded import embedded_postgres

HOLD = (
    "import sys, time; from pathlib import Path; from bot.storage.embedded import embedded_postgres\n"
    "with embedded_postgres(Path(sys.argv[1]), 'owner', 'app'): print('up', flush=True); time.sleep(60)"
)


def _postmaster(folder: Path) -> psutil.Process | None:
    pid_file = folder / "postgres" / "postmaster.pid"
    if not pid_file.exists():
        return None
    try:
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
    except psutil.NoSuchProcess:
        return None
    return None if process.status() == psutil.STATUS_ZOMBIE else process


def _hold(folder: Path) -> subprocess.Popen[bytes]:
    """Another program that uses the same server."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"up\n"
    return holder


def _write(url: str, value: int) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        owner.execute("INSERT INTO kept VALUES (%s)", (value,))


def _read(url: str) -> list[int]:
    with psycopg.connect(url) as owner:
        return [n for (n,) in owner.execute("SELECT n FROM kept ORDER BY n")]


def test_data_stay_and_nothing_runs_afterwards(tmp_path: Path) -> None:
    """The last one out stops the server; what was written is there the next time."""
    for value in (1, 2):
        with embedded_postgres(tmp_path, "owner", "app") as urls:
            _write(urls.owner, value)
        assert _postmaster(tmp_path) is None
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        assert _read(urls.owner) == [1, 2]


def test_it_is_shared(tmp_path: Path) -> None:
    """A second program neither starts another server nor stops it for the first."""
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        _write(urls.owner, 1)
        holder = _hold(tmp_path)
    assert _postmaster(tmp_path) is not None
    holder.kill()
    holder.wait()
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        assert _read(urls.owner) == [1]
    assert _postmaster(tmp_path) is None


@pytest.mark.parametrize("victim", ["user", "postmaster"])
def test_kill_9(tmp_path: Path, victim: str) -> None:
    """After kill -9 of its user or of the server itself, the next start finds everything."""
    holder = _hold(tmp_path)
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        _write(urls.owner, 1)
        server = _postmaster(tmp_path)
    assert server
    if victim == "postmaster":
        server.kill()
        time.sleep(0.3)
    holder.kill()
    holder.wait()
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        assert _read(urls.owner) == [1]
    assert _postmaster(tmp_path) is None


def test_a_recovery_that_takes_long(tmp_path: Path) -> None:
    """A server that still reads what a crash left behind is waited for, and not taken for one that failed."""
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        _write(urls.owner, 1)
        postmaster = _postmaster(tmp_path)
        assert postmaster
        pg_ctl = Path(postmaster.exe()).with_name("pg_ctl")
    data = tmp_path / "postgres"
    go = data / "go"
    # It recovers from an archive that does not answer until we say so.
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = 'until [ -e {go} ]; do sleep 0.1; done; false'\n")
    where = ("-D", data, "-o", f"-h '' -k {data}", "-l", os.devnull)
    subprocess.run(
        (pg_ctl, "start", "-W", *where), check=True, stdout=subprocess.DEVNULL, user=data.stat().st_uid
    )
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout
    assert not select.select([holder.stdout], [], [], 3)[0]
    assert holder.poll() is None
    go.touch()
    assert holder.stdout.readline() == b"up\n"
    holder.kill()
    holder.wait()
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        assert _read(urls.owner) == [1]


def test_a_first_start_that_was_cut(tmp_path: Path) -> None:
    """A half-made folder is made again."""
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        _write(urls.owner, 1)


def test_a_pid_of_somebody_else(tmp_path: Path) -> None:
    """After a power cut the recorded number may belong to any program, which is left alone."""
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        _write(urls.owner, 1)
    other = subprocess.Popen(["sleep", "60"])
    socket = str(tmp_path / "postgres")
    lines = [str(other.pid), socket, "1", "5432", socket, "", "1 1", "ready"]
    (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    with embedded_postgres(tmp_path, "owner", "app") as urls:
        assert _read(urls.owner) == [1]
    assert other.poll() is None
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
