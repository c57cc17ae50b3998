//! Against closed forms, exact enumeration, and figures from numpy and pymcdm.
//!
//! The figures: numpy 2.4.6, `default_rng(20260901)` (PCG64), 2,000,000 draws for verdicts and 500,000 for ranks, so
//! that their own error is under 0.001; pymcdm 1.4.0 for aggregation, `WSM` and `WPM` on points / 100 without a
//! normalization. Neither shares a line with this module.

use super::*;
use crate::settings::Settings;
use proptest::prelude::*;

fn item(rule: &str, weight: f64, low: f64, high: f64) -> Item {
    Item {
        rule: rule.to_owned(),
        weight,
        low,
        high,
    }
}

fn model(items: Vec<Item>, threshold: f64) -> Model {
    Model {
        dimensions: vec![Dimension {
            id: "ethics".to_owned(),
            items,
            threshold,
            capped_low: false,
            capped_high: false,
        }],
        levels: Settings::default().levels,
        stops_low: false,
        stops_high: false,
        blocked: false,
    }
}

/// The five rules of the reference figures: points 45 to 71.
fn five(threshold: f64) -> Model {
    let items = vec![
        item("ethics/a", 3.0, 0.2, 0.9),
        item("ethics/b", 1.0, 1.0, 1.0),
        item("ethics/c", 3.0, 0.5, 0.5),
        item("ethics/d", 4.0, 0.6, 0.6),
        item("ethics/e", 1.0, 0.0, 1.0),
    ];
    model(items, threshold)
}

fn with(spread: Spread) -> Draws {
    Draws {
        spread,
        ..Draws::default()
    }
}

/// Whether a count of draws is within four standard errors of a share.
fn near(count: u32, draws: Draws, share: f64) -> bool {
    let of = f64::from(draws.count);
    let error = (share * (1.0 - share) / of).sqrt().max(1.0 / of);
    (f64::from(count) / of - share).abs() <= 4.0 * error + 0.001
}

fn count(found: &Robustness, word: Word) -> u32 {
    let count = found.verdicts.iter().find(|(known, _)| *known == word);
    count.map_or(0, |(_, count)| *count)
}

#[test]
fn two_rules_come_out_as_the_closed_form_says() {
    // Met and unmet with weights u and v: 100·u / (u + v) reaches 45 where u ≥ 9/11·v. Uniform over the square
    // 0.7..1.3 leaves a triangle with legs 1.3 − 0.7·11/9 and 1.3·9/11 − 0.7 outside.
    let pair = |threshold| {
        let items = vec![
            item("ethics/a", 1.0, 1.0, 1.0),
            item("ethics/b", 1.0, 0.0, 0.0),
        ];
        model(items, threshold)
    };
    let outside = (1.3 - 0.7 * 11.0 / 9.0) * (1.3 * 9.0 / 11.0 - 0.7) / 2.0 / 0.36;
    let draws = with(Spread::Around(0.3));
    let found = Robustness::of(&pair(45.0), draws);
    assert!(near(found.same_verdict, draws, 1.0 - outside), "{found:?}");
    assert!(
        near(count(&found, Word::Revise), draws, outside),
        "{found:?}"
    );
    // On the simplex the points are uniform in 0..100.
    for threshold in [45.0, 10.0, 80.0] {
        let draws = with(Spread::Simplex);
        let found = Robustness::of(&pair(threshold), draws);
        let share = threshold / 100.0;
        assert!(near(count(&found, Word::Revise), draws, share), "{found:?}");
    }
}

#[test]
fn draws_agree_with_those_of_numpy() {
    for (spread, threshold, proceed, incomplete, same_level) in [
        (Spread::Around(0.3), 45.0, 0.6770, 0.3230, 0.5421),
        (Spread::Around(0.3), 68.0, 0.0, 0.9964, 0.5421),
        (Spread::Simplex, 50.0, 0.3799, 0.6201, 0.3631),
        (Spread::Simplex, 68.0, 0.0656, 0.8379, 0.3631),
    ] {
        let draws = with(spread);
        let found = Robustness::of(&five(threshold), draws);
        for (word, share) in [
            (Word::Proceed, proceed),
            (Word::Incomplete, incomplete),
            (Word::Revise, 1.0 - proceed - incomplete),
        ] {
            let count = count(&found, word);
            assert!(
                near(count, draws, share),
                "{threshold} {word}: {count}, {share}"
            );
        }
        let same = found.dimensions[0].same_level;
        assert!(near(same, draws, same_level), "{same}");
    }
}

const POINTS: [[f64; 4]; 4] = [
    [80.0, 60.0, 40.0, 70.0],
    [55.0, 65.0, 75.0, 60.0],
    [90.0, 30.0, 50.0, 85.0],
    [60.0, 60.0, 60.0, 60.0],
];
const WEIGHTS: [f64; 4] = [0.3, 0.4, 0.1, 0.2];

fn points() -> Vec<Vec<Option<f64>>> {
    let rows = POINTS.iter();
    rows.map(|row| row.iter().copied().map(Some).collect())
        .collect()
}

