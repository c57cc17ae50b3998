//! Countries: income group, bloc, WHO list. The table is `data/countries.csv`; see `data/README.md`.

use std::fmt;
use std::sync::LazyLock;

/// The World Bank fiscal year whose income groups are used (1 July 2025 to 30 June 2026).
pub(crate) const INCOME_YEAR: &str = "FY26";

static TABLE: LazyLock<Vec<Country>> = LazyLock::new(|| {
    include_str!("../data/countries.csv")
        .lines()
        .skip(1)
        .filter_map(row)
        .collect()
});

/// Codes people write that are not ISO 3166-1 codes, with the code they mean.
const SLIPS: &[(&str, &str)] = &[("UK", "GB"), ("EL", "GR"), ("EN", "GB")];

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Country {
    /// ISO 3166-1 alpha-2, and `XK` for Kosovo.
    pub(crate) code: &'static str,
    iso3: &'static str,
    /// Common English name.
    pub(crate) name: &'static str,
    /// World Bank income group.
    pub(crate) group: Group,
    /// On the WHO health workforce support and safeguards list of 2023.
    pub(crate) who_safeguards: bool,
}

/// World Bank income groups, and `Unclassified` for what the Bank does not place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Low,
    LowerMiddle,
    UpperMiddle,
    High,
    Unclassified,
}

impl Group {
    /// Every group, poorest first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Low,
        Self::LowerMiddle,
        Self::UpperMiddle,
        Self::High,
        Self::Unclassified,
    ];

    /// Its name in facts and settings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::LowerMiddle => "lower_middle",
            Self::UpperMiddle => "upper_middle",
            Self::High => "high",
            Self::Unclassified => "unclassified",
        }
    }

    /// The group of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }
}

/// The two sides between which equity is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bloc {
    North,
    South,
}

impl fmt::Display for Bloc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::North => "north",
            Self::South => "south",
        })
    }
}

/// The country of an ISO 3166-1 alpha-2 code in capitals.
pub(crate) fn country(code: &str) -> Option<&'static Country> {
    let at = TABLE
        .binary_search_by(|country| country.code.cmp(code))
        .ok()?;
    TABLE.get(at)
}

/// The country that a wrong code probably means: small letters, a three-letter code, a usual slip or an English name.
pub(crate) fn meant(text: &str) -> Option<&'static Country> {
    let upper = text.trim().to_uppercase();
    let slip = SLIPS
        .iter()
        .find(|(wrong, _)| *wrong == upper)
        .map(|(_, right)| *right);
    country(slip.unwrap_or(&upper)).or_else(|| {
        TABLE
            .iter()
            .find(|country| country.iso3 == upper || country.name.to_uppercase() == upper)
    })
}

fn row(line: &'static str) -> Option<Country> {
    let mut cells = line.splitn(6, ',');
    let (code, iso3, group) = (cells.next()?, cells.next()?, Group::named(cells.next()?)?);
    let _counted_with = cells.next()?;
    let who_safeguards = cells.next()? == "1";
    Some(Country {
        code,
        iso3,
        name: cells.next()?,
        group,
        who_safeguards,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_sorted() {
        let lines = include_str!("../data/countries.csv").lines().count() - 1;
        assert_eq!(TABLE.len(), lines, "a row could not be read");
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(
            TABLE
                .iter()
                .filter(|country| country.who_safeguards)
                .count(),
            55
        );
    }

    #[test]
    fn income_groups_of_fy26() {
        for (group, count) in [
            (Group::Low, 25),
            (Group::LowerMiddle, 50),
            (Group::UpperMiddle, 54),
        ] {
            assert_eq!(
                TABLE.iter().filter(|c| c.group == group).count(),
                count,
                "{group:?}"
            );
        }
        for (code, group) in [
            ("NA", Group::LowerMiddle),
            ("ET", Group::Unclassified),
            ("VE", Group::Unclassified),
            ("TW", Group::High),
            ("XK", Group::UpperMiddle),
            ("CR", Group::High),
            ("WS", Group::UpperMiddle),
            ("CV", Group::UpperMiddle),
            ("MW", Group::Low),
            ("GP", Group::High),
        ] {
            assert_eq!(country(code).unwrap().group, group, "{code}");
        }
    }

    #[test]
    fn the_who_list_of_2023() {
        const LIST: &str = "AF AO BD BJ BF BI CM CF TD KM CG CD CI DJ GQ ER ET GA GM GH GN GW HT KI LA LS LR \
            MG MW ML MR FM MZ NP NE NG PK PG RW WS SN SL SB SO SS SD TL TG TV TZ UG VU YE ZM ZW";
        let mut listed: Vec<&str> = LIST.split_whitespace().collect();
        listed.sort_unstable();
        let ours: Vec<&str> = TABLE
            .iter()
            .filter(|country| country.who_safeguards)
            .map(|country| country.code)
            .collect();
        assert_eq!(ours, listed);
    }

    #[test]
    fn slips_are_understood_but_not_accepted() {
        for (wrong, right) in [
            ("UK", "GB"),
            ("ke", "KE"),
            ("KEN", "KE"),
            ("Kenya", "KE"),
            ("türkiye", "TR"),
            (" us ", "US"),
        ] {
            assert!(country(wrong).is_none(), "{wrong}");
            assert_eq!(meant(wrong).map(|country| country.code), Some(right));
        }
        assert_eq!(meant("Atlantis"), None);
        assert_eq!(country("NA").unwrap().name, "Namibia");
    }
}
