"""The embedded server: it comes up whatever happened before, is shared, and goes when nobody needs it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tasks.store import account, server
from tasks.store.database import connect

FAST = {"fsync": "off", "full_page_writes": "off"}
ROOT = Path(server.__file__).parents[2]

# An application: it uses the server until its input ends.
APPLICATION = f"""
import sys
from pathlib import Path
from tasks.store import server
with server.running(Path(sys.argv[1]), **{FAST}) as running:
    server.create_database(running, "shared")
    print(running.dsn("shared"), flush=True)
    sys.stdin.read()
"""

# The first process of a container: it is gone without a word, and everything in the container with it.
KILLED = f"""
import os, sys
from pathlib import Path
from tasks.store import database, server
with server.running(Path(sys.argv[1]), **{FAST}) as running, database.connect(running.dsn("postgres")):
    print("answered", flush=True)
    os._exit(9)
"""

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account to the server")


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder that the account lent by root may enter, which pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="dragoman-test-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@pytest.fixture
def place() -> Iterator[Path]:
    with folder() as path:
        yield path


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A server's folder with data in it; each test finds the server stopped and leaves it stopped."""
    with folder() as path:
        with server.running(path / "home", **FAST) as running, connect(running.dsn("postgres")) as db:
            db.execute("create table note (text text)")
        yield path / "home"


def environment(*paths: Path) -> dict[str, str]:
    python_path = os.pathsep.join(map(str, (*paths, ROOT, *sys.path)))
    return {**os.environ, "PYTHONPATH": python_path, "API_TOKEN": "not for the server"}


