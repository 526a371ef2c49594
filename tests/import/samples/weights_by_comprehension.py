from random import random, seed
import numpy as np
from sklearn.datasets import load_iris

seed(3)
X, y = load_iris(return_X_y=True)
T = np.eye(3)[y]
A = np.array([[random() - 0.5 for j in range(14)] for i in range(4)])
B = np.array([np.array([random() - 0.5 for j in range(3)]) for i in range(14)])
for turn in range(700):
    h = 1 / (1 + np.exp(-X.dot(A)))
    p = 1 / (1 + np.exp(-h.dot(B)))
    d = (p - T) * p * (1 - p) / len(X)
    A -= 0.6 * X.T.dot(d.dot(B.T) * h * (1 - h))
    B -= 0.6 * h.T.dot(d)
