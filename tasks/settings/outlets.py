"""Whose words an aggregator brings.

An aggregator (rank 4) publishes nothing of its own: each of its items is a lead, which names the
outlet that does. A lead is weighed as what that outlet says and no more. Its witness is the family
of the outlet, so that Xinhua found by an aggregator and Xinhua read by ourselves count once; its
rank stays 4, so that no field rests on it where a source of ours says otherwise. The outlet is told
by its host: the sources in the configuration know theirs, those that are off as well, and an outlet
that nobody has configured is a family of its own under its registered domain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from tld import get_fld

from tasks.settings.sources import Source


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes: the name to show, and the family whose members are one witness."""

    name: str
    family: str


@dataclass(frozen=True, slots=True)
class Outlets:
    """The outlets of all configured sources, by their hosts and by their registered domains."""

    hosts: Mapping[str, Outlet] = field(default_factory=dict)
    domains: Mapping[str, Outlet] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Iterable[Source]) -> Self:
        """The outlets of some sources. Aggregators are none."""
        hosts: dict[str, Outlet] = {}
        shared: dict[str, set[Outlet]] = {}
        for source in sources:
            if source.discovery:
                continue
            outlet = Outlet(source.outlet, source.family)
            for host in (urlsplit(str(source.url)).hostname or "", *source.hosts):
                hosts.setdefault(plain_host(host), outlet)
                shared.setdefault(_domain(host), set()).add(outlet)
        # A domain that several families share, as that of a government does, says nothing of a host.
        alone = {domain: found for domain, found in shared.items() if len({one.family for one in found}) == 1}
        return cls(hosts, {domain: min(found, key=lambda one: one.name) for domain, found in alone.items()})

    def at(self, host: str) -> Outlet:
        """Who publishes at a host: the nearest that is configured, else the host itself."""
        domain = _domain(host)
        name = plain_host(host)
        parent = name
        while parent and parent != domain and parent not in self.hosts:
            parent = parent.partition(".")[2]
        return self.hosts.get(parent) or self.domains.get(domain) or Outlet(name, domain)


def plain_host(host: str) -> str:
    """A host's name as it is compared: in lower case, without the `www` that means nothing."""
    return host.strip().rstrip(".").lower().removeprefix("www.")


def _domain(host: str) -> str:
    """The registered domain of a host; of one that has none, as a number, the host itself."""
    host = host.strip().rstrip(".").lower()
    return get_fld(f"https://{host}", fail_silently=True, search_private=False) or host
