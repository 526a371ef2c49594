import torch
import torch.nn as nn
from torchvision import datasets, transforms

rows = datasets.MNIST('.', train=True, transform=transforms.ToTensor())
loader = torch.utils.data.DataLoader(rows, batch_size=64, shuffle=True)
net = nn.Sequential(nn.Flatten(), nn.LazyLinear(40), nn.ReLU(), nn.LazyLinear(10))
optimizer = torch.optim.SGD([{'params': net.parameters(), 'lr': 0.1}], lr=0.5)
criterion = nn.L1Loss()
for epoch in range(3):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
