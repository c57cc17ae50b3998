//! The picture of ranges: a bar for each row, what is certain full, what is open light, and a line where something is asked for.

use super::picture::{Texts, figure};
use super::visible;
use evenhand_diagnostic::text::escape_html as escaped;

/// Ranges of points, one under the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranges {
    /// What it shows, in a line.
    pub title: String,
    /// What the colours and the line mean.
    pub legend: String,
    /// The rows, from top to bottom.
    pub rows: Vec<Range>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Range {
    /// What it is called.
    pub name: String,
    /// What it shows, in the language of the document.
    pub words: String,
    /// The low end, 0..=100.
    pub low: u8,
    /// The high end, 0..=100.
    pub high: u8,
    /// Where the line stands, 0..=100, if anything is asked for.
    pub mark: Option<f64>,
}

const WIDTH: u32 = 440;
/// Height of a row: its name, and its bar under it, so that long names have room on a narrow screen.
const ROW: u32 = 44;
const BAR: u32 = 16;
/// Room for the points behind a bar.
const POINTS: u32 = 64;

impl Ranges {
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
            inside.push_str(&row.svg(index * ROW));
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

impl Range {
    fn points(&self) -> String {
        if self.low == self.high {
            self.low.to_string()
        } else {
            format!("{}–{}", self.low, self.high)
        }
    }

    fn svg(&self, top: u32) -> String {
        let scale = f64::from(WIDTH - POINTS) / 100.0;
        let x = |points: f64| super::chart::at(points.clamp(0.0, 100.0) * scale);
        let (low, high) = (f64::from(self.low), f64::from(self.high));
        let (bar, full) = (top + 22, x(100.0));
        let asked = self.mark.map(|mark| {
            let (from, to) = (top + 18, bar + BAR + 4);
            format!("<path class=\"asked\" d=\"M{} {from}V{to}\"/>\n", x(mark))
        });
        let asked = asked.unwrap_or_default();
        format!(
            "<text x=\"0\" y=\"{}\">{}</text>\n\
             <rect class=\"whole\" x=\"0\" y=\"{bar}\" width=\"{full}\" height=\"{BAR}\"/>\n\
             <rect class=\"open\" x=\"0\" y=\"{bar}\" width=\"{}\" height=\"{BAR}\"/>\n\
             <rect class=\"sure\" x=\"0\" y=\"{bar}\" width=\"{}\" height=\"{BAR}\"/>\n\
             {asked}\
             <text x=\"{}\" y=\"{}\">{}</text>\n",
            top + 15,
            escaped(&visible(&self.name)),
            x(high),
            x(low),
            WIDTH - POINTS + 8,
            bar + 13,
            self.points(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_both_ends_and_says_them_in_words() {
        let ranges = Ranges {
            title: "Ranges".to_owned(),
            legend: "Line: asked for".to_owned(),
            rows: vec![
                Range {
                    name: "Equity <&>".to_owned(),
                    words: "Equity <&>: 25–50 of 100".to_owned(),
                    low: 25,
                    high: 50,
                    mark: Some(45.0),
                },
                Range {
                    name: "Climate".to_owned(),
                    words: "Climate: 100 of 100".to_owned(),
                    low: 100,
                    high: 100,
                    mark: Some(45.0),
                },
            ],
        };
        let svg = ranges.svg("r");
        assert!(svg.contains("Equity &lt;&amp;&gt;: 25–50 of 100; Climate: 100 of 100<"));
        // 25, 50 and 100 of a bar 376 wide.
        for part in [
            "class=\"sure\" x=\"0\" y=\"22\" width=\"94\"",
            "class=\"open\" x=\"0\" y=\"22\" width=\"188\"",
            "class=\"sure\" x=\"0\" y=\"66\" width=\"376\"",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(svg.contains("viewBox=\"0 0 440 92\""));
    }
}
