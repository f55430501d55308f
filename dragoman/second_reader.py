"""`dragoman second-reader`: what it may still be asked today, and what it doubts or sends to review."""

from datetime import UTC, datetime
from typing import Any

from dragoman.terminal import opened_store
from tasks.settings import configuration
from tasks.settings.environment import Environment
from tasks.store import second_reader as stored


def standing(environment: Environment, limit: int) -> dict[str, Any]:
    """How the second reader is set and what it has used; at most `limit` doubts, newest first.

    Raises:
        ConfigurationError: the configuration is wrong.
    """
    settings = configuration.load(environment.configuration).second_reader
    now = datetime.now(UTC)
    with opened_store(environment) as db:
        spent = stored.spent(db, now.date())
        known = stored.endpoint(db, str(settings.url), str(settings.model)) if settings else None
        doubts = [{**one, "doubted": _doubted(one["judgements"])} for one in stored.latest(db, limit)]
    resting = known is not None and known.rest_until is not None and known.rest_until > now
    return {
        "model": settings.model if settings else None,
        "calls_today": spent.calls,
        "calls_per_day": settings.calls_per_day if settings else None,
        "bytes_today": spent.bytes,
        "kilobytes_per_day": settings.kilobytes_per_day if settings else None,
        "resting": f"not asked until {known.rest_until:%H:%M} UTC: {known.reason}"
        if known is not None and known.rest_until is not None and resting
        else None,
        "doubts": doubts,
    }


def _doubted(judgements: list[dict[str, Any]]) -> str:
    doubted = [one for one in judgements if one["verdict"] == "disagree"]
    return ", ".join(f"{one['field']} ({one['value']})" if one["value"] else one["field"] for one in doubted)
