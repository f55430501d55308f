from typing import Any

import pytest

from tasks.alert.route import takers, takes
from tasks.settings.channels import Channel, Channels


def channel(id: str = "desk", **fields: Any) -> Channel:
    return Channel.model_validate({"id": id, "kind": "file", "url": "/tmp/x", **fields})


@pytest.mark.parametrize(
    ("routes", "taken"),
    [
        (None, True),
        ([], False),
        ([{}], True),
        ([{"dyads": ["CHN-RUS"]}], True),
        ([{"dyads": ["CHN-HUN"]}], False),
        ([{"dyads": ["CHN-RUS"], "kinds": ["patrol"]}], False),
        ([{"kinds": ["agreement"]}, {"stages": ["held"]}], True),
        ([{"kinds": ["agreement"], "stages": ["held"]}], False),
        ([{"kinds": []}], False),
    ],
)
def test_a_channel_takes_what_fits_all_of_one_of_its_routes(routes: Any, taken: bool) -> None:
    assert takes(channel(routes=routes), "CHN-RUS", "consultation_round", "held") is taken


def test_all_channels_that_take_it_in_the_order_of_the_file() -> None:
    rows = [channel("b"), channel("c", routes=[]), channel("a", routes=[{"stages": ["held"]}])]
    channels = Channels(by_id={row.id: row for row in rows})
    assert takers(channels, "CHN-RUS", "agreement", "held") == ["b", "a"]
    assert takers(channels, "CHN-RUS", "agreement", "announced") == ["b"]
