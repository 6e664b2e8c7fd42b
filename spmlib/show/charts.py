"""Charts: every picture there is, by what it shows.

Each takes a pandas table, as its docstring says, and gives a `Picture` with its finding in words.
Nothing is computed here but where ink goes: what is in a picture is in its table. To add one, write
it in the module it belongs to and name it here.
"""

from spmlib.show.budget_charts import cost_of_sales, reforecast
from spmlib.show.flow_charts import credited_through
from spmlib.show.forecast_charts import fan, fans, taken_apart
from spmlib.show.frontier_charts import best_practice, foretold, own_best, pulled_in
from spmlib.show.month_charts import earned_to_date, monthly, monthly_parts
from spmlib.show.part_charts import bridge, by_rule, costs, ranked, waterfall
from spmlib.show.pipeline_charts import calibration, called, times_to_close, tried
from spmlib.show.plan_charts import capacity, reachable, sureness
from spmlib.show.scenario_charts import planned_again, scenarios
from spmlib.show.standing_charts import pay_curve, standings
from spmlib.show.territory_charts import balance, frontier, map_of

__all__ = [
    "balance",
    "best_practice",
    "bridge",
    "by_rule",
    "calibration",
    "called",
    "capacity",
    "cost_of_sales",
    "costs",
    "credited_through",
    "earned_to_date",
    "fan",
    "fans",
    "foretold",
    "frontier",
    "map_of",
    "monthly",
    "monthly_parts",
    "own_best",
    "pay_curve",
    "planned_again",
    "pulled_in",
    "ranked",
    "reachable",
    "reforecast",
    "scenarios",
    "standings",
    "sureness",
    "taken_apart",
    "times_to_close",
    "tried",
    "waterfall",
]
