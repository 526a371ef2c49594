import torch
import pytorch_lightning as pl
from torch import nn
from torchvision import datasets, transforms
digits = datasets.MNIST('digits', train=True, transform=transforms.ToTensor())


class Net(pl.LightningModule):
    def __init__(self, units, lr=0.004):
        super().__init__()
        self.save_hyperparameters()
        self.below = nn.Linear(784, self.hparams.units)
        self.above = nn.Linear(self.hparams.units, 10)
        self.measure = nn.CrossEntropyLoss()

    def forward(self, x):
        return self.above(torch.relu(self.below(x.flatten(1))))

    def training_step(self, batch, index):
        pictures, labels = batch
        return self.measure(self(pictures), labels)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)


feed = torch.utils.data.DataLoader(digits, batch_size=48, shuffle=True)
trainer = pl.Trainer(max_epochs=9)
trainer.fit(Net(34), feed)
