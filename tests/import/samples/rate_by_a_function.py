import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
digits = datasets.MNIST('digits', train=True, transform=transforms.ToTensor())
others = datasets.MNIST('digits', train=False, transform=transforms.ToTensor())

net = nn.Sequential(nn.Linear(784, 40), nn.Tanh(), nn.Linear(40, 10))
measure = nn.CrossEntropyLoss()

feed = DataLoader(digits, batch_size=64, shuffle=True)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
fall = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda turn: 0.9 ** turn)

for epoch in range(6):
    for pictures, labels in feed:
        optimizer.zero_grad()
        loss = measure(net(pictures.flatten(1)), labels)
        loss.backward()
        optimizer.step()
    fall.step()
