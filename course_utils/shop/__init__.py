"""The simulated marketplace of the course. Its truth is known, so claims can be tested.

One shop, two times. In the year 2024 customers buy, rate, review and return: ``purchases``,
``ratings``, ``reviews``. From January 2025 on the shop logs what it shows: ``log``.

What exists: ``users``; ``products`` and their ``listings`` (category tree of three levels,
titles in English and Chinese, several labels each); ``queries`` and ``judgements``.

What happens in the log: a user visits (hour, weekday, weather, device), scrolls the home feed
or searches; each request is answered by a list. A product is looked at (by position), clicked,
put in the cart, bought at once or days later. A full cart brings a strip of recommendations.
So there are three scenarios, with shares of about 70, 25 and 5 %.

What is true, and hidden in a real shop:

- of an impression: p(examine), p(click), p(cart | click), p(purchase | click), relevance
- of a product: quality; of its labels: the chance of each (``label_chances``)
- of a user and a product: ``expected_rating``, ``affinity``, p(return), p(late)
- of a user, what was bought before and a product: ``next_purchase``
- of a query: what is meant, hence the relevance of every product
- of a review: what it praises or blames, the mean of its votes, the chance that a view helps
- of a title: which labels it names falsely

What a model may read besides the columns: ``past``, what the customer did before; and what it
could know at best: ``visible_probabilities``, the truth with the hidden averaged out. ``tasks`` has
labels, sample spaces and truth of click, cart and purchase.

One hidden thing ties both times together: a user's liking of a product drives ratings,
purchases and returns in 2024, and clicks and purchases in the log (dial ``selection``).

Five dials act on the log: relatedness of tasks, similarity of scenarios, sparsity, selection,
noise (``dials.Dials``). Five more are off unless turned: momentum and content of purchases,
false mentions in titles, late deliveries, views of reviews that follow their places. Two
simpler tables stand beside it: ``home_feed``, the home feed alone, without positions; and
``markets``, 3 to 50 scenarios with traits.

Each table has its own random stream, and every number that decides a draw is rounded first:
the same seed and version give the same tables on any CPU (``streams``). ``tables`` has the
two sizes that ``course_utils.datasets.load`` offers.
"""

from course_utils.shop.marketplace import Shop

__all__ = ["Shop"]
