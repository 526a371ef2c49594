import numpy as np
from keras.datasets import mnist

(x, t), _ = mnist.load_data()
x = x.reshape(-1, 784) / 255
t = np.eye(10)[t]
W = np.random.randn(784, 10) * 0.01
lr = 0.1
epoch = 1
while epoch <= 12:
    for begin, end in zip(range(0, 60000, 50), range(50, 60001, 50)):
        W -= lr * x[begin:end].T @ (x[begin:end] @ W - t[begin:end])
    lr *= 0.9
    epoch += 1
