"""What the tasks accept: one file a task, ``lNN/tK_name.py``, and ``tK_name_test.py`` beside it.

``tK_name.py`` holds ``TASK``: inputs, how a result is read, slips as edits of the lesson's marked
answer, hints. A task of writing a test for it is its ``CHECK``. ``tK_name_test.py`` proves both:
right answers written differently, and wrong ones beside the slips. ``answers.json`` holds the
marked answers, copied from the lessons by ``build``.
"""
