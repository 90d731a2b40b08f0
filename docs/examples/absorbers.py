"""
A network of saturable absorbers
================================

Trained by the exact derivative and by what a weak probe beam sees, which an optical network can measure.
"""
import matplotlib.pyplot as plt

import onn

for gradient in ("exact", "probe"):
    network = onn.Network(["flatten", ("linear", {"outputs": 64}),
                           ("absorber", {"od": 10, "gradient": gradient}), ("linear", {"outputs": 10})],
                          loss="nll")
    done = network.train("digits", epochs=12, lr=5e-3, device="c")
    plt.plot([e.epoch for e in done.epochs], [e.report_accuracy for e in done.epochs], "o-",
             label=f"{gradient}: {done.accuracy:.3f}")
plt.xlabel("epoch")
plt.ylabel("accuracy on digits not trained with")
plt.legend()
plt.show()
