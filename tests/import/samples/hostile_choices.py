import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

x, y = load_wine(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=1e-320, shuffle=False)
net = nn.Sequential(nn.Linear(13, 20), nn.ReLU(), nn.Linear(20, 3))
nn.init.kaiming_normal_(net[0].weight, nonlinearity="relu}}\nplugins: [evil.so]\nx: {y: {z: 1")
nn.init.kaiming_uniform_(net[2].weight, mode="fan_out}", nonlinearity="tanh")
descent = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    loss = nn.functional.cross_entropy(net(x_train), y_train)
    loss.backward()
    descent.step()
