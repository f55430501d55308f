"""Files as GDELT makes them: rows of the Knowledge Graph, a ZIP of them, and the list that names it."""

import hashlib
import zipfile
from io import BytesIO

LABEL = "20261122114500"
COLUMNS = 27
WANTED = {
    "require": [
        {"countries": ["CH"], "themes": [], "names": []},
        {"countries": ["RS", "HU"], "themes": [], "names": ["european union"]},
        {"countries": [], "themes": ["MILITARY", "WB_2490_*"], "names": ["security council"]},
    ]
}


def row(
    url: str,
    title: str,
    countries: str = "CH RS",
    themes: str = "MILITARY;LEADER",
    *,
    names: str = "",
    published: str | None = None,
    translation: str = "",
    label: str = LABEL,
    collection: str = "1",
) -> str:
    """A row of a table; `title` as a page's markup has it, `countries` by their FIPS codes."""
    cells = [""] * COLUMNS
    places = (f"1#Somewhere#{code}#{code}#35#105#{code}" for code in countries.split())
    stamp = f"<PAGE_PRECISEPUBTIMESTAMP>{published}</PAGE_PRECISEPUBTIMESTAMP>" if published else ""
    cells[0], cells[1], cells[2] = f"{label}-1", label, collection
    cells[3], cells[4] = url.split("/")[2], url
    cells[7], cells[9], cells[13] = themes, ";".join(places), names
    cells[17], cells[25] = "wc:500,c1.1:2", translation
    cells[26] = f"<PAGE_LINKS>https://elsewhere.example/</PAGE_LINKS>{stamp}<PAGE_TITLE>{title}</PAGE_TITLE>"
    return "\t".join(cells)


def table(*rows: str) -> bytes:
    """A table as it stands in the ZIP."""
    return "".join(f"{each}\n" for each in rows).encode()


def packed(*members: tuple[str, bytes]) -> bytes:
    """A ZIP with these files in it."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def graph(*rows: str, label: str = LABEL) -> bytes:
    """A file of the Knowledge Graph with these rows."""
    return packed((f"{label}.gkg.csv", table(*rows)))


def listing(root: str, data: bytes, label: str = LABEL, **other: str) -> bytes:
    """The list that names a file which lies beside it; `size` and `md5` may be given as they are not."""
    size = other.get("size", str(len(data)))
    md5 = other.get("md5", hashlib.md5(data, usedforsecurity=False).hexdigest())
    nothing = "0" * 32
    lines = (
        f"1000 {nothing} {root}/{label}.export.CSV.zip",
        f"1000 {nothing} {root}/{label}.mentions.CSV.zip",
        f"{size} {md5} {root}/{label}.gkg.csv.zip",
    )
    return "".join(f"{line}\n" for line in lines).encode()
