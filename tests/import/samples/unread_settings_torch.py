import torch, torch.nn as nn
from config import cfg
net = nn.Sequential(nn.Linear(784, cfg.hidden), nn.ReLU(), nn.Dropout(cfg.drop), nn.Linear(cfg.hidden, 10))
opt = torch.optim.SGD(net.parameters(), lr=cfg.lr, momentum=cfg.momentum, weight_decay=cfg.wd)
loss_fn = nn.CrossEntropyLoss(label_smoothing=cfg.smooth)
for epoch in range(cfg.epochs):
    for x, y in loader:
        opt.zero_grad(); loss = loss_fn(net(x), y); loss.backward(); opt.step()
    print(epoch, loss.item())
