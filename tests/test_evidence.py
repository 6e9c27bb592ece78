"""Evidence: the interval, the band, the word, the record, many claims at once."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.evidence import (
    Claim,
    EvidenceError,
    agrees,
    claim,
    compared,
    equivalence,
    evidence,
    family_sentence,
    record,
    span_text,
    still_standing,
    versions,
    word_for,
)
from course_utils.metrics import paired_interval

BASELINE = [0.700, 0.706, 0.697, 0.703, 0.699]
GAINS = [0.021, 0.017, 0.024, 0.019, 0.022]
METHOD = [b + g for b, g in zip(BASELINE, GAINS, strict=True)]


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty room of results; nobody asks for strictness or for live intervals."""
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.delenv(record.MODE, raising=False)
    monkeypatch.delenv(record.LIVE, raising=False)
    return tmp_path


def run(method=METHOD, baseline=BASELINE, **options) -> Claim:
    return claim("99.a", "A ranks better than B", method, baseline, **options)


def recorded(low: float, high: float, **changes) -> None:
    """Put an interval into the record of lesson 99."""
    one = replace(run(), low=low, high=high, **changes)
    file = record.file_of("99")
    file.parent.mkdir(exist_ok=True)
    entry = asdict(one)
    file.write_text(json.dumps({entry.pop("id"): entry}))


def test_interval_is_the_paired_t_interval() -> None:
    want = stats.ttest_rel(METHOD, BASELINE).confidence_interval(0.95)
    assert paired_interval(GAINS) == pytest.approx((want.low, want.high))


@pytest.mark.parametrize("overlap", [0.25, 1 / 3, 2])
def test_splits_that_overlap_have_the_interval_of_nadeau_and_bengio(overlap: float) -> None:
    low, high = paired_interval(GAINS)
    found = run(overlap=overlap)
    middle, half = (low + high) / 2, (high - low) / 2 * math.sqrt(1 + len(GAINS) * overlap)
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half), abs=1e-5)
    assert found.high - found.low > run().high - run().low
    with pytest.raises(CourseError, match="overlap is test rows for each training row"):
        run(overlap=-0.1)


def test_the_p_value_is_the_paired_t_tests() -> None:
    assert run().p_value == pytest.approx(stats.ttest_rel(METHOD, BASELINE).pvalue, rel=0.01)


@pytest.mark.parametrize("lean", [-0.001, 0.0, 0.001])
def test_zero_effect_shows_no_difference_whichever_way_it_leans(lean: float) -> None:
    noise = [0.004, -0.003, 0.001, -0.004, 0.002]
    method = [b + e + lean for b, e in zip(BASELINE, noise, strict=True)]
    assert run(method).word == "no difference shown"


def test_a_planted_effect_has_its_word() -> None:
    assert run().word == "better"
    assert run(BASELINE, METHOD).word == "worse"
    assert run(BASELINE, METHOD, higher_is_better=False).word == "better"
    assert run(higher_is_better=False).word == "worse"


@pytest.mark.parametrize("ends", [(0.0, 0.1), (-0.1, 0.0), (-0.1, 0.1)])
def test_an_interval_that_touches_zero_shows_nothing(ends: tuple[float, float]) -> None:
    assert word_for(*ends) == "no difference shown"


@pytest.mark.parametrize("shift", [-0.05, -0.021, -0.005, 0.0, 0.01])
def test_the_baseline_in_the_methods_place_leaves_the_band(shift: float) -> None:
    """Whatever was recorded: a gain, a tie or a loss."""
    method = [m + shift for m in METHOD]
    recorded(*paired_interval(np.subtract(method, BASELINE)))
    run(method)
    noise = [b + e for b, e in zip(BASELINE, [1e-9, 0, 0, 0, -1e-9], strict=True)]
    with pytest.raises(EvidenceError, match="has left the recorded"):
        run(noise)


@pytest.mark.parametrize("shift", [-0.05, 0.0, 0.01])
def test_method_and_baseline_exchanged_leave_the_band(shift: float) -> None:
    method = [m + shift for m in METHOD]
    recorded(*paired_interval(np.subtract(method, BASELINE)))
    with pytest.raises(EvidenceError, match="has left the recorded"):
        run(BASELINE, method)


