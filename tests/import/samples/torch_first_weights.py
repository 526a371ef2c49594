import torch
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 5)
        self.fc2 = nn.Linear(5, 1)
        nn.init.xavier_normal_(self.fc1.weight)
        nn.init.normal_(self.fc2.weight, 0, 0.3)
        nn.init.constant_(self.fc1.bias, 0.1)
    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))
net = Net()
opt = torch.optim.SGD(net.parameters(), 0.1)
x = torch.randn(10, 8)
for e in range(3):
    opt.zero_grad()
    l = nn.MSELoss()(net(x), x)
    l.backward()
    opt.step()
