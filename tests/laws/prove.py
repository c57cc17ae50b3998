"""Proves the laws of a judgement for up to six rules with the weights of their severities.

The semantics stand in one table. From it a judgement is built as a formula over all degrees at once, with whatever else a proposal may hold as
free variables, and a solver looks for a case that breaks a law. It finds none. With the table broken on purpose it has to find one, for each law.
"""

import itertools
import sys
from dataclasses import dataclass, replace
from fractions import Fraction

import z3

STOP, REVISE, PROCEED = 0, 1, 2  # at one end, from the worst
INCOMPLETE_OR_STOP = 0  # as ranks of a whole verdict: neither of the two lets a program go on


@dataclass(frozen=True)
class Semantics:
    """How findings are judged."""

    weights: tuple = (("critical", 4), ("major", 3), ("minor", 1), ("info", 0))
    gate: Fraction = Fraction(1, 5)
    tolerance: Fraction = Fraction(1, 10**9)
    mixed: int = 45
    good: int = 70
    # What may be broken on purpose.
    open_counts: bool = True  # what is open stands in the sums, at its least and at its greatest
    caps: bool = True  # a critical rule at or under its gate caps
    caps_without_weight: bool = True  # so does one that has no weight
    gate_is_failed: bool = True  # a degree exactly at the gate fails
    failed_counts: bool = True  # a rule that failed stands in the sums, open
    first_counts_once: bool = True
    dimensions_apart: bool = True
    both_ends: bool = True  # the verdict looks at both ends

    def weight(self, severity):
        return dict(self.weights)[severity]


@dataclass(frozen=True)
class Rule:
    """A rule and what it found: two ends, as numbers or variables."""

    severity: str
    low: object
    high: object
    applies: bool = True
    failed: bool = False


def fails(table, rule, end):
    if not table.caps or rule.severity != "critical":
        return z3.BoolVal(False)
    if not table.caps_without_weight and table.weight("critical") == 0:
        return z3.BoolVal(False)
    degree, gate = (rule.low, rule.high)[end], z3.RealVal(table.gate)
    return degree <= gate + z3.RealVal(table.tolerance) if table.gate_is_failed else degree < gate


def some(conditions):
    return z3.Or([z3.BoolVal(False), *conditions])


def settled(rule):
    return rule.low == rule.high


def points(table, rules, end):
    """Whole points, cut down, and whether there are any."""
    whole, reached = 0, 0
    for index, rule in enumerate(rules):
        weight = z3.RealVal(table.weight(rule.severity) * (2 if index == 0 and not table.first_counts_once else 1))
        counts = z3.BoolVal(True)
        if rule.failed and not table.failed_counts:
            counts = z3.BoolVal(False)
        if not table.open_counts:
            counts = z3.And(counts, settled(rule))
        whole += z3.If(counts, weight, 0)
        reached += z3.If(counts, weight * (rule.low, rule.high)[end], 0)
    # A sum of weights is one of few numbers, so that no two variables are multiplied.
    sums = {sum(part) for part in itertools.product(*[(0, table.weight(rule.severity)) for rule in rules])}
    if not table.first_counts_once:
        sums |= {one + table.weight(rules[0].severity) for one in sums}
    fixed = table.open_counts and table.first_counts_once and (table.failed_counts or not any(rule.failed for rule in rules))
    sums = {sum(table.weight(rule.severity) for rule in rules)} if fixed else sums
    result = z3.IntVal(0)
    for total in sums - {0}:
        mean = 100 * reached / z3.RealVal(total) + z3.RealVal(table.tolerance)
        result = z3.If(whole == total, z3.ToInt(mean), result)
    return result, whole > 0


def level(table, points):
    return z3.If(points >= table.good, 2, z3.If(points >= table.mixed, 1, 0))


@dataclass
class Dimension:
    """Points and levels at both ends, whether there are any, and what fails."""

    points: list
    levels: list
    any: object
    capped: list
    unsettled: object