@pytest.mark.parametrize("end", [0, 1])
def test_each_end_is_held_to_half_the_half_width(end: int) -> None:
    """Move one end of the recorded interval only, just inside the band and just outside."""
    live = paired_interval(GAINS)
    half = (live[1] - live[0]) / 2
    outwards = -1 if end == 0 else 1
    # An end moved by d widens the recorded half-width by d / 2, so the band is d = 2/3 half.
    for move, inside in [(0.60 * half, True), (0.72 * half, False)]:
        band = list(live)
        band[end] += outwards * move
        assert agrees(live, (band[0], band[1])) is inside


def test_what_is_shown_is_what_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    recorded(0.0172, 0.0240)
    found = evidence("99.a", "A ranks better than B", METHOD, BASELINE, smallest=True)
    assert (found.low, found.high) == (0.0172, 0.0240) != paired_interval(GAINS)
    first = capsys.readouterr().out
    other = [m + 3e-4 * (-1) ** i for i, m in enumerate(METHOD)]
    evidence("99.a", "A ranks better than B", other, BASELINE, smallest=True)
    assert capsys.readouterr().out == first
    assert first == (
        "A ranks better than B: better, +0.017 to +0.024 AUC, five seeds; "
        "smallest difference they could show: 0.005\n"
    )


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ((0.0156, 0.0281), "+0.016 to +0.028 AUC"),
        ((-0.01117, -0.00045), "-0.0112 to -0.0004 AUC"),
        ((-0.00008, 0.00493), "-0.0001 to +0.0049 AUC"),
        ((0.05, 0.0501), "+0.050 to +0.050 AUC"),
        ((-1.2, 0.4), "-1.200 to +0.400 AUC"),
        ((0.0, 0.4), "+0.000 to +0.400 AUC"),
    ],
)
def test_no_end_is_rounded_to_zero(ends: tuple[float, float], says: str) -> None:
    assert replace(run(), low=ends[0], high=ends[1]).span == says


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ((-0.01117, -0.00045), "-0.0112 to -0.0004"),
        ((0.00004, 0.01538), "+0.00004 to +0.01538"),
        ((-0.00439, 0.00001), "-0.00439 to +0.00001"),
    ],
)
def test_an_interval_of_four_decimals_may_have_more(ends: tuple[float, float], says: str) -> None:
    assert span_text(*ends, 4) == says


ZERO_END = re.compile(r"[+-]0\.0+ to |to [+-]0\.0+(?!\d)")


def test_no_page_and_no_lesson_shows_an_interval_that_ends_at_a_rounded_zero() -> None:
    """What is formatted by hand, past ``span_text``, is found here."""
    assert ZERO_END.search("open; -0.0044 to +0.0000, stacking")
    assert not ZERO_END.search("+0.00004 to +0.01538")
    pages = [*paths.ROOT.glob("docs/**/*.md"), *paths.ROOT.glob("*/[0-9][0-9]_*.ipynb")]
    assert len(pages) > 30
    found = {
        page.name: hit.group()
        for page in pages
        if (hit := ZERO_END.search(page.read_text("utf-8")))
    }
    assert not found


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e5])
def test_rounding_a_record_moves_no_end_and_no_sign(scale: float) -> None:
    low, high = -1.2345678e-4 * scale, 0.98765432 * scale
    got = record.rounded(low, high)
    assert got == pytest.approx((low, high), rel=1e-3) and got[0] < 0
    assert len(f"{got[1] / scale:g}") <= 9


def test_the_line_on_a_page_has_its_word_in_bold_and_its_text_escaped() -> None:
    from course_utils.evidence.claim import Line

    one = Line("A < B & C", "better", ", five seeds")
    assert one._repr_html_() == "<div>A &lt; B &amp; C: <b>better</b>, five seeds</div>"


