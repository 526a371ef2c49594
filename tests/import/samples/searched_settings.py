from sklearn.neural_network import MLPClassifier
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, stratify=y, random_state=7)
grid = {"mlpclassifier__hidden_layer_sizes": [(32,), (64, 32)], "mlpclassifier__alpha": [1e-4, 1e-2]}
pipe = make_pipeline(MinMaxScaler(feature_range=(0, 2)), MLPClassifier(max_iter=400, early_stopping=True))
search = GridSearchCV(pipe, grid, cv=3)
search.fit(Xa, ya)
