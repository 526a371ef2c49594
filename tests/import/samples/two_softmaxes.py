import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

x, y = load_wine(return_X_y=True)
x = torch.tensor(StandardScaler().fit_transform(x), dtype=torch.float32)
y = torch.tensor(y)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(13, 20)
        self.outer = nn.Linear(20, 3)

    def forward(self, rows):
        return torch.softmax(self.outer(torch.relu(self.inner(rows))), dim=1)


net = Net()
loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for epoch in range(30):
    loss = loss_function(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch} loss {loss.item():.4f}")
"""
epoch 0 loss 1.0902
epoch 10 loss 0.8120
epoch 20 loss 0.6033
"""
