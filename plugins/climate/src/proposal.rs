//! What is read of a proposal, each value with its place.
//!
//! A value of the wrong type counts as not known: the pack's schema says what is wrong with it. A number out of
//! bounds counts as not known too, and is reported, so that no sum leaves the range of numbers.

use evenhand_plugin::wire::Problem;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Places whose absence kept something from being computed, as JSON Pointers into the proposal.
pub(crate) type Gaps = BTreeSet<String>;

/// A value, or what would have to be known for it.
pub(crate) type Known<T> = Result<T, Gaps>;

/// One gap.
pub(crate) fn gap<T>(pointer: impl Into<String>) -> Known<T> {
    Err(Gaps::from([pointer.into()]))
}

/// Two values if both are known, else all gaps of both.
pub(crate) fn both<A, B>(one: Known<A>, other: Known<B>) -> Known<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(mut gaps), Err(more)) => {
            gaps.extend(more);
            Err(gaps)
        }
        (Err(gaps), Ok(_)) | (Ok(_), Err(gaps)) => Err(gaps),
    }
}

/// How people take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    InPerson,
    Virtual,
}

/// Means of transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Plane,
    Train,
    Tram,
    Metro,
    Coach,
    Bus,
    Taxi,
    Car,
    CarShared,
    Motorbike,
    Ferry,
}

impl Transport {
    const NAMES: [(&'static str, Self); 11] = [
        ("plane", Self::Plane),
        ("train", Self::Train),
        ("tram", Self::Tram),
        ("metro", Self::Metro),
        ("coach", Self::Coach),
        ("bus", Self::Bus),
        ("taxi", Self::Taxi),
        ("car", Self::Car),
        ("car_shared", Self::CarShared),
        ("motorbike", Self::Motorbike),
        ("ferry", Self::Ferry),
    ];

    /// Its word in proposals.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }

    fn parse(text: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| *kind)
    }
}

/// Class of seat, the simplest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cabin {
    Economy,
    /// The mean of all seats, where a source gives only that.
    Average,
    PremiumEconomy,
    Business,
    First,
}

impl Cabin {
    const NAMES: [(&'static str, Self); 5] = [
        ("economy", Self::Economy),
        ("average", Self::Average),
        ("premium_economy", Self::PremiumEconomy),
        ("business", Self::Business),
        ("first", Self::First),
    ];

    /// Its word in proposals.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }

    /// The cabin of that name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| *kind)
    }
}

/// Where people sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lodging {
    Hotel,
    Hostel,
    HomeStay,
    Campus,
    Own,
}

impl Lodging {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "hotel" => Self::Hotel,
            "hostel" => Self::Hostel,
            "home_stay" => Self::HomeStay,
            "campus" => Self::Campus,
            "own" => Self::Own,
            _ => return None,
        })
    }
}

/// One partner, as far as its place matters.
#[derive(Debug)]
pub(crate) struct Partner<'a> {
    pub(crate) pointer: String,
    pub(crate) id: Option<&'a str>,
    pub(crate) country: Option<&'a str>,
    pub(crate) city: Option<&'a str>,
    pub(crate) airport: Option<&'a str>,
    pub(crate) lat: Option<f64>,
    pub(crate) lon: Option<f64>,
}

/// One flow of people.
#[derive(Debug)]
pub(crate) struct Flow<'a> {
    pub(crate) pointer: String,
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
    pub(crate) n_per_year: Option<f64>,
    pub(crate) weeks: Option<f64>,
    pub(crate) mode: Option<Mode>,
    pub(crate) transport: Option<Transport>,
    pub(crate) cabin: Option<Cabin>,
    pub(crate) return_trips: Option<f64>,
    pub(crate) km_one_way: Option<f64>,
    pub(crate) nights: Option<f64>,
    pub(crate) lodging: Option<Lodging>,
    pub(crate) legs: Vec<Leg<'a>>,
}

/// One part of a journey.
#[derive(Debug)]
pub(crate) struct Leg<'a> {
    pub(crate) pointer: String,
    pub(crate) mode: Option<Transport>,
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
    pub(crate) km: Option<f64>,
    pub(crate) cabin: Option<Cabin>,
    pub(crate) occupants: Option<f64>,
    pub(crate) country: Option<&'a str>,
    pub(crate) trips: Option<f64>,
}

