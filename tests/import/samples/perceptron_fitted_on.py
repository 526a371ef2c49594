from sklearn.datasets import load_wine
from sklearn.neural_network import MLPClassifier

X, y = load_wine(return_X_y=True)
net = MLPClassifier(hidden_layer_sizes=(7,), max_iter=1, warm_start=True, learning_rate_init=0.04, batch_size=20)
for turn in range(45):
    net.fit(X, y)
