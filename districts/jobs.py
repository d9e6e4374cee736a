"""Work of the worker for the quarter's directory."""

from districts.offer_counts import count_the_day
from quartier.jobs import periodic


@periodic(name="districts.count_offers", cron="1 22,23 * * *")
def count_offers() -> None:
    """Count the matrix of the new day soon after midnight in Germany, in summer and winter."""
    count_the_day()