impl Leg<'_> {
    /// The one part of a journey that is not told in parts.
    pub(crate) fn whole(flow: &Flow<'_>) -> Self {
        Self {
            pointer: flow.pointer.clone(),
            mode: None,
            from: None,
            to: None,
            km: None,
            cabin: None,
            occupants: None,
            country: None,
            trips: None,
        }
    }
}

/// The parts of a proposal that matter here.
#[derive(Debug)]
pub(crate) struct Proposal<'a> {
    pub(crate) partners: Vec<Partner<'a>>,
    /// `None` when the proposal does not say.
    pub(crate) flows: Option<Vec<Flow<'a>>>,
    pub(crate) hours_per_person: Option<f64>,
}

/// More flows or legs than anybody plans; beyond, the answer would outgrow its limit.
const MOST_FLOWS: usize = 1000;
const MOST_LEGS: usize = 20;

impl<'a> Proposal<'a> {
    /// Reads a proposal; adds to `problems` what cannot be right.
    pub(crate) fn read(value: &'a Value, problems: &mut Vec<Problem>) -> Self {
        let partners = items(value.get("partners"))
            .iter()
            .enumerate()
            .map(|(index, item)| partner(item, format!("/partners/{index}"), problems))
            .collect();
        let flows = value
            .get("flows")
            .and_then(Value::as_array)
            .and_then(|flows| {
                if flows.len() > MOST_FLOWS {
                    problems.push(too_many("/flows", "flows", flows.len(), MOST_FLOWS));
                    return None;
                }
                let read = |(index, item)| flow(item, format!("/flows/{index}"), problems);
                Some(flows.iter().enumerate().map(read).collect())
            });
        let hours_per_person = value
            .get("virtual")
            .and_then(Value::as_object)
            .and_then(|part| {
                Fields {
                    object: Some(part),
                    pointer: "/virtual",
                }
                .number("hours_per_person", 20_000.0, problems)
            });
        Self {
            partners,
            flows,
            hours_per_person,
        }
    }

    /// The partner with this id; the first, should there be several.
    pub(crate) fn partner(&self, id: Option<&str>) -> Option<&Partner<'a>> {
        let id = id?;
        self.partners.iter().find(|partner| partner.id == Some(id))
    }
}

fn partner<'a>(value: &'a Value, pointer: String, problems: &mut Vec<Problem>) -> Partner<'a> {
    let fields = Fields {
        object: value.as_object(),
        pointer: &pointer,
    };
    let at = format!("{pointer}/place");
    let place = Fields {
        object: value.get("place").and_then(Value::as_object),
        pointer: &at,
    };
    let (lat, lon) = (
        place.degrees("lat", 90.0, problems),
        place.degrees("lon", 180.0, problems),
    );
    Partner {
        id: fields.text("id"),
        country: fields.text("country"),
        city: place.text("city"),
        airport: place.text("airport"),
        lat,
        lon,
        pointer,
    }
}

fn flow<'a>(value: &'a Value, pointer: String, problems: &mut Vec<Problem>) -> Flow<'a> {
    let fields = Fields {
        object: value.as_object(),
        pointer: &pointer,
    };
    let legs = items(value.get("legs"));
    if legs.len() > MOST_LEGS {
        problems.push(too_many(
            &format!("{pointer}/legs"),
            "legs",
            legs.len(),
            MOST_LEGS,
        ));
    }
    let mode = match fields.text("mode") {
        Some("in_person") => Some(Mode::InPerson),
        Some("virtual") => Some(Mode::Virtual),
        _ => None,
    };
    let legs = legs
        .iter()
        .take(MOST_LEGS)
        .enumerate()
        .map(|(index, item)| leg(item, format!("{pointer}/legs/{index}"), problems))
        .collect();
    Flow {
        from: fields.text("from"),
        to: fields.text("to"),
        n_per_year: fields.number("n_per_year", 10_000_000.0, problems),
        weeks: fields.number("weeks", 1040.0, problems),
        mode,
        transport: fields.text("transport").and_then(Transport::parse),
        cabin: fields.text("cabin").and_then(Cabin::parse),
        return_trips: fields.number("return_trips", 1000.0, problems),
        km_one_way: fields.number("km_one_way", 20_100.0, problems),
        nights: fields.number("nights", 10_000.0, problems),
        lodging: fields.text("lodging").and_then(Lodging::parse),
        legs,
        pointer,
    }
}

