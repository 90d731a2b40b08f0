"""Pulses through media by others' software, for the numbers themselves: mbsolver's rate and Bloch equations and clerq's
Lindblad equation beside `onn pulse`. Each is refined and extrapolated by the order of its own scheme, and what the last
refinement changed counts as its error."""

import csv
import os
import subprocess
import sys
import tempfile
import warnings

import numpy
from mbsolver import Pulse, two_level
from scipy.interpolate import CubicSpline

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for matplotlib
    from clerq.propagation import PropagationSolver

SECH_WIDTH = float(2 * numpy.arccosh(numpy.sqrt(2)))  # full width at half maximum of sech^2
GAUSS_WIDTH = float(2 * numpy.sqrt(numpy.log(2)))    # and of exp(-t^2)
TIMES = numpy.linspace(-3, 4, 141)              # where powers are compared


class Shape(Pulse):
    """A field of mbsolver's in another shape than its own."""

    def __init__(self, function):
        super().__init__(a=[1], x0=[0], w=[1])
        object.__setattr__(self, "function", function)

    def evaluate(self, x):
        return self.function(numpy.asarray(x))


def sech(t):
    return 1 / numpy.cosh(t)


def gauss(t):
    return numpy.exp(-t**2 / 2)


# ---- what is sent: W(t) = peak * shape(t), times over the width of the field ----

RATE = {"a0 2, T1 10, F 1": (2, 10, 1), "a0 10, T1 inf, F 20": (10, numpy.inf, 20), "a0 4, T1 1, F 3": (4, 1, 3)}
# coupling a0/(2 T2), T1, T2; T2 of the 2 pi pulse is so long that it does not matter
BLOCH = {"2 pi pulse": (sech, 2.0, 1.0, numpy.inf, 1e9), "weak pulse": (gauss, 1e-3, 1.0, 0.7, 1.0)}


def extrapolated(levels, order, step):
    """Richardson's table over values whose resolution doubles, with errors in h^order, h^(order + step), ...: its
    corner, and how far that is from the one before."""
    table = [numpy.asarray(v, dtype=float) for v in levels]
    last = table[-1]
    while len(table) > 1:
        last = table[-1]
        factor = 2.0**order
        table = [(factor * fine - coarse) / (factor - 1) for coarse, fine in zip(table, table[1:])]
        order += step
    return table[0], numpy.abs(table[0] - last).max()


# ---- onn ----

def onn(options, arguments):
    """The row of --csv, and time, power in, power out of --pulse-csv."""
    with tempfile.TemporaryDirectory() as folder:
        series = os.path.join(folder, "pulse.csv")
        command = [os.path.join(options.build, "bin/onn"), "pulse", "--csv", "-", "--pulse-csv", series, *arguments]
        reply = subprocess.run(command, check=True, capture_output=True, text=True)
        with open(series) as file:
            time, light, behind = numpy.array(list(csv.reader(file))[1:], dtype=float).T[1:]
    return next(csv.DictReader(reply.stdout.splitlines())), time, light, behind


def onn_rate(options, a0, t1, fluence):
    row, time, _, _ = onn(options, ["--model", "rate", "--shape", "sech", "--width", repr(SECH_WIDTH), "--od", str(a0),
                                    "--t1", str(t1), "--fluence", str(fluence), "--tolerance", "1e-9"])
    half = (time[1] - time[0]) / 2
    return [float(row["fluence_out"]), float(row["probe_transmission"])], float(row["error"]), time[0] - half, \
        time[-1] + half


