"""Task 10.1: recall@k over customers."""

from __future__ import annotations

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("10.1")
edit, returning = right.edit, right.returning

CASES: list[Case] = [
    ({"ann": ["a", "b", "c"], "bob": ["c", "d"]}, {"ann": {"b", "x"}, "bob": {"a"}}, 2),
    ({"ann": ["a", "b", "c", "d"], "bob": ["d"]}, {"ann": {"d"}, "bob": {"d"}}, 3),
    ({"ann": ["a", "b"]}, {"ann": {"a", "b", "c", "d"}}, 2),
    ({"ann": ["a"], "bob": ["b"]}, {"ann": {"a"}, "bob": set()}, 1),
    ({"ann": ["a"]}, {"ann": {"a"}, "bob": {"b", "c"}}, 5),
    ({"ann": ["a", "b"], "eve": ["b"]}, {"ann": {"b"}}, 2),
    ({"ann": ["a", "b", "c", "d", "e"]}, {"ann": {"b", "e"}}, 2),
    ({"ann": []}, {"ann": {"a"}}, 3),
    ({"ann": ["a"]}, {"ann": set()}, 3),
    ({"ann": [], "bob": ["b"]}, {"ann": {"a"}, "bob": {"b"}}, 2),
    ({"ann": ["11", "2"]}, {"ann": {"1", "2"}}, 2),
    ({"ann": ["1", "2"]}, {"ann": {"11", "2"}}, 2),
    ({}, {"ann": {"a"}}, 1),
    ({"ann": ["a"]}, {}, 1),
    (
        {"ann": ["1", "2", "3", "4"], "bob": ["2", "3"], "cid": ["4", "9"]},
        {"ann": {"1", "3", "7"}, "bob": {"2", "3", "4", "5", "6"}, "cid": {"9"}},
        3,
    ),
    # Lists are not in the order of ids; who wants nothing may come first.
    ({"ann": ["c", "a", "b"]}, {"ann": {"a", "b"}}, 1),
    ({"ann": ["a"], "bob": ["b"]}, {"bob": set(), "ann": {"a"}}, 1),
    # Customers in another order, k above 10, a mean below 0.1; "A" is not "a".
    (
        {"bob": ["b"], "ann": list("abcdefghijkl")},
        {"ann": {"l", "A", "x", "y"}, "bob": {"a"}, "cid": {"z"}},
        12,
    ),
]

WANTS, SHARE, MEAN = "if products:", "len(found) / len(products)", "np.mean(shares)"
LIST, FOUND = "ranked.get(customer, [])", "set(ranked.get(customer, [])[:k]) & products"
BY_ORDER = {LIST: "dict(zip(wanted, ranked.values())).get(customer, [])"}

SLIPS = {
    "You divide by k: that is the precision.": edit({SHARE: "len(found) / k"}),
    "You divide by the products that the list holds, not by those that are wanted.": edit(
        {SHARE: f"len(found) / max(1, len({LIST}[:k]))"}
    ),
    "You count who has a hit at all: that is the hit rate.": edit({SHARE: "bool(found)"}),
    "You divide by k where a customer wants more than k; divide by all that is wanted.": edit(
        {SHARE: "len(found) / min(len(products), k)"}
    ),
    "You pool all hits before you divide; take each customer's share, then the mean.": edit(
        {SHARE: "(len(found), len(products))", MEAN: "np.divide(*np.sum(shares, axis=0))"}
    ),
    "You count the whole list, not its first k positions.": edit({"[:k]": ""}),
    "Your list is out of order before you cut it (sorted, or a set?); it stands best first.": edit(
        {LIST: f"sorted({LIST})"}
    ),
    "You stop at the first customer who wants nothing; leave them out and go on.": right.after(
        "for customer", "    if not products:\n        break"
    ),
    "You count k - 1 positions.": right.first("k -= 1"),
    "You count k + 1 positions.": right.first("k += 1"),
    "A customer without a list is missing from your mean; theirs is a recall of 0.": edit(
        {WANTS: "if products and customer in ranked:"}
    ),
    "A customer whose list is empty is missing from your mean; theirs is a recall of 0.": edit(
        {WANTS: "if products and ranked.get(customer) != []:"}
    ),
    "You leave out who has no list, or an empty one; theirs is a recall of 0.": edit(
        {WANTS: "if products and ranked.get(customer):"}
    ),
    "A customer who wants nothing stands in your mean as 0; leave such customers out.": edit(
        {WANTS: "if True:", SHARE: "len(found) / max(1, len(products))"}
    ),
    "Your mean is over all who have a list; it is over those who want something.": edit(
        {MEAN: "sum(shares) / len({*ranked, *(one for one in wanted if wanted[one])})"}
    ),
    "You pair lists and wishes by their order; pair them by customer.": edit(BY_ORDER),
    "You find an id inside a longer one, '1' in '11'; compare whole ids.": edit(
        {FOUND: f"[one for one in {LIST}[:k] if any(one in other for other in products)]"}
    ),
    "You pair lists and wishes by their order, and lose who has no list; pair them by customer.": (
        edit(BY_ORDER, {"wanted.items()": "list(wanted.items())[: len(ranked)]"})
    ),
    "You return percent; recall is a share of 1.": returning("100 * result"),
    "You return the sum over customers, not their mean.": edit({MEAN: "sum(shares)"}),
}

TASK = checked(
    "10.1",
    "The share of what a customer bought that stands among the first k, averaged.",
    right,
    CASES,
    SLIPS,
    hints=(
        "One number for each customer first, the mean at the end.",
        "For one customer: len(set(ranked.get(user, [])[:k]) & wanted[user]) / len(wanted[user]).",
        "shares = [that line for user in wanted if wanted[user]]; "
        "return sum(shares) / len(shares) if shares else 0.0.",
    ),
    insight="Recall asks how much of what was wanted is in the list, not how much of the list "
    "was wanted.",
    shown=in_one_line(right),
    leaves=False,
)
