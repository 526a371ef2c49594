#!/usr/bin/env python3
"""Prints what numpy_default_generator_test.cc expects of numpy.random.default_rng."""
import hashlib

import numpy


def digest(array):
    return hashlib.sha256(numpy.ascontiguousarray(array).tobytes()).hexdigest()


for seed in (0, 42, 4294967295, 2**40 + 7):
    rng = numpy.random.default_rng(seed)
    print("seed", seed, [int(x) for x in rng.bit_generator.random_raw(2)])

rng = numpy.random.default_rng(1)
print("standard_normal", [repr(x) for x in rng.standard_normal(3)])
print("standard_normal(1000000)", digest(rng.standard_normal(1000000)))
print("normal", [repr(x) for x in rng.normal(2, 0.5, 2)])
print("random", [repr(x) for x in rng.random(2)])
print("uniform", [repr(x) for x in rng.uniform(-1, 3, 2)])
print("permutation(7)", rng.permutation(7).tolist())
print("random after it", repr(rng.random()))
print("permutation(70000)", digest(rng.permutation(70000)))
order = numpy.arange(6)
rng.shuffle(order)
print("shuffle", order.tolist())
print("integers(10)", rng.integers(10, size=8).tolist())
print("integers(3000000000)", [int(rng.integers(3000000000)) for _ in range(3)])
print("integers(2**32)", [int(rng.integers(2**32)) for _ in range(2)])
print("integers(2**40)", [int(rng.integers(2**40)) for _ in range(2)])
print("choice(5, 8)", rng.choice(5, 8).tolist())
