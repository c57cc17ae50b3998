//! The picture of a curve: straight lines between break points, level before the first and after the last.

use super::picture::{Texts, figure};
use super::visible;
use evenhand_diagnostic::text::escape_html as escaped;
use evenhand_diagnostic::text::number;

/// A curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// What it shows, in a line.
    pub title: String,
    /// What is measured from left to right.
    pub across: String,
    /// What is measured upwards.
    pub up: String,
    /// The break points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// The break points of the usual curve, where this is another one.
    pub usual: Option<Vec<(f64, f64)>>,
}

const WIDE: u32 = 440;
const WIDTH: f64 = WIDE as f64;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const PLOT: f64 = 130.0;
/// Height of one line of labels under the axis.
const ROW: f64 = 14.0;
/// About the width of a digit at the size of the labels.
const DIGIT: f64 = 6.6;

impl Chart {
    /// The value of the usual curve at a place.
    pub(super) fn usual_at(&self, x: f64) -> Option<f64> {
        let points = self.usual.as_deref()?;
        let (first, last) = (points.first()?, points.last()?);
        if x <= first.0 {
            return Some(first.1);
        }
        points
            .windows(2)
            .find_map(|pair| match pair {
                [(x0, y0), (x1, y1)] if x <= *x1 && x1 > x0 => {
                    Some(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
                }
                _ => None,
            })
            .or(Some(last.1))
    }

    /// The break points in words.
    pub fn words(&self) -> String {
        let points: Vec<String> = self
            .points
            .iter()
            .map(|(x, y)| format!("{} gives {}", number(*x), number(*y)))
            .collect();
        format!(
            "{} over {}: {}; straight between these, level outside.",
            capital(&self.up),
            self.across,
            points.join(", ")
        )
    }

    /// The picture, with a title and a description for those who do not see it.
    pub(super) fn svg(&self, id: &str) -> String {
        let scale = Scale::of(self);
        let rows = scale.rows(&self.points);
        let below = rows.iter().map(|(row, _, _)| *row).max().unwrap_or(0) + 1;
        let base = TOP + PLOT;
        #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
        let height = base + 8.0 + ROW * (below as f64 + 1.0) + 4.0;
        let mut svg = String::new();
        self.guides(&scale, base, &mut svg);
        svg.push_str(&format!(
            "<path class=\"axis\" d=\"M{LEFT} {TOP}V{base}H{}\"/>\n",
            WIDTH - RIGHT
        ));
        for (row, x, label) in rows {
            #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
            let y = base + 6.0 + ROW * (row as f64 + 0.7);
            svg.push_str(&format!(
                "<text class=\"x\" x=\"{}\" y=\"{}\">{label}</text>\n",
                at(x),
                at(y)
            ));
        }
        for (y, label) in scale.marks(&self.points) {
            svg.push_str(&format!(
                "<text class=\"y\" x=\"{}\" y=\"{}\">{label}</text>\n",
                LEFT - 6.0,
                at(y + 4.0)
            ));
        }
        svg.push_str(&format!(
            "<text class=\"x name\" x=\"{}\" y=\"{}\">{}</text>\n",
            at(f64::midpoint(LEFT, WIDTH - RIGHT)),
            at(height - 5.0),
            escaped(&visible(&self.across))
        ));
        if let Some(usual) = &self.usual {
            svg.push_str(&format!(
                "<path class=\"usual\" d=\"{}\"/>\n",
                scale.path(usual)
            ));
        }
        svg.push_str(&format!(
            "<path class=\"curve\" d=\"{}\"/>\n",
            scale.path(&self.points)
        ));
        for point in &self.points {
            svg.push_str(&format!(
                "<circle class=\"point\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>\n",
                at(scale.x(point.0)),
                at(scale.y(point.1))
            ));
        }
        let words = self.words();
        let caption = match &self.usual {
            Some(_) => format!("{words} Dashed: the usual curve."),
            None => words.clone(),
        };
        let texts = Texts {
            id,
            title: &self.title,
            words: &words,
            caption: &caption,
        };
        figure(&texts, WIDE, &at(height), &svg)
    }

    /// Thin lines from each break point to the axes.
    fn guides(&self, scale: &Scale, base: f64, svg: &mut String) {
        for (x, y) in &self.points {
            svg.push_str(&format!(
                "<path class=\"guide\" d=\"M{LEFT} {}H{}V{base}\"/>\n",
                at(scale.y(*y)),
                at(scale.x(*x)),
            ));
        }
    }
}

/// From values to places in the picture.
struct Scale {
    from: f64,
    to: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn of(chart: &Chart) -> Self {
        let all = || chart.points.iter().chain(chart.usual.iter().flatten());
        let bounds = |values: Vec<f64>| {
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (low, high)
        };
        let (mut from, mut to) = bounds(all().map(|point| point.0).collect());
        let (low, high) = bounds(all().map(|point| point.1).collect());
        // A little room on both sides shows that the curve goes on level.
        let room = if to > from { (to - from) * 0.06 } else { 1.0 };
        to += room;
        from = if from >= 0.0 {
            (from - room).max(0.0)
        } else {
            from - room
        };
        Self {
            from,
            to,
            low: low.min(0.0),
            high: high.max(1.0),
        }
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + (value - self.from) / (self.to - self.from) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (self.high - value) / (self.high - self.low) * PLOT
    }

