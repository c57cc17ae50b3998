//! Hotel nights: kg CO2e per room-night by country.
//!
//! Published: DESNZ 2026, tab "Hotel stay" (from the Cornell Hotel Sustainability Benchmarking index, Greenview),
//! Open Government Licence v3.0. For other countries an estimate of our own, fitted to the published values.

/// Sorted by ISO 3166-1 alpha-2.
pub(crate) static PUBLISHED: [(&str, f64); 38] = [
    ("AE", 63.8),
    ("AU", 35.0),
    ("BE", 12.2),
    ("BR", 8.7),
    ("CA", 7.4),
    ("CH", 6.6),
    ("CL", 27.6),
    ("CN", 53.5),
    ("CO", 14.7),
    ("CR", 4.7),
    ("DE", 13.2),
    ("EG", 44.2),
    ("ES", 7.0),
    ("FR", 6.7),
    ("GB", 10.4),
    ("HK", 51.5),
    ("ID", 62.7),
    ("IN", 58.9),
    ("IT", 14.3),
    ("JO", 68.9),
    ("JP", 39.0),
    ("KR", 55.8),
    ("MV", 152.2),
    ("MX", 19.3),
    ("MY", 61.5),
    ("NL", 14.8),
    ("OM", 90.3),
    ("PH", 54.3),
    ("PT", 19.0),
    ("QA", 86.2),
    ("RU", 24.2),
    ("SA", 106.4),
    ("SG", 24.5),
    ("TH", 43.4),
    ("TR", 32.1),
    ("US", 16.1),
    ("VN", 38.5),
    ("ZA", 51.4),
];

/// The published value of the country.
pub(crate) fn published(country: &str) -> Option<f64> {
    PUBLISHED
        .iter()
        .find(|(code, _)| *code == country)
        .map(|(_, kg)| *kg)
}

/// An estimate from the carbon intensity of the country's electricity in g CO2e per kWh.
///
/// ln(kg) = 1.734 + 0.003827 g, fitted to the published values (R² 0.80, median error 33 % when a value is left
/// out, worst 91 %), held to the range of intensities of the fit. Take it as ±50 %, and as too low where many
/// hotels run generators.
pub(crate) fn estimate(intensity: f64) -> f64 {
    libm::exp(1.734 + 0.003_827 * intensity.clamp(36.0, 709.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_comes_near_most_published_values() {
        let mut errors: Vec<f64> = PUBLISHED
            .iter()
            .filter_map(|(country, kg)| {
                let intensity = crate::electricity::intensity(country)?;
                Some((estimate(intensity) / kg - 1.0).abs())
            })
            .collect();
        errors.sort_by(f64::total_cmp);
        let median = errors[errors.len() / 2];
        assert!(errors.len() > 30 && median < 0.40, "{median}");
    }

    #[test]
    fn the_estimate_stays_within_the_fit() {
        assert!((estimate(0.0) - 6.5).abs() < 0.1);
        assert!((estimate(1306.0) - 85.4).abs() < 0.2);
    }
}
