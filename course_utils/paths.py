"""Where things are in the clone. Standard library only."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
NOTEBOOKS = ROOT / "notebooks"
DATASETS = ROOT / "datasets"
RESULTS = ROOT / "results"
MY = ROOT / "my"
CACHE = ROOT / ".cache"