def dimension(table, rules):
    rules = [rule for rule in rules if rule.applies]
    capped = [some(fails(table, rule, end) for rule in rules) for end in (0, 1)]
    if not rules:
        zero, no = z3.IntVal(0), z3.BoolVal(False)
        return Dimension([zero, zero], [zero, zero], no, capped, z3.BoolVal(True))
    shown, levels, weighed = [], [], None
    for end in (0, 1):
        mean, weighed = points(table, rules, end)
        bare = z3.If(capped[end], 0, 100)
        mean = z3.If(weighed, mean, bare)
        shown.append(z3.If(z3.And(capped[end], mean > table.mixed - 1), table.mixed - 1, mean))
        levels.append(z3.If(capped[end], 0, level(table, shown[end])))
    there = z3.Or(weighed, capped[0])
    open_all = z3.And([z3.And(rule.low == 0, rule.high == 1) for rule in rules if table.weight(rule.severity)] or [z3.BoolVal(False)])
    return Dimension(shown, levels, there, capped, z3.Or(z3.Not(there), z3.And(weighed, open_all)))


@dataclass(frozen=True)
class Rest:
    """Whatever else there is: the other dimensions, the board's threshold, rules that it took away."""

    low: object
    high: object
    blocked: object
    settled: object
    threshold: object
    withdrawn: object

    @staticmethod
    def free():
        rest = Rest(
            z3.Int("rest_low"), z3.Int("rest_high"), z3.Bool("rest_blocked"), z3.Bool("rest_settled"), z3.Int("threshold"), z3.Bool("withdrawn")
        )
        bounds = [0 <= rest.low, rest.low <= rest.high, rest.high <= 2, 0 <= rest.threshold, rest.threshold <= 100]
        return rest, bounds


def verdict(table, rules, own, rest):
    """The rank of the verdict: 0 for stop and incomplete, 1 for revise, 2 for proceed; and whether it is stop."""
    ends = []
    for end in (0, 1):
        under = z3.And(own.any, own.points[end] < rest.threshold)
        here = z3.If(own.capped[end], STOP, z3.If(under, REVISE, PROCEED))
        other = (rest.low, rest.high)[end]
        ends.append(z3.If(here < other, here, other))
    if not table.both_ends:
        ends[0] = ends[1]
    failed = z3.BoolVal(any(rule.failed and rule.applies for rule in rules) and table.failed_counts)
    unjudged = z3.Or(z3.And(own.unsettled, z3.Not(rest.settled)), z3.And(own.unsettled, rest.withdrawn))
    open_end = z3.Or(ends[0] != ends[1], failed, rest.blocked, unjudged)
    return z3.If(open_end, INCOMPLETE_OR_STOP, ends[1]), ends[1] == STOP


def variables(severities, name):
    """Rules of these severities that found anything, and what bounds their degrees."""
    rules, bounds = [], []
    for index, severity in enumerate(severities):
        low, high = z3.Reals(f"{name}{index}_low {name}{index}_high")
        bounds += [0 <= low, low <= high, high <= 1]
        rules.append(Rule(severity, low, high))
    return rules, bounds


def others(table, most):
    """Every choice of severities of up to so many rules.

    A second rule that has neither a weight nor a gate adds nothing to any formula, so that one stands for several.
    """
    names = [name for name, _ in table.weights]
    bare = [name for name, weight in table.weights if weight == 0 and name != "critical"]
    for count in range(most + 1):
        for chosen in itertools.combinations_with_replacement(names, count):
            if all(chosen.count(name) <= 1 for name in bare):
                yield chosen


def no_better(table, before, after, rest):
    """Whether nothing is better at its certain end."""
    old, new = dimension(table, before), dimension(table, after)
    rank, _ = verdict(table, before, old, rest)
    later, _ = verdict(table, after, new, rest)
    lifted = z3.And(old.any, z3.Or(new.points[0] > old.points[0], new.levels[0] > old.levels[0]))
    return z3.Not(z3.Or(lifted, later > rank))


def silence(table, rule, beside, bounds):
    """One finding opens, or it becomes open whether its question arises. Several, one after the other, follow."""
    rest, free = Rest.free()
    low, high = z3.Reals("silent_low silent_high")
    wider = [0 <= low, low <= rule.low, rule.high <= high, high <= 1]
    opened = replace(rule, low=low, high=high)
    yield bounds + free + wider, no_better(table, [rule, *beside], [opened, *beside], rest)
    absent = replace(rule, applies=False)
    unknown = replace(rule, low=z3.RealVal(0), high=z3.RealVal(1))
    yield bounds + free, no_better(table, [absent, *beside], [unknown, *beside], rest)


