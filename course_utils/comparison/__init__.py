"""One method of comparison for every table: plain rivals, equal trials, the same verdict."""
