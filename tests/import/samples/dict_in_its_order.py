import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
digits = datasets.MNIST('digits', train=True, transform=transforms.ToTensor())
others = datasets.MNIST('digits', train=False, transform=transforms.ToTensor())

import numpy as np
import torch.nn.functional as F
sizes = {'wide': 42, 'narrow': 17}
settings = {'lr': '0.03', 'epochs': 8}
rate, turns = settings.values()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential()
        width = 784
        for name, units in sizes.items():
            self.body.append(nn.Linear(width, units))
            self.body.append(nn.Sigmoid())
            width = units
        self.last = nn.Linear(width, 24)
        self.out = nn.Linear(24, 10)

    def forward(self, x):
        return self.out(F.leaky_relu(self.last(self.body(x)), 0.25))


net = Net()
measure = nn.CrossEntropyLoss()
feed = DataLoader(digits, batch_size=np.int64(40), shuffle=True)
optimizer = torch.optim.SGD(net.parameters(), lr=float(rate))

for epoch in range(turns):
    for pictures, labels in feed:
        optimizer.zero_grad()
        loss = measure(net(pictures.flatten(1)), labels)
        loss.backward()
        optimizer.step()
