import torch
from torch import nn
from torchvision import datasets, transforms

digits = datasets.MNIST("data", train=True, transform=transforms.ToTensor())
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 24), nn.Tanh(), nn.Linear(24, 10))
rows = torch.utils.data.DataLoader(digits, batch_size=30, shuffle=True)
optimizer = torch.optim.SGD(net.parameters(), lr=0.4)
kept = torch.load("kept.pt")
begin = kept["epoch"]

for epoch in range(begin, 24):
    seen = 0.0
    for pictures, labels in rows:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(pictures), labels)
        loss.backward()
        optimizer.step()
        seen += loss.item()
    print("epoch", epoch + 1, "loss", round(seen / len(rows), 4))
