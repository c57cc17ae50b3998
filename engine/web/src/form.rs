//! What a browser posts: fields with their values, urlencoded or in parts, and files among them.

/// The fields of a form, in the order they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    /// A file that was chosen: its name and bytes.
    pub(crate) file: Option<(String, Vec<u8>)>,
}

impl Form {
    /// Reads a body; line ends become line feeds, and what is no text shows as such.
    pub(crate) fn read(kind: &str, body: &[u8]) -> Self {
        match kind.split_once("boundary=") {
            Some((before, boundary)) if before.starts_with("multipart/form-data") => {
                Self::parts(boundary.trim().trim_matches('"'), body)
            }
            _ => Self {
                fields: body
                    .split(|byte| *byte == b'&')
                    .filter(|pair| !pair.is_empty())
                    .map(|pair| {
                        let at = pair.iter().position(|byte| *byte == b'=');
                        let (name, value) = pair.split_at(at.unwrap_or(pair.len()));
                        (decode(name), decode(value.get(1..).unwrap_or_default()))
                    })
                    .collect(),
                file: None,
            },
        }
    }

    fn parts(boundary: &str, body: &[u8]) -> Self {
        let mut form = Self::default();
        let mark = format!("--{boundary}").into_bytes();
        let mut rest = body;
        while let Some(at) = find(rest, &mark) {
            let after = rest.get(at + mark.len()..).unwrap_or_default();
            let end = find(after, &mark).unwrap_or(after.len());
            form.part(after.get(..end).unwrap_or_default());
            rest = after.get(end..).unwrap_or_default();
        }
        form
    }

    fn part(&mut self, part: &[u8]) {
        let Some(at) = find(part, b"\r\n\r\n") else {
            return;
        };
        let head = String::from_utf8_lossy(part.get(..at).unwrap_or_default()).into_owned();
        let value = part.get(at + 4..).unwrap_or_default();
        let value = value.strip_suffix(b"\r\n").unwrap_or(value);
        let said = |key: &str| {
            let quoted = head.split(key).nth(1)?.strip_prefix('"')?;
            quoted.split('"').next().map(str::to_owned)
        };
        let Some(name) = said(" name=") else { return };
        match said(" filename=") {
            // A form whose file was left empty sends a part without a name.
            Some(file) if !file.is_empty() => self.file = Some((file, value.to_vec())),
            Some(_) => {}
            None => self
                .fields
                .push((name, lines(&String::from_utf8_lossy(value)))),
        }
    }

    /// The first value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All fields, in their order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter();
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut windows = bytes.windows(wanted.len().max(1));
    windows.position(|window| window == wanted)
}

/// Every line end is a line feed.
pub(crate) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn decode(bytes: &[u8]) -> String {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let digit = |at: usize| {
            let byte = after.get(at).copied()?;
            char::from(byte).to_digit(16)
        };
        match (first, digit(0), digit(1)) {
            (b'+', ..) => decoded.push(b' '),
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => decoded.push(*first),
        }
    }
    lines(&String::from_utf8_lossy(&decoded))
}

/// Fields as a browser writes them.
pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let part = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte) => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", part(name), part(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_hold_fields_and_a_file() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nopen\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.yaml\"\r\n\
                    Content-Type: text/plain\r\n\r\nx: 1\r\ny: 2\r\n\r\n--b--\r\n";
        let form = Form::read("multipart/form-data; boundary=b", body.as_bytes());
        assert_eq!(form.get("do"), Some("open"));
        assert_eq!(
            form.file,
            Some(("a.yaml".to_owned(), b"x: 1\r\ny: 2\r\n".to_vec()))
        );
        let nothing = Form::read("multipart/form-data; boundary=b", b"--b\r\n--b--");
        assert_eq!(nothing, Form::default());
    }

    #[test]
    fn what_is_no_text_shows_and_stops_nothing() {
        let form = Form::read("", b"a=%ff%C3%A9+b&c&=d&e=%zz%4&&f=1%0D%0A2");
        let fields: Vec<_> = form.fields().collect();
        assert_eq!(
            fields,
            [
                ("a", "\u{fffd}é b"),
                ("c", ""),
                ("", "d"),
                ("e", "%zz%4"),
                ("f", "1\n2")
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(fields in proptest::collection::vec((".{0,9}", ".{0,20}"), 0..5)) {
            let plain: Vec<(String, String)> =
                fields.into_iter().map(|(name, value)| (lines(&name), lines(&value))).collect();
            let given: Vec<(&str, &str)> =
                plain.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let form = Form::read("application/x-www-form-urlencoded", encode(&given).as_bytes());
            prop_assert_eq!(form.fields().collect::<Vec<_>>(), given);
        }

        #[test]
        fn no_bytes_stop_it(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            Form::read("multipart/form-data; boundary=b", &body);
            Form::read("multipart/form-data; boundary=", &body);
            Form::read("", &body);
        }
    }
}
