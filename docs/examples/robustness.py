"""
How much error does a network bear?
===================================

The same network with and without noise in its weights while it was trained, measured with noise. It costs accuracy, and
pays where the noise is large.
"""
import matplotlib.pyplot as plt

import onn

digits = onn.load_dataset("digits")
noises = (0, 0.3, 0.6, 0.9, 1.2)
for trained_with in (0, 0.6):
    network = onn.Network.preset("mlp", inputs=64, hidden=[64])
    done = network.train(digits, epochs=20, lr=5e-3, device="c", weight_noise=trained_with)
    accuracy = [done.model.evaluate(digits, weight_noise=x).all for x in noises]
    plt.plot(noises, accuracy, "o-", label=f"trained with {trained_with}")
plt.xlabel("noise of the weights, of their standard deviation")
plt.ylabel("accuracy")
plt.legend()
plt.show()