@pytest.mark.parametrize(
    ("within", "small"),
    [(0.0245, True), (0.0235, False), (0.001, False), (1.0, True)],
)
def test_a_difference_is_small_only_where_its_whole_interval_is(
    within: float, small: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The interval of GAINS ends at .0239: both signs count, and nothing is recorded."""
    word = "shown" if small else "not shown"
    for first, second in ((METHOD, BASELINE), (BASELINE, METHOD)):
        equivalence("A against B", first, second, within)
        said = capsys.readouterr().out
        assert said == f"A against B: {word} to be within ±{within:g} AUC, five seeds\n"
    assert record.read("99") == {}


@pytest.mark.parametrize("within", [0.0, -0.1, math.inf, math.nan])
def test_a_bound_that_is_no_number_above_zero_is_refused(within: float) -> None:
    with pytest.raises(CourseError, match="within is the largest small difference"):
        equivalence("A against B", METHOD, BASELINE, within)
    with pytest.raises(CourseError, match="must be paired"):
        equivalence("A against B", METHOD, BASELINE[1:], 0.1)


def test_smallest_difference_has_the_stated_power() -> None:
    """Simulate: a true difference of that size is found about 4 times out of 5."""
    n, sd = 5, 0.01
    half = stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n)
    one = run()
    gain = one.smallest / ((one.high - one.low) / 2) * half
    draws = np.random.default_rng(0).normal(gain, sd, size=(20_000, n))
    t = draws.mean(axis=1) / (draws.std(axis=1, ddof=1) / math.sqrt(n))
    assert 0.74 < np.mean(t > stats.t.ppf(0.975, n - 1)) < 0.86


# ------------------------------------------------------------------ the record and the modes


def test_a_reader_may_claim_what_nobody_recorded() -> None:
    assert (run().low, run().high) == pytest.approx(paired_interval(GAINS), rel=1e-3)


def test_a_reader_may_take_other_seeds_than_the_recorded() -> None:
    recorded(0.3, 0.4, n=20)
    assert run().n == 5 and run().high < 0.03


@pytest.mark.parametrize("change", [{}, {"n": 4}, {"text": "A ranks as well as B"}])
def test_the_gate_takes_nothing_that_is_not_recorded(
    change: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    if change:
        recorded(*paired_interval(GAINS), **change)
    monkeypatch.setenv(record.MODE, "strict")
    with pytest.raises(EvidenceError, match=r"99.a is not recorded .* build --record 99\."):
        run()


def test_recording_and_reading_back(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = results / "live"
    with monkeypatch.context() as patch:
        patch.setenv(record.MODE, "record")
        patch.setenv(record.LIVE, str(live))
        taken = run()
        claim("99.b", "B beats C", BASELINE, METHOD, unit="错误", higher_is_better=False)
    record.write("99", live)
    monkeypatch.setenv(record.MODE, "strict")
    assert run() == taken
    assert list(record.read("99")) == ["99.a", "99.b"]
    with pytest.raises(EvidenceError, match="has left the recorded"):
        run([m + 0.01 for m in METHOD])


@pytest.mark.parametrize(
    ("move", "changes", "stays"),
    [(0.08, {}, True), (0.12, {}, False), (0.08, {"n": 6}, False), (0.08, {"text": "B"}, False)],
)
def test_recording_again_keeps_what_has_hardly_moved(
    move: float, changes: dict[str, object], stays: bool, results: Path
) -> None:
    """``move`` is in half-widths of the recorded interval."""
    one = run()
    step = move * (one.high - one.low) / 2
    before = one.low - step, one.high - step
    recorded(*before, **changes)
    live = results / "live"
    live.write_text(json.dumps(asdict(one)) + "\n")
    record.write("99", live)
    now = record.read("99")["99.a"]
    assert (now["low"], now["high"]) == (before if stays else (one.low, one.high))


@pytest.mark.parametrize("ids", [("99.a", "99.a"), ("98.a",)])
def test_an_id_is_used_once_and_by_its_own_lesson(ids: tuple[str, ...], results: Path) -> None:
    live = results / "live"
    live.write_text("".join(json.dumps({"id": id, "low": 1, "high": 2}) + "\n" for id in ids))
    with pytest.raises(CourseError, match="another id"):
        record.write("99", live)
    assert record.read("99") == {}


def test_a_lesson_without_claims_has_no_file(results: Path) -> None:
    recorded(0.1, 0.2)
    record.write("99", results / "nothing")
    assert not record.file_of("99").exists()


def test_a_damaged_record_says_how_to_bring_it_back() -> None:
    recorded(0.1, 0.2)
    record.file_of("99").write_text("{")
    with pytest.raises(CourseError, match=r"git checkout -- results/lessons/99\.json"):
        run()


def test_other_versions_than_the_locks_end_nothing_but_the_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(0.1, 0.2)
    monkeypatch.setattr(versions, "other_than_locked", lambda: ["keras 9.9"])
    assert run().low == 0.1
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "has left the recorded +0.100 to +0.200 AUC" in said
    assert said.endswith("Other versions than the lock's are installed here: keras 9.9.\n")
    monkeypatch.setenv(record.MODE, "strict")
    with pytest.raises(EvidenceError):
        run()
    monkeypatch.delenv(record.MODE)
    monkeypatch.setattr(versions, "other_than_locked", lambda: [])
    with pytest.raises(EvidenceError, match="find out which before you record anew"):
        run()


def test_versions_are_held_against_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = np.__version__
    lock = tmp_path / "requirements.lock"
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    lock.write_text(f"numpy=={version} \\\n    --hash=sha256:00\nno-such-package==1\n")
    assert versions.other_than_locked() == []
    lock.write_text("numpy==1.0 ; python_version < '3'\nnumpy==1.1\nscipy==0.1\n")
    assert versions.other_than_locked() == [f"numpy {version}", f"scipy {_scipy_version()}"]
    lock.write_text(f"numpy==1.0 ; python_version < '3'\nnumpy=={version}\n")
    assert versions.other_than_locked() == []


def _scipy_version() -> str:
    import scipy

    return scipy.__version__


# ------------------------------------------------------------------ many claims


def family(*p_values: float) -> list[Claim]:
    """Claims over ten pairs with these p-values, named by them."""
    claims = []
    for p in p_values:
        t = stats.t.isf(abs(p) / 2, 9)
        half = stats.t.ppf(0.975, 9) / t
        middle = math.copysign(1.0, p)
        claims.append(Claim(f"99.p{len(claims)}", f"{p:g}", middle - half, middle + half, 10))
    return claims


def test_p_values_come_back_from_the_interval() -> None:
    for one in family(0.001, 0.04, -0.2, 0.7):
        assert one.p_value == pytest.approx(abs(float(one.text)))


def test_holm_by_hand() -> None:
    # 0.05 / 4 = 0.0125, 0.05 / 3 = 0.0167, 0.05 / 2 = 0.025: the third fails and ends it.
    assert still_standing(family(0.03, 0.012, 0.004, 0.04)) == [False, True, True, False]
    assert still_standing(family(0.02, 0.02, 0.02)) == [False] * 3
    assert still_standing(family(0.011, 0.02, 0.04, -0.012)) == [True] * 4


def test_holm_keeps_false_words_rare() -> None:
    """Ten claims without any effect: one false word or more in about 5 % of the families."""
    draws = np.random.default_rng(0).normal(size=(400, 10, 6))
    alarms = plain = 0
    for one in draws:
        claims = [Claim("99.a", "a", *paired_interval(gains), 6) for gains in one]
        alarms += any(still_standing(claims))
        plain += any(one.word != "no difference shown" for one in claims)
    assert alarms / 400 < 0.08 and plain / 400 > 0.3


def named(*claims: Claim, text: str = "On M0{}, STAR orders better than mixed") -> list[Claim]:
    return [replace(one, text=text.format(at)) for at, one in enumerate(claims, start=1)]


def test_the_sentence_of_a_family() -> None:
    some = named(*family(0.004, -0.012, 0.03, -0.04, 0.2))
    assert family_sentence(some) == (
        "5 verdicts: 2 better, 2 worse, 1 no difference shown.\n"
        "After Holm's correction for 5 verdicts 2 of the 4 differences stand. These fall: On M03, "
        "STAR against mixed (better); On M04, STAR against mixed (worse)."
    )
    assert family_sentence(named(*family(0.004, -0.002))) == (
        "2 verdicts: 1 better, 1 worse.\n"
        "After Holm's correction for 2 verdicts 2 of the 2 differences stand."
    )
    assert family_sentence(named(*family(0.004, 0.2))).endswith("the one difference stands.")
    assert family_sentence(named(*family(0.004, -0.03, 0.2), text="M0{}: A over B")).endswith(
        "1 of the 2 differences stands. This one falls: M02, A against B (worse)."
    )
    assert family_sentence(named(*family(-0.04, 0.2))) == (
        "2 verdicts: 1 worse, 1 no difference shown.\n"
        "After Holm's correction for 2 verdicts the one difference falls: On M01, STAR against "
        "mixed (worse)."
    )
    assert family_sentence(family(0.4, 0.2)) == "2 verdicts: 2 no difference shown."
    with pytest.raises(CourseError, match="two or more"):
        family_sentence(family(0.1))


def test_many_that_fall_are_counted() -> None:
    for many in (2, 6):
        falling = named(*family(*(0.04, -0.04) * many), text="{} rows: A over B")
        said = family_sentence(falling).splitlines()
        assert len(said) == 2 and len(said[1]) <= 240
        counts = f"({many} better, {many} worse)"
        assert said[1].endswith(f" {2 * many} fall, the hollow dots {counts}.") == (many == 6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("On M03, separate orders better than mixed", "On M03, separate against mixed"),
        ("Stars' soft labels on all rows are better than alone", "Stars' soft labels on all rows"),
        ("Towers with logQ: more than ALS, at 10", "Towers with logQ against ALS, at 10"),
        ("The LSTM has a lower log loss than the bag", "The LSTM against the bag"),
        ("click: less is lost by powers than by ranks", "click: powers against ranks"),
        ("view after LwF, over before (rho 0)", "view after LwF against before (rho 0)"),
        ("clicks: cart against home", "clicks: cart against home"),
        ("ALS gives them fewer places than the ideal lists do", "ALS against the ideal lists"),
        ("From a to b: the sum keeps more than powers", "From a to b: the sum against powers"),
        ("Without it: the mean ranks better", '"Without it: the mean ranks better"'),
        (
            "A gain over B is larger on all rows than on C",
            '"A gain over B is larger on all rows than on C"',
        ),
        ("B against A: more alarms than 80%", '"B against A: more alarms than 80%"'),
        ("More labels by the lower bound than by B", '"More labels by the lower bound than by B"'),
        ("A says more than B (better: shown)", '"A says more than B (better: shown)"'),
    ],
)
def test_what_is_compared_is_named_without_a_verdict(text: str, said: str) -> None:
    assert compared(text).removesuffix(" against alone") == said


def test_no_name_of_a_recorded_claim_says_who_is_better() -> None:
    """A verdict stands behind the name: *A is better than B (worse)* would be read twice."""
    files = sorted((paths.ROOT / "results" / "lessons").glob("*.json"))
    texts = {one["text"] for file in files for one in json.loads(file.read_text("utf-8")).values()}
    names = {text: compared(text) for text in texts}
    assert len(texts) > 1000
    quoted = [text for text, name in names.items() if name == f'"{text}"']
    assert len(quoted) < len(texts) / 4
    things = re.compile(r"\bbetter p\b|\bor more\b|\bthe lower bound\b|\ban earlier log\b")
    judges = re.compile(
        r"\b(than|better|earlier|fewer|higher|larger|less|lower|more|nearer|smaller|worse)\b",
        re.IGNORECASE,
    )
    for name in (names[text] for text in texts - set(quoted)):
        assert len(re.findall(r"\bagainst\b", name)) == 1, name
        assert not judges.search(things.sub("", name)), name


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("method", "baseline", "says"),
    [
        (METHOD, BASELINE[:4], "paired"),
        (METHOD[:2], BASELINE[:2], "3 seeds"),
        ([*METHOD[:4], math.nan], BASELINE, "finite"),
        (BASELINE, BASELINE, "All 5 differences are 0"),
    ],
)
def test_bad_input_is_one_clear_sentence(
    method: list[float], baseline: list[float], says: str
) -> None:
    with pytest.raises(CourseError, match=says):
        run(method, baseline)


@pytest.mark.parametrize("id", ["", "a", "20", "20.", "20.A", "2.a", "20.a b", "20.a.b"])
def test_an_odd_id_is_refused(id: str) -> None:
    with pytest.raises(CourseError, match=r"like '20\.purchase'"):
        claim(id, "A beats B", METHOD, BASELINE)


def test_evidence_error_is_an_assertion_and_a_course_error() -> None:
    assert issubclass(EvidenceError, AssertionError) and issubclass(EvidenceError, CourseError)
