"""The sample sources of the demo: their items, and the web server that publishes them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.samples.pages import lines, page
from dragoman.samples.rows import FOLDER, Samples, samples
from dragoman.samples.site import SampleSite, moments

__all__ = ["FOLDER", "SampleSite", "Samples", "items", "moments", "samples"]


def items(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """The samples as lines for `dragoman replay`, in the order in which they appear.

    The body is the page's words as a crude extractor leaves them. Where the source tells no time,
    `published` is None and `fetched` says when the item came to light.

    Raises:
        ConfigurationError: the samples are wrong.
    """
    loaded = samples(folder)
    for source, sample in loaded.in_order():
        root = f"https://{source.host}"
        yield {
            "id": sample.id,
            "source": source.outlet,
            "lang": source.language,
            "published": sample.published.isoformat() if sample.published else None,
            "fetched": sample.seen.isoformat() if sample.seen else None,
            "url": f"{root}/{sample.path}",
            "title": sample.title,
            "summary": sample.summary,
            "body": lines(page(source, sample, root, loaded.layouts)),
            "html": None,
        }
