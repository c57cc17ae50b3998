//! The colours of the rulebook can be told apart, in the light and in the dark: WCAG 2.2, level AA.

use super::HTML;
use std::collections::BTreeMap;

/// The colours that a piece of style names.
fn colours(style: &str) -> BTreeMap<&str, [f64; 3]> {
    let mut found = BTreeMap::new();
    for part in style.split("--").skip(1) {
        let Some((name, rest)) = part.split_once(':') else {
            continue;
        };
        let value = rest.split(';').next().unwrap().trim();
        let Some(digits) = value.strip_prefix('#') else {
            continue;
        };
        let digits: String = match digits.len() {
            3 => digits.chars().flat_map(|c| [c, c]).collect(),
            _ => digits.to_owned(),
        };
        let channel = |at: usize| {
            let byte = u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
            f64::from(byte) / 255.0
        };
        found.insert(name, [channel(0), channel(2), channel(4)]);
    }
    found
}

/// Relative luminance, as WCAG defines it.
fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        if channel <= 0.04045 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_in_the_light_and_in_the_dark() {
    let html = &HTML;
    let style = html.split("<style>").nth(1).unwrap();
    let (light, rest) = style
        .split_once("@media (prefers-color-scheme: dark)")
        .unwrap();
    let dark = rest.split("@media").next().unwrap();
    for (scheme, style) in [("light", light), ("dark", dark)] {
        let colours = colours(style);
        for (front, back, least) in [
            ("ink", "ground", 4.5),
            ("faint", "ground", 4.5),
            ("link", "ground", 4.5),
            ("ink", "field", 4.5),
            ("mark", "ground", 3.0),
        ] {
            let found = contrast(colours[front], colours[back]);
            assert!(
                found >= least,
                "{scheme}: {front} on {back} is {found:.2} to 1"
            );
        }
    }
}

#[test]
fn black_on_white_is_21_to_1() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
}