fn leg<'a>(value: &'a Value, pointer: String, problems: &mut Vec<Problem>) -> Leg<'a> {
    let fields = Fields {
        object: value.as_object(),
        pointer: &pointer,
    };
    let occupants = fields.number("occupants", 100.0, problems);
    Leg {
        mode: fields.text("mode").and_then(Transport::parse),
        from: fields.text("from"),
        to: fields.text("to"),
        km: fields.number("km", 40_100.0, problems),
        cabin: fields.text("cabin").and_then(Cabin::parse),
        occupants: occupants.filter(|occupants| *occupants >= 1.0),
        country: fields.text("country"),
        trips: fields.number("trips", 10_000.0, problems),
        pointer,
    }
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn too_many(path: &str, what: &str, count: usize, most: usize) -> Problem {
    Problem {
        path: path.to_owned(),
        message: format!("{count} {what} are more than can be reckoned with"),
        expected: Some(format!(
            "{most} {what} at most; put together those that are alike"
        )),
        suggestion: None,
        value: None,
    }
}

/// The fields of an object that lies at `pointer`.
struct Fields<'a, 'p> {
    object: Option<&'a Map<String, Value>>,
    pointer: &'p str,
}

impl<'a> Fields<'a, '_> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.object?.get(name)?.as_str()
    }

    /// A number from 0 to `most`.
    fn number(&self, name: &str, most: f64, problems: &mut Vec<Problem>) -> Option<f64> {
        self.within(name, 0.0, most, problems)
    }

    /// An angle from `-most` to `most`.
    fn degrees(&self, name: &str, most: f64, problems: &mut Vec<Problem>) -> Option<f64> {
        self.within(name, -most, most, problems)
    }

    fn within(
        &self,
        name: &str,
        least: f64,
        most: f64,
        problems: &mut Vec<Problem>,
    ) -> Option<f64> {
        let number = self.object?.get(name)?.as_f64()?;
        if (least..=most).contains(&number) {
            return Some(number);
        }
        problems.push(Problem {
            path: format!("{}/{name}", self.pointer),
            message: format!("{number} cannot be right here"),
            expected: Some(format!("a number from {least} to {most}")),
            suggestion: None,
            value: None,
        });
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_absent_null_or_of_another_type_is_not_known() {
        for value in [
            json!(null),
            json!([]),
            json!("text"),
            json!({}),
            json!({ "flows": null, "partners": null, "virtual": null }),
            json!({ "flows": "many", "partners": 3, "virtual": [] }),
        ] {
            let mut problems = Vec::new();
            let proposal = Proposal::read(&value, &mut problems);
            assert!(
                proposal.flows.is_none() && proposal.partners.is_empty(),
                "{value}"
            );
            assert!(problems.is_empty(), "{value}");
        }
        let value = json!({ "flows": [null, 7, { "n_per_year": "eight", "legs": {} }] });
        let proposal = Proposal::read(&value, &mut Vec::new());
        let flows = proposal.flows.unwrap();
        assert_eq!(flows.len(), 3);
        assert!(
            flows
                .iter()
                .all(|flow| flow.n_per_year.is_none() && flow.legs.is_empty())
        );
    }

    #[test]
    fn numbers_out_of_bounds_are_reported_and_not_used() {
        let value = json!({ "flows": [{ "n_per_year": -3, "km_one_way": 1e300, "weeks": 4 }] });
        let mut problems = Vec::new();
        let proposal = Proposal::read(&value, &mut problems);
        let flow = &proposal.flows.as_ref().unwrap()[0];
        assert_eq!(
            (flow.n_per_year, flow.km_one_way, flow.weeks),
            (None, None, Some(4.0))
        );
        let paths: Vec<&str> = problems
            .iter()
            .map(|problem| problem.path.as_str())
            .collect();
        assert_eq!(paths, ["/flows/0/n_per_year", "/flows/0/km_one_way"]);
        assert_eq!(
            problems[1].expected.as_deref(),
            Some("a number from 0 to 20100")
        );
    }

    #[test]
    fn every_name_leads_back_to_its_kind() {
        for (name, kind) in Transport::NAMES {
            assert_eq!((Transport::parse(name), kind.name()), (Some(kind), name));
        }
        for (name, kind) in Cabin::NAMES {
            assert_eq!((Cabin::parse(name), kind.name()), (Some(kind), name));
        }
        assert_eq!(Transport::parse("Plane"), None);
    }
}
