from dataclasses import replace

from build import article, names, prose

from syndet.align import align, prepare
from syndet.decide import compare, decide
from syndet.relate import REUSE_DECIDED


def tie(one, two):
    return decide(one, two, align(prepare(one.body), prepare(two.body)))


def pair(body_one, body_two=None, **known):
    one = article(body_one, site="a.example", number=1, **known)
    two = article(body_two or body_one, site="b.example", number=2)
    return one, two


def test_independent_texts_are_not_linked():
    assert tie(article(seed=1, number=1), article(seed=2, site="b.example", number=2)) is None


def test_a_later_copy_is_a_repost_of_the_earlier_one():
    one, two = pair(prose(200), published="2024-03-05")
    link = tie(one, replace(two, published="2024-03-09"))
    assert (link.state, link.relation, link.repost, link.origin) == ("repost", "exact", 2, 1)


def test_the_order_of_the_two_makes_no_difference():
    one, two = pair(prose(200), prose(200) + " " + prose(90, seed=5), published="2024-03-05")
    two = replace(two, published="2024-03-09")
    assert tie(one, two) == tie(two, one)


def test_a_copy_without_dates_and_cues_is_possible():
    link = tie(*pair(prose(200)))
    assert link.state == "possible"
    assert link.direction == 0.5


def test_carriers_of_agency_copy_are_siblings_and_never_each_others_source():
    one, two = pair(prose(200), published="2024-03-05", cues=(names("Reuters", kind="dateline"),))
    link = tie(one, replace(two, published="2024-03-09"))
    assert (link.state, link.relation) == ("sibling", "wire")
    assert link.external.outlet == "Reuters"


def test_the_agencys_own_page_is_the_origin_of_its_carriers():
    agency = article(prose(200), site="reuters.com", outlet="Reuters", number=1)
    carrier = article(prose(200), site="b.example", number=2, cues=(names("Reuters", kind="dateline"),))
    link = tie(carrier, agency)
    assert (link.state, link.relation, link.origin) == ("repost", "wire", 1)


BULLETIN = (
    "An earthquake of magnitude {} was felt along the northern coast shortly after {} in the morning. Its focus lay {} "
    "kilometres below the sea, the agency said, and there is no danger of a wave. Trains stood still for {} minutes."
)


def bulletins(*figures):
    """Return two stories, each with a notice of an earthquake in it."""
    return [
        article(
            f"{prose(120, seed=number)}\n{BULLETIN.format(*found)}\n{prose(120, seed=number + 5)}",
            site=f"{'ab'[number]}.example",
            number=number + 1,
        )
        for number, found in enumerate(figures)
    ]


def test_the_same_notice_with_other_figures_is_possible_at_most_with_the_same_ones_decided():
    same, other = tie(*bulletins(("5.6", "4", "30", "15"), ("5.6", "4", "30", "15"))), tie(
        *bulletins(("5.6", "4", "30", "15"), ("6.1", "7", "45", "15"))
    )  # fmt: skip
    assert same.reuse >= REUSE_DECIDED > other.reuse
    assert other.state == "possible"


def test_a_whole_copy_with_all_its_figures_changed_is_decided():
    body = prose(120) + " " + BULLETIN
    one, two = pair(body.format("5.6", "4", "30", "15"), body.format("6.1", "7", "45", "20"))
    assert tie(one, two).reuse >= REUSE_DECIDED


RESULTS = "\n".join(f"{one} {number} {other}" for number, one, other in zip(
    range(3, 43), prose(120, 3).replace(".", "").split(), prose(120, 4).replace(".", "").split(), strict=False
))  # fmt: skip


