import torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

x, y = load_diabetes(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=1)
centre, spread = y_train.mean(), y_train.std()
inputs = torch.tensor(x_train, dtype=torch.float32)
targets = torch.tensor((y_train - centre) / spread, dtype=torch.float32).unsqueeze(1)
net = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 1))
adam = torch.optim.Adam(net.parameters(), lr=1e-3)
squares = nn.MSELoss()
for epoch in range(200):
    loss = squares(net(inputs), targets)
    adam.zero_grad()
    loss.backward()
    adam.step()
    if epoch % 100 == 0:
        print(f"Epoch {epoch}: loss = {loss.item():.6f}")
"""
Epoch 0: loss = 1.008449
Epoch 100: loss = 0.927308
"""
