"""The pictures of the page on click timing."""
# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vigie.lab.proof import tremor
from vigie.lab.proof.classes import WRONG_MOST, Price

_COLOURS = ("tab:blue", "tab:orange", "tab:green", "tab:red")


def draw_prices(prices: Sequence[Price], file: Path) -> None:
    """What a shorter wait costs each hand: accuracy against the latency of a single click."""
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    gaps = sorted(prices[0].wrong_by_gap)
    for price, colour in zip(prices, _COLOURS, strict=True):
        axes.plot(gaps, [100 * price.wrong_by_gap[g] for g in gaps], "o-", color=colour,
                  markersize=3, linewidth=1.2, label=price.hand)  # fmt: skip
    axes.axhline(100 * WRONG_MOST, color="black", linewidth=0.8, linestyle="--")
    axes.annotate("0.1 %", (gaps[-1], 100 * WRONG_MOST), xytext=(2, 3), fontsize=8,
                  textcoords="offset points")  # fmt: skip
    axes.axvline(500, color="tab:gray", linewidth=0.8, linestyle=":")
    axes.annotate("default", (500, 60), xytext=(3, 0), fontsize=8, textcoords="offset points")
    axes.set_yscale("symlog", linthresh=0.05)
    axes.set_ylim(-0.005, 110)
    axes.set_xlabel("gap_ms: the wait after a single click's release")
    axes.set_ylabel("% of the worst class decided wrong")
    axes.grid(alpha=0.25)
    axes.legend(title="hand, on a switch worn to 25 ms", frameon=False)
    axes.set_title("What a shorter wait costs", loc="left")
    _save(figure, file)


def draw_tremor(points: Sequence[tremor.Point], file: Path) -> None:
    """A tremor's singles against its doubles and triples, and what that costs a young hand."""
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    cost = [100 * min(p.young["double"], p.young["triple"]) for p in points]
    singles = [100 * p.tremor["single"] for p in points]
    several = [100 * p.several_kept for p in points]
    dots = axes.scatter(singles, several, c=cost, cmap="viridis", s=36)
    figure.colorbar(dots, ax=axes, label="the price: % of a young hand's doubles, triples kept")
    chosen = tremor.chosen(points)
    off = next(p for p in points if not p.gap_ms)
    for p, text in ((chosen, f"restrike_gap_ms {chosen.gap_ms}, restrike_ms {chosen.press_ms}"),
                    (off, "off (default)")):  # fmt: skip
        axes.plot(100 * p.tremor["single"], 100 * p.several_kept, "o", markersize=12,
                  markerfacecolor="none", color="tab:red")  # fmt: skip
        right = p is chosen
        axes.annotate(text, (100 * p.tremor["single"], 100 * p.several_kept), fontsize=9,
                      xytext=(-14 if right else 10, -36 if right else 4),
                      ha="right" if right else "left", textcoords="offset points")  # fmt: skip
    axes.axhline(97, color="black", linewidth=0.8, linestyle="--")
    axes.axvline(97, color="black", linewidth=0.8, linestyle="--")
    axes.set_xlabel("% of a tremor's singles kept single")
    axes.set_ylabel("% of its doubles and triples kept (the worse of both)")
    axes.grid(alpha=0.25)
    axes.set_title("A hand with tremor, by restrike values", loc="left")
    _save(figure, file)


def _save(figure: Figure, file: Path) -> None:
    figure.savefig(file, dpi=110, metadata={"Software": None})
