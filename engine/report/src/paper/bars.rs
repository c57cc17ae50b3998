//! The picture of amounts: a bar for each row, full up to the low figure and light up to the high one, with a line at the
//! central figure and, where there is something to compare with, a dashed one.

use super::picture::{Texts, figure};
use super::visible;
use evenhand_diagnostic::text::{escape_html as escaped, shorten};

/// Amounts of one unit, one under the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// What it shows, in a line.
    pub title: String,
    /// What the colours and lines mean.
    pub legend: String,
    /// The rows, from top to bottom.
    pub rows: Vec<Bar>,
}

/// One row. An amount below nothing is shown as nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// What it is called.
    pub name: String,
    /// The amounts as they stand behind the bar.
    pub shown: String,
    /// What the row shows, in the language of the document.
    pub words: String,
    /// The low figure.
    pub low: f64,
    /// The central figure.
    pub central: f64,
    /// The high figure.
    pub high: f64,
    /// What it is compared with, if it is.
    pub beside: Option<f64>,
}

const WIDTH: u32 = 440;
/// Height of a row: its name, and its bar under it, so that long names have room on a narrow screen.
const ROW: u32 = 44;
const BAR: u32 = 16;
/// Where the bars begin: a line at nothing stands in the picture in full.
const LEFT: u32 = 3;
/// Room for the amounts behind a bar.
const SHOWN: u32 = 136;
/// Characters of a name, and of the amounts, for which there is room; the table beside has them in full.
const ROOM: (usize, usize) = (66, 20);

impl Bars {
    /// The rows in words.
    pub fn words(&self) -> String {
        let rows = self.rows.iter().map(|row| row.words.as_str());
        rows.collect::<Vec<_>>().join("; ")
    }

    /// The picture, with a title and a description for those who do not see it.
    pub(super) fn svg(&self, id: &str) -> String {
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX / ROW);
        let height = count.saturating_mul(ROW) + 4;
        let amounts = self
            .rows
            .iter()
            .flat_map(|row| [row.high, row.central, row.beside.unwrap_or_default()]);
        let most = amounts.fold(0.0, f64::max);
        let mut inside = String::new();
        for (row, index) in self.rows.iter().zip(0_u32..) {
            inside.push_str(&row.svg(index.saturating_mul(ROW), most));
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

impl Bar {
    fn svg(&self, top: u32, most: f64) -> String {
        let whole = f64::from(WIDTH - SHOWN - LEFT);
        let wide = |amount: f64| {
            let share = if most > 0.0 { amount / most } else { 0.0 };
            share.clamp(0.0, 1.0) * whole
        };
        let bar = top + 22;
        let line = |class: &str, at: f64| {
            let (from, to) = (bar - 4, bar + BAR + 4);
            let x = super::chart::at(wide(at) + f64::from(LEFT));
            format!("<path class=\"{class}\" d=\"M{x} {from}V{to}\"/>\n")
        };
        // What it is compared with may lie within the full part of the bar, and stands out from it.
        let beside = self
            .beside
            .map(|beside| [line("halo", beside), line("beside", beside)].concat());
        format!(
            "<text x=\"0\" y=\"{}\">{}</text>\n\
             <rect class=\"whole\" x=\"{LEFT}\" y=\"{bar}\" width=\"{}\" height=\"{BAR}\"/>\n\
             <rect class=\"open\" x=\"{LEFT}\" y=\"{bar}\" width=\"{}\" height=\"{BAR}\"/>\n\
             <rect class=\"sure\" x=\"{LEFT}\" y=\"{bar}\" width=\"{}\" height=\"{BAR}\"/>\n\
             {}{}<text x=\"{}\" y=\"{}\">{}</text>\n",
            top + 13,
            escaped(&visible(&shorten(&self.name, ROOM.0))),
            super::chart::at(whole),
            super::chart::at(wide(self.high)),
            super::chart::at(wide(self.low)),
            line("central", self.central),
            beside.unwrap_or_default(),
            WIDTH - SHOWN + 8,
            bar + 13,
            escaped(&visible(&shorten(&self.shown, ROOM.1))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(low: f64, central: f64, high: f64, beside: Option<f64>) -> Bar {
        Bar {
            name: "Flow <1>".to_owned(),
            shown: "1 & 2".to_owned(),
            words: "Flow <1>: 1 & 2".to_owned(),
            low,
            central,
            high,
            beside,
        }
    }

    #[test]
    fn the_picture_shows_range_middle_and_what_is_beside_and_says_them_in_words() {
        let bars = Bars {
            title: "Emissions".to_owned(),
            legend: "Dashed: online".to_owned(),
            rows: vec![
                bar(100.0, 150.0, 200.0, Some(50.0)),
                bar(0.0, 0.0, 0.0, None),
            ],
        };
        let svg = bars.svg("b");
        assert!(svg.contains("Flow &lt;1&gt;: 1 &amp; 2; Flow &lt;1&gt;: 1 &amp; 2</desc>"));
        // 200 is the most, and the bar is 301 wide; a half is rounded to the even tenth.
        for part in [
            "class=\"open\" x=\"3\" y=\"22\" width=\"301\"",
            "class=\"sure\" x=\"3\" y=\"22\" width=\"150.5\"",
            "class=\"central\" d=\"M228.8 18V42\"",
            "class=\"beside\" d=\"M78.2 18V42\"",
            "class=\"sure\" x=\"3\" y=\"66\" width=\"0\"",
            "viewBox=\"0 0 440 92\"",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
    }

    #[test]
    fn amounts_of_any_size_stay_within_the_picture() {
        for rows in [
            vec![bar(-5.0, -1.0, -0.5, Some(-3.0))],
            vec![
                bar(0.0, 1e308, 1e308, Some(1e308)),
                bar(1.0, 2.0, 3.0, None),
            ],
            Vec::new(),
        ] {
            let bars = Bars {
                rows,
                ..Bars::default()
            };
            let svg = bars.svg("b");
            for wrong in ["NaN", "inf", "width=\"-"] {
                assert!(!svg.contains(wrong), "{svg}");
            }
        }
    }
}
