from collections.abc import Iterator

import pytest

from tests.alert import receivers
from tests.alert.receivers import Mailbox, Web


@pytest.fixture
def web() -> Iterator[Web]:
    with receivers.web() as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receivers.mailbox() as server:
        yield server
