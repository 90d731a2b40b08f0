"""Plots with axes, in the colours of onn plot. Matplotlib draws them, and is imported by the first."""
import io
import math
from collections import namedtuple

import numpy as np

from . import pictures, units
from .settings import choice
from .warned import warn

SHOWN = ("auto", "intensity", "amplitude", "phase", "real", "imaginary")
_LABELS = {"intensity": "intensity |E|² / arb. units", "amplitude": "amplitude |E| / arb. units", "phase": "phase / rad",
           "real": "real part / arb. units", "imaginary": "imaginary part / arb. units"}
_PREFIXES = {"m": (("nm", 1e-9), ("µm", 1e-6), ("mm", 1e-3), ("m", 1)),
             "s": (("fs", 1e-15), ("ps", 1e-12), ("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3), ("s", 1)),
             "rad": (("µrad", 1e-6), ("mrad", 1e-3), ("rad", 1))}
_FAINTEST = 1e-6  # of the largest amplitude: the phase of what is fainter is that of rounding
NOTHING = "#8c8c8c"  # behind images: neither light nor dark
LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
_MOST_PANELS = 36

# A field [y, x] and where it is. Of light that has no one phase (several colours, modes, noise) e is the root of what is
# seen, and pure is false.
Source = namedtuple("Source", "e grid title pure", defaults=(True,))
Axis = namedtuple("Axis", "name at unit")
Panel = namedtuple("Panel", "numbers quantity y x title scale")


class Look:
    """How a plot looks, as onn plot has it.

    show    auto (of light intensity and phase), intensity, amplitude, phase, real, imaginary
    log     decades of a logarithmic scale; 0: linear
    gamma   colours go by value^gamma: below 1 shows faint light
    max     the end of the scale; else the largest number
    each    panels have scales of their own
    pixels  where there are more along an axis, blocks of them are shown, each by its largest number
    """

    def __init__(self, show="auto", log=0, gamma=1, max=None, each=False, pixels=480):
        choice("show", show, SHOWN)
        for name, x, fine, expected in (
                ("log", log, 0 <= log <= 300, "a number from 0 to 300"),
                ("gamma", gamma, 0 < gamma <= 10, "a number above 0 and at most 10"),
                ("max", max, max is None or 0 < max < math.inf, "a number above 0"),
                ("pixels", pixels, pixels >= 1, "a number of at least 1")):
            if not fine:
                raise ValueError(f"{name} is {x!r}; expected {expected}")
        self.show, self.log, self.gamma, self.max, self.each, self.pixels = show, log, gamma, max, each, int(pixels)


def plotter():
    """matplotlib.pyplot."""
    try:
        import matplotlib.pyplot
    except ImportError as error:
        raise ImportError(f"plots need Matplotlib ({error}); install it by `pip install matplotlib`, or as Debian's "
                          "python3-matplotlib") from None
    return matplotlib.pyplot


# ---- numbers ----

def quantity(e, show, by=1, bx=1):
    """What is shown of amplitudes [y, x], for blocks of by x bx of them; NaN where there is nothing to show."""
    def over(x, ufunc):
        return ufunc.reduceat(ufunc.reduceat(x, range(0, len(x), by), 0), range(0, x.shape[1], bx), 1)

    if show == "intensity":
        return over(np.abs(e) ** 2, np.maximum)
    if show == "amplitude":
        return over(np.abs(e), np.maximum)
    if show == "phase":
        total, bright = over(e, np.add), over(np.abs(e), np.add)
        peak = np.max(np.abs(e), initial=0, where=np.isfinite(e))
        dark = ~(bright > _FAINTEST * peak * over(np.ones(e.shape), np.add))
        return np.where(dark, np.nan, np.angle(total) % (2 * np.pi))
    x = np.asarray(e.real if show == "real" else e.imag, float)
    high, low = over(x, np.maximum), over(x, np.minimum)
    return np.where(np.abs(high) >= np.abs(low), high, low)


def prefix(largest, unit):
    """The unit in which a number up to this has few digits before its point, and what it is in SI."""
    rows = _PREFIXES.get(unit)
    if not rows:
        return unit or "", 1
    return ([row for row in rows if largest >= row[1]] or [rows[0]])[-1]


def label(name, unit):
    return f"{name} / {unit}" if unit else name


def axes_of(grid):
    """y and x."""
    return Axis("y", grid.y[:, 0], "m"), Axis("x", grid.x[0], "m")


def quantities(source, show):
    """The quantities of a source, in the order of their panels."""
    if source.pure:
        return ("intensity", "phase") if show == "auto" else (show,)
    if show not in ("auto", "intensity", "amplitude"):
        raise ValueError(f"show is {show!r}; expected intensity or amplitude, as light of several modes or colours, or "
                         "with noise, has no phase of its own")
    return ("intensity" if show == "auto" else show,)


def scale_of(found, look):
    """From 0, or where numbers are below about 0; of phases a turn."""
    numbers = [x[np.isfinite(x)] for x in found]
    low = min([0.0] + [x.min() for x in numbers if x.size])
    high = look.max or max([-math.inf] + [x.max() for x in numbers if x.size])
    if low < 0:
        high = max(high, -low)
        low = -high
    return low, high if high > low else low + 1


def panels(sources, look, shown=None):
    """A panel for each source and quantity; those of one quantity have one scale, unless each has its own."""
    made = []
    for source in sources:
        y, x = source.e.shape
        block = -(-max(y, x) // look.pixels) if y > 1 else 1
        for show in shown or quantities(source, look.show):
            made.append([quantity(source.e, show, min(block, y), block), show, *axes_of(source.grid), source.title])
    return [Panel(*row, scale_of([other[0] for other in made if other is row or not look.each and other[1] == row[1]], look))
            for row in made]


def some(sources, most, what):
    """Evenly spaced from the first to the last, where there are too many."""
    if len(sources) <= most:
        return sources
    warn(f"{most} of {len(sources)} {what} are shown, evenly spaced", UserWarning)
    return [sources[i * (len(sources) - 1) // (most - 1)] for i in range(most)]


# ---- drawing ----

def colours(panel, look):
    """The map and the norm of a panel."""
    from matplotlib import colors
    low, high = panel.scale
    t = np.linspace(0, 1, 4096)
    if panel.quantity == "phase":
        table, norm = pictures.coloured(t, pictures.PHASE), colors.Normalize(0, 2 * np.pi)
    elif low < 0:
        table, norm = pictures.coloured(t, pictures.SIGNED), colors.Normalize(low, high)
    else:
        table, norm = pictures.coloured(t ** look.gamma, pictures.LIGHT), colors.Normalize(low, high)
        if look.log:
            norm = colors.LogNorm(high * 10.0 ** -look.log, high, clip=True)
    return colors.ListedColormap(table / 255, name=f"onn {panel.quantity}"), norm


def bar(figure, image, axes, quantity, rows=1):
    bar = figure.colorbar(image, ax=axes, label=_LABELS[quantity], aspect=20 * rows)
    if quantity == "phase":
        bar.set_ticks([0, np.pi, 2 * np.pi], labels=["0", "π", "2π"])
    return bar


def _units(panel):
    """Of y and x, which have one."""
    largest = max(np.abs(panel.x.at).max(), np.abs(panel.y.at).max() if len(panel.y.at) > 1 else 0)
    return prefix(largest, panel.x.unit)


def _steps(panel):
    """Of y and x; of one pixel as of the other axis."""
    y, x = ((axis.at[-1] - axis.at[0]) / max(len(axis.at) - 1, 1) for axis in (panel.y, panel.x))
    return y or x, x or y


def _image(ax, panel, look):
    unit, factor = _units(panel)
    ends, steps = [], _steps(panel)[::-1]
    for axis, count, step in zip((panel.x, panel.y), panel.numbers.shape[::-1], steps):
        n = len(axis.at)
        first, block = axis.at[0] - step / 2, -(-n // count)
        ends.append((first / factor, (first + block * count * step) / factor, (first + n * step) / factor))
    (x0, x2, x1), (y0, y2, y1) = ends
    map_, norm = colours(panel, look)
    stretched = max(x1 - x0, y1 - y0) > 8 * min(x1 - x0, y1 - y0)
    image = ax.imshow(panel.numbers, extent=(x0, x2, y2, y0), cmap=map_, norm=norm, aspect="auto" if stretched else "equal",
                      interpolation="nearest" if panel.quantity == "phase" else None)
    ax.set(xlim=(x0, x1), ylim=(y1, y0), facecolor=NOTHING)
    ax.set_xlabel(label(panel.x.name, unit))
    ax.set_ylabel(label(panel.y.name, unit))
    return image


def _line(ax, panel, look):
    unit, factor = _units(panel)
    x, (low, high) = panel.x.at / factor, panel.scale
    ax.plot(x, panel.numbers[0], marker="." if len(x) < 32 else None, color=LINES[0])
    ax.set_xlabel(label(panel.x.name, unit))
    ax.set_ylabel(_LABELS[panel.quantity])
    if panel.quantity == "phase":
        ax.set(ylim=(0, 2 * np.pi), yticks=[0, np.pi, 2 * np.pi], yticklabels=["0", "π", "2π"])
    elif look.log and low == 0:
        ax.set(yscale="log", ylim=(high * 10.0 ** -look.log, high))
    else:
        ax.set_ylim(low, high * 1.05)
    ax.grid(alpha=0.3)


def draw(panels, axes, look):
    """Each panel in its axes, those of one scale with one bar: of a row, or where there is one quantity, of all."""
    found, alike = {}, len({panel.quantity for panel in panels}) == 1
    for panel, ax in zip(panels, axes):
        if panel.title:
            ax.set_title(panel.title, fontsize="medium")
        if len(panel.y.at) == 1:
            _line(ax, panel, look)
            continue
        place = ax.get_subplotspec()
        row = "all" if alike else place.rowspan.start if place else ax
        key = ax if look.each and panel.quantity != "phase" else row
        found.setdefault((key, panel.quantity), []).append((_image(ax, panel, look), ax))
    for (_, shown), images in found.items():
        rows = {place.rowspan.start for place in (ax.get_subplotspec() for _, ax in images) if place}
        bar(images[0][1].figure, images[-1][0], [ax for _, ax in images], shown, max(len(rows), 1))


def _layout(panels, sources):
    """Rows and columns, and which panel is where: two quantities of one source are side by side, of several one above
    the other."""
    each = len(panels) // len(sources)
    if len(sources) == 1:
        return 1, each, [(0, i) for i in range(each)]
    columns = min(6, math.ceil(math.sqrt(len(sources)))) if len(sources) > 3 and each == 1 else min(6, len(sources))
    places = [(each * (i // columns) + k, i % columns) for i in range(len(sources)) for k in range(each)]
    return each * -(-len(sources) // columns), columns, places


def size(panels, rows, columns):
    """Of the figure, in inches."""
    side = 4.4 if columns < 3 else 3.2 if columns < 4 else 2.5
    first = panels[0]
    if len(first.y.at) == 1:
        return columns * 1.3 * side, rows * 0.8 * side
    high, wide = (abs(step) * len(axis.at) for step, axis in zip(_steps(first), (first.y, first.x)))
    if max(wide, high) > 8 * min(wide, high):  # as _image stretches it
        wide, high = (4, 1) if wide > high else (1, 4)
    longest = max(wide, high)
    return columns * (max(side * wide / longest, 1.2) + 1.3), rows * (max(side * high / longest, 1.0) + 0.6)


def layout_engine():
    """What leaves room for bars, and makes them as high as images, whose shape is fixed; that is new in 3.6."""
    from matplotlib import __version__
    return "compressed" if tuple(map(int, __version__.split(".")[:2])) >= (3, 6) else "constrained"


def _figure(made, sources, look, create):
    rows, columns, places = _layout(made, sources)
    figure = create(figsize=size(made, rows, columns), layout=layout_engine())
    every = figure.subplots(rows, columns, squeeze=False)
    axes = [every[place] for place in places]
    for ax in {*every.flat} - {*axes}:
        ax.remove()
    draw(made, axes, look)
    return figure, axes


def plot(sources, look, ax=None, what="fields"):
    """Sources as panels of a figure of pyplot's, or in the axes that are given; these, one or an array of them."""
    plt = plotter()
    sources = some(sources, _MOST_PANELS, what)
    made = panels(sources, look)
    if ax is None:
        axes = _figure(made, sources, look, plt.figure)[1]
    else:
        axes = list(np.ravel(ax))
        if len(axes) != len(made):
            raise ValueError(f"ax has {len(axes)} axes; expected {len(made)}: {', '.join(p.quantity for p in made)}")
        draw(made, axes, look)
    return axes[0] if len(axes) == 1 else np.array(axes, object)


def png(draw):
    """The bytes of a PNG of what draw(create) makes, apart from pyplot; None without Matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    file = io.BytesIO()
    draw(Figure).savefig(file, format="png", dpi=80)
    return file.getvalue()


def shown(sources, look):
    """The same of sources."""
    return png(lambda create: _figure(panels(sources, look), sources, look, create)[0])
