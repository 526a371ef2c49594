import torch
from torch import nn
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

points, side = make_moons(400, noise=0.1, random_state=6)
points = torch.tensor(points, dtype=torch.float32)
side = torch.tensor(side, dtype=torch.float32)
train_x, test_x, train_y, test_y = train_test_split(points, side, train_size=0.7, random_state=6)
torch.manual_seed(8)
net = nn.Sequential(nn.Linear(2, 12), nn.Tanh(), nn.Linear(12, 1))
loss_of = nn.BCEWithLogitsLoss()
descent = torch.optim.SGD(net.parameters(), lr=0.3)
for step in range(200):
    raw = net(train_x).squeeze()
    guess = torch.round(torch.sigmoid(raw))
    loss = loss_of(raw, train_y)
    descent.zero_grad()
    loss.backward()
    descent.step()
    if step % 50 == 0:
        print(f"step {step} loss {loss:.4f} accuracy {(guess == train_y).float().mean():.3f}")
"""
step 0 loss 0.7012 accuracy 0.507
step 50 loss 0.3304 accuracy 0.861
step 100 loss 0.2811 accuracy 0.875
step 150 loss 0.2650 accuracy 0.882
"""
