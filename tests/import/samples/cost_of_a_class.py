import numpy as np
from sklearn.datasets import load_digits

class QuadraticCost(object):
    @staticmethod
    def value(a, y):
        return 0.5 * np.linalg.norm(a - y) ** 2

    @staticmethod
    def slope(z, a, y):
        return (a - y) * a * (1 - a)

class EntropyCost(object):
    @staticmethod
    def value(a, y):
        return np.sum(np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a)))

    @staticmethod
    def slope(z, a, y):
        return a - y

def sig(z):
    return 1.0 / (1.0 + np.exp(-z))

class Net(object):
    def __init__(self, sizes, cost=EntropyCost):
        self.sizes = sizes
        self.cost = cost
        self.biases = [np.random.randn(n, 1) for n in sizes[1:]]
        self.weights = [np.random.randn(n, m) / np.sqrt(m) for m, n in zip(sizes[:-1], sizes[1:])]

    def train(self, data, epochs, batch, eta):
        for e in range(epochs):
            np.random.shuffle(data)
            for k in range(0, len(data), batch):
                self.step(data[k:k + batch], eta)

    def step(self, part, eta):
        for x, y in part:
            acts, zs = [x], []
            a = x
            for w, b in zip(self.weights, self.biases):
                z = np.dot(w, a) + b
                zs.append(z)
                a = sig(z)
                acts.append(a)
            delta = self.cost.slope(zs[-1], acts[-1], y)
            for i in range(1, len(self.sizes)):
                self.biases[-i] -= eta / len(part) * delta
                self.weights[-i] -= eta / len(part) * np.dot(delta, acts[-i - 1].T)
                if i + 1 < len(self.sizes):
                    delta = np.dot(self.weights[-i].T, delta) * acts[-i - 1] * (1 - acts[-i - 1])

digits = load_digits()
data = [(x.reshape(64, 1), np.eye(10)[t].reshape(10, 1)) for x, t in zip(digits.data, digits.target)]
net = Net([64, 24, 10], cost=QuadraticCost)
net.train(data, 12, 16, 2.5)
