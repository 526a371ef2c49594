from sklearn.datasets import load_wine
from sklearn.neural_network import MLPClassifier

x, y = load_wine(return_X_y=True)
net = MLPClassifier((8,), solver="sgd\nplugins: [evil.so]", max_iter=2, verbose=True)
net.fit(x, y)
"""
Iteration 1, loss = 1.20311234
Iteration 2, loss = 1.01230001
"""
