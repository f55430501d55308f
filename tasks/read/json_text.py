"""JSON that strangers wrote: read with bounds, and taken apart without trust."""

import json
import re
from typing import Any

# A longer number is no number that we need; an identifier may be one, and stays as it was written.
_LONGEST_NUMBER = 18
_LONGEST_KEPT = 200
# What neither the store nor a message can hold; JSON can write any of it as an escape.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# Some publishers wrap their data so that it runs as a script.
_WRAPPED = re.compile(r"\s*[\w$.]{1,100}\s*\((?P<inside>\s*[{\[].*[}\]]\s*)\)\s*;?\s*", re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_END = re.compile(r"[}\])][\s;]*$")


def load(text: str) -> Any:
    """The values of a JSON document. Numbers beyond all measure come as text, NaN and infinity as
    None, and of a key that is given twice the last one holds, as every reader of JSON has it.

    Raises:
        ValueError: it is no JSON, or deeper than anybody's data; the message says which.
    """
    wrapped = _WRAPPED.fullmatch(text)
    try:
        return json.loads(
            wrapped.group("inside") if wrapped else text,
            # Line breaks inside texts are wrong and common.
            strict=False,
            parse_constant=lambda name: None,
            parse_int=_integer,
            parse_float=_number,
        )
    except RecursionError:
        raise ValueError("its JSON is nested too deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON (line {error.lineno}: {error.msg})") from error


def completed(text: str) -> tuple[str, bool]:
    """A document that breaks off, closed behind the last whole object of its outermost list; and
    whether it does.
    """
    if _END.search(text[-100:]):
        return text, False
    opened: list[str] = []
    kept: tuple[int, str] | None = None
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in ("{", "["):
            opened.append("}" if mark == "{" else "]")
        elif mark in ("}", "]") and opened:
            opened.pop()
            outermost = kept is None or len(opened) <= len(kept[1])
            if mark == "}" and opened and opened[-1] == "]" and outermost:
                kept = token.end(), "".join(reversed(opened))
    return (text[: kept[0]] + kept[1], True) if kept else (text, True)


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
