//! A pack that somebody else wrote cannot put anything but text into a rulebook.

use super::markup::assert_closed;
use crate::assembly::evenhand;
use std::path::Path;

const ATTACK: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";

fn write(folder: &Path) {
    let page = format!(
        "---\ntitle: 'T {ATTACK} \"quoted\" & more'\nseverity: minor\nsources: [evil]\nparams:\n  knob: {{ default: '{ATTACK}', basis: default, about: 'A {ATTACK}' }}\n  scale: {{ default: {{ '{ATTACK}': 1 }}, basis: default, about: S }}\n  curve: {{ default: [[0, 0], [1, 1]], basis: default, about: C, unit: '{ATTACK}' }}\nlimits: 'L {ATTACK}'\ntags: ['{ATTACK}']\n---\n\n\
         Why {ATTACK} [click](javascript:alert(3)) ![picture](https://evil.example/p.png) [data](data:text/html,x)\n\n\
         <iframe src=\"https://evil.example\"></iframe>\n\n<style>body {{ display: none }}</style>\n\n\
         [fine](https://example.org/?a=1&b=2)\n\n## How it is judged\n\n<p onclick=\"x()\">How</p>\n\n```html\n{ATTACK}\n```\n\n## Heading {ATTACK}\n\nmore\n\n\
         ## Cases\n\n```yaml\n- name: 'N {ATTACK}'\n  given: {{ base: home-course }}\n  expect: {{ outcome: met, message: '{ATTACK}' }}\n```\n"
    );
    let files = [
        (
            "pack.toml",
            format!(
                "[pack]\nname = \"evil\"\nversion = \"1.0.0\"\ntitle = '{ATTACK}'\nabout = '{ATTACK}'\n\n[[dimensions]]\nid = \"equity\"\ntitle = '{ATTACK}'\nabout = '{ATTACK}'\n"
            ),
        ),
        (
            "sources.toml",
            format!(
                "[evil]\nauthors = '{ATTACK}'\ntitle = '{ATTACK}'\nurl = \"javascript:alert(4)\"\nnote = '{ATTACK}'\n\n[worse]\ntitle = \"x\"\nurl = 'https://evil.example/\"><script>alert(5)</script>'\n\n[worst]\ntitle = \"x\"\ndoi = '10.1000/\"><script>alert(6)</script>'\n"
            ),
        ),
        (
            "glossary.toml",
            format!("[[terms]]\nterm = '{ATTACK}'\nmeaning = '{ATTACK}'\nsources = [\"evil\"]\n"),
        ),
        ("equity/evil.md", page),
        (
            "equity/evil.rhai",
            format!(
                "// {ATTACK}\nfn applies(program, param) {{ true }}\nfn check(program, param) {{ [param.knob, param.scale, param.curve]; met() }}\n"
            ),
        ),
    ];
    std::fs::create_dir(folder.join("equity")).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn docs(folder: &Path, format: &str) -> String {
    let mut command = evenhand();
    command.args([
        "rules",
        "docs",
        "--no-profile",
        "--format",
        format,
        "--pack",
    ]);
    let output = command.arg(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the pack is hostile, not broken: {errors}"
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn html_from_a_hostile_pack_is_text() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let html = docs(folder.path(), "html");
    assert_closed(&html);
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "the attack is shown as text"
    );
    assert!(
        html.contains("href=\"https://example.org/?a=1&amp;b=2\""),
        "an honest link stays"
    );
    assert!(
        !html.contains("evil.example/p.png"),
        "a picture is its description"
    );
    assert!(
        html.matches("&lt;script&gt;alert(1)").count() > 15,
        "every field of the pack was shown"
    );
}

#[test]
fn markdown_from_a_hostile_pack_holds_no_html_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let text = docs(folder.path(), "markdown");
    assert!(text.contains("script"), "the attack is shown as text");
    let mut fenced = false;
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        if fence {
            fenced = !fenced;
        }
        if fenced || fence {
            continue;
        }
        let ours = [
            "<a id=\"",
            "</a>",
            "<details>",
            "</details>",
            "<summary>",
            "</summary>",
        ];
        for (at, _) in line.match_indices('<') {
            let escaped = line[..at].ends_with('\\');
            let code = line[..at].matches('`').count() % 2 == 1;
            assert!(
                escaped || code || ours.iter().any(|tag| line[at..].starts_with(tag)),
                "{line}"
            );
        }
        assert!(
            !line.contains("](javascript:") && !line.contains("](data:"),
            "{line}"
        );
    }
}
