import torch
import torch.nn as nn
class Config:
    batch_size = 20
    lr = 0.1
    n_epochs = 25
    hidden = (50, 30)
class Net(nn.Module):
    def __init__(self, cfg):
        super(Net, self).__init__()
        self.layers = nn.ModuleList()
        prev = 8
        for h in cfg.hidden:
            self.layers.append(nn.Linear(prev, h))
            prev = h
        self.out = nn.Linear(prev, 1)
        for l in self.layers:
            nn.init.xavier_normal_(l.weight)
            nn.init.zeros_(l.bias)
    def forward(self, x):
        for l in self.layers:
            x = torch.sigmoid(l(x))
        return self.out(x)
import pandas as pd
from torch.utils.data import TensorDataset, DataLoader
data = pd.read_csv("housing.csv").values
x = torch.tensor(data[:, :8], dtype=torch.float)
y = torch.tensor(data[:, 8:], dtype=torch.float)
x = (x - x.min(dim=0)[0]) / (x.max(dim=0)[0] - x.min(dim=0)[0])
loader = DataLoader(TensorDataset(x, y), batch_size=Config.batch_size, shuffle=True)
net = Net(Config)
opt = torch.optim.RMSprop(net.parameters(), lr=Config.lr, alpha=0.9)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=10, gamma=0.5)
for e in range(Config.n_epochs):
    for a, b in loader:
        opt.zero_grad()
        l = nn.functional.mse_loss(net(a), b)
        l.backward()
        opt.step()
    sched.step()