#[test]
fn ranks_agree_with_those_of_numpy() {
    type Table = [[f64; 4]; 4];
    let cases: [(Spread, rank::Mean, Table); 3] = [
        (
            Spread::Around(0.3),
            rank::Mean::Arithmetic,
            [
                [0.9991, 0.0009, 0.0, 0.0],
                [0.0002, 0.6145, 0.3853, 0.0],
                [0.0007, 0.3846, 0.2476, 0.3671],
                [0.0, 0.0, 0.3671, 0.6329],
            ],
        ),
        (
            Spread::Simplex,
            rank::Mean::Geometric,
            [
                [0.2069, 0.323, 0.2492, 0.2209],
                [0.4891, 0.2022, 0.1672, 0.1416],
                [0.304, 0.1461, 0.1397, 0.4102],
                [0.0, 0.3287, 0.444, 0.2273],
            ],
        ),
        (
            Spread::Simplex,
            rank::Mean::Arithmetic,
            [
                [0.147, 0.4321, 0.2185, 0.2023],
                [0.418, 0.183, 0.2734, 0.1256],
                [0.435, 0.1614, 0.1239, 0.2797],
                [0.0, 0.2235, 0.3841, 0.3924],
            ],
        ),
    ];
    for (spread, mean, expected) in cases {
        let draws = with(spread);
        let counts = rank::rank_acceptability(&points(), &WEIGHTS, mean, draws);
        for (own, expected) in counts.iter().flatten().zip(expected.iter().flatten()) {
            assert!(
                near(*own, draws, *expected),
                "{spread:?} {mean:?}: {counts:?}"
            );
        }
    }
}

#[test]
fn ranks_of_two_come_out_as_the_closed_form_says() {
    // 80·w + 20·(1 − w) against 50: better where w > 1/2 on the simplex.
    let two = [vec![Some(80.0), Some(20.0)], vec![Some(50.0), Some(50.0)]];
    let draws = with(Spread::Simplex);
    let counts = rank::rank_acceptability(&two, &[1.0, 1.0], rank::Mean::Arithmetic, draws);
    assert!(near(counts[0][0], draws, 0.5), "{counts:?}");
    assert_eq!(counts[0][0] + counts[0][1], draws.count);
    // Equal ones share the better rank, and one that nothing is known of is last.
    let equal = [vec![Some(50.0)], vec![Some(50.0)], vec![None]];
    let counts = rank::rank_acceptability(&equal, &[1.0], rank::Mean::Geometric, draws);
    let all = draws.count;
    assert_eq!(counts, [[all, 0, 0], [all, 0, 0], [0, 0, all]]);
}

#[test]
fn means_agree_with_those_of_pymcdm() {
    let of = |mean: rank::Mean| {
        let rows = points();
        rows.iter()
            .map(|row| mean.of(row, &WEIGHTS).unwrap_or_default() / 100.0)
            .collect::<Vec<f64>>()
    };
    for (mean, expected) in [
        (rank::Mean::Arithmetic, [0.66, 0.62, 0.61, 0.6]),
        (
            rank::Mean::Geometric,
            [0.647_758_47, 0.617_178_13, 0.540_632_36, 0.6],
        ),
        (rank::Mean::Minimum, [0.4, 0.55, 0.3, 0.6]),
    ] {
        for (own, expected) in of(mean).iter().zip(expected) {
            assert!((own - expected).abs() < 1e-8, "{mean:?}: {own}, {expected}");
        }
    }
    let geometric = rank::Mean::Geometric;
    // A dimension of nothing cannot be bought back; one that was not judged, or has no weight, is left out.
    assert_eq!(
        geometric.of(&[Some(0.0), Some(100.0)], &[1.0, 9.0]),
        Some(0.0)
    );
    assert_eq!(geometric.of(&[None, Some(100.0)], &[1.0, 1.0]), Some(100.0));
    assert_eq!(
        rank::Mean::Minimum.of(&[Some(0.0), Some(9.0)], &[0.0, 1.0]),
        Some(9.0)
    );
    assert_eq!(geometric.of(&[None, None], &[1.0, 1.0]), None);
}

#[test]
fn what_does_not_depend_on_weights_is_the_same_in_every_draw() {
    let all = Draws::default().count;
    let mut stopped = five(45.0);
    (stopped.stops_low, stopped.stops_high) = (true, true);
    let found = Robustness::of(&stopped, Draws::default());
    assert_eq!(
        (found.verdicts, found.flip),
        (vec![(Word::Stop, all)], None)
    );
    let mut failed = five(45.0);
    failed.blocked = true;
    let found = Robustness::of(&failed, Draws::default());
    assert_eq!(
        (found.verdicts, found.flip),
        (vec![(Word::Incomplete, all)], None)
    );
    let mut capped = five(45.0);
    (
        capped.dimensions[0].capped_low,
        capped.dimensions[0].capped_high,
    ) = (true, true);
    let found = Robustness::of(&capped, Draws::default());
    assert_eq!(
        (found.same_verdict, found.dimensions[0].same_level),
        (all, all)
    );
    assert_eq!(found.flip, None);
    let nothing = Robustness::of(&model(Vec::new(), 45.0), Draws::default());
    assert_eq!(
        (nothing.same_verdict, &nothing.dimensions[0].bounds),
        (all, &None)
    );
}

