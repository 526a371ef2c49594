#!/usr/bin/env python3
"""Prints tests/plugins/sklearn_points.txt: data sets as scikit-learn and NumPy make them.

A set is a line "data: YAML ROWS COLUMNS SUM" and its rows, of which large sets have only the last;
SUM is that of all numbers times their position from 1."""
import numpy
from sklearn import datasets


def show(yaml, x, y, last=None):
    x = numpy.asarray(x, dtype=float)
    total = (x.ravel() * numpy.arange(1, x.size + 1)).sum()
    print("data: %s | %d %d %r" % (yaml, x.shape[0], x.shape[1], float(total)))
    for row, label in list(zip(x, y))[-(last or len(x)):]:
        print(" ".join(repr(float(v)) for v in row), repr(float(label)))


def teaching_spirals(points, classes, seed, stretch=1, noise=0.2):
    draw = numpy.random.RandomState(seed)
    x, y = [], []
    for j in range(classes):
        r = numpy.linspace(0.0, 1, points)
        t = numpy.linspace(j * 4, (j + 1) * 4, points) + draw.randn(points) * noise
        x.append(numpy.c_[r * numpy.sin(t * stretch), r * numpy.cos(t * stretch)])
        y += [j] * points
    return numpy.concatenate(x), y


def two_spirals(points, seed, noise=0.5):
    draw = numpy.random.RandomState(seed)
    n = numpy.sqrt(draw.rand(points, 1)) * 780 * (2 * numpy.pi) / 360
    d1x = -numpy.cos(n) * n + draw.rand(points, 1) * noise
    d1y = numpy.sin(n) * n + draw.rand(points, 1) * noise
    x = numpy.vstack((numpy.hstack((d1x, d1y)), numpy.hstack((-d1x, -d1y))))
    return x, [0] * points + [1] * points


def planar_flower(m, seed):
    draw = numpy.random.RandomState(seed)
    n = m // 2
    x, y = [], []
    for j in range(2):
        t = numpy.linspace(j * 3.12, (j + 1) * 3.12, n) + draw.randn(n) * 0.2
        r = 4 * numpy.sin(4 * t) + draw.randn(n) * 0.2
        x.append(numpy.c_[r * numpy.sin(t), r * numpy.cos(t)])
        y += [j] * n
    return numpy.concatenate(x), y


show("iris", *datasets.load_iris(return_X_y=True), last=2)
show("wine", *datasets.load_wine(return_X_y=True), last=2)
show("breast_cancer", *datasets.load_breast_cancer(return_X_y=True), last=1)
show("digits8x8", *datasets.load_digits(return_X_y=True), last=1)
show("diabetes", *datasets.load_diabetes(return_X_y=True), last=2)
show("{name: diabetes, scaled: false}",
     *datasets.load_diabetes(return_X_y=True, scaled=False), last=2)
show("moons", *datasets.make_moons(random_state=0), last=2)
show("{name: moons, points: 7, noise: 0.2, seed: 3}",
     *datasets.make_moons(7, noise=0.2, random_state=3))
show("{name: moons, points: 200, noise: 0.2, seed: 0}",
     *datasets.make_moons(200, noise=0.2, random_state=0), last=3)
show("{name: moons, points: 5, shuffle: false}", *datasets.make_moons(5, shuffle=False))
show("{name: circles, points: 9, noise: 0.05, factor: 0.5, seed: 42}",
     *datasets.make_circles(9, noise=0.05, factor=0.5, random_state=42))
show("{name: circles, points: 1000, seed: 1}",
     *datasets.make_circles(1000, random_state=1), last=2)
show("{name: blobs, seed: 4}", *datasets.make_blobs(random_state=4), last=3)
show("{name: blobs, points: 11, features: 3, classes: 4, std: 0.5, box: [0, 2], seed: 5}",
     *datasets.make_blobs(11, 3, centers=4, cluster_std=0.5, center_box=(0, 2), random_state=5))
show("{name: blobs, points: 6, centers: [[1, 2], [-3, 0.5]], shuffle: false, seed: 6}",
     *datasets.make_blobs(6, centers=[[1, 2], [-3, 0.5]], shuffle=False, random_state=6))
show("teaching_spirals", *teaching_spirals(100, 3, 0), last=3)
show("{name: teaching_spirals, points: 3, classes: 2, stretch: 2.5, seed: 7}",
     *teaching_spirals(3, 2, 7, 2.5))
show("{name: two_spirals, points: 4, seed: 8}", *two_spirals(4, 8))
show("{name: two_spirals, noise: 0.2}", *two_spirals(1000, 0, 0.2), last=2)
show("planar_flower", *planar_flower(400, 1), last=3)
show("{name: planar_flower, points: 6, seed: 2}", *planar_flower(6, 2))
