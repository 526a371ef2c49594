#!/usr/bin/env python3
"""Prints the divisions of rows that split_test.cc expects of scikit-learn."""
import numpy as np
from sklearn.model_selection import KFold, train_test_split

rows = np.arange(23)
labels = rows % 10
for seed in (0, 5):
    train, test = train_test_split(rows, test_size=0.5, random_state=seed, stratify=labels)
    print("stratified", seed, "train", train.tolist(), "test", test.tolist())
rows = np.arange(40)
train, test = train_test_split(rows, test_size=0.25, random_state=1, stratify=rows % 10)
train, validation = train_test_split(train, test_size=0.4, random_state=2, stratify=train % 10)
print("three parts", train.tolist(), validation.tolist(), test.tolist())
train, test = train_test_split(rows, train_size=0.7, random_state=1, stratify=rows % 10)
train, validation = train_test_split(train, train_size=0.6, random_state=2, stratify=train % 10)
print("train fraction", train.tolist(), validation.tolist(), test.tolist())
rows = np.arange(11)
for fold, (train, test) in enumerate(KFold(3, shuffle=True, random_state=4).split(rows)):
    print("fold", fold, train.tolist(), test.tolist())
print("train first", np.random.RandomState(6).permutation(10).tolist())
