//! Compares every figure carried with the tables it was typed from, where those lie beside the project.

use super::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn table(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/domain/data")
        .join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!(
            "SKIPPED: {name} is not beside the project, so the figures were not compared with it"
        );
    }
    text
}

/// (set, mode, variant, cabin, boundary) → figure, for every figure carried.
fn carried() -> BTreeMap<[&'static str; 5], f64> {
    let mut figures = BTreeMap::new();
    for set in sets() {
        let flights = &set.flights;
        for (variant, cabin, flight) in [
            ("domestic", "average", flights.domestic),
            ("short_haul", "average", flights.short.average),
            ("short_haul", "economy", flights.short.economy),
            ("short_haul", "business", flights.short.business),
            ("long_haul", "average", flights.long.average),
            ("long_haul", "economy", flights.long.economy),
            ("long_haul", "premium_economy", flights.long.premium_economy),
            ("long_haul", "business", flights.long.business),
            ("long_haul", "first", flights.long.first),
        ] {
            let row = |boundary| [set.id, "flight", variant, cabin, boundary];
            figures.insert(row("ttw_norf"), flight.direct);
            figures.insert(row("ttw_rf"), flight.with_non_co2);
            figures.insert(row("wtt"), flight.published_upstream);
            let boundary = if set.consistent_upstream == set.id {
                "wtt"
            } else {
                "wtt_consistent"
            };
            figures.insert(
                [set.consistent_upstream, "flight", variant, cabin, boundary],
                flight.consistent_upstream,
            );
        }
        for (mode, variant, factor) in [
            ("rail", "national_rail", set.rail.national),
            ("rail", "international_rail", set.rail.channel),
            ("rail", "light_rail_and_tram", set.rail.tram),
            ("rail", "london_underground", set.rail.metro),
            ("coach", "coach", set.coach),
            ("bus", "average_local_bus", set.bus),
            ("taxi", "regular_taxi", set.taxi),
            ("car", "average_unknown", set.car),
            ("motorbike", "average", set.motorbike),
            ("ferry", "foot_passenger", set.ferry.foot),
            ("ferry", "car_passenger", set.ferry.with_car),
            ("ferry", "average", set.ferry.average),
        ] {
            figures.insert([set.id, mode, variant, "", "ttw"], factor.direct);
            figures.insert([set.id, mode, variant, "", "wtt"], factor.upstream);
        }
    }
    for (variant, figure) in ["fr_tgv", "fr_intercites", "fr_ter"]
        .into_iter()
        .zip(FRANCE)
    {
        figures.insert(["ADEME-NGC-3.4.0", "rail", variant, "", "total"], figure);
    }
    for (variant, figure) in [
        "intercity_northeast_corridor",
        "intercity_national_average",
        "intercity_other_routes",
    ]
    .into_iter()
    .zip(UNITED_STATES)
    {
        figures.insert(["EPA-2025", "rail", variant, "", "ttw"], figure);
    }
    figures
}

#[test]
fn every_travel_figure_equals_the_table_it_comes_from() {
    let Some(text) = table("travel_factors.csv") else {
        return;
    };
    let published: BTreeMap<[&str; 5], f64> = crate::table::rows(&text)
        .map(|row| {
            let fields: Vec<&str> = crate::table::fields(row).collect();
            (
                [fields[0], fields[1], fields[2], fields[3], fields[4]],
                fields[6].parse().unwrap(),
            )
        })
        .collect();
    let carried = carried();
    assert_eq!(carried.len(), 3 * (9 * 3 + 12 * 2) + 9 + 6);
    for (row, figure) in carried {
        let known = published
            .get(&row)
            .unwrap_or_else(|| panic!("{row:?} is not in the table"));
        assert!(
            (figure - known).abs() < 1e-12,
            "{row:?}: {figure}, table {known}"
        );
    }
}

