"""JSON that strangers wrote: read with bounds, and taken apart without trust."""

import json
import re
from contextlib import suppress
from typing import Any

# A longer number is no number that we need; an identifier may be one, and stays as it was written.
_LONGEST_NUMBER = 18
_LONGEST_KEPT = 200
# What neither the store nor a message can hold; JSON can write any of it as an escape.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# Some publishers wrap their data so that it runs as a script.
_WRAPPED = re.compile(r"\s*[\w$.]{1,100}\s*\((?P<inside>\s*[{\[].*[}\]]\s*)\)\s*;?\s*", re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\]]', re.DOTALL)


def load(text: str) -> tuple[Any, bool]:
    """The values of a JSON document; and whether it breaks off, and only its whole objects are there.

    Numbers beyond all measure come as text, NaN and infinity as None, and of a key that is given
    twice the last one holds, as every reader of JSON has it.

    Raises:
        ValueError: it is no JSON, or deeper than anybody's data; the message says which.
    """
    wrapped = _WRAPPED.fullmatch(text)
    plain = wrapped.group("inside") if wrapped else text
    try:
        return _values(plain), False
    except RecursionError:
        raise ValueError("its JSON is nested too deep") from None
    except json.JSONDecodeError as error:
        with suppress(json.JSONDecodeError, RecursionError):
            return _values(_completed(plain)), True
        raise ValueError(f"it is no JSON (line {error.lineno}: {error.msg})") from error


def _values(text: str) -> Any:
    return json.loads(
        text,
        # Line breaks inside texts are wrong and common.
        strict=False,
        parse_constant=lambda name: None,
        parse_int=_integer,
        parse_float=_number,
    )


def _completed(text: str) -> str:
    """A document that breaks off, closed behind the last whole object of its outermost list."""
    opened: list[str] = []
    end, closing = 0, ""
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in ("{", "["):
            opened.append("}" if mark == "{" else "]")
        elif mark in ("}", "]") and opened:
            opened.pop()
            if mark == "}" and opened and opened[-1] == "]" and (not end or len(opened) <= len(closing)):
                end, closing = token.end(), "".join(reversed(opened))
    return text[:end] + closing


def text(value: object) -> str:
    """A value as text, clean: a text itself, or a number; nothing else is one."""
    if isinstance(value, str):
        return _ILLEGAL.sub("", value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits[:_LONGEST_KEPT]


def _number(digits: str) -> float | None:
    number = float(digits)
    return number if abs(number) != float("inf") else None
