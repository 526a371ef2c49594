import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms
digits = datasets.MNIST('digits', train=True, transform=transforms.ToTensor())
others = datasets.MNIST('digits', train=False, transform=transforms.ToTensor())

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(784, 28)
        self.turn = nn.Linear(28, 28)
        self.leave = nn.Linear(28, 10)

    def forward(self, x):
        x = torch.tanh(self.enter(x))
        for _ in range(2):
            x = torch.tanh(self.turn(x))
        return self.leave(x)


net = Net()
measure = nn.CrossEntropyLoss()
feed = DataLoader(digits, batch_size=64, shuffle=True)
optimizer = torch.optim.SGD(net.parameters(), lr=0.06)

for epoch in range(6):
    for pictures, labels in feed:
        optimizer.zero_grad()
        loss = measure(net(pictures.flatten(1)), labels)
        loss.backward()
        optimizer.step()
