import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
digits = datasets.MNIST('digits', train=True, transform=transforms.ToTensor())
others = datasets.MNIST('digits', train=False, transform=transforms.ToTensor())

net = nn.Sequential(nn.Linear(784, 40), nn.Tanh(), nn.Linear(40, 10))
measure = nn.CrossEntropyLoss()

peek = DataLoader(digits, batch_size=5, shuffle=True)
feed = DataLoader(digits, 96, shuffle=True, drop_last=True)
check = DataLoader(others, batch_size=1000)
optimizer = torch.optim.SGD(net.parameters(), lr=0.15)

for epoch in range(6):
    for pictures, labels in feed:
        optimizer.zero_grad()
        loss = measure(net(pictures.flatten(1)), labels)
        loss.backward()
        optimizer.step()
