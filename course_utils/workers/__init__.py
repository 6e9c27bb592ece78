"""One network trained by several processes: a launcher, and what each process does.

``launch`` and ``job`` import no TensorFlow, so a notebook's kernel stays small while the workers
run. ``worker`` is the program of one process.
"""
