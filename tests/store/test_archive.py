"""Backups: private, of one moment, taken from a store in use, and restored whole or not at all."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tasks.store.archive import ArchiveError, back_up, restore
from tasks.store.database import connect
from tasks.store.server import Server, UnfitDatabaseError, create_database

PASSWORD = "correct horse battery"
TEXT = "第二十轮中俄战略安全磋商 / двадцатый раунд / tham vấn an ninh"

_numbers = count()


@pytest.fixture
def empty(server: Server) -> Iterator[Callable[[], str]]:
    """Makes empty databases and tells their addresses."""
    names: list[str] = []

    def make() -> str:
        names.append(f"archive_{next(_numbers)}")
        create_database(server, names[-1])
        return server.dsn(names[-1])

    yield make
    with connect(server.dsn("postgres")) as db:
        for name in names:
            db.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def store(empty: Callable[[], str]) -> str:
    """The address of a database with 2000 letters in it."""
    dsn = empty()
    with connect(dsn) as db:
        db.execute("create extension pg_trgm")
        db.execute("create table letter (id bigint generated always as identity primary key, text text)")
        db.execute("create index on letter using gin (text gin_trgm_ops)")
        letters = "select %s || sha512(n::text::bytea)::text from generate_series(1, 2000) n"
        db.execute(f"insert into letter (text) {letters}".encode(), (TEXT,))
    return dsn


@pytest.fixture
def clerk(server: Server) -> Iterator[str]:
    """The name of an ordinary role, which the server lets in with its password alone."""
    with connect(server.dsn("postgres")) as db:
        db.execute(sql.SQL("create role clerk login password {}").format(sql.Literal(PASSWORD)))
        rules = Path(one(server.dsn("postgres"), "show hba_file"))
        before = rules.read_text()
        rules.write_text(f"local all clerk scram-sha-256\n{before}")
        db.execute("select pg_reload_conf()")
        yield "clerk"
        rules.write_text(before)
        db.execute("select pg_reload_conf()")
        db.execute("drop owned by clerk")
        db.execute("drop role clerk")


def one(dsn: str, query: str) -> str:
    with connect(dsn) as db:
        found = db.execute(query.encode()).fetchone()
        assert found is not None
        return str(found[0])


def owned(dsn: str, role: str) -> str:
    """The address under which `role`, who owns the database from now on, reaches it."""
    with connect(dsn) as db:
        names = (sql.Identifier(db.info.dbname), sql.Identifier(role))
        db.execute(sql.SQL("alter database {} owner to {}").format(*names))
    return make_conninfo(dsn, user=role, password=PASSWORD)


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@contextmanager
def writing(dsn: str) -> Iterator[None]:
    """Meanwhile somebody writes letters, two in each transaction."""
    stopped = threading.Event()

    def write() -> None:
        with connect(dsn) as db:
            while not stopped.is_set():
                with db.transaction():
                    db.execute("insert into letter (text) values ('one')")
                    db.execute("insert into letter (text) values ('the other')")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait(lambda: one(dsn, "select count(*) > 2100 from letter") == "True")
        yield
    finally:
        stopped.set()
        writer.join()


def test_a_backup_of_a_store_in_use_is_of_one_moment(
    store: str, empty: Callable[[], str], tmp_path: Path
) -> None:
    with writing(store):
        back_up(store, tmp_path / "store.dump")
    restored = empty()
    restore(restored, tmp_path / "store.dump")
    assert one(restored, "select text from letter where id = 1").startswith(TEXT)
    ones = one(restored, "select count(*) from letter where text = 'one'")
    assert 50 <= int(ones) <= int(one(store, "select count(*) from letter where text = 'one'"))
    assert ones == one(restored, "select count(*) from letter where text = 'the other'")
    with connect(restored) as db:
        db.execute("insert into letter (text) values ('the numbers go on')")


def test_a_backup_is_private_and_leaves_nothing_else_behind(store: str, tmp_path: Path) -> None:
    back_up(store, tmp_path / "store.dump")
    back_up(store, tmp_path / "store.dump")
    assert list(tmp_path.iterdir()) == [tmp_path / "store.dump"]
    assert (tmp_path / "store.dump").stat().st_mode & 0o777 == 0o600


def test_a_failed_backup_leaves_the_one_before_it(server: Server, tmp_path: Path) -> None:
    (tmp_path / "store.dump").write_text("the one before")
    with pytest.raises(ArchiveError, match='database "missing" does not exist'):
        back_up(server.dsn("missing"), tmp_path / "store.dump")
    assert list(tmp_path.iterdir()) == [tmp_path / "store.dump"]
    assert (tmp_path / "store.dump").read_text() == "the one before"


def test_a_database_in_use_is_not_overwritten(store: str, tmp_path: Path) -> None:
    back_up(store, tmp_path / "store.dump")
    with pytest.raises(ArchiveError, match="is not empty: it holds 2 tables, views or sequences"):
        restore(store, tmp_path / "store.dump")


def test_replacing_leaves_what_the_backup_holds_and_nothing_else(store: str, tmp_path: Path) -> None:
    back_up(store, tmp_path / "store.dump")
    with connect(store) as db:
        db.execute("delete from letter")
        db.execute("create schema later")
        db.execute("create table later.one ()")
    restore(store, tmp_path / "store.dump", replace=True)
    assert one(store, "select count(*) from letter") == "2000"
    assert one(store, "select to_regclass('later.one')") == "None"


def test_a_broken_backup_replaces_nothing(store: str, tmp_path: Path) -> None:
    back_up(store, tmp_path / "store.dump")
    whole = (tmp_path / "store.dump").read_bytes()
    (tmp_path / "broken.dump").write_bytes(whole[: len(whole) * 2 // 3])
    with connect(store) as db:
        db.execute("delete from letter where id > 1000")
    with pytest.raises(ArchiveError, match=r"broken.dump cannot be read: .*pg_restore"):
        restore(store, tmp_path / "broken.dump", replace=True)
    assert one(store, "select count(*) from letter") == "1000"


def test_a_backup_that_the_server_refuses_replaces_nothing(
    clerk: str, store: str, empty: Callable[[], str], tmp_path: Path
) -> None:
    with connect(store) as db:
        db.execute("create extension pg_buffercache")  # which an ordinary role may not install
    back_up(store, tmp_path / "store.dump")
    address = owned(empty(), clerk)
    with connect(address) as db:
        db.execute("create table letter (text text)")
        db.execute("insert into letter values ('still here')")
    with pytest.raises(ArchiveError, match="permission denied to create extension"):
        restore(address, tmp_path / "store.dump", replace=True)
    assert one(address, "select text from letter") == "still here"


def test_a_database_that_knows_only_ascii_is_not_filled(server: Server, store: str, tmp_path: Path) -> None:
    back_up(store, tmp_path / "store.dump")
    with connect(server.dsn("postgres")) as db:
        db.execute("create database ascii template template0 locale_provider libc locale 'C'")
        with pytest.raises(UnfitDatabaseError):
            restore(server.dsn("ascii"), tmp_path / "store.dump")
        db.execute("drop database ascii")


def test_a_password_reaches_the_programs_and_nobody_else(
    clerk: str, empty: Callable[[], str], tmp_path: Path
) -> None:
    dsn = empty()
    address = owned(dsn, clerk)
    with connect(address) as db:
        db.execute("create table letter (text text)")
        db.execute("insert into letter values ('hidden')")
    backup = threading.Thread(target=back_up, args=(address, tmp_path / "store.dump"))
    with connect(dsn) as db, db.transaction():
        db.execute("lock table letter in access exclusive mode")
        backup.start()
        wait(lambda: one(dsn, "select count(*) from pg_locks where not granted") == "1")
        [program] = [child for child in psutil.Process().children() if child.name() == "pg_dump"]
        assert PASSWORD not in " ".join(program.cmdline())
        assert not (tmp_path / "store.dump").exists()
    backup.join()
    restore(address, tmp_path / "store.dump", replace=True)
    assert one(address, "select text from letter") == "hidden"
    with pytest.raises(ArchiveError, match="password authentication failed"):
        back_up(make_conninfo(address, password="wrong"), tmp_path / "other.dump")


@pytest.mark.parametrize("use", [back_up, restore])
def test_no_error_tells_the_password(
    server: Server, use: Callable[[str, Path], None], tmp_path: Path
) -> None:
    (tmp_path / "store.dump").touch()
    missing = make_conninfo(server.dsn(PASSWORD), password=PASSWORD)
    with pytest.raises(ArchiveError, match=r'database "\*\*\*" does not exist'):
        use(missing, tmp_path / "store.dump")
    with pytest.raises(ArchiveError, match="cannot be understood") as refused:
        use(f"postgresql://clerk:{PASSWORD}@[half", tmp_path / "store.dump")
    assert refused.value.__suppress_context__
    with pytest.raises(ArchiveError, match="Put sslpassword into a service file"):
        use("postgresql://clerk@/store?sslpassword=secret", tmp_path / "store.dump")
