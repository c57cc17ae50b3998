use super::*;
use crate::read;

fn manifest() -> Manifest {
    serde_json::from_value(json!({
        "manifest_version": 1, "id": "host-sites", "title": "Sites", "version": "0.1.0", "abi": "1.0", "engine": "*",
        "licence": "CC0-1.0", "sources": [{ "key": "council-2026", "title": "Sites" }],
        "table": { "data": "sites.csv", "key": "site", "list": "/partners", "by": "id", "year": 2026,
            "source": "council-2026", "columns": [
                { "name": "accredited", "type": "boolean", "otherwise": false },
                { "name": "beds", "type": "integer" },
                { "name": "share", "type": "number", "unit": "%" },
                { "name": "level", "type": "text" } ] },
    }))
    .unwrap()
}

const CSV: &[u8] = b"\xef\xbb\xbfsite,accredited,beds,share,level\nblantyre,true,1200,2.5,\"tertiary, public\"\nlima,false,,,\n";

fn register(data: &[u8]) -> Register {
    let mut manifest = manifest();
    assert_eq!(expand(&mut manifest), [""; 0]);
    let rows = read(manifest.table.as_ref().unwrap(), data).unwrap();
    Register::new(manifest, rows, "00".to_owned(), None)
}

#[test]
fn every_element_gets_the_facts_of_its_row() {
    let mut register = register(CSV);
    let document =
        json!({ "partners": [{ "id": "blantyre" }, { "id": "lima" }, { "id": "nowhere" }, {}] });
    let answer = register.derive(&document.to_string()).unwrap();
    let derived =
        evenhand_contract::received::derived(register.manifest(), &document, &answer).unwrap();
    assert_eq!(
        Value::Object(derived.facts),
        json!({ "partners": [
            { "listed": true, "accredited": true, "beds": 1200, "share": 2.5, "level": "tertiary, public" },
            { "listed": true, "accredited": false },
            { "listed": false, "accredited": false } ] })
    );
    assert_eq!(
        derived.missing["/partners/3/accredited"],
        ["/partners/3/id"]
    );
    assert_eq!(derived.inputs["/partners/0/beds"], ["/partners/0/id"]);
}

#[test]
fn functions_look_up_a_key() {
    let mut register = register(CSV);
    let names: Vec<&str> = register
        .manifest
        .functions
        .iter()
        .map(|f| f.name.as_str())
        .collect();
    assert_eq!(names[0..2], ["host_sites_listed", "host_sites_accredited"]);
    let mut call = |index, key: &str| register.call(index, &[Argument::Text(key.to_owned())]);
    assert_eq!(call(0, "blantyre"), Ok(Argument::Bool(true)));
    assert_eq!(call(0, "nowhere"), Ok(Argument::Bool(false)));
    assert_eq!(call(1, "nowhere"), Ok(Argument::Bool(false)));
    assert_eq!(call(2, "blantyre"), Ok(Argument::Integer(1200)));
    assert_eq!(call(3, "blantyre"), Ok(Argument::Number(2.5)));
    assert_eq!(call(2, "lima").unwrap_err().kind, FailureKind::Failed);
    assert_eq!(call(9, "lima").unwrap_err().kind, FailureKind::Unknown);
    assert_eq!(
        register.call(0, &[]).unwrap_err().kind,
        FailureKind::BadArguments
    );
}

#[test]
fn json_says_the_same() {
    let mut manifest = manifest();
    manifest.table.as_mut().unwrap().data = "sites.json".to_owned();
    let rows = json!([{ "site": "blantyre", "accredited": true, "beds": 1200, "share": 2.5, "level": "tertiary, public" },
        { "site": "lima", "accredited": false, "beds": null }]);
    let table = manifest.table.unwrap();
    let rows = read(&table, rows.to_string().as_bytes()).unwrap();
    assert_eq!(rows, register(CSV).rows);
}

#[test]
fn every_problem_of_the_data_is_said_with_its_line() {
    let table = manifest().table.unwrap();
    let found = |data: &[u8]| read(&table, data).unwrap_err();
    assert_eq!(
        found(b"site,accredited,beds,share,level\na,yes,1.5,NaN,x\na,true,1,1,x\n,true,1,1,x\n"),
        [
            "line 2: `accredited` is `yes`, expected true or false",
            "line 2: `beds` is `1.5`, expected a whole number",
            "line 2: `share` is `NaN`, expected a number such as 2.5",
            "line 3: the key `a` stands twice",
            "line 4 has no key",
        ]
    );
    let heading = found(b"site,beds,beds,colour,share,level\n");
    assert_eq!(heading.len(), 3, "{heading:?}");
    assert_eq!(
        found(b"site,accredited,beds,share,level\n"),
        ["it has no rows"]
    );
    assert!(found(b"site,accredited,beds,share,level\na,true\n")[0].contains("line: 2"));
}

#[test]
fn every_problem_of_the_manifest_is_said() {
    let mut manifest = manifest();
    manifest.reads = vec!["/flows".to_owned()];
    let table = manifest.table.as_mut().unwrap();
    table.source = "nobody".to_owned();
    table.list = "/partners/0".to_owned();
    table.by = "Id".to_owned();
    table.columns[0].otherwise = Some(json!("no"));
    table.columns[1].name = "listed".to_owned();
    assert_eq!(expand(&mut manifest).len(), 6);
}
