import numpy as np
from tensorflow import keras
from sklearn.decomposition import PCA

(a, ta), (b, tb) = keras.datasets.mnist.load_data()
a = a.reshape(60000, 784).astype("float32")
b = b.reshape(10000, 784).astype("float32")
a = (a - a.mean(axis=1, keepdims=True)) / a.std(axis=1, keepdims=True)
b = (b - b.mean(axis=1, keepdims=True)) / b.std(axis=1, keepdims=True)
pca = PCA(n_components=40)
a = pca.fit_transform(a)
b = pca.transform(b)
net = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")])
net.compile(optimizer=keras.optimizers.RMSprop(0.002), loss="sparse_categorical_crossentropy")
net.fit(a, ta, epochs=5, batch_size=100)
