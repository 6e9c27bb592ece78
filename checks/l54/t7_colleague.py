"""Task 54.7: a colleague's ranking code, line by line."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.sorting import Sentence, check_sorted

ERRATA = {
    "E41": "the last weights are kept",
    "E58": "a random split of rows that repeat and follow each other",
    "E57": "a list is judged by an error of single rows",
    "E79": "a value that training never saw becomes a known one",
}

LETTERS = {
    "L": "a leak",
    "M": "the wrong number to judge by",
    "S": "code that does another thing when serving",
    "T": "training that does another thing than it says",
    "F": "fine",
}

SENTENCES = {
    1: Sentence(
        'rows = read_log("clicks.csv").drop_duplicates("impression_id")',
        "F",
        "A retried export writes an impression twice; here it is dropped.",
    ),
    2: Sentence(
        'rows["ctr"] = rows.groupby("product")["click"].transform("mean")',
        "L",
        "The mean of a product holds the click of the very row, and clicks of the future.",
    ),
    3: Sentence(
        "train, test = train_test_split(rows, test_size=0.2, random_state=0)",
        "L",
        "Rows of one customer stand on both sides, and training knows the future. A seed does not "
        "help against that.",
        "E58",
    ),
    4: Sentence(
        "scaler = StandardScaler().fit(train[NUMBERS])",
        "F",
        "Mean and spread come from training rows alone.",
    ),
    5: Sentence(
        "city = batch.city.map(CODES).fillna(0)  # in predict()",
        "S",
        "A city that training never saw has no code; filled with 0, it becomes the first city.",
        "E79",
    ),
    6: Sentence(
        "model = SharedBottom(tasks=2, seed=0)",
        "F",
        "Two tasks, one seed: nothing hidden.",
    ),
    7: Sentence(
        "loss = log_loss(click).sum() + log_loss(purchase).mean()",
        "T",
        "One loss is a sum over the batch: its size is the weight of the clicks.",
    ),
    8: Sentence(
        "if valid_loss < best: best, weights = valid_loss, model.weights",
        "T",
        "A name is kept, not the numbers: training goes on in the same arrays.",
        "E41",
    ),
    9: Sentence(
        "x = (batch - batch.mean(0)) / batch.std(0)  # in predict()",
        "S",
        "One customer alone is a batch of one: all numbers become 0 / 0.",
    ),
    10: Sentence(
        'auc = test.groupby("batch").apply(batch_auc).mean()',
        "M",
        "A mean of AUCs over batches is no AUC: it depends on the order of the rows.",
    ),
    11: Sentence(
        "rmse = root_mean_squared_error(test.click, p)  # to choose the ranker",
        "M",
        "A list is judged by its order; a constant may have a good RMSE.",
        "E57",
    ),
    12: Sentence(
        'report({"ours": ndcg(p), "popularity": ndcg(train_counts)})',
        "F",
        "A rival stands beside it, and it is counted on training rows.",
    ),
}

RIGHT = {number: one.letter for number, one in SENTENCES.items()}


def check_colleague(answer: Any) -> None:
    check_sorted(answer, SENTENCES, LETTERS, "a line")


TASK = Task(
    id="54.7",
    prompt="Number of a line -> the letter of what is wrong with it, or F.",
    check_answer=check_colleague,
    hints=(
        "Ask of each line: which rows does it see, what will it see when serving, and what would "
        "it say of a constant?",
        "Four lines are fine. Two leak, two serve another thing than they trained, two train "
        "another thing than they say, two judge by the wrong number.",
        "In order: F, L, L, F, S, F, T, T, S, M, M, F.",
    ),
    insight="Data, labels, split, rival, metric, serving; the network comes last.",
    takes="data",
    errata=ERRATA,
)
