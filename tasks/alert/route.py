"""Which channels take an alert."""

from tasks.settings.channels import Channel, Channels, Route


def takers(channels: Channels, dyad: str, kind: str, stage: str) -> list[str]:
    """The ids of the channels that take an alert of this dyad, kind and stage, in the file's order."""
    return [channel.id for channel in channels.by_id.values() if takes(channel, dyad, kind, stage)]


def takes(channel: Channel, dyad: str, kind: str, stage: str) -> bool:
    """Whether one of the channel's routes fits; a channel without routes takes everything."""
    return channel.routes is None or any(_fits(route, dyad, kind, stage) for route in channel.routes)


def _fits(route: Route, dyad: str, kind: str, stage: str) -> bool:
    return (
        (route.dyads is None or dyad in route.dyads)
        and (route.kinds is None or kind in route.kinds)
        and (route.stages is None or stage in route.stages)
    )
