"""Plots of many runs, planes or distances: curves, light from the side, films."""
import io
import os
import tempfile

import numpy as np

from . import plots
from .errors import FileError

_MOST_FRAMES = 120


# ---- from the side ----

def side(lines, along, x, look, ax=None, create=None):
    """Middle lines [value, x] against values, an Axis: numbers in colours."""
    if len(set(along.at)) < 2:
        raise ValueError(f"a view from the side is of two values of {along.name} at least; expected more of them")
    order = np.argsort(along.at)
    show = "intensity" if look.show == "auto" else look.show
    at, block = along.at[order], -(-len(x.at) // look.pixels)
    numbers = plots.quantity(lines[order].T, show, block, 1)
    panel = plots.Panel(numbers, show, x, along, "", plots.scale_of([numbers], look))
    if ax is None:
        figure = (create or plots.plotter().figure)(figsize=(7.5, 4), layout="constrained")
        ax = figure.subplots()
    unit, factor = plots.prefix(np.abs(at).max(), along.unit)
    x_unit, x_factor = plots.prefix(np.abs(x.at).max(), x.unit)
    step = x.at[1] - x.at[0] if len(x.at) > 1 else 1
    places = x.at[0] + step * (block * np.arange(len(numbers)) + (block - 1) / 2)
    map_, norm = plots.colours(panel, look)
    image = ax.pcolormesh(at / factor, places / x_factor, numbers, cmap=map_, norm=norm, shading="nearest", rasterized=True)
    ax.set(ylim=((x.at[-1] + step / 2) / x_factor, (x.at[0] - step / 2) / x_factor), facecolor=plots.NOTHING)
    ax.set_xlabel(plots.label(along.name, unit))
    ax.set_ylabel(plots.label(x.name, x_unit))
    plots.bar(ax.figure, image, ax, show)
    return ax


# ---- films ----

def film(path, sources, look, fps):
    """A GIF of sources of one grid, a frame each, all in one scale unless each has its own."""
    plots.plotter()
    from matplotlib.animation import PillowWriter
    from matplotlib.figure import Figure
    if not str(path).lower().endswith(".gif"):
        raise ValueError(f"the film is {str(path)!r}; expected a name ending in .gif")
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise FileError(f"the film is {str(path)!r}; expected a folder that is there")
    sources = plots.some(sources, _MOST_FRAMES, "frames")
    show = "intensity" if look.show == "auto" else look.show
    for source in sources:
        plots.quantities(source, show)
    made = plots.panels(sources, look, (show,))
    figure = Figure(figsize=plots.size(made, 1, 1), layout=plots.layout_engine())
    ax = figure.subplots()
    plots.draw(made[:1], [ax], look)
    figure.savefig(io.BytesIO(), format="png", dpi=80)
    if hasattr(figure, "set_layout_engine"):  # else a title of another length would move the frame
        figure.set_layout_engine("none")
    drawn = ax.images[0] if ax.images else ax.lines[0]
    writer = PillowWriter(fps=fps)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        whole = os.path.join(place, "film.gif")  # under its own name only when it is whole
        with writer.saving(figure, whole, dpi=80):
            for panel in made:
                ax.set_title(panel.title, fontsize="medium")
                if ax.images:
                    drawn.set_data(panel.numbers)
                    drawn.set_norm(plots.colours(panel, look)[1]) if look.each else None
                else:
                    drawn.set_ydata(panel.numbers[0])
                writer.grab_frame()
        os.replace(whole, path)


# ---- curves ----

# of Measure: what a panel of it is called, what its numbers are in, and which of a pair is drawn
CURVES = {"share": ("light that arrives", "%", None), "peak": ("peak intensity", "", None),
          "fwhm": ("full width at half of the peak, x", "m", 1), "width": ("width (two standard deviations), x", "m", 1),
          "overlap": ("overlap with the target", "", None), "inside": ("light in the camera's region", "%", None),
          "power": ("power, |E|² m²", "", None)}


def _curve(ax, along, measures, which):
    """measures: by the camera's name."""
    title, unit, axis = CURVES[which]
    found = {name: getattr(m, which) if axis is None else getattr(m, which)[:, axis] for name, m in measures.items()}
    found = {name: np.where(np.isfinite(x), x, np.nan) * (100 if unit == "%" else 1) for name, x in found.items()}
    every = np.concatenate([x[~np.isnan(x)] for x in found.values()])
    x_unit, x_factor = plots.prefix(np.abs(along.at).max(), along.unit)
    y_unit, y_factor = plots.prefix(every.max() if every.size else 0, unit)
    for k, (name, y) in enumerate(found.items()):
        ax.plot(along.at / x_factor, y / y_factor, marker=".", color=plots.LINES[k % len(plots.LINES)], label=name)
    if along.at[0] > 0 and along.at[-1] >= 20 * along.at[0]:
        ax.set_xscale("log")
    ax.margins(y=0.1)
    if every.size and 0 <= every.min() < every.max() / 2:
        ax.set_ylim(bottom=0)
    ax.set_title(title, fontsize="medium")
    ax.set_xlabel(plots.label(along.name, x_unit))
    ax.set_ylabel("|E|² / arb. units" if which == "peak" else y_unit)
    ax.grid(alpha=0.3)


def curves(along, measures, which, ax=None, create=None):
    """Panels of these measures against values, an Axis; the axes."""
    if ax is None:
        rows = 2 if len(which) > 2 else 1
        figure = (create or plots.plotter().figure)(figsize=(9 if len(which) > 1 else 5, 3.2 * rows), layout="constrained")
        ax = figure.subplots(rows, -(-len(which) // rows), squeeze=False)
    axes = list(np.ravel(ax))
    if len(axes) != len(which):
        raise ValueError(f"ax has {len(axes)} axes; expected {len(which)}: {', '.join(which)}")
    for one, name in zip(axes, which):
        _curve(one, along, measures, name)
    if len(measures) > 1:
        axes[0].legend()
    return axes[0] if len(axes) == 1 else np.array(axes, object)
