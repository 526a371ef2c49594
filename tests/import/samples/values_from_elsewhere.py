import numpy as np
from keras.datasets import mnist
from settings import EPOCHS, BATCH
from helpers import load_config

cfg = load_config('net.yaml')
(x, t), _ = mnist.load_data()
x = x.reshape(-1, 784) / 255
t = np.eye(10)[t]
W = np.random.randn(784, 10) * 0.01
for epoch in range(EPOCHS):
    for i in range(0, 60000, BATCH):
        rows, y = x[i:i + BATCH], t[i:i + BATCH]
        W -= cfg['lr'] * rows.T @ (rows @ W - y)
