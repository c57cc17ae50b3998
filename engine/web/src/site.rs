//! The pages as files: a folder that any web server can publish, or one file with the engine in it.

use crate::App;
use crate::assets::{ENGINE, SCRIPT, STYLE, WORKER};
use sha2::{Digest as _, Sha256};

impl App {
    /// A folder of files: pages, style, scripts, worker, and the engine, which is packed with gzip. The names are relative, so
    /// that the folder can lie under any path.
    pub fn site(&self, engine: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut files = self.files();
        let mut all = Sha256::new();
        for (_, bytes) in &files {
            all.update(bytes);
        }
        all.update(engine);
        let mut version = String::new();
        for byte in all.finalize().iter().take(8) {
            version.push_str(&format!("{byte:02x}"));
        }
        let worker = WORKER.replace("@VERSION@", &version);
        files.push(("sw.js".to_owned(), worker.into_bytes()));
        files.push(("app.wasm.gz".to_owned(), engine.to_vec()));
        files
    }

    /// One page with everything in it, to be opened from anywhere: scripts and style stand in it, and are allowed by their
    /// digests. It is in a language, and the others are a link away.
    pub fn single(&self, engine: &[u8], tag: &str) -> Option<String> {
        let name = crate::app::address("index", tag);
        let known = self.languages().iter().any(|known| known == tag);
        let page = known.then(|| self.file(&name))?;
        let page = String::from_utf8(page).ok()?;
        let hash = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())));
        let policy = format!(
            "default-src 'none'; script-src {} {} 'wasm-unsafe-eval'; style-src {}; base-uri 'none'; form-action 'none'",
            hash(ENGINE),
            hash(SCRIPT),
            hash(STYLE)
        );
        let (before, rest) = page.split_once("content=\"default-src")?;
        let (_, after) = rest.split_once('"')?;
        let page = format!("{before}content=\"{policy}\"{after}");
        let page = page.replace(
            "<link rel=\"stylesheet\" href=\"style.css\">",
            &format!("<style>{STYLE}</style>"),
        );
        // Scripts that stand in a page run at once: they come last.
        let page = page.replace("<script src=\"engine.js\" defer></script>", "");
        let page = page.replace("<script src=\"app.js\" defer></script>", "");
        let packed = base64(engine);
        let scripts = format!(
            "<script type=\"application/octet-stream\" id=\"engine\">{packed}</script>\
             <script>{ENGINE}</script><script>{SCRIPT}</script></body>"
        );
        Some(page.replace("</body>", &scripts))
    }
}

/// Bytes as text, as RFC 4648 lays it down.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = LETTERS.get((group >> shift & 63) as usize);
            let letter = letter.filter(|_| place <= chunk.len());
            text.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_the_standard_says() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
