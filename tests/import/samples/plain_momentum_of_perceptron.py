from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier

x, y = load_iris(return_X_y=True)
net = MLPClassifier((8,), solver="sgd", learning_rate_init=0.05, momentum=0.8, nesterovs_momentum=False,
                    batch_size=30, max_iter=3, alpha=0, random_state=2, verbose=True)
net.fit(x, y)
"""
Iteration 1, loss = 1.20311234
Iteration 2, loss = 1.01230001
Iteration 3, loss = 0.90112233
"""
