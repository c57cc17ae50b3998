"""Holds SARIF files against the OASIS schema: python sarif.py SCHEMA FILE..."""

import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
validator = jsonschema.validators.validator_for(schema)(schema)
wrong = 0
for name in sys.argv[2:]:
    log = json.load(open(name, encoding="utf-8"))
    for error in validator.iter_errors(log):
        print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
        wrong += 1
    # The schema cannot say that an index leads to the rule that is named beside it.
    for run in log.get("runs", []):
        rules = run["tool"]["driver"].get("rules", [])
        for result in run.get("results", []):
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                print(f"{name}: the index of {result['ruleId']} leads to another rule")
                wrong += 1
    print(f"{name}: {sum(len(run['results']) for run in log['runs'])} results")
sys.exit(1 if wrong else 0)
