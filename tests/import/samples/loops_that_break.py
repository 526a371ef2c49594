import json
import numpy as np
from keras.datasets import mnist

cfg = json.loads('{"lr": 0.1, "epochs": 12}')
(x, t), _ = mnist.load_data()
x = x.reshape(-1, 784) / 255
t = np.eye(10)[t]
W = np.random.randn(784, 10) * 0.01
epoch = 0
while True:
    order = np.random.permutation(60000)
    for rows in np.array_split(order, 600):
        W -= cfg['lr'] * x[rows].T @ (x[rows] @ W - t[rows])
    epoch += 1
    if epoch == cfg['epochs']:
        break
