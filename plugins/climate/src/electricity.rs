//! Carbon intensity of electricity by country.

use crate::table;

/// g CO2e per kWh, lifecycle, of what a country generates; sources and licence in `data/README.md`.
const TABLE: &str = include_str!("../data/electricity.csv");

/// g CO2e per kWh: mean of the countries of the table, weighted by generation.
pub(crate) const WORLD: f64 = 481.0;

/// g CO2e per kWh in the country (ISO 3166-1 alpha-2); `None` where no figure is published.
pub(crate) fn intensity(country: &str) -> Option<f64> {
    table::fields(table::find(TABLE, country)?)
        .nth(4)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_found_again() {
        let mut count = 0;
        for row in table::rows(TABLE) {
            let country = table::fields(row).next().unwrap();
            let grams = intensity(country).unwrap_or_else(|| panic!("{row}"));
            assert!(grams > 0.0 && grams < 1500.0, "{row}");
            count += 1;
        }
        assert_eq!(count, 212);
    }

    #[test]
    fn a_country_without_a_believable_figure_has_none() {
        assert_eq!(intensity("CF"), None, "reported as 0");
        assert_eq!(intensity("XK"), None);
        assert_eq!(intensity("内"), None);
        assert_eq!(intensity("NA"), Some(59.259));
    }
}