def breaking(table, rule, beside, bounds):
    """A rule fails that spoke before, or was silent."""
    rest, free = Rest.free()
    broken = replace(rule, low=z3.RealVal(0), high=z3.RealVal(1), failed=True)
    yield bounds + free, no_better(table, [rule, *beside], [broken, *beside], rest)
    yield bounds + free, no_better(table, [replace(rule, applies=False), *beside], [broken, *beside], rest)


def cap(table, rule, beside, bounds):
    """A critical rule at or under its gate leaves the lowest level at that end, and stops the program at the high end."""
    if rule.severity != "critical":
        return
    rest, free = Rest.free()
    own = dimension(table, [rule, *beside])
    rank, stops = verdict(table, [rule, *beside], own, rest)
    gate = z3.RealVal(Semantics.gate + Semantics.tolerance)
    lowest = [z3.And(own.levels[end] == 0, own.points[end] < Semantics.mixed) for end in (0, 1)]
    holds = z3.And(z3.Implies(rule.low <= gate, z3.And(lowest[0], rank == 0)), z3.Implies(rule.high <= gate, z3.And(lowest[1], stops)))
    yield bounds + free, holds


def order(table, rule, beside, bounds):
    """A rule comes last that came first."""
    rest, free = Rest.free()
    one, other = [rule, *beside], [*beside, rule]
    a, b = dimension(table, one), dimension(table, other)
    same = [a.any == b.any, verdict(table, one, a, rest)[0] == verdict(table, other, b, rest)[0]]
    same += [z3.Implies(a.any, z3.And(a.points[end] == b.points[end], a.levels[end] == b.levels[end])) for end in (0, 1)]
    yield bounds + free, z3.And(same)


def touch(table, rule, beside, bounds):
    """A rule of one dimension changes, and the other dimension stays as it is."""
    low, high = z3.Reals("changed_low changed_high")
    changed = replace(rule, low=low, high=high)
    mixed = lambda own: beside if table.dimensions_apart else [own, *beside]
    a, b = dimension(table, mixed(rule)), dimension(table, mixed(changed))
    same = [z3.And(a.points[end] == b.points[end], a.levels[end] == b.levels[end]) for end in (0, 1)]
    yield bounds + [0 <= low, low <= high, high <= 1], z3.And(same)


WEIGHTLESS = (("critical", 0), ("major", 3), ("minor", 1), ("info", 0))
# Each law, the tables it is proved for, and tables that break it.
LAWS = [
    (silence, [Semantics()], [Semantics(open_counts=False), Semantics(both_ends=False)]),
    (breaking, [Semantics()], [Semantics(failed_counts=False)]),
    (
        cap,
        [Semantics(), Semantics(weights=WEIGHTLESS)],
        [Semantics(caps=False), Semantics(gate_is_failed=False), Semantics(weights=WEIGHTLESS, caps_without_weight=False)],
    ),
    (order, [Semantics()], [Semantics(first_counts_once=False)]),
    (touch, [Semantics()], [Semantics(dimensions_apart=False)]),
]


def counterexample(law, table, most):
    """How many cases were looked at, and the first that breaks the law."""
    solver, count = z3.SolverFor("QF_LIRA"), 0
    for beside in others(table, most - 1):
        for severity, _ in table.weights:
            [rule], bounds = variables([severity], "own")
            more, free = variables(beside, "other")
            for assumed, holds in law(table, rule, more, bounds + free):
                count += 1
                solver.push()
                solver.add(*assumed, z3.Not(holds))
                found = solver.check()
                if found == z3.unknown:
                    sys.exit(f"{law.__name__}: the solver gave up on {severity} beside {beside}")
                if found == z3.sat:
                    return count, (severity, beside, solver.model())
                solver.pop()
    return count, None


def main(most):
    for law, tables, twins in LAWS:
        for table in tables:
            count, found = counterexample(law, table, most)
            if found:
                sys.exit(f"{law.__name__} is broken: {found}")
            print(f"{law.__name__}: proved for up to {most} rules, {count} cases")
        for twin in twins:
            count, found = counterexample(law, twin, most)
            if not found:
                sys.exit(f"{law.__name__} holds for a table that breaks it: {twin}")
            severity, beside, model = found
            print(f"{law.__name__}: broken on purpose, and found: {severity} beside {', '.join(beside) or 'nothing'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
