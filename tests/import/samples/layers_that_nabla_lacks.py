from tensorflow import keras
from tensorflow.keras import layers

net = keras.Sequential([
    layers.Conv1D(8, 3, activation="relu", input_shape=(64, 1)),
    layers.Flatten(),
    layers.Dense(12, activation="relu"),
    layers.Dense(1),
])
net.compile(optimizer=keras.optimizers.Adam(0.002), loss="mse")
net.fit(x, y, epochs=20, batch_size=16)
