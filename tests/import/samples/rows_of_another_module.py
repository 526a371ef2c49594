import numpy as np
from my_rows import inputs, targets

A = np.random.randn(30, 12) * 0.1
B = np.random.randn(12, 4) * 0.1
for turn in np.arange(0, 150):
    h = np.maximum(0, inputs.dot(A))
    e = np.exp(h.dot(B))
    p = e / e.sum(axis=1, keepdims=True)
    d = (p - targets) / len(inputs)
    dh = d.dot(B.T)
    dh[h <= 0] = 0
    B -= 0.02 * h.T.dot(d)
    A -= 0.02 * inputs.T.dot(dh)