def test_a_table_that_is_a_whole_page_is_found_in_another_page_and_a_part_of_it_is_not():
    inside, part = (f"{prose(200, 5)}\n{table}\n{prose(200, 6)}" for table in (RESULTS, RESULTS[: len(RESULTS) // 2]))
    assert tie(*pair(RESULTS, inside)).reuse >= REUSE_DECIDED
    assert tie(*pair(RESULTS, part)) is None


def test_two_pages_of_one_site_with_only_a_template_in_common_are_not_linked():
    notice = prose(150, seed=99)
    one = article(prose(150, seed=1) + "\n" + notice, site="a.example", path="1", number=1)
    two = article(prose(150, seed=2) + "\n" + notice, site="a.example", path="2", number=2)
    assert tie(one, two) is None


def test_a_short_page_that_is_mostly_template_is_not_linked_either():
    notice = prose(200, seed=99)
    one = article(prose(60, seed=1) + "\n" + notice, site="a.example", path="1", number=1)
    two = article(prose(60, seed=2) + "\n" + notice, site="a.example", path="2", number=2)
    assert tie(one, two) is None


def test_one_story_at_two_addresses_of_a_site_is_a_revision():
    one = article(prose(200), site="a.example", path="1", number=1, published="2024-03-05")
    changed = prose(200) + " " + prose(30, seed=3)
    link = tie(article(changed, site="a.example", path="2", number=2, published="2024-03-06"), one)
    assert (link.state, link.relation, link.repost) == ("revision", "revision", 2)


def test_the_same_outlet_on_another_site_is_a_sister():
    one = article(prose(200), site="a.example", outlet="Nordpost", number=1, published="2024-03-05")
    two = article(prose(200), site="b.example", outlet="Nordpost", number=2, published="2024-03-08")
    assert tie(one, two).relation == "sister"


def test_a_table_of_numbers_is_no_sign_of_reuse():
    table = " ".join(f"{name} {number},{number + 11} {number * 7}" for number, name in enumerate(prose(60, 9).split()))
    one = article(prose(100, seed=1) + "\n" + table, site="a.example", number=1)
    two = article(prose(100, seed=2) + "\n" + table, site="b.example", number=2)
    assert tie(one, two) is None


def test_a_quotation_that_two_reporters_print_is_no_sign_of_reuse():
    quotation = f"“{prose(60, seed=9)}”"
    one = article(f"{prose(150, seed=1)} {quotation}", site="a.example", number=1)
    two = article(f"{prose(150, seed=2)} {quotation}", site="b.example", number=2)
    assert tie(one, two) is None


def test_what_a_notice_tells_does_not_count_for_the_quotation_beside_it():
    quotation, notice = f"“{prose(45, seed=9)}”", prose(40, seed=8).capitalize() + "."
    bodies = (f"{prose(90, n)} {quotation} {prose(90, n + 2)}\n\n{notice}\n\n{prose(90, n + 4)}" for n in (1, 2))
    one, two = (article(body, site=f"{n}.example", number=n) for n, body in enumerate(bodies, 1))
    assert tie(one, two) is not None  # nobody knows what the notice is
    marked = (replace(each, boilerplate=((at := each.body.index(notice), at + len(notice)),)) for each in (one, two))
    assert tie(*marked) is None


def test_a_body_that_is_the_same_as_a_whole_is_reuse_though_it_is_all_quotation_or_table():
    speech = f"“{prose(120, seed=3)}”"
    results = "\n".join(f"{name} {number} {number * 7 % 50}" for number, name in enumerate(prose(60, seed=4).split()))
    for body in (speech, results):
        assert tie(*pair(body)).reuse >= REUSE_DECIDED
        assert tie(*pair(f"{prose(90, seed=5)}\n{body}", f"{prose(90, seed=6)}\n{body}")) is None


def test_a_body_that_is_boilerplate_as_a_whole_is_no_reuse():
    notice = prose(90, seed=7)
    one, two = pair(notice)
    assert tie(replace(one, boilerplate=((0, len(notice)),)), two) is None


def test_a_page_that_names_another_by_address_is_linked_without_any_text():
    one = article(prose(80, seed=1), site="a.example", path="x", number=1)
    two = article(prose(80, seed=2), site="b.example", number=2, cues=(names(url="https://a.example/x"),))
    link = tie(one, two)
    assert (link.state, link.relation, link.origin, link.shared) == ("repost", "declared", 1, None)


def test_how_much_is_shared_names_the_relation():
    whole, more = prose(300), prose(300, seed=7)
    early = {"published": "2024-03-05"}
    source = article(whole, site="a.example", number=1, **early)
    later = {"site": "b.example", "number": 2, "published": "2024-03-09"}
    excerpt = " ".join(whole.split()[:120])
    replaced = " ".join(word if number % 4 else f"new{number}" for number, word in enumerate(whole.split()))
    assert tie(article(excerpt, **later), source).relation == "excerpt"
    assert tie(article(f"{whole} {more}", **later), source).relation == "extended"
    assert tie(article(f"{whole} {prose(25, seed=8)}", **later), source).relation == "near"
    assert tie(article(replaced, **later), source).relation == "rewrite"


def test_a_table_that_one_page_prints_without_its_rows_is_still_a_table_from_both_sides():
    rows = [f"{name} {number} {name}et {name}or {name}um" for number, name in enumerate(prose(30, 9).split())]
    one = article(prose(100, seed=1) + "\n" + "\n".join(rows), site="a.example", number=1)
    two = article(prose(100, seed=2) + "\n" + " ".join(rows) + ".", site="b.example", number=2)
    assert tie(one, two) is None
    assert tie(two, one) is None


def test_a_comparison_names_the_relation_that_a_lookup_would_name():
    body, excerpt = prose(300), " ".join(prose(300).split()[:120])
    one = article(body, site="a.example", outlet="Nordpost", published="2024-03-05")
    sister = article(body, site="b.example", outlet="Nordpost", published="2024-03-08")
    part = article(excerpt, site="c.example", published="2024-03-08")
    assert compare(sister, one).relation == "sister"
    assert (compare(part, one).relation, compare(one, part).relation) == ("excerpt", "extended")
