//! How proposals are judged, in words and with the settings in force.

use super::Writer;
use evenhand_core::level::{Levels, Step};
use evenhand_core::rule::Severity;
use evenhand_core::rule::page::DEFAULT_GATE;
use evenhand_core::settings::Settings;
use evenhand_diagnostic::text::number;
use evenhand_report::paper::{Block, Inline, Section, Table, code, lines, paragraph, strong, text};

impl Writer<'_> {
    pub(super) fn method(&self) -> Section {
        Section {
            id: "method".to_owned(),
            title: vec![text("How a proposal is judged")],
            blocks: vec![paragraph(
                "Evenhand recommends; people decide. It asks every rule of this book of a proposal, says what it found and on which \
                 answers that rests, sums up each dimension in a word, and gives a verdict with its reason.",
            )],
            sections: vec![
                facts(),
                outcomes(),
                self.levels(),
                self.severities(),
                self.verdict(),
            ],
        }
    }

    /// The board's word for a verdict or a level, with the word of records beside it; otherwise that word alone.
    fn called(&self, code: &str) -> Vec<Inline> {
        match self.book.settings().names.words.get(code) {
            Some(word) => vec![
                strong(word.clone()),
                text(" ("),
                self::code(code.to_owned()),
                text(")"),
            ],
            None => vec![strong(code)],
        }
    }

    /// Levels with their points, from the best on.
    fn level_rows(&self) -> Vec<Vec<Vec<Inline>>> {
        let (own, usual) = (&self.book.settings().levels, Levels::default());
        let steps = own.steps().iter().rev();
        let row = |step: &Step| {
            let word = step.level.word();
            let mut cell = if step.level.is_lowest() {
                vec![text("fewer")]
            } else {
                vec![text(format!("{} points or more", number(step.from)))]
            };
            let before = usual.bound(word).filter(|_| !own.is_own());
            let moved = before.filter(|before| (step.from - before).abs() > f64::EPSILON);
            cell.extend(moved.map(|before| {
                let before = number(before);
                text(format!(", set by the board; {before} otherwise"))
            }));
            vec![self.called(word), cell]
        };
        steps.map(row).collect()
    }

    fn levels(&self) -> Section {
        let settings = self.book.settings();
        let usual = Settings::default();
        let thresholds = self.book.info().dimensions.iter().map(|dimension| {
            let points = settings.threshold(&dimension.id);
            let mut cell = vec![text(number(points))];
            if settings.thresholds.contains_key(&dimension.id) {
                let usual = number(usual.threshold(&dimension.id));
                cell.push(text(format!(", set by the board; {usual} otherwise")));
            }
            vec![self.dimension_called(&dimension.id, &dimension.title), cell]
        });
        let levels = &settings.levels;
        let mut own = Vec::new();
        if levels.is_own() {
            let mut line = vec![text(
                "These levels are the board's own; without its settings they are ",
            )];
            line.push(text(format!("{}.", usual.levels.shown())));
            own.push(Block::Paragraph(line));
        }
        let mut cap = vec![text(
            "Where low and high lie in different levels, both words are shown and neither is chosen. A critical rule at or under \
             its gate gives its dimension the lowest level, ",
        )];
        cap.extend(self.called(levels.lowest().word()));
        cap.push(text(format!(
            ", with at most {} points, however good the rest is.",
            number(levels.cap())
        )));
        let mut required = vec![text("Every dimension has to reach the level ")];
        required.extend(self.called(levels.required().word()));
        required.push(text(format!(
            ", or {} points, unless the board asks for others:",
            number(levels.threshold())
        )));
        let mut blocks = vec![
            paragraph(
                "A dimension counts the rules that apply. With the weight w of each rule and its degree s, its points are",
            ),
            Block::Code(
                "low  = 100 · Σ w·s(low)  / Σ w\nhigh = 100 · Σ w·s(high) / Σ w".to_owned(),
            ),
            paragraph(
                "where s(low) and s(high) are the same for everything that is known. Points are cut down to whole ones before \
                 anything is compared with them, so that what is shown is what decides. Completeness, shown beside them, is the \
                 share of the weight whose outcome is known.",
            ),
            Block::Table(Table {
                caption: "Levels in words".to_owned(),
                head: vec!["Level".to_owned(), "Points".to_owned()],
                rows: self.level_rows(),
            }),
        ];
        blocks.extend(own);
        blocks.extend([
            Block::Paragraph(cap),
            Block::Paragraph(required),
            Block::Table(Table {
                caption: "Points under which a dimension asks for revision".to_owned(),
                head: vec!["Dimension".to_owned(), "Threshold".to_owned()],
                rows: thresholds.collect(),
            }),
            paragraph(
                "There is no single number for a whole proposal: a good result for the climate must not hide a fault against patients.",
            ),
        ]);
        section("method-levels", "Points and levels", blocks)
    }

    /// What a dimension is called, with its id where the board has a title of its own.
    fn dimension_called(&self, id: &str, title: &str) -> Vec<Inline> {
        let mut called = vec![text(title.to_owned())];
        if self.book.settings().names.dimensions.contains_key(id) {
            called.extend([text(" ("), code(id.to_owned()), text(")")]);
        }
        called
    }

    fn verdict(&self) -> Section {
        let item = |word: &str, what: &str| {
            let mut line = self.called(word);
            line.push(text(format!(": {what}")));
            vec![Block::Paragraph(line)]
        };
        section(
            "method-verdict",
            "The verdict",
            vec![
                paragraph("The first of these that holds:"),
                Block::List {
                    start: Some(1),
                    items: vec![
                        item(
                            "stop",
                            "the degree of a critical rule is at or under its gate, whatever is still open.",
                        ),
                        item(
                            "incomplete",
                            "what is not known decides between two verdicts, or a rule or plugin failed.",
                        ),
                        item(
                            "revise",
                            "a dimension has fewer points than the board asks for.",
                        ),
                        item("proceed", "none of these."),
                    ],
                },
            ],
        )
    }

    fn severities(&self) -> Section {
        let what = |severity: Severity| match severity {
            Severity::Critical => "its failure stops a program",
            Severity::Major => "a serious fault, which others can outweigh",
            Severity::Minor => "an improvement",
            Severity::Info => "described, never counted",
        };
        let rows = Severity::ALL.into_iter().map(|severity| {
            vec![
                vec![text(severity.word())],
                vec![text(number(severity.weight()))],
                vec![text(what(severity))],
            ]
        });
        let changed: Vec<Vec<Inline>> = self
            .book
            .rules()
            .iter()
            .filter_map(|rule| {
                let usual = rule
                    .page
                    .weight
                    .unwrap_or_else(|| rule.page.severity.weight());
                let own = rule.weight();
                ((own - usual).abs() > f64::EPSILON).then(|| {
                    vec![
                        code(rule.page.id.clone()),
                        text(format!(": {} instead of {}", number(own), number(usual))),
                    ]
                })
            })
            .collect();
        let mut blocks = vec![
            Block::Table(Table {
                caption: "Weight of a rule unless its page or the board sets another".to_owned(),
                head: ["Severity", "Weight", "Means"].map(str::to_owned).to_vec(),
                rows: rows.collect(),
            }),
            paragraph(format!(
                "The gate of a critical rule is the degree at or under which it stops a program: {} unless its page names another.",
                number(DEFAULT_GATE)
            )),
            paragraph(
                "A prompt is a question for the board's discussion. It has sources, no points, and never changes a verdict.",
            ),
            paragraph(
                "A check asks whether odd answers are right. It has no points; until somebody says so, what it doubts buys nothing.",
            ),
        ];
        if !changed.is_empty() {
            blocks.push(paragraph("The board has set other weights:"));
            blocks.push(lines(changed));
        }
        section("method-severity", "Severity, weight and gate", blocks)
    }
}

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section {
        id: id.to_owned(),
        title: vec![text(title)],
        blocks,
        sections: Vec::new(),
    }
}