    fn path(&self, points: &[(f64, f64)]) -> String {
        let mut path = String::new();
        if let (Some(first), Some(last)) = (points.first(), points.last()) {
            path.push_str(&format!("M{} {}", at(LEFT), at(self.y(first.1))));
            for (x, y) in points {
                path.push_str(&format!("L{} {}", at(self.x(*x)), at(self.y(*y))));
            }
            path.push_str(&format!("L{} {}", at(WIDTH - RIGHT), at(self.y(last.1))));
        }
        path
    }

    /// Labels under the axis: row, place and text. What would touch its neighbour goes one row down.
    fn rows(&self, points: &[(f64, f64)]) -> Vec<(usize, f64, String)> {
        let mut ends: Vec<f64> = Vec::new();
        let mut rows = Vec::new();
        for (value, _) in points {
            let label = number(*value);
            #[expect(clippy::cast_precision_loss, reason = "a handful of digits")]
            let half = (label.len() as f64) * DIGIT / 2.0;
            let x = self.x(*value).clamp(half, WIDTH - half);
            let row = ends
                .iter()
                .position(|end| x - half > end + 4.0)
                .unwrap_or(ends.len());
            match ends.get_mut(row) {
                Some(end) => *end = x + half,
                None => ends.push(x + half),
            }
            rows.push((row, x, label));
        }
        rows
    }

    /// Labels beside the axis: place and text, pushed apart where they would touch.
    fn marks(&self, points: &[(f64, f64)]) -> Vec<(f64, String)> {
        let mut values: Vec<f64> = points.iter().map(|point| point.1).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        values.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
        let mut marks: Vec<(f64, String)> = Vec::new();
        for value in values {
            let wanted = self.y(value);
            let free = marks.last().map_or(wanted, |(y, _)| wanted.max(y + 12.0));
            marks.push((free, number(value)));
        }
        marks
    }
}

/// A place in the picture, to a tenth.
pub(super) fn at(place: f64) -> String {
    let text = format!("{place:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn capital(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Chart {
        Chart {
            title: "Weeks <of> a stay".to_owned(),
            across: "weeks".to_owned(),
            up: "degree".to_owned(),
            points: vec![(1.0, 0.0), (3.0, 0.5), (12.0, 1.0)],
            usual: Some(vec![(1.0, 0.0), (2.0, 0.2), (12.0, 1.0)]),
        }
    }

    #[test]
    fn the_picture_says_in_words_what_it_shows() {
        let svg = chart().svg("c");
        assert!(svg.contains("<title id=\"c-title\">Weeks &lt;of&gt; a stay</title>"));
        assert!(svg.contains("Degree over weeks: 1 gives 0, 3 gives 0.5, 12 gives 1;"));
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(svg.contains("Dashed: the usual curve."));
    }

    #[test]
    fn the_usual_curve_is_read_at_the_points_of_the_other() {
        let chart = chart();
        assert_eq!(chart.usual_at(0.0), Some(0.0));
        assert!((chart.usual_at(3.0).unwrap() - 0.28).abs() < 1e-9);
        assert_eq!(chart.usual_at(40.0), Some(1.0));
    }

    #[test]
    fn labels_do_not_touch() {
        let mut chart = chart();
        chart.usual = None;
        chart.points = vec![(0.0, 0.0), (0.1, 0.45), (0.12, 0.5), (5.0, 1.0)];
        let scale = Scale::of(&chart);
        let rows: Vec<usize> = scale.rows(&chart.points).iter().map(|row| row.0).collect();
        assert_eq!(rows, [0, 1, 2, 0]);
        let marks = scale.marks(&chart.points);
        assert!(
            marks
                .windows(2)
                .all(|pair| pair[1].0 - pair[0].0 >= 12.0 - 1e-9)
        );
    }
}
