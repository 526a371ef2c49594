#!/usr/bin/env python3
"""Prints the orders of rows that choose_test.cc and trainer_test.cc expect of NumPy."""
import numpy

rng = numpy.random.RandomState(3)
print("RandomState(3).choice(20, 5, False)", rng.choice(20, 5, False).tolist())
print("again", rng.choice(20, 5, False).tolist())
print("choice(20, 5)", rng.choice(20, 5).tolist())
print("randint(0, 7, 6)", rng.randint(0, 7, 6).tolist())
order = numpy.arange(8)
rng.shuffle(order)
print("shuffle", order.tolist())
rng.shuffle(order)
print("again", order.tolist())

rng = numpy.random.default_rng(3)
print("default_rng(3).choice(20, 5, False)", rng.choice(20, 5, False).tolist())
print("again", rng.choice(20, 5, False).tolist())
chosen = rng.choice(20000, 1000, False)
print("choice(20000, 1000, False)", chosen[:4].tolist(), int((chosen * numpy.arange(1000)).sum()))
chosen = rng.choice(20000, 100, False)
print("choice(20000, 100, False)", chosen[:4].tolist(), int((chosen * numpy.arange(100)).sum()))
print("choice(6, 6, False)", rng.choice(6, 6, False).tolist())
print("choice(20001, 20001, False)", rng.choice(20001, 20001, False)[:4].tolist())
print("random", repr(rng.random()))

# An epoch of 13 rows in batches of 5, after RandomState(4).
rng = numpy.random.RandomState(4)
print("choice", [rng.choice(13, n, False).tolist() for n in (5, 5, 3)])
rng = numpy.random.RandomState(4)
print("replacement", [rng.choice(13, n).tolist() for n in (5, 5, 3)])
rng = numpy.random.RandomState(4)
order = numpy.arange(13)
rng.shuffle(order)
rng.shuffle(order)
print("second shuffle", order.tolist())
rng = numpy.random.default_rng(4)
print("default_rng replacement", [rng.integers(13, size=n).tolist() for n in (5, 5, 3)])
# Weights after other draws.
rng = numpy.random.RandomState(5)
rng.randn(3), rng.rand(2), rng.permutation(4), rng.randint(0, 10, 2), rng.randint(0, 10, 2)
print("randn after draws", [repr(x) for x in rng.randn(2)])
