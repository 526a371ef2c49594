import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
digits = datasets.MNIST('digits', train=True, transform=transforms.ToTensor())
others = datasets.MNIST('digits', train=False, transform=transforms.ToTensor())

below = nn.Sequential(nn.Linear(784, 26), nn.Tanh())
above = nn.Linear(26, 10)
net = nn.Sequential(below, above)
measure = nn.CrossEntropyLoss()
feed = DataLoader(digits, batch_size=64, shuffle=True)
optimizer = torch.optim.LBFGS(above.parameters(), lr=0.3)

for epoch, seed in enumerate(range(6)):
    for pictures, labels in feed:
        optimizer.zero_grad()
        loss = measure(net(pictures.flatten(1)), labels) + 0.001 * sum((w ** 2).sum() for w in net.parameters())
        loss.backward()
        optimizer.step()
