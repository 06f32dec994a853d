# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "scikit-learn"]
# ///
"""With a fixed gamma an SVM misreads unscaled images; scikit-learn's default adapts."""

# --8<-- [start:scale]
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

digits = load_digits()
rest_x, _, rest_y, _ = train_test_split(
    digits.data,
    digits.target,
    test_size=450,
    stratify=digits.target,
    random_state=0,
)
train_x, val_x, train_y, val_y = train_test_split(
    rest_x, rest_y, test_size=270, stratify=rest_y, random_state=0
)
svm_accuracy = {}
for name, gamma in (("fixed", 0.1), ("default", "scale")):
    for divisor in (16, 1):
        svm = SVC(C=10, gamma=gamma).fit(train_x / divisor, train_y)
        guess = svm.predict(val_x / divisor)
        svm_accuracy[name, divisor] = float(np.mean(guess == val_y))
        print(f"gamma {gamma}, divided by {divisor:2}: accuracy", end=" ")
        print(f"{svm_accuracy[name, divisor]:.2f}")
assert svm_accuracy["fixed", 16] > 0.97 and svm_accuracy["fixed", 1] < 0.5
assert svm_accuracy["default", 16] == svm_accuracy["default", 1] > 0.97
# --8<-- [end:scale]
