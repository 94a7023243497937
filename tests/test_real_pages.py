"""The nightly job on real pages that nobody here wrote (SYNDET_DATA)."""

import pytest

from syndet import Corpus


@pytest.mark.slow
def test_every_real_page_becomes_an_article_or_a_counted_skip_and_a_second_night_does_nothing(data, tmp_path):
    sources = [str(data / "extraction" / "html"), str(data / "news_pages")]
    with Corpus(tmp_path / "news.db") as corpus:
        first = corpus.nightly(sources)
        assert first.read == 433
        assert first.new + first.changed + first.skipped.total() == first.read
        assert first.skipped["extraction_failed"] == 0
        assert first.skipped.total() <= 5
        assert first.linked == corpus.store.articles.count() == first.new
        assert corpus.check() == []
        again = corpus.nightly(sources)
        assert (again.known, again.new, again.changed, again.linked) == (433, 0, 0, 0)
        assert sum(again.seconds.values()) < sum(first.seconds.values()) / 10
