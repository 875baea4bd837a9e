"""Losses by cause: the greatest first, and the same whatever the day is broken down by."""

import pytest
from hypothesis import HealthCheck
from hypothesis import given as for_all
from hypothesis import settings as trying
from hypothesis import strategies as st

from pipelines.mart.yield_losses import yield_losses
from schemas.mart.yield_ledger import MART_YIELD_LEDGER
from schemas.mart.yield_losses import BREAKDOWNS, CAUSES, MART_YIELD_LOSSES

NO_LOSS = {f"{cause}_mass_t": None for cause in CAUSES} | {"estimated": []}


@pytest.fixture
def losses(given):
    """The losses of a ledger; what a test does not name was not lost."""

    def rows(*ledger, breakdown="all"):
        frame = yield_losses(given(MART_YIELD_LEDGER, *(NO_LOSS | row for row in ledger)))
        wanted = frame.select(*MART_YIELD_LOSSES.field_names)
        if breakdown:
            wanted = wanted.where(f"breakdown = '{breakdown}'")
        return wanted.orderBy("production_day", "line", "breakdown", "breakdown_value", "rank").collect()

    return rows


@pytest.mark.engines
def test_the_greatest_loss_comes_first_and_the_shares_add_up(losses):
    scale, crop = losses({"crop_mass_t": 0.1, "scale_mass_t": 0.2}, {"scale_mass_t": 0.2})

    assert (scale.cause, scale.rank, scale.pieces, scale.lost_mass_t) == ("scale", 1, 2, pytest.approx(0.4))
    assert (scale.share_of_losses_pct, scale.cumulated_share_pct) == pytest.approx((80.0, 80.0))
    assert (crop.cause, crop.rank, crop.pieces) == ("crop", 2, 1)
    assert (crop.share_of_losses_pct, crop.cumulated_share_pct) == pytest.approx((20.0, 100.0))
    # 0.1 t of two slabs of 22 t.
    assert crop.share_of_charged_pct == pytest.approx(0.1 / 44 * 100)


@pytest.mark.engines
def test_equal_losses_keep_the_order_of_the_ledger(losses):
    equal = losses({"sample_mass_t": 0.1, "crop_mass_t": 0.1, "cobble_mass_t": 0.1})

    assert [loss.cause for loss in equal] == ["crop", "cobble", "sample"]


@pytest.mark.engines
def test_a_gain_comes_last_and_takes_no_share_of_nothing(losses):
    crop, gain = losses({"crop_mass_t": 0.1, "unaccounted_mass_t": -0.3})

    assert (gain.cause, gain.rank, gain.lost_mass_t) == ("unaccounted", 2, -0.3)
    assert (crop.share_of_losses_pct, gain.share_of_losses_pct) == (None, None)


def test_a_loss_is_marked_where_some_of_it_is_estimated(losses):
    scale, crop = losses(
        {"scale_mass_t": 0.2, "crop_mass_t": 0.1, "estimated": ["scale"]}, {"crop_mass_t": 0.05}
    )

    assert (scale.is_estimated, crop.is_estimated) == (True, False)


def test_the_share_of_the_charge_is_that_of_the_pieces_whose_charge_is_known(losses):
    [crop] = losses({"crop_mass_t": 0.1}, {"crop_mass_t": 5.0, "charged_mass_t": None})

    assert (crop.lost_mass_t, crop.share_of_charged_pct) == (5.1, pytest.approx(0.1 / 22 * 100))


def test_a_piece_without_an_order_is_not_left_out(losses):
    [first, second] = losses(
        {"crop_mass_t": 0.1, "order_id": None}, {"crop_mass_t": 0.2, "order_id": "O7"}, breakdown="order"
    )

    assert {first.breakdown_value, second.breakdown_value} == {"(missing)", "O7"}


KG = st.one_of(st.none(), st.integers(-500, 20_000).map(lambda kg: kg / 1000))
ROW = st.fixed_dictionaries(
    {
        "shift": st.sampled_from(["A", "B", None]),
        "grade": st.sampled_from(["DD11", "S355MC", None]),
        "order_id": st.sampled_from(["O1", "O2", "O3", None]),
        "line": st.sampled_from(["HSM", "FIN1"]),
        **{f"{cause}_mass_t": KG for cause in CAUSES},
    }
)


@trying(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(ledger=st.lists(ROW, min_size=1, max_size=20))
def test_every_breakdown_has_the_losses_of_the_ledger(losses, ledger):
    rows = losses(*ledger, breakdown=None)

    for line in ("HSM", "FIN1"):
        for cause in CAUSES:
            lost = sum(row[f"{cause}_mass_t"] or 0 for row in ledger if row["line"] == line)
            for breakdown in BREAKDOWNS:
                of = [
                    row.lost_mass_t
                    for row in rows
                    if (row.line, row.breakdown, row.cause) == (line, breakdown, cause)
                ]
                assert sum(of) == pytest.approx(lost, abs=1e-9)