@contextmanager
def application(home: Path, *paths: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", APPLICATION, str(home)],
        env=environment(*paths),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def dsn(process: "subprocess.Popen[str]") -> str:
    """Where the application's database is, as soon as it is up."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def postmaster(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "data" / "postmaster.pid").read_text().split()[0]))


def up(process: psutil.Process) -> bool:
    """Whether it runs; a dead server stays a zombie if its user was killed and nobody reaps it."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def crash(process: psutil.Process) -> None:
    process.kill()
    process.wait(10)


def notes(running: server.Server) -> list[str]:
    with connect(running.dsn("postgres")) as db:
        return [note for (note,) in db.execute("select text from note order by text")]


# Starting, sharing, stopping


@pytest.mark.parametrize("name", ["with space, комма и 'кавычки'", "x" * 120])
def test_a_fresh_folder_becomes_a_server_wherever_it_lies(place: Path, name: str) -> None:
    with server.running(place / name, **FAST) as running, connect(running.dsn("postgres")) as db:
        assert db.execute("select 1").fetchone() == (1,)
        assert db.execute("show listen_addresses").fetchone() == ("",)
        assert running.socket.stat().st_mode & 0o077 == 0
    assert not (place / name / "data" / "postmaster.pid").exists()
    assert not running.socket.exists()


def test_data_outlive_the_server(home: Path) -> None:
    with server.running(home, **FAST) as running, connect(running.dsn("postgres")) as db:
        db.execute("insert into note values ('kept')")
    with server.running(home, **FAST) as running:
        assert "kept" in notes(running)


def test_the_last_user_stops_the_server_and_nobody_before(home: Path) -> None:
    with server.running(home, **FAST):
        process = postmaster(home)
        with server.running(home, **FAST) as joined:
            assert postmaster(home) == process
        assert notes(joined) is not None
    assert not up(process)


def test_an_open_connection_does_not_hold_up_the_stop(home: Path) -> None:
    with server.running(home, **FAST) as running:
        idle = connect(running.dsn("postgres"))
        process = postmaster(home)
    assert not up(process)
    with pytest.raises(psycopg.OperationalError):
        idle.execute("select 1")


def test_processes_that_race_on_a_fresh_folder_share_one_server(place: Path) -> None:
    with application(place / "home") as one, application(place / "home") as two:
        assert dsn(one) == dsn(two) != ""
        process = postmaster(place / "home")
        one.communicate()
        assert up(process)
        two.communicate()
        assert one.returncode == two.returncode == 0
    assert not up(process)


def test_the_server_hears_no_ctrl_c_and_sees_no_secret(home: Path) -> None:
    with application(home) as process:
        dsn(process)
        assert os.getsid(postmaster(home).pid) != os.getsid(process.pid)
        assert "API_TOKEN" in psutil.Process(process.pid).environ()
        assert "API_TOKEN" not in postmaster(home).environ()


# What is left after a crash


def test_a_server_whose_user_was_killed_is_taken_over(home: Path) -> None:
    with application(home) as process:
        with connect(dsn(process).replace("shared", "postgres")) as db:
            db.execute("insert into note values ('before the crash')")
        left = postmaster(home)
        process.kill()
    with server.running(home, **FAST) as running:
        assert postmaster(home) == left
        assert "before the crash" in notes(running)
    assert not up(left)


def test_a_killed_server_is_replaced_while_its_user_lives_on(home: Path) -> None:
    with server.running(home, **FAST) as before:
        with connect(before.dsn("postgres")) as db:
            db.execute("insert into note values ('before the kill')")
        crash(postmaster(home))
        with server.running(home, **FAST) as after:
            assert after == before
            assert "before the kill" in notes(before)


@pytest.mark.parametrize("name", ["sleep", "postgres"])
def test_a_stranger_with_a_dead_servers_number_is_left_alone(home: Path, place: Path, name: str) -> None:
    with server.running(home, **FAST):
        crash(postmaster(home))
    program = place / name
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    owner = (home / "data").stat()
    stranger = subprocess.Popen([program, "60"], user=owner.st_uid if os.geteuid() == 0 else None)
    try:
        for lock in (home / "data" / "postmaster.pid", home / "socket" / ".s.PGSQL.5432.lock"):
            _, rest = lock.read_text().split("\n", 1)
            lock.write_text(f"{stranger.pid}\n{rest}")
        with server.running(home, **FAST) as running:
            assert notes(running) is not None
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_empty_lock_file_does_not_block_the_start(home: Path) -> None:
    with server.running(home, **FAST):
        crash(postmaster(home))
    (home / "data" / "postmaster.pid").write_bytes(b"")
    with server.running(home, **FAST) as running:
        assert notes(running) is not None


def test_half_made_data_are_made_again(place: Path) -> None:
    (place / "data.new" / "base").mkdir(parents=True)
    (place / "data.new" / "PG_VERSION").write_text("18\n")
    with server.running(place, **FAST) as running, connect(running.dsn("postgres")) as db:
        assert db.execute("select 1").fetchone() == (1,)
    assert not (place / "data.new").exists()


def test_no_second_server_starts_while_a_process_of_the_first_lives(home: Path) -> None:
    with application(home) as process:
        dsn(process)
        process.kill()
    with (home / "server.lock").open() as lock, pytest.raises(BlockingIOError):
        flock(lock, LOCK_EX | LOCK_NB)
    with server.running(home, **FAST):
        pass
    with (home / "server.lock").open() as lock:
        flock(lock, LOCK_EX | LOCK_NB)


@only_root
def test_a_container_that_is_killed_starts_again_with_the_same_process_numbers(home: Path) -> None:
    container = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
    if subprocess.run([*container, "true"], check=False).returncode:
        pytest.skip("this system does not let root make a namespace")
    command = [*container, sys.executable, "-c", KILLED, str(home)]
    for _ in range(3):
        told = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
        assert (told.returncode, told.stdout, told.stderr) == (9, "answered\n", "")
    with server.running(home, **FAST) as running:
        assert notes(running) is not None


# What cannot work is said plainly


def test_data_of_another_major_version_are_refused(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data" / "PG_VERSION").write_text("17\n")
    told = r"made by PostgreSQL 17, and these programs are .* 18"
    with pytest.raises(server.ServerError, match=told), server.running(place):
        pass


def test_a_folder_that_holds_something_else_is_refused(place: Path) -> None:
    (place / "data").mkdir()
    (place / "data" / "letters.txt").write_text("keep me")
    with pytest.raises(server.ServerError, match="holds no database"), server.running(place):
        pass
    assert (place / "data" / "letters.txt").read_text() == "keep me"


def test_a_server_that_does_not_start_shows_the_end_of_its_log(home: Path) -> None:
    told = "invalid value for parameter"
    with pytest.raises(server.ServerError, match=told), server.running(home, shared_buffers="a lot"):
        pass
    with server.running(home, **FAST) as running:
        assert notes(running) is not None


@only_root
def test_a_folder_that_the_lent_account_cannot_enter_is_refused(place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    told = rf"may not enter {place}/closed\. Put the data elsewhere"
    with pytest.raises(server.ServerError, match=told), server.running(place / "closed" / "home"):
        pass
    assert (place / "closed").stat().st_mode & 0o777 == 0o700


@only_root
def test_programs_out_of_the_lent_accounts_reach_are_copied_not_opened(home: Path, place: Path) -> None:
    wheel = server.binaries().parents[1]
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        (closed / part.name).symlink_to(part)
    with application(home, closed) as process:
        assert dsn(process)
        assert Path(postmaster(home).exe()).is_relative_to(home)
        process.communicate()
    assert closed.stat().st_mode & 0o777 == 0o700


@only_root
def test_the_server_runs_as_the_owner_of_the_data(place: Path) -> None:
    found = account.lend(place)
    assert found is not None
    assert found.uid != 0
    os.chown(place, 65534, 65534)
    lent = account.lend(place)
    assert lent is not None
    assert lent.uid == 65534


# Databases


def test_a_database_is_made_once(home: Path) -> None:
    with server.running(home, **FAST) as running:
        server.create_database(running, 'new "store"')
        server.create_database(running, 'new "store"')
        with connect(running.dsn('new "store"')) as db:
            server.check_text_support(db)
            assert db.execute("select from pg_extension where extname = 'pg_trgm'").rowcount == 0


@pytest.mark.parametrize("locale", ["locale_provider libc locale 'C'", "lc_ctype 'C'"])
def test_a_database_that_knows_only_ascii_is_refused_with_the_remedy(home: Path, locale: str) -> None:
    told = r"create database NAME .* lc_ctype 'C.UTF-8'"
    with server.running(home, **FAST) as running, connect(running.dsn("postgres")) as db:
        db.execute(f"create database ascii template template0 encoding 'UTF8' {locale}".encode())
        with connect(running.dsn("ascii")) as ascii, pytest.raises(server.UnfitDatabaseError, match=told):
            server.check_text_support(ascii)
        db.execute("drop database ascii with (force)")


def test_the_remedy_helps(home: Path) -> None:
    remedy = "template template0 encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype 'C.UTF-8'"
    with server.running(home, **FAST) as running, connect(running.dsn("postgres")) as db:
        db.execute(f"create database remedied {remedy}".encode())
        with connect(running.dsn("remedied")) as remedied:
            server.check_text_support(remedied)


def test_text_is_checked_without_the_right_to_install_pg_trgm(home: Path) -> None:
    with server.running(home, **FAST) as running, connect(running.dsn("postgres")) as db:
        server.create_database(running, "lent")
        db.execute("create role guest login")
        with connect(running.dsn("lent").replace("postgres@", "guest@")) as guest:
            server.check_text_support(guest)


async def test_prefect_reaches_its_database_whatever_the_environment_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    with server.running(home, **FAST) as running:
        server.create_database(running, "prefect")
        engine = create_async_engine(running.sqlalchemy_url("prefect"))
        async with engine.connect() as connection:
            assert (await connection.execute(text("select current_database()"))).scalar() == "prefect"
        await engine.dispose()


def test_a_signal_that_becomes_an_exception_stops_the_server(home: Path) -> None:
    with application(home) as process:
        dsn(process)
        left = postmaster(home)
        process.send_signal(signal.SIGINT)
    assert not up(left)
