//! Which of several changes does what: each by itself, all but it, and those that only act together.

/// Only this change of `count`.
pub(crate) fn alone(count: usize, index: usize) -> Vec<bool> {
    (0..count).map(|other| other == index).collect()
}

/// All of `count` changes but this.
pub(crate) fn without(count: usize, index: usize) -> Vec<bool> {
    (0..count).map(|other| other != index).collect()
}

/// Of changes that do nothing singly, the fewest that do something together; none if all of them do nothing.
///
/// `acts` is handed two sets: only some of the changes, and all but those. It says whether the one does what none does, or the
/// other what all do not.
pub(crate) fn together(
    count: usize,
    silent: Vec<usize>,
    acts: &mut dyn FnMut(&[bool], &[bool]) -> bool,
) -> Vec<usize> {
    let mut act = |some: &[usize]| {
        let with: Vec<bool> = (0..count).map(|index| some.contains(&index)).collect();
        let without: Vec<bool> = with.iter().map(|with| !with).collect();
        acts(&with, &without)
    };
    if !act(&silent) {
        return Vec::new();
    }
    let mut few = silent.clone();
    for index in silent {
        let fewer: Vec<usize> = few.iter().copied().filter(|kept| *kept != index).collect();
        if act(&fewer) {
            few = fewer;
        }
    }
    few
}
