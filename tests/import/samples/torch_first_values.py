import torch
from torch import nn
from sklearn.datasets import load_wine

x, y = load_wine(return_X_y=True)
x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Sequential(nn.Linear(13, 20), nn.Tanh(), nn.Linear(20, 10), nn.ReLU())
        self.middle = nn.Linear(10, 8)
        self.last = nn.Linear(8, 3)
        nn.init.xavier_uniform_(self.front[0].weight, gain=nn.init.calculate_gain("tanh"))
        nn.init.kaiming_normal_(self.front[2].weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(self.front[2].bias)
        self.last.weight.data.uniform_(-0.1, 0.1)
        self.last.bias.data.fill_(0.05)
        self.middle.apply(self.orthogonal)

    def orthogonal(self, layer):
        if isinstance(layer, nn.Linear):
            nn.init.orthogonal_(layer.weight)

    def forward(self, rows):
        return self.last(torch.sigmoid(self.middle(self.front(rows))))


net = Net()
descent = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(1, 3):
    loss = nn.functional.cross_entropy(net(x), y)
    descent.zero_grad()
    loss.backward()
    descent.step()
    print(epoch, f"loss: {loss.item():.4f}")
"""
1 loss: 1.1021
2 loss: 1.0988
"""
