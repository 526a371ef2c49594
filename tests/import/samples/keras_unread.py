from tensorflow import keras
from settings import rate, batch, drop
model = keras.Sequential([
    keras.layers.Dense(64, activation='relu', input_shape=(784,)),
    keras.layers.Dropout(drop),
    keras.layers.Dense(10, activation='softmax'),
])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=rate, beta_1=0.8), loss='sparse_categorical_crossentropy')
(x, y), (xt, yt) = keras.datasets.mnist.load_data()
model.fit(x / 255.0, y, batch_size=batch, epochs=5)
