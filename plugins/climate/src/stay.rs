//! Nights away, and hours online.

use crate::electricity;
use crate::emission::{self, Range};
use crate::factors::{FLEET, hotel};
use crate::journey::Atlas;
use crate::notes::Notes;
use crate::proposal::{Flow, Gaps, Known, Lodging, both, gap};

/// A fitted hotel figure may be off by half.
const ESTIMATE: (f64, f64) = (0.67, 1.5);
/// No sourced figure for homes and halls was found: half of a hotel room, between a quarter and a whole one.
const HOME_SHARE: Range = Range {
    low: 0.25,
    central: 0.5,
    high: 1.0,
};

impl Atlas<'_> {
    /// kg CO2e of one person's nights; zero where the proposal says nothing about nights or lodging.
    pub(crate) fn stay(&self, flow: &Flow<'_>, notes: &mut Notes) -> Known<Range> {
        let lodging = match (flow.lodging, flow.nights) {
            (Some(lodging), _) => {
                notes.rests_on(format!("{}/lodging", flow.pointer));
                lodging
            }
            (None, Some(_)) => {
                notes.assume("lodging: a hotel, where nights are given without it");
                Lodging::Hotel
            }
            (None, None) => {
                notes.assume("stays: not counted, where neither nights nor lodging is given");
                return Ok(Range::default());
            }
        };
        if lodging == Lodging::Own {
            return Ok(Range::default());
        }
        let nights = nights(flow, notes);
        let country = self.host_country(flow, notes);
        let (nights, country) = both(nights, country)?;
        let room = room_night(country, notes);
        Ok(self.share(room, lodging, notes) * nights)
    }

    fn share(&self, room: Range, lodging: Lodging, notes: &mut Notes) -> Range {
        match lodging {
            Lodging::Own => Range::default(),
            Lodging::Hotel => room * (1.0 / self.settings.hotel_occupants),
            Lodging::Hostel => {
                notes.assume(&format!(
                    "hostel: a hotel room shared by {}",
                    self.settings.hostel_beds
                ));
                room * (1.0 / self.settings.hostel_beds)
            }
            Lodging::HomeStay | Lodging::Campus => {
                notes
                    .assume("homes and halls: half of a hotel room, from a quarter to a whole one");
                Range {
                    low: room.central * HOME_SHARE.low,
                    central: room.central * HOME_SHARE.central,
                    high: room.central * HOME_SHARE.high,
                }
            }
        }
    }

    fn host_country(&self, flow: &Flow<'_>, notes: &mut Notes) -> Known<&str> {
        let Some(partner) = self.proposal.partner(flow.to) else {
            return gap(format!("{}/to", flow.pointer));
        };
        let pointer = format!("{}/country", partner.pointer);
        match partner.country {
            Some(country) => {
                notes.rests_on(format!("{}/to", flow.pointer));
                notes.rests_on(pointer);
                Ok(country)
            }
            None => gap(pointer),
        }
    }

    /// kg CO2e of one person's time online in a virtual flow.
    pub(crate) fn online(&self, flow: &Flow<'_>, notes: &mut Notes) -> Known<Range> {
        let hours = if let Some(hours) = self.proposal.hours_per_person {
            notes.rests_on("/virtual/hours_per_person".to_owned());
            hours
        } else {
            notes.assume(&format!(
                "time online: {} hours a week, where nobody says how many",
                self.settings.virtual_hours_per_week
            ));
            weeks(flow, notes)? * self.settings.virtual_hours_per_week
        };
        Ok(emission::video(hours, self.home_intensity(flow, notes)))
    }

    /// kg CO2e of one person, had a flow in person been held online for as many weeks.
    pub(crate) fn online_instead(&self, flow: &Flow<'_>, notes: &mut Notes) -> Known<f64> {
        let hours = weeks(flow, notes)? * self.settings.virtual_hours_per_week;
        Ok(emission::video(hours, self.home_intensity(flow, notes)).central)
    }

    fn home_intensity(&self, flow: &Flow<'_>, notes: &mut Notes) -> f64 {
        let home = self.proposal.partner(flow.from);
        let known = home.and_then(|partner| {
            let grams = electricity::intensity(partner.country?)?;
            notes.rests_on(format!("{}/from", flow.pointer));
            notes.rests_on(format!("{}/country", partner.pointer));
            Some(grams)
        });
        known.unwrap_or_else(|| {
            notes.assume(
                "electricity: the world's mean, where the country or its figure is not known",
            );
            electricity::WORLD
        })
    }
}

fn weeks(flow: &Flow<'_>, notes: &mut Notes) -> Known<f64> {
    let pointer = format!("{}/weeks", flow.pointer);
    let weeks = flow.weeks.ok_or_else(|| Gaps::from([pointer.clone()]))?;
    notes.rests_on(pointer);
    Ok(weeks)
}

fn nights(flow: &Flow<'_>, notes: &mut Notes) -> Known<f64> {
    if let Some(nights) = flow.nights {
        notes.rests_on(format!("{}/nights", flow.pointer));
        return Ok(nights);
    }
    let weeks = weeks(flow, notes)?;
    notes.assume("nights: seven a week, where nobody says how many");
    Ok(weeks * 7.0)
}

/// kg CO2e of a hotel room for one night.
fn room_night(country: &str, notes: &mut Notes) -> Range {
    let (central, spread) = if let Some(kg) = hotel::published(country) {
        (kg, FLEET)
    } else {
        notes.assume(
            "hotel: estimated from the country's electricity, where none is published (± 50 %)",
        );
        let intensity = electricity::intensity(country).unwrap_or(electricity::WORLD);
        (hotel::estimate(intensity), ESTIMATE)
    };
    Range {
        low: central * spread.0,
        central,
        high: central * spread.1,
    }
}