def onn_power(options, shape, peak, coupling, t1, t2):
    """The power behind over the peak in front, at TIMES; its error; when the light begins and ends."""
    area = {sech: 2, gauss: numpy.sqrt(numpy.pi)}[shape]  # integral of the square
    arguments = ["--model", "bloch", "--shape", "sech" if shape is sech else "gaussian", "--width",
                 repr(SECH_WIDTH if shape is sech else GAUSS_WIDTH), "--od", repr(2 * coupling * t2), "--t1", str(t1),
                 "--t2", repr(t2), "--fluence", repr(float(t2 * peak**2 * area))]
    levels = []
    for n in (512, 1024, 2048):
        _, time, _, behind = onn(options, [*arguments, "--slots", str(n), "--cells", str(n // 8)])
        levels.append(CubicSpline(time, behind / t2 / peak**2)(TIMES))
    half = (time[1] - time[0]) / 2
    return *extrapolated(levels, 2, 2), float(time[0] - half), float(time[-1] + half)


# ---- the others ----

def mbsolver_rate(a0, t1, fluence, start, end):
    """eta = a0/(2 T2), I/Fsat = T2 A^2, q = 1 + w; of first order in time and space."""
    size = numpy.sqrt(fluence / 2)
    field = Shape(lambda t: size * sech(t + start))
    levels = []
    for k in range(6):
        nt, nz = 400 * 2**k, 100 * 2**k
        r = two_level.solve_1d_adiabatic(t_max=end - start, nt=nt + 1, nz=nz + 1, eta=a0 / 2, t1=t1, t2=1.0, w0=-1.0,
                                         R0=0.0, field_in=field, n_planes=nz + 1)
        behind = numpy.trapezoid(r.intensity[-1], r.time)
        probe = numpy.exp(a0 * numpy.trapezoid(r.w[:, -1], r.z))
        levels.append([behind, probe])
    return extrapolated(levels, 1, 1)


def mbsolver_power(shape, peak, coupling, t1, t2, begin, end):
    """A = W, R = -p, eta = a0/(2 T2)."""
    field = Shape(lambda t: peak * shape(t + begin))
    levels = []
    for k in range(6):
        nt, nz = 800 * 2**k, 40 * 2**k
        r = two_level.solve_1d(t_max=end - begin, nt=nt + 1, nz=nz + 1, eta=coupling, t1=t1, t2=t2, w0=-1.0, R0=0.0,
                               field_in=field)
        levels.append(CubicSpline(r.time + begin, r.intensity[-1] / peak**2)(TIMES))
    return extrapolated(levels, 1, 1)


def clerq_power(shape, peak, coupling, t1, t2, begin, end):
    """Rates are over 2 pi; dW/dz = 2 i g rho with |p| = 2 |rho|, and a coherence that decays at half the rate of the
    upper level, which is T2 = 2 T1 where there is no other broadening."""
    name, width = ("sech", {"width": 1.0}) if shape is sech else ("gaussian", {"fwhm": numpy.sqrt(8 * numpy.log(2))})
    system = {
        "num_states": 2,
        "fields": [{"coupled_levels": [[0, 1]], "rabi_freq": peak / (2 * numpy.pi), "rabi_freq_t_func": name,
                    "rabi_freq_t_args": {"ampl": 1.0, "centre": 0.0, **width}}],
        "decays": [{"channels": [[0, 1]], "rate": 1 / t1 / (2 * numpy.pi)}] if numpy.isfinite(t1) else [],
    }
    levels = []
    for k in range(4):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            solver = PropagationSolver(
                system=system, t_min=begin, t_max=end, t_steps=800 * 2**min(k, 2), z_min=0.0, z_max=1.0,
                z_steps=20 * 2**k, z_steps_inner=1, interaction_strengths=[coupling / (2 * numpy.pi)],
                opts={"rtol": 1e-10, "atol": 1e-13, "max_step": 0.05, "nsteps": 1000000})
            solver.solve(progress=False, check_stability=False)
        field = solver.rabi_freqs_zt[0, -1] * 2 * numpy.pi / peak
        levels.append(CubicSpline(solver.tlist, numpy.abs(field)**2)(TIMES))
    # Adams and Bashforth's second step after one of Euler's: errors of the second order, then of the third
    return extrapolated(levels, 2, 1)


# ---- the table ----

def line(what, peer, ours, theirs, apart, our_error, their_error):
    print("%-40s%-16s%15s%15s%12.1e%12.1e%12.1e" % (what, peer, ours, theirs, apart, our_error, their_error))
    return apart <= max(1e-6, 3 * (our_error + their_error))


def compare(options):
    print("\nPulses by others; apart: at most, over all times; errors: what the last refinement changes")
    print("%-40s%-16s%15s%15s%12s%12s%12s" % ("", "", "onn", "theirs", "apart", "onn's", "theirs"))
    good = True
    for name, (a0, t1, fluence) in RATE.items():
        ours, error, start, end = onn_rate(options, a0, t1, fluence)
        theirs, their_error = mbsolver_rate(a0, t1, fluence, start, end)
        for i, what in enumerate(("fluence out", "probe")):
            good &= line("rate, %s: %s" % (name, what), "mbsolver 0.6.1", "%.10g" % ours[i], "%.10g" % theirs[i],
                         abs(ours[i] - theirs[i]), error * ours[i], their_error)
    for name, (shape, peak, coupling, t1, t2) in BLOCH.items():
        for peer, solve in (("mbsolver 0.6.1", mbsolver_power), ("clerq 0.15.0", clerq_power)):
            if peer.startswith("clerq") and numpy.isfinite(t1):
                t1, t2 = 0.5, 1.0
            ours, our_error, begin, end = onn_power(options, shape, peak, coupling, t1, t2)
            theirs, their_error = solve(shape, peak, coupling, t1, numpy.inf if t2 > 1e6 else t2, begin, end)
            at = ours.argmax()
            good &= line("Bloch, %s, T1 %g: power" % (name, t1), peer, "%.10f" % ours[at], "%.10f" % theirs[at],
                         numpy.abs(ours - theirs).max(), our_error, their_error)
    if not good:
        sys.exit("pulse_peers: apart by more than 1e-6 and the errors of both")
