"""
Pulses through an absorber with a memory
========================================

A sweep of fluences is one batch. In a slow absorber the probe right behind a pulse sees the derivative.
"""
import matplotlib.pyplot as plt
import numpy as np

import onn

fluence = np.geomspace(0.05, 20, 40)
for t1, name in ((np.inf, "slow"), (0.3, "T1 = 0.3 of the pulse")):
    found = onn.pulses(fluence=fluence, depth=3, t1=t1)
    line, = plt.semilogx(fluence, found.derivative, label=f"{name}: derivative")
    plt.semilogx(fluence, found.probe, "--", color=line.get_color(), label=f"{name}: what a probe sees")
plt.xlabel("fluence, of the saturation fluence")
plt.ylabel("d(fluence out) / d(fluence in)")
plt.legend()
plt.show()
