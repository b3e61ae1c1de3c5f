"""Every kill and every pair of kills, by crash images: what a kill leaves behind is the files, and nothing else.

A run in lock-step is looked at in each of its points. The files there are what a kill at that point leaves; a copy of
them is brought to life and played to the end, and looked at in each of its points again: that is every pair. Images
that are equal but for what is random are played once: memory dies with the process, so their futures are the same.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from tests.faults.checks import Ending, Findings, ending_of, examine
from tests.faults.digests import Digester
from tests.faults.harness import Life
from tests.faults.points import Points
from tests.faults.world import World

Key = tuple[str, int, bool, str]
WORKERS: Final = min(2, os.cpu_count() or 1)


@dataclass(slots=True)
class Totals:
    """What a sweep has done and found; added up over workers."""

    points: Counter[str] = field(default_factory=Counter)
    singles: int = 0
    pairs: int = 0
    images: int = 0
    lives: int = 0
    acknowledged: int = 0
    lost: int = 0
    posts: int = 0
    branches: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: Totals) -> None:
        """Take in what another part has done; `points` are those of the run without kills, so they stay."""
        self.singles += other.singles
        self.pairs += other.pairs
        self.images += other.images
        self.lives += other.lives
        self.acknowledged += other.acknowledged
        self.lost += other.lost
        self.posts += other.posts
        self.branches += other.branches
        self.problems += other.problems

    def take(self, found: Findings, world: World) -> None:
        """Count one life that came to its end."""
        self.lives += 1
        self.acknowledged += found.acknowledged
        self.lost += found.lost
        self.posts += found.posts
        self.branches += found.branches
        self.problems += [f"killed at {', '.join(world.kills) or 'no point'}: {each}" for each in found.problems or ()]


@dataclass(slots=True)
class Camera:
    """Looks at a world at each point, and copies what it has not seen before; `seen` may begin with what others saw."""

    world: World
    folder: Path
    seen: set[Key]
    images: list[World] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    _digester: Digester | None = None

    def look(self, point: str) -> None:
        self._digester = self._digester or Digester(self.world)
        position, clock = self.world.position, self.world.clock
        key = (self._digester.digest(point), position.step, position.answered, clock.now().isoformat())
        self.keys.append(key)
        if key not in self.seen:
            self.seen.add(key)
            image = self.world.copy(self.folder)
            image.kills.append(f"{point} (#{len(self.keys)})")
            self.images.append(image)

    def close(self) -> None:
        if self._digester is not None:
            self._digester.close()


@dataclass(slots=True, kw_only=True)
class Reel:
    """The run without kills: how it ends, its points, and an image for each that is different from all before."""

    ending: Ending
    points: Counter[str]
    keys: list[Key]
    images: list[World]

    @property
    def weights(self) -> list[int]:
        """How many points each image stands for."""
        times = Counter(self.keys)
        return [times[key] for key in dict.fromkeys(self.keys)]


def film(folder: Path) -> Reel:
    """Play the story once without a kill, taking an image at each point."""
    world = World.new(folder)
    camera = Camera(world, folder, set())
    points = Points(look=camera.look)
    Life(world, points, lock_step=True).run()
    camera.close()
    reel = Reel(ending=ending_of(world), points=points.names, keys=camera.keys, images=camera.images)
    world.remove()
    return reel


def sweep(folder: Path, reel: Reel, *, every: int) -> Totals:
    """All single kills, and the pairs whose first kill is one of every so many images. It uses the images up."""
    total = Totals(points=reel.points, singles=len(reel.keys), images=len(reel.images))
    jobs = jobs_of(reel, every=every)
    piles = [jobs[start :: WORKERS * 8] for start in range(WORKERS * 8)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context, initializer=begin, initargs=(folder, reel)) as pool:
        for part in pool.map(work, piles):
            total.add(part)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An image of a first kill; `weight` points of the story leave just this. `paired`: kill its second life too."""

    image: World
    weight: int
    paired: bool


def jobs_of(reel: Reel, *, every: int) -> list[Job]:
    """One image each; every so many of them is paired."""
    pieces = enumerate(zip(reel.images, reel.weights, strict=True))
    return [Job(image=image, weight=weight, paired=index % every == 0) for index, (image, weight) in pieces]


def fewest_pairs(reel: Reel, *, every: int) -> int:
    """The pairs that a sweep has at least: a life after a kill still has every point that came after it."""
    paired = {key for index, key in enumerate(dict.fromkeys(reel.keys)) if index % every == 0}
    return sum(len(reel.keys) - number for number, key in enumerate(reel.keys, start=1) if key in paired)


@dataclass(slots=True)
class _Here:
    """What a worker knows: where to put images, how a run has to end, and what was seen by itself or before it."""

    folder: Path
    ending: Ending
    seen: set[Key]


_here: list[_Here] = []


def begin(folder: Path, reel: Reel) -> None:
    """Set up a worker."""
    quiet()
    _here[:] = [_Here(folder, reel.ending, set(reel.keys))]


def work(jobs: Sequence[Job]) -> Totals:
    """Play these images to the end, with all second kills where they are wanted."""
    return worked(jobs, _here[0])


def worked(jobs: Iterable[Job], here: _Here) -> Totals:
    total = Totals()
    for job in jobs:
        camera = Camera(job.image, here.folder, here.seen)
        points = Points(look=camera.look if job.paired else None)
        _played(job.image, points, here.ending, total)
        camera.close()
        total.pairs += job.weight * len(camera.keys)
        total.images += len(camera.images)
        for image in camera.images:
            _played(image, Points(), here.ending, total)
    return total


def _played(world: World, points: Points, expected: Ending, total: Totals) -> None:
    """Bring a world to life and to its end, check it, and put it away."""
    try:
        Life(world, points, lock_step=True).run()
        total.take(examine(world, expected), world)
    except Exception as error:  # whatever it is, it is a finding about this one run
        total.problems.append(f"killed at {', '.join(world.kills)}: {error!r}")
    finally:
        world.remove()


def quiet() -> None:
    """Say nothing of what goes wrong on purpose."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
