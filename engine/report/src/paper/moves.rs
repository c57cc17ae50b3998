//! The picture of what moved: two bars for each row, as it was above as it is; what is certain full, what is open light.

use super::picture::{Texts, figure};
use super::visible;
use evenhand_diagnostic::text::escape_html as escaped;

/// Ranges of points before and after, one under the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moves {
    /// What it shows, in a line.
    pub title: String,
    /// What the bars mean.
    pub legend: String,
    /// The rows, from top to bottom.
    pub rows: Vec<Move>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Move {
    /// What it is called.
    pub name: String,
    /// What it shows, in the language of the document.
    pub words: String,
    /// Low and high end as they were, 0..=100; none where there was nothing.
    pub before: Option<(u8, u8)>,
    /// Low and high end as they are.
    pub after: Option<(u8, u8)>,
}

const WIDTH: u32 = 440;
/// Height of a row: its name, and its bars under it, so that long names have room on a narrow screen.
const ROW: u32 = 62;
const BAR: u32 = 14;
/// Room for the points behind a bar.
const POINTS: u32 = 64;

impl Moves {
    /// The rows in words.
    pub fn words(&self) -> String {
        let rows = self.rows.iter().map(|row| row.words.as_str());
        rows.collect::<Vec<_>>().join("; ")
    }

    /// The picture, with a title and a description for those who do not see it.
    pub(super) fn svg(&self, id: &str) -> String {
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX / ROW);
        let height = count.saturating_mul(ROW) + 4;
        let mut inside = String::new();
        for (row, index) in self.rows.iter().zip(0_u32..) {
            let top = index * ROW;
            inside.push_str(&format!(
                "<text x=\"0\" y=\"{}\">{}</text>\n",
                top + 15,
                escaped(&visible(&row.name))
            ));
            inside.push_str(&bar(row.before, top + 22, "was"));
            inside.push_str(&bar(row.after, top + 24 + BAR, "is"));
        }
        let texts = Texts {
            id,
            title: &self.title,
            words: &self.words(),
            caption: &self.legend,
        };
        figure(&texts, WIDTH, &height.to_string(), &inside)
    }
}

/// A bar, and its points behind it.
fn bar(range: Option<(u8, u8)>, top: u32, class: &str) -> String {
    let Some((low, high)) = range else {
        return format!("<text x=\"0\" y=\"{}\">–</text>\n", top + 11);
    };
    let scale = f64::from(WIDTH - POINTS) / 100.0;
    let x = |points: u8| super::chart::at(f64::from(points.min(100)) * scale);
    let points = if low == high {
        low.to_string()
    } else {
        format!("{low}–{high}")
    };
    format!(
        "<g class=\"{class}\">\n\
         <rect class=\"whole\" x=\"0\" y=\"{top}\" width=\"{}\" height=\"{BAR}\"/>\n\
         <rect class=\"open\" x=\"0\" y=\"{top}\" width=\"{}\" height=\"{BAR}\"/>\n\
         <rect class=\"sure\" x=\"0\" y=\"{top}\" width=\"{}\" height=\"{BAR}\"/>\n\
         </g>\n<text x=\"{}\" y=\"{}\">{points}</text>\n",
        x(100),
        x(high),
        x(low),
        WIDTH - POINTS + 8,
        top + 11,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_what_was_and_what_is_and_says_it_in_words() {
        let moves = Moves {
            title: "What moved".to_owned(),
            legend: "Above: then".to_owned(),
            rows: vec![
                Move {
                    name: "Equity <&>".to_owned(),
                    words: "Equity <&>: 25–50 → 100".to_owned(),
                    before: Some((25, 50)),
                    after: Some((100, 100)),
                },
                Move {
                    name: "New".to_owned(),
                    words: "New: – → 10".to_owned(),
                    before: None,
                    after: Some((10, 10)),
                },
            ],
        };
        let svg = moves.svg("m");
        assert!(svg.contains("Equity &lt;&amp;&gt;: 25–50 → 100; New: – → 10<"));
        // 25, 50 and 100 of a bar 376 wide.
        for part in [
            "<g class=\"was\">\n<rect class=\"whole\" x=\"0\" y=\"22\" width=\"376\"",
            "class=\"open\" x=\"0\" y=\"22\" width=\"188\"",
            "class=\"sure\" x=\"0\" y=\"22\" width=\"94\"",
            "class=\"sure\" x=\"0\" y=\"38\" width=\"376\"",
            "<text x=\"0\" y=\"95\">–</text>",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(svg.contains("viewBox=\"0 0 440 128\""));
    }
}
