//! The part that goes through the SDK: well-behaved answers, an honest failure, and a panic that the SDK catches.

use evenhand_plugin::{Derived, Error, Finding, Plugin, Value, plugin_table};

/// The well-behaved plugin behind the misbehaving one.
#[derive(Debug)]
pub struct Tame {
    orders: Option<(String, String)>,
}

impl Plugin for Tame {
    fn create(settings: &Value) -> Result<Self, Error> {
        let text = |key: &str| settings.get(key)?.as_str().map(str::to_owned);
        let tame = Self {
            orders: text("at").zip(text("do")),
        };
        tame.obey("create")?;
        Ok(tame)
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        self.obey("derive")?;
        let mut derived = Derived::new();
        match proposal.get("weeks").and_then(Value::as_i64) {
            Some(weeks) => derived.fact("/days", weeks.saturating_mul(7), ["/weeks"]),
            None => derived.lacks("/days", ["/weeks"]),
        }
        Ok(derived)
    }

    fn assess(&mut self, proposal: &Value) -> Result<Vec<Finding>, Error> {
        self.obey("assess")?;
        Ok(vec![match proposal.get("weeks").and_then(Value::as_i64) {
            None => Finding::unknown("ethics/misbehaving", ["/weeks"], "the weeks are not known"),
            Some(weeks) if weeks > 0 => Finding::met("ethics/misbehaving", "{weeks} weeks")
                .arg("weeks", weeks)
                .at("/weeks"),
            Some(_) => Finding::unmet("ethics/misbehaving", "no weeks").at("/weeks"),
        }])
    }
}

impl Tame {
    fn obey(&self, moment: &str) -> Result<(), Error> {
        match &self.orders {
            Some((at, deed)) if at == moment && deed == "panic" => Self::panic("as ordered"),
            Some((at, deed)) if at == moment && deed == "fail" => Self::fail("as ordered"),
            _ => Ok(()),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "a function like the others")]
    fn ok(text: &str) -> Result<String, Error> {
        Ok(text.to_owned())
    }

    fn fail(why: &str) -> Result<(), Error> {
        Err(Error::failed(why))
    }

    #[expect(clippy::panic, reason = "that is the misbehaviour")]
    fn panic(why: &str) -> Result<(), Error> {
        panic!("{why}");
    }
}

impl Drop for Tame {
    fn drop(&mut self) {
        // A panic while an instance ends; there is nobody to tell of the error.
        drop(self.obey("destroy"));
    }
}

plugin_table! { Tame, manifest = include_bytes!("../plugin.json");
    pure fn ok(text: &str) -> Result<String, Error>;
    pure fn fail(why: &str) -> Result<(), Error>;
    pure fn panic(why: &str) -> Result<(), Error>;
}