fn facts() -> Section {
    section(
        "method-facts",
        "Facts, and what is not known yet",
        vec![
            paragraph(
                "A proposal states facts; plugins derive more from them, such as tonnes of carbon or the share of places that flow \
                 back. What is left out is not known yet. It is never read as no, as nothing or as zero.",
            ),
            paragraph(
                "A rule that needs a fact which is not known leaves its degree open and names what to ask for. Where the fact is a \
                 yes or no or one of a list of answers, every possible answer is tried (64 runs of a rule at most), so that only what \
                 could really come out stays open, and nobody is asked for what makes no difference. Leaving something out can never \
                 raise the lower end of a result.",
            ),
            paragraph(
                "Partners can stand behind facts by attesting them. Rules about what the host needs, bears and gains, and about \
                 consent, give full marks only to what the host's side has confirmed.",
            ),
        ],
    )
}

fn outcomes() -> Section {
    let row = |word: &str, degree: &str, what: &str| {
        vec![vec![strong(word)], vec![text(degree)], vec![text(what)]]
    };
    section(
        "method-outcomes",
        "What a rule can find",
        vec![Block::Table(Table {
            caption: "The degree says how far a requirement is satisfied".to_owned(),
            head: ["Outcome", "Degree", "Means"].map(str::to_owned).to_vec(),
            rows: vec![
                row("met", "1", "the requirement holds"),
                row(
                    "partly",
                    "between",
                    "it holds in part, by the curve or scale on the rule's page",
                ),
                row("not met", "0", "it does not hold"),
                row(
                    "open",
                    "a range, at most 0 to 1",
                    "a fact that decides it is not known yet",
                ),
                row(
                    "does not apply",
                    "none",
                    "the question does not arise for this program; it counts nowhere",
                ),
                row(
                    "error",
                    "0 to 1",
                    "the rule itself failed; that is shown and passes nobody",
                ),
            ],
        })],
    )
}
