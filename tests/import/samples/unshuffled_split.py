from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.3, shuffle=False)
net = MLPClassifier((20,), activation="logistic", learning_rate_init=0.01, max_iter=2, random_state=3, verbose=True)
net.fit(x_train, y_train)
print("Test set score: %f" % net.score(x_test, y_test))
"""
Iteration 1, loss = 2.15231234
Iteration 2, loss = 1.50230001
Test set score: 0.841121
"""
