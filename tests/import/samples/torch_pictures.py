import torch
import torch.nn as nn
import torch.optim as optim
from torchvision import datasets, transforms
from torch.utils.data import DataLoader

train = DataLoader(datasets.MNIST(".", train=True, transform=transforms.ToTensor()), batch_size=50, shuffle=True)

class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 5)
        self.c2 = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(16 * 6 * 6, 60)
        self.fc2 = nn.Linear(60, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.c1(x)))
        x = self.pool(torch.relu(self.c2(x)))
        x = torch.flatten(x, 1)
        return self.fc2(torch.relu(self.fc1(x)))

net = Cnn()
loss = nn.CrossEntropyLoss(weight=torch.tensor([1., 1., 1., 2., 1., 1., 1., 1., 1., 0.5]))
opt = optim.SGD(net.parameters(), lr=0.05, momentum=0.8)
for epoch in range(4):
    for x, y in train:
        opt.zero_grad()
        l = loss(net(x), y)
        l.backward()
        opt.step()
