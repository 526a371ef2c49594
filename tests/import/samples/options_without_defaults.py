import argparse
import torch
from torch import nn
from torchvision import datasets, transforms

digits = datasets.MNIST("data", train=True, transform=transforms.ToTensor())
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 24), nn.Tanh(), nn.Linear(24, 10))

options = argparse.ArgumentParser()
options.add_argument("--rate", type=float)
options.add_argument("--rows", type=int, default=80)
options.add_argument("--rounds", type=int, required=True)
options.add_argument("--quick", action="store_true")
given = options.parse_args()
rows = torch.utils.data.DataLoader(digits, batch_size=given.rows, shuffle=True)
optimizer = torch.optim.SGD(net.parameters(), lr=given.rate)

for epoch in range(2 if given.quick else given.rounds):
    seen = 0.0
    for pictures, labels in rows:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(pictures), labels)
        loss.backward()
        optimizer.step()
        seen += loss.item()
    print("epoch", epoch + 1, "loss", round(seen / len(rows), 4))
