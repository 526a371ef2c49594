import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

(x, y), (xt, yt) = keras.datasets.fashion_mnist.load_data()
x = x.reshape(-1, 28, 28, 1) / 255.0
xt = xt.reshape(-1, 28, 28, 1) / 255.0
weights = {0: 1.0, 1: 2.0, 2: 1.0, 3: 1.0, 4: 1.5, 5: 1.0, 6: 3.0, 7: 1.0, 8: 1.0, 9: 1.0}
net = keras.Sequential()
net.add(layers.Conv2D(12, (5, 5), padding="same", activation="relu", input_shape=(28, 28, 1)))
net.add(layers.MaxPooling2D((2, 2)))
net.add(layers.Conv2D(24, 3, strides=2))
net.add(layers.BatchNormalization())
net.add(layers.Activation("relu"))
net.add(layers.AveragePooling2D(pool_size=2, strides=1))
net.add(layers.Flatten())
net.add(layers.Dropout(0.25))
net.add(layers.Dense(10, activation="softmax"))
net.compile(optimizer="nadam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(x, y, epochs=3, batch_size=64, class_weight=weights)
