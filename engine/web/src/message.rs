//! A request and its response, and the bytes they travel as between a page and the module it runs.

use serde_json::{Value, json};

/// What a browser asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// The address below the folder of the application, without a slash before it.
    pub target: String,
    /// Headers: names in small letters, and what they say.
    pub headers: Vec<(String, String)>,
    /// What is posted.
    pub body: Vec<u8>,
}

/// What it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// Headers: names in small letters, and what they say.
    pub headers: Vec<(String, String)>,
    /// The bytes of the page or file.
    pub body: Vec<u8>,
}

/// What the page may load and do: nothing of others, and no script or style that stands in it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

impl Request {
    /// Asks for a page.
    pub fn get(target: &str) -> Self {
        Self {
            method: "GET".to_owned(),
            target: target.to_owned(),
            ..Self::default()
        }
    }

    /// Posts a form, as a browser writes one.
    pub fn post(target: &str, fields: &[(&str, &str)]) -> Self {
        Self {
            method: "POST".to_owned(),
            target: target.to_owned(),
            headers: vec![(
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            )],
            body: crate::form::encode(fields).into_bytes(),
        }
    }

    /// What a header says.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Reads what a host sends: a line of JSON with `method`, `target` and `headers`, and the body after it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (line, body) = bytes.split_at_checked(end)?;
        let line: Value = serde_json::from_slice(line).ok()?;
        let text = |name: &str| line.get(name).and_then(Value::as_str).map(str::to_owned);
        let header = |header: &Value| {
            let name = header.get(0)?.as_str()?.to_ascii_lowercase();
            Some((name, header.get(1)?.as_str()?.to_owned()))
        };
        let headers = line.get("headers").and_then(Value::as_array);
        Some(Self {
            method: text("method")?,
            target: text("target")?,
            headers: headers
                .map(|all| all.iter().filter_map(header).collect())
                .unwrap_or_default(),
            body: body.get(1..).unwrap_or_default().to_vec(),
        })
    }
}

impl Response {
    /// A page.
    pub(crate) fn page(status: u16, html: String) -> Self {
        Self::of(status, "text/html; charset=utf-8", html.into_bytes())
    }

    /// Bytes of a kind.
    pub(crate) fn of(status: u16, kind: &str, body: Vec<u8>) -> Self {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            status,
            headers: vec![
                header("content-type", kind),
                header("content-security-policy", POLICY),
                header("x-content-type-options", "nosniff"),
                header("referrer-policy", "same-origin"),
                header("cross-origin-opener-policy", "same-origin"),
                header("cross-origin-resource-policy", "same-origin"),
                header("cache-control", "no-store"),
            ],
            body,
        }
    }

    /// A file to be kept.
    pub(crate) fn download(name: &str, kind: &str, body: Vec<u8>) -> Self {
        let mut response = Self::of(200, kind, body);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let name: String = name
            .chars()
            .map(|c| if plain(c) { c } else { '-' })
            .collect();
        response.headers.push((
            "content-disposition".to_owned(),
            format!("attachment; filename=\"{name}\""),
        ));
        response
    }

    /// What a header says.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The bytes a host reads: a line of JSON with `status` and `headers`, and the body after it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let line = json!({ "status": self.status, "headers": self.headers });
        let mut bytes = line.to_string().into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_travels_as_a_line_and_a_body() {
        let bytes = b"{\"method\":\"POST\",\"target\":\"plan.html\",\"headers\":[[\"Content-Type\",\"a\"]]}\nx\ny";
        let request = Request::from_bytes(bytes).unwrap();
        assert_eq!(request.header("content-type"), Some("a"));
        assert_eq!(request.body, b"x\ny");
        for broken in [&b""[..], b"\n", b"{}\n", b"{\"method\":1}\n", b"\xff\n"] {
            assert_eq!(Request::from_bytes(broken), None);
        }
    }

    #[test]
    fn names_of_files_break_no_header() {
        let response = Response::download("a\"\r\nset-cookie: x/../é.yaml", "text/plain", vec![]);
        assert_eq!(
            response.header("content-disposition"),
            Some("attachment; filename=\"a---set-cookie--x-..--.yaml\"")
        );
    }
}
