//! Values that may not be known, with the places in the proposal they rest on.
//!
//! Everything here is monotone: taking an input away can turn a value into `Missing`, never into another value.

/// Places in the proposal, as numbers the reader handed out.
pub(crate) type Places = Vec<u32>;

/// A value, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Known<T> {
    /// The value and the places it rests on.
    Value(T, Places),
    /// Known not to exist, such as a share of nothing; the places that say so.
    Void(Places),
    /// Not known; the places whose absence prevents it.
    Missing(Places),
}

impl<T> Known<T> {
    /// The value, if it is known.
    pub(crate) fn get(&self) -> Option<&T> {
        match self {
            Self::Value(value, _) => Some(value),
            Self::Void(_) | Self::Missing(_) => None,
        }
    }

    /// The same places with another value.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Value(value, places) => Known::Value(change(value), places),
            Self::Void(places) => Known::Void(places),
            Self::Missing(places) => Known::Missing(places),
        }
    }

    /// Like `map`, for a change that itself rests on places.
    pub(crate) fn and_then<U>(self, change: impl FnOnce(T) -> Known<U>) -> Known<U> {
        match self {
            Self::Value(value, places) => match change(value) {
                Known::Value(value, more) => Known::Value(value, joined(places, &more)),
                Known::Void(more) => Known::Void(joined(places, &more)),
                Known::Missing(more) => Known::Missing(more),
            },
            Self::Void(places) => Known::Void(places),
            Self::Missing(places) => Known::Missing(places),
        }
    }

    /// Both values; what is missing of either is named, unless one of them is known not to exist.
    pub(crate) fn zip<U>(self, other: Known<U>) -> Known<(T, U)> {
        match (self, other) {
            (Self::Value(a, places), Known::Value(b, more)) => {
                Known::Value((a, b), joined(places, &more))
            }
            (Self::Void(places), _) | (_, Known::Void(places)) => Known::Void(places),
            (Self::Missing(places), Known::Missing(more)) => Known::Missing(joined(places, &more)),
            (Self::Missing(places), _) | (_, Known::Missing(places)) => Known::Missing(places),
        }
    }

    /// The places it rests on, or whose absence prevents it.
    pub(crate) fn places(&self) -> &Places {
        match self {
            Self::Value(_, places) | Self::Void(places) | Self::Missing(places) => places,
        }
    }
}

impl Known<bool> {
    /// Whether it is known to be false.
    pub(crate) fn is_false(&self) -> bool {
        self.get() == Some(&false)
    }

    /// Whether it is known to be true.
    pub(crate) fn is_true(&self) -> bool {
        self.get() == Some(&true)
    }

    /// The opposite.
    pub(crate) fn not(self) -> Self {
        self.map(|truth| !truth)
    }
}

/// True when all are; false as soon as one is, whatever is not known of the others.
pub(crate) fn all(parts: impl IntoIterator<Item = Known<bool>>) -> Known<bool> {
    let (mut places, mut missing) = (Places::new(), Places::new());
    for part in parts {
        match part {
            Known::Value(true, more) => places.extend(more),
            Known::Value(false, _) => return part,
            Known::Void(more) | Known::Missing(more) => missing.extend(more),
        }
    }
    if missing.is_empty() {
        Known::Value(true, places)
    } else {
        Known::Missing(missing)
    }
}

/// False when all are; true as soon as one is, whatever is not known of the others.
pub(crate) fn any(parts: impl IntoIterator<Item = Known<bool>>) -> Known<bool> {
    all(parts.into_iter().map(Known::not)).not()
}

/// The amount where the condition holds, else 0. Not needed of the two: whichever cannot change the result.
pub(crate) fn amount_if(condition: &Known<bool>, amount: &Known<f64>) -> Known<f64> {
    if condition.is_false() {
        return Known::Value(0.0, condition.places().clone());
    }
    product(&condition.clone().map(|_| 1.0), amount)
}

/// The product of two amounts; 0 as soon as one of them is.
pub(crate) fn product(a: &Known<f64>, b: &Known<f64>) -> Known<f64> {
    for factor in [a, b] {
        if is_zero(factor) {
            return Known::Value(0.0, factor.places().clone());
        }
    }
    a.clone().zip(b.clone()).map(|(a, b)| a * b)
}

/// The sum in the order given; missing when a part is.
pub(crate) fn sum(parts: impl IntoIterator<Item = Known<f64>>) -> Known<f64> {
    parts
        .into_iter()
        .fold(Known::Value(0.0, Places::new()), |total, part| {
            total.zip(part).map(|(a, b)| a + b)
        })
}

/// `a` divided by `b`; void when `b` is 0.
pub(crate) fn ratio(a: Known<f64>, b: Known<f64>) -> Known<f64> {
    if is_zero(&b) {
        return Known::Void(b.places().clone());
    }
    a.zip(b).map(|(a, b)| a / b)
}

/// A member of a whole: how much it weighs, at least how much for certain, and whether it counts.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) weight: Known<f64>,
    pub(crate) least: f64,
    pub(crate) counts: Known<bool>,
}

/// The weight of the members that count, as a share of all. Void when the whole weighs nothing.
///
/// Where every member counts, or none does, their weights need not be known as long as something weighs.
pub(crate) fn share(members: &[Member]) -> Known<f64> {
    let weighing = || members.iter().filter(|member| !is_zero(&member.weight));
    if weighing().any(|member| member.least > 0.0) {
        for (counts, value) in [(true, 1.0), (false, 0.0)] {
            if weighing().all(|member| member.counts.get() == Some(&counts)) {
                let places = weighing().flat_map(|member| member.counts.places().clone());
                return Known::Value(value, places.collect());
            }
        }
    }
    let whole = sum(members.iter().map(|member| member.weight.clone()));
    if is_zero(&whole) {
        return Known::Void(whole.places().clone());
    }
    ratio(
        sum(members
            .iter()
            .map(|member| amount_if(&member.counts, &member.weight))),
        whole,
    )
}

/// The mean of the values, weighted; a value whose weight is 0 is not needed. Void when nothing weighs.
pub(crate) fn mean(values: &[(Known<f64>, Known<f64>)]) -> Known<f64> {
    let total = sum(values.iter().map(|(weight, _)| weight.clone()));
    ratio(
        sum(values.iter().map(|(weight, value)| product(weight, value))),
        total,
    )
}

fn is_zero(amount: &Known<f64>) -> bool {
    matches!(amount.get(), Some(value) if value.abs() <= 0.0)
}

fn joined(mut places: Places, more: &[u32]) -> Places {
    places.extend_from_slice(more);
    places
}
