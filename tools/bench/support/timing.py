"""Seconds that calls take, as statistics.mjs measures them."""

import statistics
import time


def seconds_of(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def time_of(run, seconds):
    """The median of calls for at least `seconds`, three or more if they fit, after one that is not counted."""
    first = seconds_of(run)
    samples, end = [], time.perf_counter() + seconds
    while not samples or time.perf_counter() < end or (len(samples) < 3 and first < seconds):
        samples.append(seconds_of(run))
    return statistics.median(samples)