#[test]
fn every_hotel_figure_equals_the_table_it_comes_from() {
    let Some(text) = table("hotel_factors.csv") else {
        return;
    };
    let mut compared = 0;
    for row in crate::table::rows(&text) {
        let fields: Vec<&str> = crate::table::fields(row).collect();
        let (iso3, iso2, figure): (_, _, f64) = (fields[0], fields[1], fields[3].parse().unwrap());
        if fields[6] == "published" && iso3 != "GBR-LON" {
            assert_eq!(hotel::published(iso2), Some(figure), "{iso2}");
            compared += 1;
        } else if fields[6] != "published" {
            assert_eq!(
                hotel::published(iso2),
                None,
                "{iso2} is an estimate in the table"
            );
        }
    }
    assert_eq!(compared, hotel::PUBLISHED.len());
}

#[test]
fn the_video_figures_equal_the_table_they_come_from() {
    let Some(text) = table("virtual_factors.csv") else {
        return;
    };
    let figure = |id: &str| -> f64 {
        let row = crate::table::rows(&text)
            .find(|row| row.starts_with(id))
            .unwrap();
        crate::table::fields(row).nth(3).unwrap().parse().unwrap()
    };
    assert!((figure("stream_energy_iea2020") - VIDEO_KWH_PER_HOUR).abs() < 1e-12);
    assert!((figure("conf_egu2021") - VIDEO_KG_PER_HOUR.0).abs() < 1e-12);
    assert!((figure("conf_purdue2021") - VIDEO_KG_PER_HOUR.1).abs() < 1e-12);
}

#[test]
fn electricity_agrees_with_a_newer_edition_of_the_same_series() {
    let Some(text) = table("grid_intensity.csv") else {
        return;
    };
    let mut ratios: Vec<f64> = crate::table::rows(&text)
        .filter_map(|row| {
            let mut fields = crate::table::fields(row);
            let ours = crate::electricity::intensity(fields.next()?)?;
            let theirs: f64 = fields.nth(3)?.parse().ok()?;
            Some(ours / theirs)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let count = ratios.len();
    assert!(count > 200, "{count}");
    assert!(
        (0.95..1.15).contains(&ratios[count / 2]),
        "median {}",
        ratios[count / 2]
    );
    assert!(
        ratios[count / 20] > 0.7 && ratios[count * 19 / 20] < 1.5,
        "{ratios:?}"
    );
}

#[test]
fn the_derived_upstream_figures_follow_their_formula() {
    for set in sets() {
        for flight in [
            set.flights.short.economy,
            set.flights.long.economy,
            set.flights.domestic,
        ] {
            let ratio = flight.consistent_upstream / flight.direct;
            assert!((ratio - 0.2083).abs() < 0.0005, "{} {ratio}", set.id);
        }
    }
}

#[test]
fn non_co2_effects_come_back_to_the_published_sum() {
    for set in sets() {
        let economy = set.flights.long.economy;
        let sum = economy.direct + (PUBLISHED_MULTIPLIER - 1.0) * economy.co2();
        assert!((sum - economy.with_non_co2).abs() < 1e-12);
        // Nearly all of the direct figure is CO2; the rest is methane and nitrous oxide.
        assert!((0.98..1.0).contains(&(economy.co2() / economy.direct)));
    }
}

#[test]
fn rail_between_two_countries_lies_between_their_figures() {
    let set = &sets()[2];
    let total = |rail: CountryRail| rail.factor.direct + rail.factor.upstream;
    let (france, germany) = (total(set.rail_in("FR")), total(set.rail_in("DE")));
    let both = set.rail_between("DE", "FR");
    assert!(total(both) > france && total(both) < germany);
    let low = france * set.rail_in("FR").spread.0 + germany * set.rail_in("DE").spread.0;
    assert!((total(both) * both.spread.0 - low / 2.0).abs() < 1e-12);
    assert_eq!(set.rail_between("GB", "FR"), set.rail_between("NL", "GB"));
    assert!((total(set.rail_between("GB", "FR")) - 0.01252).abs() < 1e-9);
}
