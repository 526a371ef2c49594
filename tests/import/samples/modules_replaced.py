import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
digits = datasets.MNIST('digits', train=True, transform=transforms.ToTensor())
others = datasets.MNIST('digits', train=False, transform=transforms.ToTensor())

net = nn.Sequential(nn.Linear(784, 40), nn.Tanh(), nn.Linear(40, 10))
measure = nn.CrossEntropyLoss()

net[0] = nn.Linear(784, 56)
net[2] = nn.Linear(56, 10)
for weights in net[0].parameters():
    weights.requires_grad = False
feed = DataLoader(Subset(digits, range(12000)), batch_size=64, shuffle=True)
optimizer = torch.optim.SGD(net[2].parameters(), lr=0.06)

for epoch in range(6):
    for pictures, labels in feed:
        optimizer.zero_grad()
        loss = measure(net(pictures.flatten(1)), labels)
        loss.backward()
        optimizer.step()
