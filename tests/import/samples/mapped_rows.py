import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

x, y = load_wine(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=1)
scaler = StandardScaler().fit(x_train)
x_train, x_test = map(lambda rows: torch.tensor(scaler.transform(rows), dtype=torch.float32), (x_train, x_test))
y_train, y_test = map(torch.tensor, (y_train, y_test))
net = nn.Sequential(nn.Linear(13, 24), nn.GELU(), nn.Linear(24, 3))
descent = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(1, 3):
    loss = nn.functional.cross_entropy(net(x_train), y_train)
    descent.zero_grad()
    loss.backward()
    descent.step()
    print(epoch, f"loss: {loss.item():.4f}")
"""
1 loss: 1.1021
2 loss: 1.0788
"""
