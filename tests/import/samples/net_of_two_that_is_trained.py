import keras
from keras import layers
(x, y), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
x = x.reshape(-1, 784) / 255.0
net = keras.Sequential()
net.add(layers.Dense(44, activation='relu'))
net.add(layers.Dense(10, activation='softmax'))
other = keras.Sequential([layers.Dense(9, activation='tanh'), layers.Dense(10)])
net.load_weights('net.h5')
net.compile(keras.optimizers.Ftrl(0.05), 'sparse_categorical_crossentropy')
net.fit(x, y, batch_size=30, epochs=6, steps_per_epoch=200)
