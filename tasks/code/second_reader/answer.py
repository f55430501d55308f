"""What a second reader said, checked: a closed form, and no quote that is not in the text.

Whatever the endpoint promises, and whatever the text talked the model into, only what passes here
counts, and all that it can come to is a verdict.
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.code.second_reader import question as asking
from tasks.code.second_reader.question import Question
from tasks.code.text import Span, fold, normalise

# A sign or two stand in every text; a quote says something from here on (letters).
_TELLING = 2
_MOST_SAID = 20_000
_MOST_ROUND = 99
_WITHOUT_VALUE = frozenset(
    {asking.Field.EVENT, asking.Field.BACKGROUND, asking.Field.PLACE, asking.Field.OFFICIALS}
)
# Who acted, and whether anybody did, decides what event it is: a person has to look.
_GRAVE = frozenset({asking.Field.EVENT, asking.Field.DYAD})


class AnswerError(ValueError):
    """An answer cannot be used; the message says why in our words and repeats nothing of it."""


class Verdict(StrEnum):
    """What an answer comes to. None of them makes, deletes or changes an event."""

    AGREE = "agree"
    UNSURE = "unsure"
    DOUBT = "doubt"  # shown in the alert and in `explain`
    REVIEW = "review"  # the same, and a person is asked to look


class Judgement(BaseModel):
    """What it says of one field."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    verdict: Literal["agree", "disagree", "unknown"]
    value: str | None = Field(max_length=40)
    sentences: list[int] = Field(max_length=12)
    quote: str = Field(max_length=400)


class Answer(BaseModel):
    """What it says of all fields; nothing else can be said."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    event: Judgement
    background: Judgement
    dyad: Judgement
    kind: Judgement
    mechanism: Judgement
    stage: Judgement
    round: Judgement
    date: Judgement
    place: Judgement
    officials: Judgement


_NAMES = frozenset({*Answer.model_fields, *Judgement.model_fields})
_UNKNOWN = Judgement(verdict="unknown", value=None, sentences=[], quote="")


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement that passed: `text[start : start + len(quote)]` is the quote, whose text it is."""

    field: asking.Field
    verdict: str
    value: str | None
    quote: str
    start: int


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer that passed: what it comes to, and what it says of each field that it knows.

    `answer` is what is kept of it: nothing that was not checked.
    """

    verdict: Verdict
    judgements: tuple[Judged, ...]
    answer: Answer


def parse(said: str) -> Answer:
    """The answer in what a model said: the first JSON object in it, in the closed form.

    Raises:
        AnswerError: there is none, or it has another form.
    """
    try:
        return Answer.model_validate(_first_object(said[:_MOST_SAID]))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        # Of names that we did not give, none is repeated.
        where = ".".join(str(part) for part in problem["loc"] if part in _NAMES)
        told = "it does not have the form that was asked for"
        raise AnswerError(f"{told}, at {where}" if where else told) from None


def _first_object(said: str) -> dict[str, Any]:
    decoder = json.JSONDecoder()
    at = said.find("{")
    if at < 0:
        raise AnswerError("it is not JSON")
    try:
        found, _ = decoder.raw_decode(said, at)
    except (ValueError, RecursionError):
        raise AnswerError("it is not JSON") from None
    if not isinstance(found, dict):
        raise AnswerError("it is not a JSON object")
    return found


def check(answer: Answer, question: Question) -> Checked:
    """What an answer to `question` comes to.

    Raises:
        AnswerError: it quotes what is not in the sentences that it names, names a value that is not in
            the list, or a day that is not in them.
    """
    judged = tuple(
        _judged(field, judgement, question)
        for field in asking.Field
        if (judgement := getattr(answer, field.value)).verdict != "unknown"
    )
    return Checked(_verdict(judged, question), judged, _passed(answer, judged))


def _passed(answer: Answer, judged: tuple[Judged, ...]) -> Answer:
    given = {one.field.value: one for one in judged}
    fields = {
        field.value: getattr(answer, field.value).model_copy(
            update={"value": given[field.value].value, "quote": given[field.value].quote}
        )
        if field.value in given
        else _UNKNOWN
        for field in asking.Field
    }
    return Answer(**fields)


def _verdict(judged: tuple[Judged, ...], question: Question) -> Verdict:
    # What the rules left open they did not say, and it cannot be doubted.
    known = {asking.Field.EVENT, *question.record}
    doubted = {one.field for one in judged if one.verdict == "disagree"} & known
    if doubted & _GRAVE:
        return Verdict.REVIEW
    if doubted:
        return Verdict.DOUBT
    agreed = any(one.field is asking.Field.EVENT for one in judged)
    return Verdict.AGREE if agreed else Verdict.UNSURE


def _judged(field: asking.Field, judgement: Judgement, question: Question) -> Judged:
    spans = _named(field, judgement, question)
    quote = normalise(judgement.quote).strip()
    if sum(letter.isalnum() for letter in quote) < _TELLING:
        raise AnswerError(f"it quotes nothing, at {field}")
    starts = (question.text.find(quote, span.start, span.end) for span in spans)
    start = next((start for start in starts if start >= 0), -1)
    if start < 0:
        raise AnswerError(f"its quote does not stand in the sentences that it names, at {field}")
    value = _value(field, judgement, question, spans)
    return Judged(field, judgement.verdict, value, quote, start)


def _named(field: asking.Field, judgement: Judgement, question: Question) -> list[Span]:
    numbers = judgement.sentences
    if not numbers or not all(1 <= number <= len(question.spans) for number in numbers):
        raise AnswerError(f"it names no sentence or one that there is not, at {field}")
    return [question.spans[number - 1] for number in numbers]


def _value(field: asking.Field, judgement: Judgement, question: Question, spans: list[Span]) -> str | None:
    """The value that it gives in place of the rules' own; what it repeats in agreement is not looked at."""
    value = judgement.value
    if judgement.verdict == "agree" or value is None or field in _WITHOUT_VALUE:
        return None
    if value == question.record.get(field):
        raise AnswerError(f"it disagrees with the value that it gives, at {field}")
    if field is asking.Field.ROUND:
        if not (value.isascii() and value.isdigit() and len(value) <= 2 and 1 <= int(value) <= _MOST_ROUND):
            raise AnswerError(f"its value is no number of a round, at {field}")
        return str(int(value))
    if field is asking.Field.DATE:
        return _day(value, question, spans)
    if value not in question.values[field]:
        raise AnswerError(f"its value is not in the list, at {field}")
    return value


def _day(value: str, question: Question, spans: list[Span]) -> str:
    """A day, if the dates that our own rules find in those sentences hold it."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise AnswerError("its value is no day, at date") from None
    tools = question.tools
    folded = fold(question.text)
    found = [tools.dates.find(folded, span, question.published) for span in spans] if tools else []
    days = [one for each in found for one in each]
    intervals = [one for each in days for one in (each.interval, each.ahead) if one is not None]
    if not any(one.start <= day <= one.end for one in intervals):
        raise AnswerError("its day is not in the sentences that it names, at date")
    return day.isoformat()
