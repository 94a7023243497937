import pytest
from build import article, names, prose

from syndet import dates, origin
from syndet.align import align, prepare


def way(one, two):
    return origin.direction(one, two, align(prepare(one.body), prepare(two.body)))


def test_a_page_that_gives_the_others_address_goes_back_to_it():
    source = article(site="a.example", path="x")
    copy = article(site="b.example", cues=(names(url="http://www.a.example/x/?utm_source=feed", kind="canonical"),))
    assert way(copy, source).probability > 0.99
    assert way(source, copy).probability < 0.01


def test_an_address_beats_the_dates():
    source = article(site="a.example", path="x", published="2024-03-07")
    copy = article(site="b.example", published="2024-03-01", cues=(names(url="https://a.example/x"),))
    assert way(copy, source).decided
    assert way(copy, source).probability > 0.8


def test_an_outlet_is_recognised_by_name_or_by_site():
    assert origin.same_outlet("The Harbour Courier", article(outlet="Harbour Courier"))
    assert origin.same_outlet("harbour-courier.example", article(site="www.harbour-courier.example"))
    assert not origin.same_outlet("Harbour Post", article(outlet="Harbour Courier"))


def test_outlet_and_title_named_in_different_places_count_together():
    source = article(site="a.example", outlet="The Courier", title="Bridge over the Sallow closes")
    heading = names("The Courier", kind="heading_outlet")
    closing = names(title="Bridge over the Sallow closes")
    copy = article(site="b.example", cues=(heading, closing))
    found = origin.naming(copy, source, 1.0)
    assert max(item.weight for item in found) == origin.WEIGHT_OUTLET_AND_TITLE


def test_cues_of_one_page_do_not_add_up():
    source = article(site="a.example", path="x")
    copy = article(site="b.example", cues=(names(url="https://a.example/x"),) * 3)
    assert sum(item.weight for item in origin.naming(copy, source, 1.0)) == origin.WEIGHT_ADDRESS


@pytest.mark.parametrize(
    ("ours", "theirs", "sure"),
    [
        ("2024-03-06T10:00:00Z", "2024-03-05T10:00:00Z", True),
        ("2024-03-06T10:00:00+02:00", "2024-03-06T09:30:00+01:00", False),  # 08:00 against 08:30: the other way round
        ("2024-03-06", "2024-03-05", True),
        ("2024-03-06", "2024-03-06T09:00:00Z", False),
        ("2024-03", "2024-03-01", False),
        ("2024-03-06", "no date", False),
        ("2024-03-06T10:00:00", "2024-03-06T10:00:00", False),
    ],
)
def test_the_earlier_date_speaks_for_the_origin_where_dates_cannot_overlap(ours, theirs, sure):
    one, two = article(site="a.example", published=ours), article(site="b.example", published=theirs)
    found = way(one, two)
    assert (found.probability >= origin.DECIDED) == sure
    assert way(two, one).probability == pytest.approx(1 - found.probability)


def test_first_seen_never_decides_alone():
    one = article(site="a.example", fetched="2024-03-09T10:00:00Z")
    two = article(site="b.example", fetched="2024-03-05T10:00:00Z")
    assert 0.5 < way(one, two).probability < origin.DECIDED


def test_a_verbatim_part_of_a_longer_text_comes_from_it():
    whole = prose(400)
    part = article(". ".join(whole.split(". ")[5:12]) + ".", site="a.example")
    assert way(part, article(whole, site="b.example")).probability > 0.6


def test_the_name_of_the_other_outlet_left_in_the_text_tells():
    body = prose(60) + " she told The Harbour Courier on Tuesday. " + prose(60, seed=2)
    one = article(body, site="b.example", outlet="The Lantern")
    two = article(body, site="a.example", outlet="The Harbour Courier")
    assert way(one, two).decided
    assert any(item.kind == "self_reference" for item in way(one, two).evidence)


def test_without_any_sign_neither_is_called_the_origin():
    assert way(article(site="a.example"), article(site="b.example")).probability == 0.5


@pytest.mark.parametrize(
    "text", ["", "soon", "2024-13-01", "2024-02-30", "20240305", "2024-03-05T25:00:00Z", "0000-01-01"]
)
def test_an_unreadable_date_is_no_date(text):
    assert dates.when(text) is None


@pytest.mark.parametrize("text", ["2024", "2024-03", "2024-03-05", "2024-03-05T10:00", "2024-03-05T10:00:00.123+0530"])
def test_a_date_is_as_wide_as_it_is_imprecise(text):
    earliest, latest, _ = dates.when(text) or (1, 0, False)
    assert earliest <= latest


@pytest.mark.parametrize("left", ["The Harbour Courier", "Harbour Courier", "harbour-courier.example"])
def test_the_name_of_an_outlet_is_left_over_in_a_copy_however_it_is_called(left):
    body = f"{prose(60, 1)} Nobody was hurt, she told {left} on Monday. {prose(60, 2)}"
    source = article(body, site="harbour-courier.example", outlet="The Harbour Courier")
    found = way(article(body, site="b.example", outlet="The B News"), source)
    assert [item.value for item in found.evidence if item.kind == "self_reference"] == [left]
    assert found.probability > 0.8
