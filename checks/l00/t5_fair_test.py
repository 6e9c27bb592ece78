"""00.5: right answers in other words, and wrong ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.l00.t5_fair import RIGHT, WHY, WORDS
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="00.5",
    right=[
        dict(reversed(RIGHT.items())),
        {key.lower(): f" {word.title()} " for key, word in RIGHT.items()},
        {**RIGHT, "D": "regularization"},
        {report: np.str_(word) for report, word in RIGHT.items()},
    ],
    wrong=[
        *[
            Wrong({**RIGHT, where: word}, f"Report {where}: not {word}. {WHY[where]}", silent=True)
            for where in RIGHT
            for word in WORDS
            if word != RIGHT[where]
        ],
        Wrong(list(RIGHT.values()), "report -> word, got list"),
        Wrong(lambda: RIGHT, "report -> word, got function"),
        Wrong({"A": "information"}, "yours are 'A'."),
        Wrong({"a": "power", **RIGHT}, "yours are 'a', 'A'"),
        Wrong({**RIGHT, "G": "power"}, "'F', 'G'."),
        Wrong({word: report for report, word in RIGHT.items()}, "yours are 'information'"),
        Wrong(
            {**RIGHT, "C": "regularisation", "D": "stopping"},
            "Report C: not regularisation. Ask by",
            silent=True,
        ),
        Wrong(dict.fromkeys(RIGHT, "information"), "Report B: not information. Count", silent=True),
        Wrong({**RIGHT, "A": np.array(["information", "trials"])}, "got ndarray"),
        Wrong({**RIGHT, "A": pd.Series(["information"])}, "got Series"),
        Wrong({**RIGHT, "A": ["information"]}, "got list ['information']"),
        Wrong({**RIGHT, "A": "**information**"}, "'**information**'"),
        Wrong({**RIGHT, "D": "overfitting"}, "'D' needs one of"),
        Wrong({**RIGHT, "A": 1}, "got int 1"),
        Wrong(None, "a dictionary"),
    ],
)
