//! What is read of what people type.

use super::*;

fn field(unit: &str, minimum: f64, maximum: f64) -> Field {
    Field {
        kind: Kind::Number,
        unit: Some(unit.to_owned()),
        minimum: Some(minimum),
        maximum: Some(maximum),
        ..Field::default()
    }
}

#[test]
fn numbers_are_read_on_the_scale_of_the_field() {
    let money = field("USD/year", 0.0, 1e7);
    let share = field("share", 0.0, 1.0);
    let points = field("points", 0.0, 100.0);
    let weeks = field("weeks", 0.0, 1040.0);
    let people = field("persons/year", 0.0, 1e7);
    for (field, typed, read) in [
        (&money, "6,000", Reading::Either(6000.0, 6.0)),
        (&money, "12,500", Reading::Either(12500.0, 12.5)),
        (&weeks, "6,000", Reading::One(6.0)),
        (&money, "6,00", Reading::One(6.0)),
        (&money, "0,125", Reading::One(0.125)),
        (&money, "1,234,567", Reading::One(1_234_567.0)),
        (&money, "1.234.567", Reading::One(1_234_567.0)),
        (&money, "1.234,50", Reading::One(1234.5)),
        (&money, "1,234.50", Reading::One(1234.5)),
        (&money, "6 000", Reading::One(6000.0)),
        (&money, "6\u{202f}000", Reading::One(6000.0)),
        (&money, "6'000", Reading::One(6000.0)),
        (&money, "6_000", Reading::One(6000.0)),
        (&money, "$6000", Reading::One(6000.0)),
        (&money, "USD 6000", Reading::One(6000.0)),
        (&money, "6k", Reading::One(6000.0)),
        (&money, "€6000", Reading::OtherUnit),
        (&money, "50 %", Reading::OtherUnit),
        (&share, "50 %", Reading::One(0.5)),
        (&share, "70%", Reading::One(0.7)),
        (&share, "7,5 %", Reading::One(0.075)),
        (&share, "150 %", Reading::Unknown),
        (&points, "70%", Reading::One(70.0)),
        (&weeks, "6 weeks", Reading::One(6.0)),
        (&weeks, "1 week", Reading::One(1.0)),
        (&weeks, "14 days", Reading::One(2.0)),
        (&weeks, "2 months", Reading::OtherUnit),
        (&weeks, "6-8", Reading::Range),
        (&weeks, "6 to 8 weeks", Reading::Range),
        (&weeks, "6–8", Reading::Range),
        (&weeks, "~6", Reading::One(6.0)),
        (&weeks, "\u{2212}6", Reading::Unknown),
        (&people, "10 students", Reading::One(10.0)),
        (&weeks, "several", Reading::Unknown),
        (&weeks, "", Reading::Unknown),
    ] {
        assert_eq!(number(field, typed), read, "{typed}");
    }
}

#[test]
fn dates_are_read_where_they_are_plain() {
    for (typed, read) in [
        ("1 May 2026", &["2026-05-01"][..]),
        ("May 1st, 2026", &["2026-05-01"]),
        ("1 de mayo de 2026", &["2026-05-01"]),
        ("3 août 2026", &["2026-08-03"]),
        ("2026/5/1", &["2026-05-01"]),
        ("20260501", &["2026-05-01"]),
        ("13/05/2026", &["2026-05-13"]),
        ("05/13/2026", &["2026-05-13"]),
        ("01/05/2026", &["2026-05-01", "2026-01-05"]),
        ("05.05.2026", &["2026-05-05"]),
        ("2026-05-01T10:00", &["2026-05-01"]),
        ("May 2026", &[]),
        ("31/02/2026", &[]),
        ("soon", &[]),
    ] {
        assert_eq!(dates(typed), read, "{typed}");
    }
}
