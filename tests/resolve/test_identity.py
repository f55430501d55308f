"""Events keep their names while what is known of them changes; what was told is told once."""

from typing import Any

import pytest

from tasks.model import Kind, Mention, Stage
from tasks.resolve.resolver import refresh
from tasks.settings.configuration import Configuration
from tasks.store import events
from tasks.store.database import Connection
from tests.resolve.telling import LAVROV, SHOIGU, WANG_YI, Teller, mention, on


@pytest.fixture
def teller(db: Connection, settings: Configuration) -> Teller:
    return Teller(db, settings)


def round_of(number: int | None, day: int | None, **fields: Any) -> Mention:
    return mention(
        Kind.CONSULTATION_ROUND, mechanism="cn-ru-ssc", round=number,
        date=on(day) if day is not None else None, officials=(WANG_YI, SHOIGU), **fields,
    )  # fmt: skip


def signing(day: int | None, subject: str, **fields: Any) -> Mention:
    return mention(date=on(day) if day is not None else None, contexts=(subject,), **fields)


def test_an_event_keeps_its_name_when_it_gains_mentions(teller: Teller) -> None:
    teller.tell(1, signing(0, "legal", place="Moscow"))
    first = teller.event_of(1).id
    teller.tell(2, signing(1, "legal", place="Moscow"), day=1)
    assert teller.event_of(2).id == first
    assert [(event, stage) for event, stage, _ in teller.alerts()] == [(first, "held")]


def test_two_that_turn_out_to_be_one_are_merged_and_the_other_name_is_an_alias(teller: Teller) -> None:
    # A week and a day are too little; a report with both the place and the counterpart joins them.
    teller.tell(1, mention(date=on(0), officials=(LAVROV,)))
    teller.tell(2, mention(date=on(1), place="Moscow"), day=1)
    one, two = teller.event_of(1).id, teller.event_of(2).id
    assert one != two
    teller.tell(3, mention(date=on(0), officials=(LAVROV,), place="Moscow"), day=1)
    assert teller.together([1, 2, 3])
    kept = teller.event_of(1).id
    (gone,) = {one, two} - {kept}
    alias = events.by_id(teller.db, gone)
    assert alias is not None
    assert (alias.status, alias.merged_into) == ("merged", kept)


def test_a_wrong_join_is_undone_when_a_later_mention_shows_it(teller: Teller) -> None:
    # Undated and without a name, the second report goes to the only event there is.
    teller.tell(1, mention(Kind.PATROL, mechanism="cn-ru-navpatrol", date=on(0)))
    teller.tell(2, mention(Kind.PATROL, mechanism="cn-ru-navpatrol"), day=25)
    assert teller.together([1, 2])
    first = teller.event_of(1).id
    # Then it shows that another patrol had just been held.
    teller.tell(3, mention(Kind.PATROL, mechanism="cn-ru-navpatrol", date=on(24)), day=26)
    assert teller.together([2, 3])
    assert teller.event_of(1).id == first != teller.event_of(2).id
    assert teller.event_of(2).split_from == first


def test_a_split_names_its_origin_and_keeps_what_was_told_where_it_was_told(teller: Teller) -> None:
    teller.tell(1, round_of(None, 0))
    teller.tell(2, mention(Kind.MEETING, date=on(0)))
    teller.tell(3, mention(Kind.MEETING, date=on(0), officials=(WANG_YI, LAVROV)))
    told = teller.alerts()
    assert [stage for _, stage, _ in told] == ["held"]
    event = teller.event_of(1)
    assert (event.id, event.kind) == (told[0][0], "consultation_round")


def test_nothing_is_told_twice_over_a_merge_and_the_split_after_it(teller: Teller) -> None:
    teller.tell(1, mention(date=on(0), officials=(LAVROV,)))
    teller.tell(2, mention(date=on(1), place="Moscow", contexts=("legal",)), day=1)
    told = teller.alerts()
    teller.tell(3, mention(date=on(0), officials=(LAVROV,), place="Moscow"), day=1)
    assert teller.alerts() == told
    # Taken back, the two are two again, each under the name by which it was told.
    names = [event for event, _, _ in told]
    teller.db.execute("delete from mention where item_id = 3")
    with teller.db.transaction():
        refresh(teller.db, teller.event_of(1), teller.settings, teller.event_of(1).changed_at)
    assert [teller.event_of(item).id for item in (1, 2)][: len(names)] == names
    teller.tell(4, mention(date=on(0), officials=(LAVROV,), place="Moscow"), day=2)
    assert teller.alerts() == told
    assert teller.together([1, 2, 4])


def test_a_plan_that_was_put_off_and_held_months_later_is_one_event(teller: Teller) -> None:
    greek: dict[str, Any] = {"dyad": "CHN-GRC", "place": "Athens", "contexts": ("military",)}
    teller.tell(1, mention(stage=Stage.ANNOUNCED, date=on(10), **greek))
    teller.tell(2, mention(stage=Stage.POSTPONED, date=on(10), **greek), day=8)
    teller.tell(3, mention(date=on(105), **greek), day=106)
    assert teller.together([1, 2, 3])
    assert [stage for _, stage, _ in teller.alerts()] == ["announced", "postponed", "held"]
    event = teller.event_of(3)
    assert (event.stage, event.date_start) == ("held", on(105).start)
    assert event.conflicts == []


def test_a_plan_that_was_held_does_not_go_on_to_the_next(teller: Teller) -> None:
    teller.tell(1, signing(10, "military", stage=Stage.ANNOUNCED, place="Minsk"))
    teller.tell(2, signing(10, "military", place="Minsk"), day=10)
    teller.tell(3, signing(60, "military", place="Minsk"), day=60)
    assert teller.together([1, 2])
    assert not teller.together([2, 3])


def test_a_supposed_mechanism_parts_nothing(teller: Teller) -> None:
    chairs = (WANG_YI, SHOIGU)
    teller.tell(1, mention(Kind.MEETING, date=on(0), officials=chairs, mechanism="cn-ru-ssd", supposed=True))
    teller.tell(2, round_of(None, 0))
    assert teller.together([1, 2])


def test_communiques_of_both_parties_confirm_an_event(teller: Teller) -> None:
    teller.tell(1, round_of(20, 0), rank=1, country="CHN")
    assert not teller.event_of(1).confirmed
    teller.tell(2, round_of(20, 0), rank=1, country="RUS")
    assert teller.event_of(1).confirmed


def test_what_may_be_one_waits_for_review(teller: Teller) -> None:
    teller.tell(1, mention(date=on(0), officials=(LAVROV,)))
    teller.tell(2, mention(date=on(0), place="Moscow", contexts=("legal",)))
    (open_one,) = events.doubts(teller.db)
    assert {open_one.event_id, open_one.other_id} == {teller.event_of(item).id for item in (1, 2)}
    teller.tell(3, mention(date=on(0), officials=(LAVROV,), place="Moscow"))
    assert teller.together([1, 2, 3])
    assert events.doubts(teller.db) == []


def test_what_may_have_been_told_is_not_told_while_it_waits_for_review(teller: Teller) -> None:
    teller.tell(1, mention(date=on(0), officials=(LAVROV,)))
    first = teller.event_of(1).id
    teller.tell(2, mention(date=on(0), place="Moscow", contexts=("legal",)))
    assert not teller.together([1, 2])
    assert [(event, stage) for event, stage, _ in teller.alerts()] == [(first, "held")]
