import torch
from torch import nn
from torchvision import datasets, transforms

digits = datasets.MNIST("data", train=True, transform=transforms.ToTensor())
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 24), nn.Tanh(), nn.Linear(24, 10))
rows = torch.utils.data.DataLoader(digits, batch_size=30, shuffle=True)
optimizer = torch.optim.SGD(net.parameters(), lr=0.4)
for epoch in range(4):
    for i, (pictures, labels) in enumerate(rows):
        loss = nn.functional.cross_entropy(net(pictures), labels) / 5
        loss.backward()
        if (i + 1) % 5 == 0:
            optimizer.step()
            optimizer.zero_grad()