#[test]
fn a_share_of_all_but_one_is_not_all() {
    for (count, of, expected) in [
        (10_000, 10_000, 100),
        (9_999, 10_000, 99),
        (0, 10_000, 0),
        (0, 0, 0),
        (1, 3, 33),
    ] {
        assert_eq!(percent(count, of), expected);
    }
}

#[test]
fn the_smallest_change_is_in_the_direction_and_size_of_the_closed_form() {
    // 100·3/(3 + w) falls under 45 where w passes 3·55/45 = 3.67, and 100·v/(v + 1) where v goes under 9/11 = 0.82.
    // From 3 that is 73 %, and from 1 267 %.
    let pair = model(
        vec![
            item("ethics/a", 3.0, 1.0, 1.0),
            item("ethics/b", 1.0, 0.0, 0.0),
        ],
        45.0,
    );
    let flip = Flip::smallest(&pair).unwrap();
    assert_eq!(
        (flip.rule.as_str(), flip.from, flip.to, flip.verdict),
        ("ethics/a", 3.0, 0.81, Word::Revise)
    );
    assert!((flip.share() - 0.73).abs() < 1e-9);
    // Where every degree is the same, no weight matters.
    let same = model(
        vec![
            item("ethics/a", 3.0, 0.5, 0.5),
            item("ethics/b", 1.0, 0.5, 0.5),
        ],
        45.0,
    );
    assert_eq!(Flip::smallest(&same), None);
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let degree = prop_oneof![
        Just(0.0),
        Just(1.0),
        (0..=20_u8).prop_map(|n| f64::from(n) / 20.0)
    ];
    let one = (1..=8_u8, degree.clone(), degree);
    proptest::collection::vec(one, 1..7).prop_map(|found| {
        let numbered = found.into_iter().enumerate();
        numbered
            .map(|(at, (weight, a, b))| {
                item(
                    &format!("ethics/{at}"),
                    f64::from(weight) / 2.0,
                    f64::min(a, b),
                    f64::max(a, b),
                )
            })
            .collect()
    })
}

proptest! {
    /// A quotient of linear functions is extreme at a corner of the box, so all corners give the bounds as well.
    #[test]
    fn bounds_are_those_of_all_corners(items in items(), share in 0.0..=1.0_f64) {
        let corners = (0..1_u32 << items.len()).filter_map(|corner| {
            let (mut sum, mut total) = (0.0, 0.0);
            for (at, item) in items.iter().enumerate() {
                let up = corner >> at & 1 == 1;
                let weight = item.weight * if up { 1.0 + share } else { 1.0 - share };
                sum += weight * item.low;
                total += weight;
            }
            (total > 1e-9).then(|| sum / total)
        });
        let corners: Vec<f64> = corners.collect();
        let least = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let most = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = bounds::mean_bounds(&items, End::Low, Spread::Around(share)).unwrap();
        prop_assert!((low - least).abs() < 1e-9 && (high - most).abs() < 1e-9, "{low} {least} {high} {most}");
    }

    #[test]
    fn no_draw_leaves_the_bounds(items in items(), share in 0.0..=1.0_f64, seed in any::<u64>()) {
        for spread in [Spread::Around(share), Spread::Simplex] {
            let model = model(items.clone(), 45.0);
            let bounds = Bounds::of(&model.dimensions[0], spread, &model.levels).unwrap();
            let mut inside = true;
            draws::each(&model, Draws { count: 50, seed, spread }, |ends| {
                let [(low, _), (high, _)] = ends[0].unwrap();
                inside &= (bounds.low.0..=bounds.low.1).contains(&low);
                inside &= (bounds.high.0..=bounds.high.1).contains(&high);
            });
            prop_assert!(inside);
        }
    }

    /// Trying every weight in steps of 0.01 finds nothing nearer, and what was found gives another verdict.
    #[test]
    fn no_smaller_change_flips(items in items(), threshold in 1..=100_u8) {
        let model = model(items, f64::from(threshold));
        let word = model.verdict(&model.stated());
        let verdict_with = |which: usize, weight: f64| {
            let mut changed = model.clone();
            changed.dimensions[0].items[which].weight = weight;
            changed.verdict(&changed.stated())
        };
        let flip = Flip::smallest(&model);
        if let Some(flip) = &flip {
            let which = model.dimensions[0].items.iter().position(|item| item.rule == flip.rule).unwrap();
            prop_assert_eq!(verdict_with(which, flip.to), flip.verdict);
            prop_assert!(flip.verdict != word);
        }
        let most = flip.as_ref().map_or(4.0, Flip::share);
        for (which, item) in model.dimensions[0].items.iter().enumerate() {
            for step in 0..=2_000_u32 {
                let weight = f64::from(step) / 100.0;
                let share = (weight - item.weight).abs() / item.weight;
                if share < most - 0.02 / item.weight && share > 0.0 {
                    prop_assert_eq!(verdict_with(which, weight), word, "{} at {}: {:?}", item.rule, weight, flip);
                }
            }
        }
    }
}
