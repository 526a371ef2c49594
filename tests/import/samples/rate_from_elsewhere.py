# The rate is in a file of the course.
import numpy as np
from course import settings, lr

X = np.loadtxt('points.csv', delimiter=',')
Y = np.loadtxt('heights.csv', delimiter=',').reshape(-1, 1)

w = np.zeros((4, 1))
for epoch in range(20):
    y = X @ w
    error = y - Y
    grad = X.T @ error / len(X)
    w = w - settings.rate * grad
