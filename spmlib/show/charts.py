"""Charts: every picture there is, by what it shows.

Each takes a pandas table, as its docstring says, and gives a `Picture` with its finding in words.
Nothing is computed here but where ink goes: what is in a picture is in its table. To add one, write
it in the module it belongs to and name it here.
"""

from spmlib.show.accrual_charts import charged
from spmlib.show.attrition_charts import (
    foretold_and_came,
    leaving_reasons,
    staying,
    value_at_risk,
)
from spmlib.show.audit_charts import at_stake, found_and_false
from spmlib.show.benchmark_charts import (
    attainments,
    estimates,
    lorenz,
    market_ranges,
    pay_and_results,
)
from spmlib.show.budget_charts import cost_of_sales, reforecast
from spmlib.show.contest_charts import (
    contest_months,
    contest_race,
    prizes_ahead,
    spiff_moved,
    spiff_study,
)
from spmlib.show.contract_cost_charts import carried, lasting
from spmlib.show.delivery_charts import acknowledged_after, acknowledged_by_team
from spmlib.show.dispute_charts import disputed_causes, disputed_shares
from spmlib.show.estimate_charts import deals_on_curve, team_ahead
from spmlib.show.flow_charts import credited_through
from spmlib.show.forecast_charts import fan, fans, taken_apart
from spmlib.show.frontier_charts import best_practice, foretold, own_best, pulled_in
from spmlib.show.gaming_charts import cliffs, heaped, timed
from spmlib.show.leaderboard_charts import place_intervals, places_by_month, runs_of_months
from spmlib.show.maturity_charts import (
    answers_and_data,
    effect_and_effort,
    maturity_answers,
    maturity_scores,
)
from spmlib.show.modelling_charts import (
    cost_differences,
    on_curve,
    paid_to_date,
    spread,
    winners,
)
from spmlib.show.month_charts import earned_to_date, monthly, monthly_parts
from spmlib.show.part_charts import bridge, by_rule, costs, ranked, waterfall
from spmlib.show.pipeline_charts import calibration, called, times_to_close, tried
from spmlib.show.plan_charts import capacity, reachable, sureness
from spmlib.show.readiness_charts import automated_shares, automation_curve
from spmlib.show.roadmap_charts import (
    ownership_years,
    pilot_gain,
    roadmap_gantt,
    roadmap_tornado,
)
from spmlib.show.scenario_charts import planned_again, scenarios
from spmlib.show.simulation_charts import cost_spread, pay_by_role, tornado, two_tables
from spmlib.show.standing_charts import pay_curve, standings
from spmlib.show.territory_charts import balance, frontier, map_of
from spmlib.show.value_charts import (
    before_and_after,
    effects_by_measure,
    payback_curve,
    value_bridge,
)
from spmlib.show.visibility_charts import (
    field_bullets,
    field_curve,
    field_distribution,
    field_dots,
)

__all__ = [
    "acknowledged_after",
    "acknowledged_by_team",
    "answers_and_data",
    "at_stake",
    "attainments",
    "automated_shares",
    "automation_curve",
    "balance",
    "before_and_after",
    "best_practice",
    "bridge",
    "by_rule",
    "calibration",
    "called",
    "capacity",
    "carried",
    "charged",
    "cliffs",
    "contest_months",
    "contest_race",
    "cost_differences",
    "cost_of_sales",
    "cost_spread",
    "costs",
    "credited_through",
    "deals_on_curve",
    "disputed_causes",
    "disputed_shares",
    "earned_to_date",
    "effect_and_effort",
    "effects_by_measure",
    "estimates",
    "fan",
    "fans",
    "field_bullets",
    "field_curve",
    "field_distribution",
    "field_dots",
    "foretold",
    "foretold_and_came",
    "found_and_false",
    "frontier",
    "heaped",
    "lasting",
    "leaving_reasons",
    "lorenz",
    "map_of",
    "market_ranges",
    "maturity_answers",
    "maturity_scores",
    "monthly",
    "monthly_parts",
    "on_curve",
    "own_best",
    "ownership_years",
    "paid_to_date",
    "pay_and_results",
    "pay_by_role",
    "pay_curve",
    "payback_curve",
    "pilot_gain",
    "place_intervals",
    "places_by_month",
    "planned_again",
    "prizes_ahead",
    "pulled_in",
    "ranked",
    "reachable",
    "reforecast",
    "roadmap_gantt",
    "roadmap_tornado",
    "runs_of_months",
    "scenarios",
    "spiff_moved",
    "spiff_study",
    "spread",
    "standings",
    "staying",
    "sureness",
    "taken_apart",
    "team_ahead",
    "timed",
    "times_to_close",
    "tornado",
    "tried",
    "two_tables",
    "value_at_risk",
    "value_bridge",
    "waterfall",
    "winners",
]
